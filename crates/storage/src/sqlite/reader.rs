//! The connections that read: a bounded number, each transaction with one unchanging view.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baddie_core::error::{Error, Result};
use rusqlite::{ErrorCode, Row};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::error::{busy, explain};
use super::meter::{Boundary, Gauge};
use super::open;
use super::session::Session;
use crate::seam::{Change, Connection, Param, Sql};

/// How soon to look again while another process recovers the log.
const PAUSE: Duration = Duration::from_millis(2);

/// Hands out connections that read.
pub(super) struct Readers {
    path: PathBuf,
    permits: Arc<Semaphore>,
    /// Those not in use; the one used last is the warmest, and is taken first.
    idle: Mutex<Vec<Session>>,
    /// Asked only whether anything has changed; opened when it is first asked.
    watch: Mutex<Option<rusqlite::Connection>>,
    gauge: Arc<Gauge>,
    patience: Duration,
}

impl Readers {
    pub(super) fn new(path: PathBuf, number: usize, gauge: Arc<Gauge>, patience: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(number.max(1)));
        Self { path, permits, idle: Mutex::default(), watch: Mutex::default(), gauge, patience }
    }

    /// Waits for a free connection, bounded, and fixes the view.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<ReadTransaction> {
        timeout(self.patience, self.enter()).await.unwrap_or_else(|_| Err(busy()))
    }

    async fn enter(self: &Arc<Self>) -> Result<ReadTransaction> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(Error::internal)?;
        let idle = self.idle().pop();
        let session = match idle {
            Some(session) => session,
            None => self.open().await?,
        };
        let mut transaction =
            ReadTransaction { readers: Arc::clone(self), session: Some(session), _permit: permit };
        while !transaction.fix_view()? {
            sleep(PAUSE).await;
        }
        Ok(transaction)
    }

    /// SQLite's own count of what others have committed, as the one connection sees it that never commits anything.
    pub(super) fn revision(&self) -> Option<u64> {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *watch {
            Some(connection) => connection,
            none => none.insert(open::reader(&self.path).ok()?),
        };
        let mut count = connection.prepare_cached("PRAGMA data_version").ok()?;
        count.query_row([], |row| row.get::<_, i64>(0)).ok()?.try_into().ok()
    }

    async fn open(&self) -> Result<Session> {
        let path = self.path.clone();
        let connection = spawn_blocking(move || open::reader(&path)).await.map_err(Error::internal)??;
        Ok(Session::new(connection, Arc::clone(&self.gauge)))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A transaction that only looks, and sees everything as it was when it began.
pub(crate) struct ReadTransaction {
    readers: Arc<Readers>,
    session: Option<Session>,
    _permit: OwnedSemaphorePermit,
}

impl ReadTransaction {
    fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("the connection is held until the transaction is dropped")
    }

    /// BEGIN alone fixes nothing: the first look does. `false`: another process has the file to itself for a moment.
    fn fix_view(&mut self) -> Result<bool> {
        let session = self.session();
        if session.is_autocommit() {
            session.run("BEGIN").map_err(explain)?;
            session.start_tape();
        }
        match session.look() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
            looked => looked.map_err(explain).map(|()| true),
        }
    }
}

impl Connection for ReadTransaction {
    type Row<'r> = Row<'r>;
    const FOUND_PRODUCTS: &'static str = super::dialect::FOUND_PRODUCTS;
    const RECALL: &'static str = super::dialect::RECALL;

    fn search_words(typed: &str) -> String {
        super::dialect::search_words(typed)
    }

    async fn execute(&mut self, sql: impl Into<Sql> + Send, params: &[Param<'_>]) -> Result<u64> {
        self.session().execute(sql.into(), params)
    }

    async fn insert_each(
        &mut self,
        sql: impl Into<Sql> + Send,
        width: usize,
        params: &[Param<'_>],
    ) -> Result<u64> {
        self.session().execute_each(sql.into(), width, params)
    }

    async fn note_each(
        &mut self,
        sql: impl Into<Sql> + Send,
        width: usize,
        params: &[Param<'_>],
    ) -> Result<()> {
        self.session().execute_each(sql.into(), width, params).map(|_| ())
    }

    async fn change_each<T: Send>(
        &mut self,
        sql: Change,
        width: usize,
        params: &[Param<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        self.session().query_each(sql.one, width, params, read)
    }

    async fn query<T: Send>(
        &mut self,
        sql: impl Into<Sql> + Send,
        params: &[Param<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        self.session().query(sql.into(), params, read)
    }

    async fn commit(self) -> Result<()> {
        Ok(())
    }
}

impl Drop for ReadTransaction {
    fn drop(&mut self) {
        let Some(mut session) = self.session.take() else { return };
        session.keep_tape(Boundary::Read);
        // A connection that cannot end its transaction is closed: the next one must not see its old view.
        if session.is_autocommit() || session.run("ROLLBACK").is_ok() {
            self.readers.idle().push(session);
        }
    }
}
