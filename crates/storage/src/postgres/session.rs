//! One transaction on one connection.
//!
//! A future may be dropped while it waits for the server. Nobody knows then what the server has heard, so the connection
//! is closed, and the server undoes what was open on it. A transaction that is merely dropped is undone in the
//! background, and its connection is clean before anybody else has it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use baddie_core::error::{Error, Result};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _, PgConnection};
use tokio::sync::OwnedSemaphorePermit;

use super::dialect;
use super::error::explain;
use super::notes::Notes;
use super::pool::{Form, Held, Pool, Statement};
use super::value::One;
use crate::seam::{Change, Connection, Param, Sql};

/// Whether a transaction may change things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// An open transaction.
pub(crate) struct Unit {
    pool: Arc<Pool>,
    held: Option<Held>,
    access: Access,
    /// Whether the server is at work for us: if this is dropped meanwhile, the connection is of no use any more.
    waiting: bool,
    /// Whether a statement failed.
    failed: bool,
    /// What is yet to be said.
    notes: Notes,
}

/// Says words without parameters and without an answer; there may be several, with semicolons.
pub(super) async fn run(connection: &mut PgConnection, words: &str) -> sqlx::Result<()> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(words))).await.map(|_| ())
}

impl Unit {
    pub(super) fn new(pool: Arc<Pool>, held: Held, access: Access) -> Self {
        Self { pool, held: Some(held), access, waiting: false, failed: false, notes: Notes::default() }
    }

    /// Says words of our own.
    pub(super) async fn say(&mut self, words: &str) -> sqlx::Result<()> {
        self.waiting = true;
        self.pool.trips.fetch_add(1, Ordering::Relaxed);
        let said = run(&mut held(&mut self.held).connection, words).await;
        self.waiting = false;
        self.failed |= said.is_err();
        said
    }

    /// Closes the connection; the right to one is left.
    pub(super) fn give_up(mut self) -> Option<OwnedSemaphorePermit> {
        self.held.take().map(Held::close)
    }

    /// The connection, for one statement; what came of it is told to [`answered`](Self::answered).
    fn ask(&mut self) -> Result<&mut PgConnection> {
        if self.failed {
            return Err(Error::internal("the transaction goes on after one of its statements failed"));
        }
        self.waiting = true;
        self.pool.trips.fetch_add(1, Ordering::Relaxed);
        Ok(&mut held(&mut self.held).connection)
    }

    fn answered<T>(&mut self, answer: sqlx::Result<T>) -> Result<T> {
        self.waiting = false;
        self.failed |= answer.is_err();
        answer.map_err(explain)
    }

    async fn change(&mut self, text: Arc<str>, arguments: PgArguments) -> Result<u64> {
        let answer = self.ask()?.execute(sqlx::query_with(AssertSqlSafe(text), arguments)).await;
        self.answered(answer).map(|done| done.rows_affected())
    }

    /// Says what was noted.
    async fn say_notes(&mut self) -> Result<()> {
        if self.notes.is_empty() {
            return Ok(());
        }
        let (statements, arguments) = self.notes.take();
        self.change(self.pool.together(&statements), arguments).await.map(|_| ())
    }

    /// Asks for rows, after what was noted where that may be among them.
    async fn rows<T>(
        &mut self,
        statement: &Statement,
        arguments: PgArguments,
        read: impl FnMut(&PgRow) -> Result<T>,
    ) -> Result<Vec<T>> {
        if self.notes.concern(&statement.text) {
            self.say_notes().await?;
        }
        let query = sqlx::query_with(AssertSqlSafe(Arc::clone(&statement.text)), arguments);
        let answer = self.ask()?.fetch_all(query).await;
        self.answered(answer)?.iter().map(read).collect()
    }
}

fn held(held: &mut Option<Held>) -> &mut Held {
    held.as_mut().expect("the connection is held until the transaction ends")
}

fn arguments(params: &[Param<'_>]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    arguments.reserve(params.len(), params.len() * 24);
    for param in params {
        arguments.add(One(param)).map_err(Error::internal)?;
    }
    Ok(arguments)
}

impl Connection for Unit {
    type Row<'r> = PgRow;
    const FOUND_PRODUCTS: &'static str = dialect::FOUND_PRODUCTS;
    const RECALL: &'static str = dialect::RECALL;

    fn search_words(typed: &str) -> String {
        dialect::search_words(typed)
    }

    async fn execute(&mut self, sql: impl Into<Sql> + Send, params: &[Param<'_>]) -> Result<u64> {
        self.say_notes().await?;
        let statement = self.pool.statement(sql.into(), Form::Plain)?;
        self.change(Arc::clone(&statement.text), arguments(params)?).await
    }

    async fn insert_each(
        &mut self,
        sql: impl Into<Sql> + Send,
        width: usize,
        params: &[Param<'_>],
    ) -> Result<u64> {
        if params.is_empty() {
            return Ok(0);
        }
        self.say_notes().await?;
        let statement = self.pool.statement(sql.into(), Form::Rows)?;
        let mut arguments = PgArguments::default();
        statement.lanes(&mut arguments, width, params)?;
        self.change(Arc::clone(&statement.text), arguments).await
    }

    async fn note_each(
        &mut self,
        sql: impl Into<Sql> + Send,
        width: usize,
        params: &[Param<'_>],
    ) -> Result<()> {
        if params.is_empty() {
            return Ok(());
        }
        let statement = self.pool.statement(sql.into(), Form::Rows)?;
        if self.notes.is_full() || self.notes.clash(&statement) {
            self.say_notes().await?;
        }
        self.notes.add(statement, width, params)
    }

    async fn change_each<T: Send>(
        &mut self,
        sql: Change,
        width: usize,
        params: &[Param<'_>],
        read: impl FnMut(&PgRow) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        if params.len() == width {
            return self.query(sql.one, params, read).await;
        }
        if params.is_empty() {
            return Ok(Vec::new());
        }
        let statement = self.pool.statement(sql.many.into(), Form::Lists)?;
        let mut arguments = PgArguments::default();
        statement.lanes(&mut arguments, width, params)?;
        self.rows(&statement, arguments, read).await
    }

    async fn query<T: Send>(
        &mut self,
        sql: impl Into<Sql> + Send,
        params: &[Param<'_>],
        read: impl FnMut(&PgRow) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        let statement = self.pool.statement(sql.into(), Form::Plain)?;
        self.rows(&statement, arguments(params)?, read).await
    }

    async fn commit(mut self) -> Result<()> {
        if self.failed {
            return Err(Error::internal("a transaction was to be kept after one of its statements failed"));
        }
        if self.access == Access::Read {
            return Ok(());
        }
        self.say_notes().await?;
        self.say("COMMIT").await.map_err(explain)?;
        if let Some(held) = self.held.take() {
            self.pool.take_back(held);
        }
        Ok(())
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        match self.held.take() {
            Some(held) if !self.waiting => self.pool.end(held),
            _ => {}
        }
    }
}
