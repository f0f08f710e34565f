//! The embedded store: one file, kept by SQLite.
//!
//! This room knows how to write safely and fast to one file, and nothing of what is written: no table of any domain is
//! named here. One connection writes (`writer.rs`), some read (`reader.rs`).

mod backup;
mod dialect;
mod error;
mod meter;
mod migrate;
mod open;
mod reader;
mod session;
mod writer;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Result};
use baddie_core::storage::{Scope, Storage, Transaction};
use tokio::task::spawn_blocking;

pub use self::backup::{Check, Progress};
pub use self::meter::{Meter, Recording, Replay};
pub use crate::migration::Migration;

use self::meter::Gauge;
use self::reader::{ReadTransaction, Readers};
use self::session::Session;
use self::writer::{WriteTransaction, Writer};
use crate::sql::SqlTransaction;

/// The release of SQLite that is built in.
pub fn version() -> &'static str {
    rusqlite::version()
}

/// How to open a store.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the file lies; it is made when it is not there.
    pub path: PathBuf,
    /// What makes its schema, in order.
    pub migrations: &'static [Migration],
    /// How many read at the same time.
    pub readers: usize,
    /// How many writing transactions share one wait for the disk at most.
    pub largest_batch: usize,
    /// How long to wait for the writer, a reader, or another process, before the answer is that the store is busy.
    pub patience: Duration,
}

impl Options {
    /// A file and its schema; the rest as it suits most.
    pub fn new(path: impl Into<PathBuf>, migrations: &'static [Migration]) -> Self {
        Self {
            path: path.into(),
            migrations,
            readers: 8,
            largest_batch: 128,
            patience: Duration::from_secs(10),
        }
    }
}

/// An open store. It is used from within a tokio runtime whose timers are on.
pub struct Sqlite {
    path: PathBuf,
    gauge: Arc<Gauge>,
    writer: Arc<Writer>,
    readers: Arc<Readers>,
}

impl Sqlite {
    /// Opens the file, or makes it, and brings its schema up to date; `now` is noted beside each new migration.
    ///
    /// A file that is no database, that another program or a newer version made, or that cannot be written, is refused
    /// with a remedy and left as it was.
    pub async fn open(options: Options, now: Timestamp) -> Result<Self> {
        let (path, connection) = spawn_blocking(move || {
            let path = open::place(&options.path)?;
            open::store(&path, options.migrations, now).map(|connection| (path, connection))
        })
        .await
        .map_err(Error::internal)??;
        let gauge = Arc::new(Gauge::default());
        let session = Session::new(connection, Arc::clone(&gauge));
        let writer = Writer::new(session, Arc::clone(&gauge), options.largest_batch, options.patience);
        let readers = Readers::new(path.clone(), options.readers, Arc::clone(&gauge), options.patience);
        Ok(Self { path, gauge, writer: Arc::new(writer), readers: Arc::new(readers) })
    }

    /// Begins a transaction that may change things. There is one at a time; the others wait in a queue.
    pub(crate) async fn begin(&self) -> Result<WriteTransaction> {
        self.writer.begin().await
    }

    /// Begins a transaction that only looks.
    pub(crate) async fn read(&self) -> Result<ReadTransaction> {
        self.readers.begin().await
    }

    /// What was done so far.
    pub fn meter(&self) -> Meter {
        self.gauge.read()
    }

    /// Records every statement of transactions that begin from now on. All of it is held in memory: for benchmarks.
    pub fn start_recording(&self) {
        self.gauge.start();
    }

    /// Ends the recording and gives it out.
    pub fn take_recording(&self) -> Recording {
        self.gauge.take()
    }
}

#[async_trait]
impl Storage for Sqlite {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn Transaction>> {
        Ok(Box::new(SqlTransaction::new(Sqlite::begin(self).await?, scope)))
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn Transaction>> {
        Ok(Box::new(SqlTransaction::new(Sqlite::read(self).await?, scope)))
    }

    async fn ready(&self) -> Result<()> {
        // A writer that waits for a restart is not ready; one that is merely busy will be.
        Sqlite::read(self).await.map(drop)?;
        Sqlite::begin(self).await.map(drop)
    }

    fn revision(&self) -> Option<u64> {
        self.readers.revision()
    }

    async fn check(&self) -> Result<Vec<String>> {
        Sqlite::check(self, Check::Full).await
    }

    async fn backup(&self, to: &str, progress: Arc<dyn Fn(u64, u64) + Send + Sync>) -> Result<()> {
        Sqlite::backup(self, to, move |step| progress(step.copied, step.total)).await
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite")
            .field("path", &self.path)
            .field("meter", &self.meter())
            .finish_non_exhaustive()
    }
}
