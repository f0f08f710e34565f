//! The machinery under trial, on a schema of its own.

mod columns;
mod copying;
mod grouping;
mod opening;
mod speaking;
mod stress;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, fs, process};

use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Result};

use super::{Migration, Options, Sqlite, WriteTransaction};
use crate::seam::{Columns, Connection, Param};

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_things",
        sql: "CREATE TABLE things (
                id BLOB PRIMARY KEY, owner BLOB REFERENCES things (id), name TEXT UNIQUE,
                number INTEGER CONSTRAINT small_number CHECK (number < 1000),
                flag INTEGER, at INTEGER, day INTEGER, doc TEXT, raw BLOB) STRICT;
              CREATE TRIGGER no_thirteen BEFORE INSERT ON things WHEN new.number = 13
              BEGIN SELECT RAISE(ABORT, 'thirteen is not welcome'); END;",
    },
    Migration {
        name: "0002_marks",
        sql: "CREATE TABLE marks (task INTEGER NOT NULL, step INTEGER NOT NULL, part INTEGER NOT NULL,
                PRIMARY KEY (task, step, part)) STRICT, WITHOUT ROWID;
              CREATE TABLE scraps (raw BLOB) STRICT;",
    },
];

const MARK: &str = "INSERT INTO marks (task, step, part) VALUES ($1, $2, $3)";
const MARKS: &str = "SELECT task, step, part FROM marks ORDER BY task, step, part";

/// Nothing here takes this long, unless it hangs.
const LONG: Duration = Duration::from_mins(1);

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("baddie-sqlite-{}-{number}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("shop.db")
    }

    fn options(&self) -> Options {
        Options::new(self.file(), MIGRATIONS)
    }

    async fn open(&self) -> Sqlite {
        open(self.options()).await.unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn open(options: Options) -> Result<Sqlite> {
    Sqlite::open(options, Timestamp::from_micros(1)).await
}

async fn mark(transaction: &mut WriteTransaction, task: i64, step: i64) -> Result<u64> {
    transaction.execute(MARK, &[task.into(), step.into(), 0.into()]).await
}

/// One whole transaction.
async fn keep(store: &Sqlite, task: i64, step: i64) -> Result<()> {
    let mut transaction = store.begin().await?;
    mark(&mut transaction, task, step).await?;
    transaction.commit().await
}

async fn marks(store: &Sqlite) -> Vec<(i64, i64, i64)> {
    let mut view = store.read().await.unwrap();
    view.query(MARKS, &[], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?))).await.unwrap()
}

/// Waits until this many stand in the writer's queue.
async fn queue(store: &Sqlite, number: usize) {
    tokio::time::timeout(LONG, async {
        while store.writer.waiting() < number {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

fn code<T>(result: Result<T>) -> String {
    result.err().map_or_else(|| "fine".into(), |error| error.code().to_owned())
}

fn cause(error: &Error) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}
