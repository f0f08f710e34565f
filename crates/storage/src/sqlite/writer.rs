//! The one connection that writes, and its group commit.
//!
//! A transaction holds the writer while it runs. Inside SQLite it is part of a larger one, the *batch*: the first of it
//! simply begins it, each later one is a savepoint. When it commits it releases its savepoint and hands the writer on,
//! if somebody waits for it; the last one, or the one that fills the batch, makes the batch durable with one COMMIT on
//! a thread that may block. Everybody in the batch is answered after that COMMIT, and those who come meanwhile form
//! the next batch.
//!
//! The first needs no savepoint, because undoing it undoes nobody else. It matters for long ones, which are mostly
//! alone: SQLite keeps a copy of every page changed under a savepoint, and walks through all of them after each
//! statement.
//!
//! The rule that keeps a batch from being forgotten: **whoever leaves the writer with a batch open has somebody behind
//! him in the queue, or flushes it.** Leaving is [`WriteTransaction`]'s drop, on every path there is; giving up one's
//! place in the queue is [`Place`]'s.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use baddie_core::error::{Error, Result};
use rusqlite::{ErrorCode, Row};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::{sleep, timeout};

use super::error::{BROKEN, broken, busy, explain, shared};
use super::meter::{Boundary, Gauge, Tape};
use super::session::Session;
use crate::seam::{Change, Connection, Param, Sql};

/// How many may wait for the writer; more are refused at once instead of after a long wait.
const QUEUE: usize = 4096;

/// How soon to look again whether another process has let go of the file, and how long at most between two looks.
const FIRST_PAUSE: Duration = Duration::from_micros(500);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// Hands out the one connection that writes.
pub(super) struct Writer {
    core: Arc<Mutex<Core>>,
    /// How many stand in the queue of `core`, or are about to.
    waiting: AtomicUsize,
    patience: Duration,
}

/// What its holder holds.
pub(super) struct Core {
    session: Session,
    gauge: Arc<Gauge>,
    /// The open BEGIN, and the transactions gathered in it.
    batch: Option<Batch>,
    /// The transaction open in it.
    inside: Option<Inside>,
    /// The disk failed: what it holds is uncertain until the file is opened anew.
    broken: bool,
    largest_batch: usize,
    #[cfg(test)]
    pub(super) failing: Option<rusqlite::ffi::Error>,
}

/// How a transaction stands in its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// It is all there is of it so far.
    First,
    /// It is a savepoint after others.
    Later,
}

struct Batch {
    members: Vec<Member>,
    /// Transactions begun in it, the undone ones too: they also keep the members waiting.
    begun: usize,
    /// The connection's count of changes when it began.
    changes: u64,
}

/// A transaction that has done its work and waits for it to become durable.
struct Member {
    answer: oneshot::Sender<Result<()>>,
    tape: Option<Tape>,
}

/// A place in the queue for the writer. Given up or used, it is not counted any longer.
struct Place<'a>(&'a Arc<Writer>);

impl<'a> Place<'a> {
    fn take(writer: &'a Arc<Writer>) -> Result<Self> {
        let place = Self(writer);
        if writer.waiting.fetch_add(1, Ordering::AcqRel) < QUEUE { Ok(place) } else { Err(busy()) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.0.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.flush_if_free();
        }
    }
}

impl Writer {
    pub(super) fn new(session: Session, gauge: Arc<Gauge>, largest_batch: usize, patience: Duration) -> Self {
        let core = Core {
            session,
            gauge,
            batch: None,
            inside: None,
            broken: false,
            largest_batch,
            #[cfg(test)]
            failing: None,
        };
        Self { core: Arc::new(Mutex::new(core)), waiting: AtomicUsize::new(0), patience }
    }

    /// Waits for the writer, and for other processes to leave the file, both within one bound.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<WriteTransaction> {
        timeout(self.patience, self.enter()).await.unwrap_or_else(|_| Err(busy()))
    }

    async fn enter(self: &Arc<Self>) -> Result<WriteTransaction> {
        let place = Place::take(self)?;
        let core = Arc::clone(&self.core).lock_owned().await;
        let mut transaction = WriteTransaction { writer: Arc::clone(self), core: Some(core), failed: false };
        drop(place);
        let mut pause = FIRST_PAUSE;
        while !transaction.core().open()? {
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(transaction)
    }

    /// The second look of one who left relying on the queue, or who left the queue: if nobody is in it any more and
    /// nobody holds the writer, an open batch is his to flush.
    ///
    /// Of two who pass each other at this point at least one sees it. Both touch `waiting` by a read-modify-write: the
    /// one who comes second there sees all that the other did before, be it the writer let go or the place given up.
    fn flush_if_free(self: &Arc<Self>) {
        if let Ok(core) = Arc::clone(&self.core).try_lock_owned() {
            flush(core);
        }
    }

    fn is_awaited(&self) -> bool {
        self.waiting.fetch_add(0, Ordering::AcqRel) > 0
    }

    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    #[cfg(test)]
    pub(super) async fn core(&self) -> OwnedMutexGuard<Core> {
        Arc::clone(&self.core).lock_owned().await
    }
}

impl Core {
    /// Opens a savepoint in the batch, or begins one. `false`: another process is writing.
    fn open(&mut self) -> Result<bool> {
        if self.broken {
            return Err(broken());
        }
        if self.batch.is_none() {
            match self.session.run("BEGIN IMMEDIATE") {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => return Ok(false),
                other => other.map_err(|error| self.note(explain(error)))?,
            }
        }
        let changes = self.session.changes();
        let batch = self.batch.get_or_insert_with(|| Batch { members: Vec::new(), begun: 0, changes });
        batch.begun += 1;
        let inside = if batch.begun == 1 { Inside::First } else { Inside::Later };
        if inside == Inside::Later
            && let Err(error) = self.session.run("SAVEPOINT one")
        {
            return Err(self.collapse(explain(error)));
        }
        self.inside = Some(inside);
        self.session.start_tape();
        Ok(true)
    }

    /// Remembers a disk that failed.
    fn note(&mut self, error: Error) -> Error {
        self.broken |= error.code() == BROKEN;
        error
    }

    /// A statement failed. Usually that concerns one savepoint; but SQLite undoes everything when the disk is full or
    /// memory runs out, and then the whole batch has to hear of it.
    fn statement_failed(&mut self, error: Error) -> Error {
        if self.session.is_autocommit() { self.collapse(error) } else { self.note(error) }
    }

    /// Undoes the whole batch and tells its members why.
    fn collapse(&mut self, error: Error) -> Error {
        self.inside = None;
        self.roll_back();
        for member in self.batch.take().into_iter().flat_map(|batch| batch.members) {
            let _ = member.answer.send(Err(shared(&error)));
            self.gauge.keep(member.tape, Boundary::Undone);
        }
        self.note(error)
    }

    fn roll_back(&mut self) {
        if !self.session.is_autocommit() && self.session.run("ROLLBACK").is_err() {
            // The connection does not do what it is told; nothing it might still hold may be committed later.
            self.broken = true;
        }
    }

    /// Undoes the open transaction; the rest of the batch keeps.
    fn undo(&mut self) {
        let Some(inside) = self.inside.take() else { return };
        self.session.keep_tape(Boundary::Undone);
        match inside {
            Inside::First => {
                self.roll_back();
                self.batch = None;
            }
            Inside::Later => {
                let undone =
                    self.session.run("ROLLBACK TO one").and_then(|()| self.session.run("RELEASE one"));
                if let Err(error) = undone {
                    self.collapse(explain(error));
                }
            }
        }
    }

    /// Makes the open transaction a part of the batch, which will answer it.
    fn release(&mut self, answer: oneshot::Sender<Result<()>>) -> Result<()> {
        if self.inside == Some(Inside::Later)
            && let Err(error) = self.session.run("RELEASE one")
        {
            return Err(self.statement_failed(explain(error)));
        }
        self.inside = None;
        let tape = self.session.take_tape();
        let batch = self.batch.as_mut().expect("a transaction is open in a batch only");
        batch.members.push(Member { answer, tape });
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.begun >= self.largest_batch)
    }

    /// Ends the batch: waits for the disk, when something changed. Gives back those who are to hear that it lasts.
    fn finish(&mut self) -> Vec<Member> {
        let Some(batch) = &self.batch else { return Vec::new() };
        let ended = if batch.members.is_empty() {
            self.session.run("ROLLBACK").map_err(explain)
        } else {
            self.commit()
        };
        if let Err(error) = ended {
            self.collapse(error);
            return Vec::new();
        }
        self.batch.take().map_or_else(Vec::new, |batch| batch.members)
    }

    fn commit(&mut self) -> Result<()> {
        #[cfg(test)]
        if let Some(error) = self.failing.take() {
            return Err(explain(rusqlite::Error::SqliteFailure(error, None)));
        }
        self.session.run("COMMIT").map_err(explain)?;
        if self.has_changes() {
            self.gauge.commits.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn has_changes(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.changes != self.session.changes())
    }

    /// Whether ending the batch will wait for the disk.
    fn needs_disk(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| !batch.members.is_empty()) && self.has_changes()
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> &rusqlite::Connection {
        self.session.connection()
    }
}

/// Ends the batch, on a thread that may block when the disk is waited for.
fn flush(core: OwnedMutexGuard<Core>) {
    let disk = core.needs_disk();
    let flush = Flush(Some(core));
    match Handle::try_current() {
        Ok(runtime) if disk => drop(runtime.spawn_blocking(move || drop(flush))),
        _ => drop(flush),
    }
}

/// A batch about to end. Dropping it is what ends it: a runtime that shuts down drops its tasks instead of running
/// them, and what was released must still become durable.
struct Flush(Option<OwnedMutexGuard<Core>>);

impl Drop for Flush {
    fn drop(&mut self) {
        let Some(mut core) = self.0.take() else { return };
        let members = core.finish();
        let gauge = Arc::clone(&core.gauge);
        // The next holder begins while these are still being told.
        drop(core);
        gauge.transactions.fetch_add(members.len() as u64, Ordering::Relaxed);
        for member in members {
            gauge.keep(member.tape, Boundary::Committed);
            let _ = member.answer.send(Ok(()));
        }
    }
}

/// A transaction that may change things. Dropped, it is undone; committed, it is answered when it is durable.
pub(crate) struct WriteTransaction {
    writer: Arc<Writer>,
    core: Option<OwnedMutexGuard<Core>>,
    failed: bool,
}

impl WriteTransaction {
    pub(super) fn core(&mut self) -> &mut Core {
        self.core.as_mut().expect("the writer is held until the transaction is dropped")
    }

    fn attempt<T>(&mut self, act: impl FnOnce(&mut Session) -> Result<T>) -> Result<T> {
        if self.failed {
            return Err(Error::internal("a transaction was used after one of its statements had failed"));
        }
        // Also true when `act` panics: half a statement's work must not be committed.
        self.failed = true;
        let core = self.core();
        let done = act(&mut core.session).map_err(|error| core.statement_failed(error))?;
        self.failed = false;
        Ok(done)
    }
}

impl Connection for WriteTransaction {
    type Row<'r> = Row<'r>;
    const FOUND_PRODUCTS: &'static str = super::dialect::FOUND_PRODUCTS;
    const RECALL: &'static str = super::dialect::RECALL;

    fn search_words(typed: &str) -> String {
        super::dialect::search_words(typed)
    }

    async fn execute(&mut self, sql: impl Into<Sql> + Send, params: &[Param<'_>]) -> Result<u64> {
        self.attempt(|session| session.execute(sql.into(), params))
    }

    async fn insert_each(
        &mut self,
        sql: impl Into<Sql> + Send,
        width: usize,
        params: &[Param<'_>],
    ) -> Result<u64> {
        self.attempt(|session| session.execute_each(sql.into(), width, params))
    }

    async fn note_each(
        &mut self,
        sql: impl Into<Sql> + Send,
        width: usize,
        params: &[Param<'_>],
    ) -> Result<()> {
        self.attempt(|session| session.execute_each(sql.into(), width, params)).map(|_| ())
    }

    async fn change_each<T: Send>(
        &mut self,
        sql: Change,
        width: usize,
        params: &[Param<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        self.attempt(|session| session.query_each(sql.one, width, params, read))
    }

    async fn query<T: Send>(
        &mut self,
        sql: impl Into<Sql> + Send,
        params: &[Param<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        self.attempt(|session| session.query(sql.into(), params, read))
    }

    async fn commit(mut self) -> Result<()> {
        if self.failed {
            return Err(Error::internal(
                "a transaction was to be committed after one of its statements had failed",
            ));
        }
        let (answer, outcome) = oneshot::channel();
        self.core().release(answer)?;
        // From here on the work will last, even if nobody waits for the outcome.
        drop(self);
        outcome
            .await
            .unwrap_or_else(|_| Err(Error::internal("a batch was lost before its outcome was known")))
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        let Some(mut core) = self.core.take() else { return };
        core.undo();
        if core.batch.is_none() {
            return;
        }
        if core.is_full() || !self.writer.is_awaited() {
            return flush(core);
        }
        drop(core);
        if !self.writer.is_awaited() {
            self.writer.flush_if_free();
        }
    }
}
