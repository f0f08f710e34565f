//! Migrations: forward only, each in its own transaction, each with the checksum of its text.

use std::path::Path;

use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Kind, Result};
use rusqlite::{Connection, TransactionBehavior};

use super::error::{explain, explain_at};
use crate::migration::Migration;

/// How many of the known migrations the file has had. Reads only; refuses a file that this program must not touch.
pub(super) fn applied(connection: &Connection, known: &[Migration], path: &Path) -> Result<usize> {
    let shown = path.display();
    let tables = "SELECT count(*), count(*) FILTER (WHERE name = 'schema_migrations') FROM sqlite_schema";
    let (all, ours): (i64, i64) = connection
        .query_row(tables, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(|error| explain_at(path, error))?;
    if ours == 0 {
        if all == 0 {
            return Ok(0);
        }
        let message = format!("`{shown}` holds another program's data: choose another path");
        return Err(Error::new(Kind::Refused, "storage.foreign_file", message));
    }
    let mut statement = connection
        .prepare("SELECT name, checksum FROM schema_migrations ORDER BY name")
        .map_err(|error| explain_at(path, error))?;
    let done = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| explain_at(path, error))?;
    for (i, (name, checksum)) in done.iter().enumerate() {
        match known.get(i) {
            Some(migration) if migration.name == name && migration.checksum() == *checksum => {}
            Some(migration) if migration.name == name => {
                let message = format!(
                    "the migration `{name}` is not the one that made `{shown}`: \
                     use the program's own release, or restore a backup"
                );
                return Err(Error::new(Kind::Refused, "storage.changed_migration", message));
            }
            _ => {
                let message = format!(
                    "`{shown}` was written by a newer version of this program (it knows `{name}`): \
                     update the program"
                );
                return Err(Error::new(Kind::Refused, "storage.newer_schema", message));
            }
        }
    }
    Ok(done.len())
}

/// Brings the file up to the last known migration.
pub(super) fn apply(
    connection: &mut Connection,
    known: &[Migration],
    now: Timestamp,
    path: &Path,
) -> Result<()> {
    debug_assert!(
        known.is_sorted_by(|a, b| a.name < b.name),
        "migrations are given in the order of their names"
    );
    if applied(connection, known, path)? == known.len() {
        return Ok(());
    }
    loop {
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
        // Asked again under the lock: another process may be migrating too, and have gone ahead.
        let Some(next) = known.get(applied(&transaction, known, path)?) else {
            return Ok(());
        };
        step(&transaction, next, now).map_err(|error| {
            let message =
                format!("the migration `{}` of `{}` failed: {}", next.name, path.display(), error.message());
            Error::new(error.kind(), error.code().to_owned(), message).caused_by(error)
        })?;
        transaction.commit().map_err(explain)?;
    }
}

fn step(connection: &Connection, migration: &Migration, now: Timestamp) -> Result<()> {
    let book = "CREATE TABLE IF NOT EXISTS schema_migrations \
                (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT, WITHOUT ROWID";
    connection.execute_batch(book).map_err(explain)?;
    connection.execute_batch(migration.sql).map_err(explain)?;
    // A deferred reference is checked at COMMIT, which many transactions share: one's fault would undo all of them.
    let deferred = "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%INITIALLY DEFERRED%'";
    if connection.query_row(deferred, [], |row| row.get::<_, i64>(0)).map_err(explain)? > 0 {
        return Err(Error::internal("a table has a deferred foreign key: check it at once instead"));
    }
    let row = (migration.name, migration.checksum(), now.as_micros());
    connection.execute("INSERT INTO schema_migrations VALUES (?1, ?2, ?3)", row).map_err(explain)?;
    Ok(())
}
