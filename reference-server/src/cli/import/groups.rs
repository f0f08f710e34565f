//! Groups of rows on their way into the engine. A row that a rule refuses undoes its group; it is left out, and told.

use baddie::ids::ImportRunId;
use baddie::imports::Group;
use baddie::journal::RowError;
use baddie::{Error, Shop};
use serde::Serialize;
use serde_json::Value;

use super::Report;
use super::kind::{Kind, Unit};
use crate::cli::Failure;

/// How small groups become where rows are refused, so that little is undone each time.
const SMALLEST: i64 = 16;

/// What rows of the present group made.
struct Entry<T> {
    rows: i64,
    lines: Vec<u64>,
    item: Option<T>,
    rejected: bool,
}

/// The present group.
pub(super) struct Groups<'a, K: Kind> {
    shop: &'a Shop,
    import_id: ImportRunId,
    /// How many rows were written before it.
    after: i64,
    /// How many rows it may have.
    room: i64,
    rows: i64,
    entries: Vec<Entry<K::Item>>,
}

impl<'a, K: Kind> Groups<'a, K> {
    pub(super) fn new(shop: &'a Shop, import_id: ImportRunId, after: i64) -> Self {
        Self { shop, import_id, after, room: K::GROUP, rows: 0, entries: Vec::new() }
    }

    /// How many rows were dealt with.
    pub(super) fn done(&self) -> i64 {
        self.after
    }

    /// Adds what some rows made, and writes the group when it is full.
    pub(super) async fn add(
        &mut self,
        kind: &K,
        unit: Unit<K::Item>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        // A row that could not be read was told of when the file was looked through.
        let rejected = unit.what.is_err();
        let item = unit.what.ok().flatten();
        self.rows += unit.rows;
        self.entries.push(Entry { rows: unit.rows, lines: unit.lines, item, rejected });
        if self.rows >= self.room { self.flush(kind, report).await } else { Ok(()) }
    }

    /// Writes what there is.
    pub(super) async fn flush(&mut self, kind: &K, report: &mut Report) -> Result<(), Failure> {
        let mut until = self.entries.len();
        while !self.entries.is_empty() {
            let part = &self.entries[..until];
            let group = Group {
                import_id: self.import_id,
                after: self.after,
                rows: part.iter().map(|entry| entry.rows).sum(),
                rejected: part.iter().filter(|entry| entry.rejected).map(|entry| entry.rows).sum(),
            };
            let items: Vec<_> = part.iter().filter_map(|entry| entry.item.clone()).collect();
            match kind.send(self.shop, group, items).await {
                Ok(_) => {
                    self.after += group.rows;
                    self.rows -= group.rows;
                    self.entries.drain(..until);
                    until = self.entries.len();
                    self.room = (self.room * 2).min(K::GROUP);
                }
                Err(error) => {
                    let Some(at) = self.blamed(&error) else { return Err(error.into()) };
                    report.blame(self.reject(at, &error));
                    // What stands before the refused row is written first, so that it is not undone again.
                    until = if at == 0 { self.entries.len() } else { at };
                    self.room = (self.room / 2).max(SMALLEST);
                }
            }
        }
        Ok(())
    }

    /// Which entry an error of the engine blames.
    fn blamed(&self, error: &Error) -> Option<usize> {
        let index = index_of(error.field()?, "rows")?;
        let mut items = self.entries.iter().enumerate().filter(|(_, entry)| entry.item.is_some());
        items.nth(index).map(|(at, _)| at)
    }

    /// Leaves an entry out, and says why.
    fn reject(&mut self, at: usize, error: &Error) -> RowError {
        let entry = &mut self.entries[at];
        let item = entry.item.take();
        entry.rejected = true;
        let field = error.field().unwrap_or_default();
        let line = index_of(field, "lines").and_then(|index| entry.lines.get(index)).or(entry.lines.first());
        let column = field.rsplit('.').next().filter(|name| !name.is_empty() && !name.ends_with(']'));
        RowError {
            line: line.copied().unwrap_or(0),
            column: column.map(str::to_owned),
            value: item.and_then(|item| stood_at(&item, field)),
            message: error.message().to_owned(),
        }
    }
}

/// What stands in a field of a thing: in `rows[3].lines[1].qty` of the third thing its second line's number.
fn stood_at(item: &impl Serialize, field: &str) -> Option<String> {
    let mut value = &serde_json::to_value(item).ok()?;
    for step in field.split('.').skip(1) {
        let (name, index) = step.split_once('[').unwrap_or((step, ""));
        value = value.get(name)?;
        if let Some(index) = index.strip_suffix(']') {
            value = value.get(index.parse::<usize>().ok()?)?;
        }
    }
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The index behind a name in the path of a field: 3 for `rows` in `rows[3].lines[1].qty`.
fn index_of(field: &str, name: &str) -> Option<usize> {
    field
        .split('.')
        .find_map(|step| step.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{index_of, stood_at};

    #[test]
    fn the_row_to_blame_is_found() {
        let field = "rows[3].lines[12].qty";
        assert_eq!((index_of(field, "rows"), index_of(field, "lines")), (Some(3), Some(12)));
        assert_eq!(index_of("import_id", "rows"), None);
        let sale = json!({ "lines": [{ "qty": 1 }, { "qty": 0, "sku": "MUG" }] });
        let stood = |field| stood_at(&sale, field);
        assert_eq!(stood("rows[3].lines[1].qty").as_deref(), Some("0"));
        assert_eq!(stood("rows[3].lines[1].sku").as_deref(), Some("MUG"));
        assert_eq!((stood("rows[3].lines[2].sku"), stood("rows[3].price")), (None, None));
    }
}
