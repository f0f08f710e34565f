//! One connection: statements translated and prepared once, values bound without copies of our own, rows read by type.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use baddie_core::clock::{Date, Timestamp};
use baddie_core::error::{Error, Result};
use rusqlite::types::{Null, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, Row, Statement};

use super::dialect::{for_rows, translate};
use super::error::explain;
use super::meter::{Boundary, Call, Gauge, Tape};
use crate::seam::{Columns, Param, Sql};

/// A connection and what it remembers.
pub(super) struct Session {
    connection: Connection,
    texts: HashMap<(Place, usize), Arc<str>>,
    gauge: Arc<Gauge>,
    tape: Option<Tape>,
}

/// How many rows go into one `INSERT`: few sizes, so that few statements are remembered.
const AT_ONCE: [usize; 5] = [16, 8, 4, 2, 1];

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
        self.execute_at_once(sql, 1, params)
    }

    /// Inserts many rows, some of them at a time: as many as the greatest of [`AT_ONCE`] that are left.
    pub(super) fn execute_each(&mut self, sql: Sql, width: usize, params: &[Param<'_>]) -> Result<u64> {
        let (mut rest, mut changed) = (params, 0);
        while !rest.is_empty() {
            let left = rest.len() / width.max(1);
            let rows = AT_ONCE.into_iter().find(|rows| *rows <= left).unwrap_or(1);
            let (now, later) = rest.split_at((rows * width).clamp(1, rest.len()));
            changed += self.execute_at_once(sql, rows, now)?;
            rest = later;
        }
        Ok(changed)
    }

    fn execute_at_once(&mut self, sql: Sql, rows: usize, params: &[Param<'_>]) -> Result<u64> {
        let Self { connection, texts, gauge, tape } = self;
        let (mut statement, text) = prepare(connection, texts, sql, rows)?;
        bind(&mut statement, params)?;
        gauge.statements.fetch_add(1, Ordering::Relaxed);
        let changed = statement.raw_execute().map_err(explain)? as u64;
        record(tape, text, params, changed);
        Ok(changed)
    }

    pub(super) fn query<T>(
        &mut self,
        sql: Sql,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let Self { connection, texts, gauge, tape } = self;
        let (mut statement, text) = prepare(connection, texts, sql, 1)?;
        bind(&mut statement, params)?;
        gauge.statements.fetch_add(1, Ordering::Relaxed);
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(explain)? {
            found.push(read(row)?);
        }
        record(tape, text, params, found.len() as u64);
        Ok(found)
    }
}

fn prepare<'a>(
    connection: &'a Connection,
    texts: &'a mut HashMap<(Place, usize), Arc<str>>,
    sql: Sql,
    rows: usize,
) -> Result<(CachedStatement<'a>, &'a Arc<str>)> {
    let text = texts.entry((place(sql), rows)).or_insert_with(|| for_rows(&translate(sql), rows).into());
    let statement = connection.prepare_cached(text).map_err(explain)?;
    Ok((statement, text))
}

fn record(tape: &mut Option<Tape>, text: &Arc<str>, params: &[Param<'_>], rows: u64) {
    if let Some(Tape(calls)) = tape {
        calls.push(Call { text: Arc::clone(text), values: params.iter().map(owned).collect(), rows });
    }
}

/// Binds all parameters. SQLite would take a forgotten one as NULL, so their number is compared first.
fn bind(statement: &mut Statement<'_>, params: &[Param<'_>]) -> Result<()> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(Error::internal(format!(
            "a statement with {wanted} parameters was given {}",
            params.len()
        )));
    }
    for (i, param) in params.iter().enumerate() {
        bind_one(statement, i + 1, param).map_err(explain)?;
    }
    Ok(())
}

fn bind_one(statement: &mut Statement<'_>, n: usize, param: &Param<'_>) -> rusqlite::Result<()> {
    match param {
        Param::Null => statement.raw_bind_parameter(n, Null),
        Param::Int(number) => statement.raw_bind_parameter(n, number),
        Param::Flag(flag) => statement.raw_bind_parameter(n, flag),
        Param::Text(text) | Param::Json(text) => statement.raw_bind_parameter(n, &**text),
        Param::Id(bits) => statement.raw_bind_parameter(n, bits.to_be_bytes().as_slice()),
        Param::Time(at) => statement.raw_bind_parameter(n, at.as_micros()),
        Param::Day(day) => statement.raw_bind_parameter(n, day.as_days()),
        Param::Bytes(bytes) => statement.raw_bind_parameter(n, &**bytes),
        Param::Ids(ids) => statement.raw_bind_parameter(n, id_list(ids)),
        Param::Words(words) => statement.raw_bind_parameter(n, word_list(words)),
    }
}

/// The same value as [`bind_one`] binds, to be kept in a recording.
fn owned(param: &Param<'_>) -> Value {
    match param {
        Param::Null => Value::Null,
        Param::Int(number) => Value::Integer(*number),
        Param::Flag(flag) => Value::Integer(i64::from(*flag)),
        Param::Text(text) | Param::Json(text) => Value::Text(text.clone().into_owned()),
        Param::Id(bits) => Value::Blob(bits.to_be_bytes().to_vec()),
        Param::Time(at) => Value::Integer(at.as_micros()),
        Param::Day(day) => Value::Integer(day.as_days()),
        Param::Bytes(bytes) => Value::Blob(bytes.clone().into_owned()),
        Param::Ids(ids) => Value::Text(id_list(ids)),
        Param::Words(words) => Value::Text(word_list(words)),
    }
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
