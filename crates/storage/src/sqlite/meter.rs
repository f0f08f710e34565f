//! What the store counts, and the recording of real work for a fair comparison with bare SQLite.

use std::collections::HashMap;
use std::mem;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baddie_core::error::Result;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::error::explain;
use super::open;

/// What the store has done since it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Meter {
    /// Statements run for transactions, those of undone ones and of readers too.
    pub statements: u64,
    /// Writing transactions that were kept.
    pub transactions: u64,
    /// Commits that kept them; each is one wait for the disk.
    pub commits: u64,
}

/// Counts, and records while it is told to; shared by all connections of a store.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    pub(super) statements: AtomicU64,
    pub(super) transactions: AtomicU64,
    pub(super) commits: AtomicU64,
    recording: AtomicBool,
    tape: Mutex<Vec<Work>>,
}

impl Gauge {
    pub(super) fn read(&self) -> Meter {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Meter {
            statements: of(&self.statements),
            transactions: of(&self.transactions),
            commits: of(&self.commits),
        }
    }

    pub(super) fn start(&self) {
        self.take();
        self.recording.store(true, Ordering::Relaxed);
    }

    pub(super) fn take(&self) -> Recording {
        self.recording.store(false, Ordering::Relaxed);
        Recording { works: mem::take(&mut *self.tape.lock().unwrap_or_else(PoisonError::into_inner)) }
    }

    /// A fresh tape for one transaction, while recording.
    pub(super) fn tape(&self) -> Option<Tape> {
        self.recording.load(Ordering::Relaxed).then(Tape::default)
    }

    /// Keeps what one transaction did.
    pub(super) fn keep(&self, tape: Option<Tape>, boundary: Boundary) {
        if let Some(Tape(calls)) = tape {
            self.tape.lock().unwrap_or_else(PoisonError::into_inner).push(Work { boundary, calls });
        }
    }
}

/// The statements of one transaction, in order.
#[derive(Debug, Default)]
pub(super) struct Tape(pub(super) Vec<Call>);

/// One statement as it was run.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) text: Arc<str>,
    pub(super) values: Vec<Value>,
    /// How many rows it answered or changed.
    pub(super) rows: u64,
}

/// How a recorded transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Boundary {
    Committed,
    Undone,
    Read,
}

#[derive(Debug)]
struct Work {
    boundary: Boundary,
    calls: Vec<Call>,
}

/// A stretch of real work: every statement with its values, by transaction, in the order in which they were kept.
#[derive(Debug)]
pub struct Recording {
    works: Vec<Work>,
}

/// What a replay did, and how long it took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replay {
    /// Recorded transactions that were kept when recorded, and now.
    pub transactions: u64,
    /// Statements run, those of recorded readers too.
    pub statements: u64,
    /// Commits, each one wait for the disk.
    pub commits: u64,
    /// Statements of kept transactions that touched another number of rows than when recorded: above zero, the file
    /// was not in the state in which the recording began, and the time means little.
    pub different: u64,
    /// From the first BEGIN to the last COMMIT; preparing the statements is not in it.
    pub elapsed: Duration,
}

impl Recording {
    /// How many transactions were recorded: kept, undone, and only reading.
    pub fn transactions(&self) -> (usize, usize, usize) {
        let count = |boundary| self.works.iter().filter(|work| work.boundary == boundary).count();
        (count(Boundary::Committed), count(Boundary::Undone), count(Boundary::Read))
    }

    /// Runs the same statements in a bare loop of prepared statements on the file at `path`, with the settings of the
    /// store, and commits after every `transactions_per_commit` of them. What was undone is passed over. The file has
    /// to be as it was when the recording began: back it up then.
    pub fn replay(&self, path: &Path, transactions_per_commit: usize) -> Result<Replay> {
        let connection = open::bare(path)?;
        self.run(&connection, transactions_per_commit.max(1)).map_err(explain)
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark measures elapsed time; nothing decides by it")]
    fn run(&self, connection: &Connection, transactions_per_commit: usize) -> rusqlite::Result<Replay> {
        let kept = || self.works.iter().filter(|work| work.boundary != Boundary::Undone);
        let mut statements = HashMap::new();
        for call in kept().flat_map(|work| &work.calls) {
            if !statements.contains_key(&*call.text) {
                statements.insert(&*call.text, connection.prepare(&call.text)?);
            }
        }
        let mut begin = connection.prepare("BEGIN IMMEDIATE")?;
        let mut commit = connection.prepare("COMMIT")?;
        let mut replay = Replay::default();
        let mut open = 0;
        let start = std::time::Instant::now();
        for work in kept() {
            if work.boundary == Boundary::Committed && connection.is_autocommit() {
                begin.raw_execute()?;
            }
            for call in &work.calls {
                let statement = statements.get_mut(&*call.text).expect("every text was prepared above");
                for (i, value) in call.values.iter().enumerate() {
                    statement.raw_bind_parameter(i + 1, value)?;
                }
                let rows = if statement.column_count() == 0 {
                    statement.raw_execute()? as u64
                } else {
                    let (mut found, mut count) = (statement.raw_query(), 0);
                    while found.next()?.is_some() {
                        count += 1;
                    }
                    count
                };
                replay.statements += 1;
                replay.different += u64::from(work.boundary == Boundary::Committed && rows != call.rows);
            }
            if work.boundary == Boundary::Committed {
                replay.transactions += 1;
                open += 1;
                if open == transactions_per_commit {
                    commit.raw_execute()?;
                    replay.commits += 1;
                    open = 0;
                }
            }
        }
        if open > 0 {
            commit.raw_execute()?;
            replay.commits += 1;
        }
        replay.elapsed = start.elapsed();
        Ok(replay)
    }
}
