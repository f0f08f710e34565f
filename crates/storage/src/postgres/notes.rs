//! What is yet to be said: rows whose fate nobody asks for before the end. They are gathered and said together, so that
//! the whole of it costs one round trip.

use std::sync::Arc;

use baddie_core::error::{Error, Result};
use sqlx::Arguments as _;
use sqlx::postgres::PgArguments;

use super::pool::Statement;
use super::value::Lane;
use crate::seam::Param;

/// How many are gathered at most: what a loop notes must not make one endless statement.
const MOST: usize = 24;

/// Rows for several tables, as they were noted.
#[derive(Default)]
pub(super) struct Notes {
    statements: Vec<Arc<Statement>>,
    arguments: PgArguments,
}

impl Notes {
    /// Whether rows of this statement must not be said together with those noted before: where some would be passed over
    /// because of others, it counts which come first, and of what is said together nothing comes first.
    pub(super) fn clash(&self, statement: &Arc<Statement>) -> bool {
        statement.text.contains("ON CONFLICT")
            && self.statements.iter().any(|noted| Arc::ptr_eq(noted, statement))
    }

    /// Adds rows, whose parameters follow one another, `width` of them to a row.
    pub(super) fn add(
        &mut self,
        statement: Arc<Statement>,
        width: usize,
        params: &[Param<'_>],
    ) -> Result<()> {
        statement.lanes(&mut self.arguments, width, params)?;
        self.statements.push(statement);
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.statements.len() >= MOST
    }

    /// Whether a statement may see some of them. Where in doubt, it may.
    pub(super) fn concern(&self, text: &str) -> bool {
        self.statements.iter().any(|statement| statement.table().is_none_or(|table| text.contains(table)))
    }

    /// What was noted, and its parameters; nothing is left.
    pub(super) fn take(&mut self) -> (Vec<Arc<Statement>>, PgArguments) {
        (std::mem::take(&mut self.statements), std::mem::take(&mut self.arguments))
    }
}

impl Statement {
    /// Binds each column of many rows as a list.
    pub(super) fn lanes(
        &self,
        arguments: &mut PgArguments,
        width: usize,
        params: &[Param<'_>],
    ) -> Result<()> {
        if width != self.sorts.len() || !params.len().is_multiple_of(width) {
            return Err(Error::internal(format!("rows of {width} in {} columns", self.sorts.len())));
        }
        arguments.reserve(width, params.len() * 24);
        for (column, sort) in self.sorts.iter().enumerate() {
            arguments.add(Lane { params, column, width, sort: *sort }).map_err(Error::internal)?;
        }
        Ok(())
    }

    /// The table it puts rows into.
    fn table(&self) -> Option<&str> {
        self.text.trim_start().strip_prefix("INSERT INTO ")?.split_whitespace().next()
    }
}

/// Several statements as one: each keeps its words, and its parameters go on counting where those of the one before end.
pub(super) fn together(statements: &[Arc<Statement>]) -> String {
    let mut before = 0;
    let words = statements.iter().map(|statement| {
        let words = counted_on(&statement.text, before);
        before += statement.sorts.len();
        words
    });
    let mut words: Vec<_> = words.collect();
    let last = words.pop().unwrap_or_default();
    let notes: Vec<_> =
        words.iter().enumerate().map(|(number, words)| format!("note_{number} AS ({words})")).collect();
    if notes.is_empty() { last } else { format!("WITH {} {last}", notes.join(", ")) }
}

/// A statement whose `$1` is `$1 + before`.
fn counted_on(text: &str, before: usize) -> String {
    let mut pieces = text.split('$');
    let mut counted = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let (number, rest) = piece.split_at(end);
        let number = number.parse::<usize>().map_or_else(|_| number.to_owned(), |n| (n + before).to_string());
        counted.push('$');
        counted.push_str(&number);
        counted.push_str(rest);
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::value::Sort;

    fn statement(text: &str, types: &[&str]) -> Arc<Statement> {
        let sorts = types.iter().map(|name| Sort::named(name).unwrap()).collect();
        Arc::new(Statement { text: text.into(), sorts })
    }

    #[test]
    fn several_statements_become_one() {
        let a =
            statement("INSERT INTO a (x, y) SELECT * FROM unnest($1::uuid[], $2::text[])", &["uuid", "text"]);
        let b = statement("INSERT INTO b (z) SELECT * FROM unnest($1::bigint[])", &["bigint"]);
        assert_eq!(together(std::slice::from_ref(&b)), b.text.as_ref());
        assert_eq!(
            together(&[a.clone(), b.clone(), a.clone()]),
            "WITH note_0 AS (INSERT INTO a (x, y) SELECT * FROM unnest($1::uuid[], $2::text[])), \
             note_1 AS (INSERT INTO b (z) SELECT * FROM unnest($3::bigint[])) \
             INSERT INTO a (x, y) SELECT * FROM unnest($4::uuid[], $5::text[])"
        );
        let notes = Notes { statements: vec![a, b], arguments: PgArguments::default() };
        assert!(notes.concern("SELECT * FROM b") && !notes.concern("UPDATE counters"));
    }
}
