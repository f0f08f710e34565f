//! The shared store: one database of a PostgreSQL server, for as many programs as one likes.
//!
//! This room knows how to hold connections and transactions so that none is ever left half done, and nothing of what is
//! kept: no table of any domain is named here. Whatever a transaction sees is walled in twice: by the statements, which
//! all name their shop, and by the database, which shows the program's role the rows of one shop only.

mod dialect;
mod error;
mod migrate;
mod notes;
mod open;
mod pool;
mod session;
mod value;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Kind, Result};
use baddie_core::storage::{Scope, Storage, Transaction};

pub use crate::migration::Migration;

use self::pool::Pool;
use self::session::{Access, Unit};
use crate::sql::SqlTransaction;

/// The role that statements run as. It may read and write rows, and owns nothing.
pub const ROLE: &str = "baddie_app";

/// How to open a store.
#[derive(Clone)]
pub struct Options {
    /// Where the database is: `postgres://user:password@host:5432/database?sslmode=verify-full`.
    pub url: String,
    /// What makes its schema, in order.
    pub migrations: &'static [Migration],
    /// How many connections are open at most.
    pub connections: usize,
    /// How long to wait for a connection, or for a lock that another transaction holds, before the answer is that the
    /// store is busy.
    pub patience: Duration,
    /// How long one statement may take, and how long an open transaction may do nothing, before the server ends it.
    pub longest: Duration,
}

impl Options {
    /// A database and its schema; the rest as it suits most.
    pub fn new(url: impl Into<String>, migrations: &'static [Migration]) -> Self {
        Self {
            url: url.into(),
            migrations,
            connections: 10,
            patience: Duration::from_secs(10),
            longest: Duration::from_mins(1),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.debug_struct("Options").field("connections", &self.connections).finish_non_exhaustive()
    }
}

/// An open store. It is used from within a tokio runtime whose timers and sockets are on.
pub struct Postgres {
    pool: Arc<Pool>,
}

impl Postgres {
    /// Connects, and brings the schema up to date; `now` is noted beside each new migration.
    ///
    /// A database that another program or a newer version made, that lacks the role, or that does not let this program
    /// in, is refused with a remedy and left as it was.
    pub async fn open(options: Options, now: Timestamp) -> Result<Self> {
        let server = open::Server::at(&options)?;
        open::prepare(&server, options.migrations, now).await?;
        Ok(Self { pool: Arc::new(Pool::new(server, options.connections, options.patience)) })
    }

    /// How many round trips to the server transactions have taken: one to begin, one for each statement, one to commit.
    pub fn round_trips(&self) -> u64 {
        self.pool.trips.load(Ordering::Relaxed)
    }

    /// Begins a transaction that may change things.
    pub(crate) async fn begin(&self, scope: Scope) -> Result<Unit> {
        self.pool.begin(scope, Access::Write).await
    }

    /// Begins a transaction that only looks, at one moment's state.
    pub(crate) async fn read(&self, scope: Scope) -> Result<Unit> {
        self.pool.begin(scope, Access::Read).await
    }
}

#[async_trait]
impl Storage for Postgres {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn Transaction>> {
        Ok(Box::new(SqlTransaction::new(Postgres::begin(self, scope).await?, scope)))
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn Transaction>> {
        Ok(Box::new(SqlTransaction::new(Postgres::read(self, scope).await?, scope)))
    }

    async fn ready(&self) -> Result<()> {
        Postgres::begin(self, Scope::System).await.map(drop)
    }

    async fn check(&self) -> Result<Vec<String>> {
        open::check(Postgres::read(self, Scope::System).await?).await
    }

    async fn backup(&self, _to: &str, _progress: Arc<dyn Fn(u64, u64) + Send + Sync>) -> Result<()> {
        let message = "a PostgreSQL database is copied by its own tools: `pg_dump --format=custom` for a copy, \
                       `pg_restore` to bring it back, then `baddie restore --disarm` before the copy is served";
        Err(Error::new(Kind::Refused, "storage.backup_elsewhere", message))
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("server", &self.pool.server().shown()).finish_non_exhaustive()
    }
}
