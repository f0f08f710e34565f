//! Migrations: forward only, all that are missing in one transaction, each with the checksum of its text.

use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Kind, Result};
use sqlx::{Executor as _, PgConnection};

use super::error::{explain, explain_at};
use super::session::run;
use super::value::One;
use crate::migration::Migration;
use crate::seam::{Columns, Param};

/// Whoever migrates holds this; its value only has to be the same in every release.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7162943806134405)";

/// Tables, views and sequences that belong to no extension, and how many of our book's columns there are.
const TABLES: &str = "
    SELECT count(*), count(*) FILTER (WHERE c.relname = 'schema_migrations' AND 3 = (
        SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('name', 'checksum', 'applied_at')
    ))
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')";

const BOOK: &str = "
    CREATE TABLE schema_migrations (name text COLLATE \"C\" PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)";

/// How many of the known migrations the database has had. Reads only; refuses one that this program must not touch.
pub(super) async fn applied(
    connection: &mut PgConnection,
    known: &[Migration],
    shown: &str,
) -> Result<usize> {
    let refuse = |code: &'static str, message: String| Err(Error::new(Kind::Refused, code, message));
    let tables = connection.fetch_one(sqlx::query(TABLES)).await.map_err(|error| explain_at(shown, error))?;
    match (tables.int(0)?, tables.int(1)?) {
        (0, _) => return Ok(0),
        (_, 0) => {
            let message =
                format!("{shown} holds another program's data: make an empty database with `createdb`");
            return refuse("storage.foreign_database", message);
        }
        _ => {}
    }
    let done =
        connection.fetch_all(sqlx::query("SELECT name, checksum FROM schema_migrations ORDER BY name"));
    let done = done.await.map_err(|error| explain_at(shown, error))?;
    for (i, row) in done.iter().enumerate() {
        let (name, checksum) = (row.text(0)?, row.text(1)?);
        match known.get(i) {
            Some(migration) if migration.name == name && migration.checksum() == checksum => {}
            Some(migration) if migration.name == name => {
                let message = format!(
                    "the migration `{name}` is not the one that made {shown}: \
                     use the program's own release, or restore a backup"
                );
                return refuse("storage.changed_migration", message);
            }
            _ => {
                let message = format!(
                    "{shown} was written by a newer version of this program (it knows `{name}`): update the program"
                );
                return refuse("storage.newer_schema", message);
            }
        }
    }
    Ok(done.len())
}

/// Brings the database up to the last known migration, or leaves it as it was.
pub(super) async fn apply(
    connection: &mut PgConnection,
    known: &[Migration],
    now: Timestamp,
    shown: &str,
) -> Result<()> {
    run(connection, "BEGIN").await.map_err(explain)?;
    run(connection, LOCK).await.map_err(explain)?;
    // Asked again under the lock: another process may have been migrating too.
    let done = applied(connection, known, shown).await?;
    if done == 0 {
        run(connection, BOOK).await.map_err(|error| explain_at(shown, error))?;
    }
    for migration in &known[done..] {
        step(connection, migration, now).await.map_err(|error| {
            let error = explain_at(shown, error);
            let message =
                format!("the migration `{}` of {shown} failed: {}", migration.name, error.message());
            Error::new(error.kind(), error.code().to_owned(), message).caused_by(error)
        })?;
    }
    run(connection, "COMMIT").await.map_err(explain)
}

async fn step(connection: &mut PgConnection, migration: &Migration, now: Timestamp) -> sqlx::Result<()> {
    run(connection, migration.sql).await?;
    let checksum = migration.checksum();
    let note =
        sqlx::query("INSERT INTO schema_migrations VALUES ($1, $2, $3)").bind(migration.name).bind(&checksum);
    let at = Param::Time(now);
    connection.execute(note.bind(One(&at))).await.map(|_| ())
}
