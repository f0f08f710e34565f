//! One connection: statements translated and prepared once, values bound without copies of our own, rows read by type.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use baddie_core::clock::{Date, Timestamp};
use baddie_core::error::{Error, Result};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, Row, Statement};

use super::dialect::{for_rows, translate};
use super::error::explain;
use super::meter::{Boundary, Call, Gauge, Tape};
use crate::seam::{Columns, Param, Sql};

/// A connection and what it remembers.
pub(super) struct Session {
    connection: Connection,
    texts: HashMap<(Place, Shape), Arc<str>>,
    gauge: Arc<Gauge>,
    tape: Option<Tape>,
}

/// How many rows go into one `INSERT`, and how many values of a list become parameters of their own: few sizes, so that
/// few statements are remembered.
const AT_ONCE: [usize; 5] = [16, 8, 4, 2, 1];

/// In which of its forms a statement is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Shape {
    /// As it stands; a list in it is one JSON array.
    Plain,
    /// With so many rows of values.
    Rows(usize),
    /// With so many values in its list.
    List(usize),
}

impl Shape {
    /// Short lists are spelled out: each of their values is looked up directly.
    fn of(params: &[Param<'_>]) -> Self {
        let mut lists = params.iter().filter_map(list_len);
        match (lists.next(), lists.next()) {
            (Some(many), None) => {
                let fitting = AT_ONCE.into_iter().rev().find(|size| many <= *size);
                fitting.filter(|_| many > 0).map_or(Self::Plain, Self::List)
            }
            _ => Self::Plain,
        }
    }

    /// How many parameters it has beyond those it is given.
    fn more(self) -> usize {
        if let Self::List(many) = self { many - 1 } else { 0 }
    }

    fn write(self, sql: Sql, width: usize) -> String {
        match self {
            Self::Plain => translate(sql, width, None),
            Self::Rows(rows) => for_rows(&translate(sql, width, None), rows),
            Self::List(many) => translate(sql, width, Some(many)),
        }
    }
}

fn list_len(param: &Param<'_>) -> Option<usize> {
    match param {
        Param::Ids(ids) => Some(ids.len()),
        Param::Words(words) => Some(words.len()),
        _ => None,
    }
}

/// Where a statement's two pieces lie in the program, and their lengths: they never move, so this stands for the text.
type Place = [usize; 4];

fn place(sql: Sql) -> Place {
    [sql.head.as_ptr().addr(), sql.head.len(), sql.tail.as_ptr().addr(), sql.tail.len()]
}

impl Session {
    pub(super) fn new(connection: Connection, gauge: Arc<Gauge>) -> Self {
        Self { connection, texts: HashMap::new(), gauge, tape: None }
    }

    /// Whether no transaction is open, be it that SQLite itself undid the one we began.
    pub(super) fn is_autocommit(&self) -> bool {
        self.connection.is_autocommit()
    }

    /// Rows changed since the connection was opened.
    pub(super) fn changes(&self) -> u64 {
        self.connection.total_changes()
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Runs one of our own words, such as BEGIN. It is neither counted nor recorded.
    pub(super) fn run(&self, word: &'static str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(word)?.raw_execute().map(drop)
    }

    /// Reads something, so that the open transaction's view is fixed.
    pub(super) fn look(&self) -> rusqlite::Result<()> {
        self.connection.prepare_cached("SELECT 1 FROM sqlite_schema")?.raw_query().next().map(drop)
    }

    /// Records from here on, if somebody wants it.
    pub(super) fn start_tape(&mut self) {
        self.tape = self.gauge.tape();
    }

    /// What was recorded since.
    pub(super) fn take_tape(&mut self) -> Option<Tape> {
        self.tape.take()
    }

    /// Hands what was recorded since to the recording.
    pub(super) fn keep_tape(&mut self, boundary: Boundary) {
        self.gauge.keep(self.tape.take(), boundary);
    }

    pub(super) fn execute(&mut self, sql: Sql, params: &[Param<'_>]) -> Result<u64> {
        self.execute_as(Shape::of(params), sql, params)
    }

    /// Inserts many rows, some of them at a time: as many as the greatest of [`AT_ONCE`] that are left.
    pub(super) fn execute_each(&mut self, sql: Sql, width: usize, params: &[Param<'_>]) -> Result<u64> {
        let (mut rest, mut changed) = (params, 0);
        while !rest.is_empty() {
            let left = rest.len() / width.max(1);
            let rows = AT_ONCE.into_iter().find(|rows| *rows <= left).unwrap_or(1);
            let (now, later) = rest.split_at((rows * width).clamp(1, rest.len()));
            changed += self.execute_as(Shape::Rows(rows), sql, now)?;
            rest = later;
        }
        Ok(changed)
    }

    fn execute_as(&mut self, shape: Shape, sql: Sql, params: &[Param<'_>]) -> Result<u64> {
        let Self { connection, texts, gauge, tape } = self;
        let (mut statement, text) = prepare(connection, texts, sql, shape, params.len())?;
        bind(&mut statement, shape, params)?;
        gauge.statements.fetch_add(1, Ordering::Relaxed);
        let changed = statement.raw_execute().map_err(explain)? as u64;
        record(tape, text, shape, params, changed);
        Ok(changed)
    }

    /// Runs a change of one row for each, and reads the rows that were changed.
    pub(super) fn query_each<T>(
        &mut self,
        sql: &'static str,
        width: usize,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut changed = Vec::new();
        for one in params.chunks(width.max(1)) {
            changed.append(&mut self.query(sql.into(), one, &mut read)?);
        }
        Ok(changed)
    }

    pub(super) fn query<T>(
        &mut self,
        sql: Sql,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let Self { connection, texts, gauge, tape } = self;
        let shape = Shape::of(params);
        let (mut statement, text) = prepare(connection, texts, sql, shape, params.len())?;
        bind(&mut statement, shape, params)?;
        gauge.statements.fetch_add(1, Ordering::Relaxed);
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(explain)? {
            found.push(read(row)?);
        }
        record(tape, text, shape, params, found.len() as u64);
        Ok(found)
    }
}

fn prepare<'a>(
    connection: &'a Connection,
    texts: &'a mut HashMap<(Place, Shape), Arc<str>>,
    sql: Sql,
    shape: Shape,
    width: usize,
) -> Result<(CachedStatement<'a>, &'a Arc<str>)> {
    let text = texts.entry((place(sql), shape)).or_insert_with(|| shape.write(sql, width).into());
    let statement = connection.prepare_cached(text).map_err(explain)?;
    Ok((statement, text))
}

/// Keeps what was bound, as it was bound.
fn record(tape: &mut Option<Tape>, text: &Arc<str>, shape: Shape, params: &[Param<'_>], rows: u64) {
    if let Some(Tape(calls)) = tape {
        let mut values = Vec::with_capacity(params.len());
        each_value(shape, params, |_, value| Value::try_from(value).map(|value| values.push(value)))
            .expect("what is bound as text is text");
        calls.push(Call { text: Arc::clone(text), values, rows });
    }
}

/// Binds all parameters. SQLite would take a forgotten one as NULL, so their number is compared first.
fn bind(statement: &mut Statement<'_>, shape: Shape, params: &[Param<'_>]) -> Result<()> {
    let (wanted, given) = (statement.parameter_count(), params.len() + shape.more());
    if wanted != given {
        return Err(Error::internal(format!("a statement with {wanted} parameters was given {given}")));
    }
    each_value(shape, params, |n, value| statement.raw_bind_parameter(n, ToSqlOutput::Borrowed(value)))
        .map_err(explain)
}

/// What is bound where: each parameter at its number, the second and later values of a list that is spelled out behind
/// them all, and its last value again where the list is shorter than its form.
fn each_value<E>(
    shape: Shape,
    params: &[Param<'_>],
    mut visit: impl FnMut(usize, ValueRef<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let bytes = |id: &u128| id.to_be_bytes();
    for (i, param) in params.iter().enumerate() {
        let n = i + 1;
        match (param, shape) {
            (Param::Ids(ids), Shape::List(many)) => {
                for (k, id) in fill(ids, many).enumerate() {
                    visit(if k == 0 { n } else { params.len() + k }, ValueRef::Blob(&bytes(id)))?;
                }
            }
            (Param::Words(words), Shape::List(many)) => {
                for (k, word) in fill(words, many).enumerate() {
                    visit(if k == 0 { n } else { params.len() + k }, ValueRef::Text(word.as_bytes()))?;
                }
            }
            (Param::Ids(ids), _) => visit(n, ValueRef::Text(id_list(ids).as_bytes()))?,
            (Param::Words(words), _) => visit(n, ValueRef::Text(word_list(words).as_bytes()))?,
            (Param::Null, _) => visit(n, ValueRef::Null)?,
            (Param::Int(number), _) => visit(n, ValueRef::Integer(*number))?,
            (Param::Flag(flag), _) => visit(n, ValueRef::Integer(i64::from(*flag)))?,
            (Param::Text(text) | Param::Json(text), _) => visit(n, ValueRef::Text(text.as_bytes()))?,
            (Param::Id(id), _) => visit(n, ValueRef::Blob(&bytes(id)))?,
            (Param::Time(at), _) => visit(n, ValueRef::Integer(at.as_micros()))?,
            (Param::Day(day), _) => visit(n, ValueRef::Integer(day.as_days()))?,
            (Param::Bytes(bytes), _) => visit(n, ValueRef::Blob(bytes))?,
        }
    }
    Ok(())
}

/// The values of a list, the last of them until there are as `many`.
fn fill<T>(list: &[T], many: usize) -> impl Iterator<Item = &T> {
    list.iter().chain(list.last().into_iter().cycle()).take(many)
}
/// A JSON array of hexadecimal words, which the translated statement turns back into bytes.
fn id_list(ids: &[u128]) -> String {
    let mut list = String::with_capacity(ids.len() * 35 + 2);
    list.push('[');
    for (i, id) in ids.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        write!(list, "{comma}\"{id:032X}\"").expect("a String takes everything");
    }
    list.push(']');
    list
}

fn word_list(words: &[&str]) -> String {
    serde_json::to_string(words).expect("words are always JSON")
}

impl Columns for Row<'_> {
    fn is_null(&self, i: usize) -> Result<bool> {
        Ok(value(self, i)? == ValueRef::Null)
    }

    fn int(&self, i: usize) -> Result<i64> {
        match value(self, i)? {
            ValueRef::Integer(number) => Ok(number),
            other => Err(odd(self, i, other, "an integer")),
        }
    }

    fn flag(&self, i: usize) -> Result<bool> {
        match value(self, i)? {
            ValueRef::Integer(number @ (0 | 1)) => Ok(number == 1),
            other => Err(odd(self, i, other, "0 or 1")),
        }
    }

    fn text(&self, i: usize) -> Result<&str> {
        let found = value(self, i)?;
        found.as_str().map_err(|_| odd(self, i, found, "text"))
    }

    fn id(&self, i: usize) -> Result<u128> {
        let found = value(self, i)?;
        let bytes = found.as_blob().ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(u128::from_be_bytes).ok_or_else(|| odd(self, i, found, "an id of 16 bytes"))
    }

    fn time(&self, i: usize) -> Result<Timestamp> {
        self.int(i).map(Timestamp::from_micros)
    }

    fn day(&self, i: usize) -> Result<Date> {
        let days = self.int(i)?;
        Date::from_days(days).ok_or_else(|| odd(self, i, ValueRef::Integer(days), "a day of the calendar"))
    }

    fn bytes(&self, i: usize) -> Result<&[u8]> {
        let found = value(self, i)?;
        found.as_blob().map_err(|_| odd(self, i, found, "bytes"))
    }
}

fn value<'a>(row: &'a Row<'_>, i: usize) -> Result<ValueRef<'a>> {
    row.get_ref(i).map_err(|error| Error::internal(format!("there is no column {i}: {error}")))
}

/// Says what a column holds instead of what it should; the value itself stays out of the log.
fn odd(row: &Row<'_>, i: usize, found: ValueRef<'_>, wanted: &str) -> Error {
    let name = row.as_ref().column_name(i).unwrap_or("?");
    Error::internal(format!("column {i}, `{name}`, holds {} where {wanted} should be", found.data_type()))
}
