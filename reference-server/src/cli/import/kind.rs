//! What all kinds of import have in common: from rows to things, from things to a command.

use baddie::imports::Group;
use baddie::journal::{ImportKind, ImportRun, RowError};
use baddie::{Shop, accounts};
use serde::Serialize;

use super::columns::Column;
use super::sheet::{Fault, Sheet};

/// Some rows that make one thing.
pub(super) struct Unit<T> {
    /// How many rows.
    pub(super) rows: i64,
    /// Their lines in the file.
    pub(super) lines: Vec<u64>,
    /// The thing, nothing where the rows say nothing, or what is wrong with them.
    pub(super) what: Result<Option<T>, RowError>,
}

impl<T> Unit<T> {
    /// What a single row makes.
    pub(super) fn of(line: u64, what: Result<Option<T>, RowError>) -> Self {
        Self { rows: 1, lines: vec![line], what }
    }
}

/// A kind of import.
pub(super) trait Kind: Sized {
    /// Its name on the command line.
    const NAME: &'static str;
    /// Its name in the journal.
    const KIND: ImportKind;
    /// The columns it understands.
    const COLUMNS: &'static [Column];
    /// How many rows are written at once.
    const GROUP: i64;
    /// What rows become.
    type Item: Clone + Serialize;

    /// For a shop with these settings.
    fn new(shop: &accounts::Shop) -> Self;

    /// Begins again at the top of the file. What was learnt of the file as a whole stays.
    fn rewind(&mut self) {}

    /// The next thing of the file.
    fn next(&mut self, sheet: &mut Sheet) -> Result<Option<Unit<Self::Item>>, Fault>;

    /// Has the engine take a group in.
    async fn send(&self, shop: &Shop, group: Group, items: Vec<Self::Item>) -> baddie::Result<ImportRun>;
}

/// Gathers neighbouring rows of one name into one thing.
pub(super) struct Gathered<T> {
    begun: Option<(Option<String>, Unit<T>)>,
}

impl<T> Gathered<T> {
    pub(super) fn new() -> Self {
        Self { begun: None }
    }

    /// Takes one row's part. Answers the thing before it, if this row begins another. `join` adds the part to a thing
    /// that was begun; one wrong row spoils its whole thing.
    pub(super) fn take(
        &mut self,
        line: u64,
        name: Option<String>,
        part: Result<T, RowError>,
        join: impl FnOnce(&mut T, T),
    ) -> Option<Unit<T>> {
        if let Some((begun, unit)) = &mut self.begun
            && name.is_some()
            && *begun == name
        {
            unit.rows += 1;
            unit.lines.push(line);
            match (&mut unit.what, part) {
                (Ok(Some(whole)), Ok(part)) => join(whole, part),
                (what @ Ok(_), Err(error)) => *what = Err(error),
                _ => {}
            }
            return None;
        }
        self.begun.replace((name, Unit::of(line, part.map(Some)))).map(|(_, unit)| unit)
    }

    /// The last thing, at the end of the file.
    pub(super) fn rest(&mut self) -> Option<Unit<T>> {
        self.begun.take().map(|(_, unit)| unit)
    }
}
