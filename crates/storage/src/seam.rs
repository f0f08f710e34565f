//! The seam between SQL and the databases that run it: statements, typed parameters, typed columns; nothing else.
//!
//! Everything above the seam is written once, in PostgreSQL's dialect with `$1`. Lists are given with their type,
//! `= ANY($2::uuid[])` or `= ANY($2::text[])`, so that each database can say it in its own way.

use std::borrow::Cow;

use baddie_core::clock::{Date, Timestamp};
use baddie_core::error::Result;
use baddie_core::ids::EntityId;

/// A statement's text. It never changes while the program runs, so a database may remember it by its address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql {
    /// What many statements share, such as `SELECT` with a table's columns.
    pub(crate) head: &'static str,
    /// What this one adds; a space is put between the two.
    pub(crate) tail: &'static str,
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self { head: text, tail: "" }
    }
}

/// A guarded change in both its forms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    /// Of one row; its parameters are values.
    pub(crate) one: &'static str,
    /// Of many rows at once, which are locked in their order; its parameters are lists, one for each of those of `one`,
    /// with their types as in `$1::uuid[]`.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "SQLite changes them one by one"))]
    pub(crate) many: &'static str,
}

/// The value of one `$n`.
#[derive(Debug, Clone)]
pub(crate) enum Param<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Flag(bool),
    /// Words.
    Text(Cow<'a, str>),
    /// A JSON document, already written.
    Json(Cow<'a, str>),
    /// An identity.
    Id(u128),
    /// An instant.
    Time(Timestamp),
    /// A day.
    Day(Date),
    /// Bytes without meaning to the database.
    Bytes(Cow<'a, [u8]>),
    /// Identities to choose among: `= ANY($n::uuid[])`.
    Ids(Vec<u128>),
    /// Words to choose among: `= ANY($n::text[])`.
    Words(Vec<&'a str>),
}

impl Param<'_> {
    /// An entity's identity.
    pub(crate) fn id(id: impl EntityId) -> Self {
        Self::Id(id.as_u128())
    }

    /// Identities to choose among.
    pub(crate) fn ids(ids: &[impl EntityId]) -> Self {
        Self::Ids(ids.iter().map(|id| id.as_u128()).collect())
    }
}

impl From<i64> for Param<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Param<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<Timestamp> for Param<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Time(at)
    }
}

impl From<Date> for Param<'_> {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer. A column that is missing or holds another type is a defect, and the error names it.
pub(crate) trait Columns {
    /// Whether column `i` holds nothing.
    fn is_null(&self, i: usize) -> Result<bool>;
    /// A whole number.
    fn int(&self, i: usize) -> Result<i64>;
    /// Yes or no.
    fn flag(&self, i: usize) -> Result<bool>;
    /// Words, or a JSON document as it was written.
    fn text(&self, i: usize) -> Result<&str>;
    /// An identity.
    fn id(&self, i: usize) -> Result<u128>;
    /// An instant.
    fn time(&self, i: usize) -> Result<Timestamp>;
    /// A day.
    fn day(&self, i: usize) -> Result<Date>;
    /// Bytes.
    fn bytes(&self, i: usize) -> Result<&[u8]>;
}

/// An open transaction of some database. Dropped, it is undone.
///
/// After a statement has failed the transaction can only be undone: every later call, `commit` too, is refused. So a
/// statement that did half its work never leaves that half behind.
pub(crate) trait Connection: Send {
    /// How this database shows a row.
    type Row<'r>: Columns;
    /// The tail of a page of products that hold the words in `$5`, as [`search_words`](Self::search_words) writes
    /// them: each database searches in its own way.
    const FOUND_PRODUCTS: &'static str;
    /// The answer kept for the shop `$1` in the scope `$2` under the key `$3`, once nobody else is using the key.
    const RECALL: &'static str;

    /// What somebody typed, as this database wants to be asked; empty when there is no word in it.
    fn search_words(typed: &str) -> String;

    /// Runs a statement that answers no rows; says how many it changed.
    fn execute(
        &mut self,
        sql: impl Into<Sql> + Send,
        params: &[Param<'_>],
    ) -> impl Future<Output = Result<u64>> + Send;

    /// Runs one `INSERT` for many rows, whose parameters follow one another, `width` of them to a row, and stand in its
    /// `VALUES` as `$1` and up, each with its type; says how many rows it changed.
    fn insert_each(
        &mut self,
        sql: impl Into<Sql> + Send,
        width: usize,
        params: &[Param<'_>],
    ) -> impl Future<Output = Result<u64>> + Send;

    /// The same for rows that clash with nothing. A database that is far away may hear of them later, together: before
    /// the next statement that changes something or names their table, and before the end.
    fn note_each(
        &mut self,
        sql: impl Into<Sql> + Send,
        width: usize,
        params: &[Param<'_>],
    ) -> impl Future<Output = Result<()>> + Send;

    /// Runs a guarded change of many rows, whose parameters follow one another, `width` of them to a change, and reads
    /// the rows that were changed.
    fn change_each<T: Send>(
        &mut self,
        sql: Change,
        width: usize,
        params: &[Param<'_>],
        read: impl FnMut(&Self::Row<'_>) -> Result<T> + Send,
    ) -> impl Future<Output = Result<Vec<T>>> + Send;

    /// Runs a statement that answers rows, and reads each of them.
    fn query<T: Send>(
        &mut self,
        sql: impl Into<Sql> + Send,
        params: &[Param<'_>],
        read: impl FnMut(&Self::Row<'_>) -> Result<T> + Send,
    ) -> impl Future<Output = Result<Vec<T>>> + Send;

    /// Makes the work last. The answer comes after it is durable, not before.
    fn commit(self) -> impl Future<Output = Result<()>> + Send;
}
