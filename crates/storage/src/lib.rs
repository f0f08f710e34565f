//! How the engine keeps things: the same contract fulfilled by SQLite, one file on disk, by PostgreSQL, shared by
//! many servers, and by memory, the second opinion they are tested against.
//!
//! The only place with SQL. [`connect`] opens a store by its address.

#[cfg(feature = "memory")]
pub mod memory;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod migration;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod schema;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod seam;
#[cfg(any(feature = "memory", feature = "sqlite", feature = "postgres"))]
mod search;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::sync::Arc;

use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Result};
use baddie_core::storage::Storage;

/// Opens a store by its address: `sqlite://path/to/file.db`, `postgres://user:password@host/database` or `memory:`;
/// `now` is noted beside migrations made.
pub async fn connect(url: &str, now: Timestamp) -> Result<Arc<dyn Storage>> {
    #[cfg(feature = "memory")]
    if url == "memory:" {
        return Ok(Arc::new(memory::Memory::default()));
    }
    #[cfg(feature = "sqlite")]
    if url.starts_with("sqlite:") {
        return Ok(Arc::new(open_sqlite(url, now).await?));
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        #[cfg(feature = "postgres")]
        return Ok(Arc::new(open_postgres(url, now).await?));
        #[cfg(not(feature = "postgres"))]
        // The address itself stays out of the answer: it may hold a password.
        return Err(Error::invalid(
            "database",
            "an address of PostgreSQL",
            "this program was built without the feature `postgres`: build it with it, or write sqlite://shop.db",
        ));
    }
    let _ = now;
    Err(Error::invalid(
        "database",
        format!("{url:?}"),
        "write sqlite://shop.db, postgres://user:password@host/database, or memory: for a store that forgets",
    ))
}

/// Opens a file by its address, with everything that is particular to SQLite.
#[cfg(feature = "sqlite")]
pub async fn open_sqlite(url: &str, now: Timestamp) -> Result<sqlite::Sqlite> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
    if path.is_empty() {
        return Err(Error::invalid("database", format!("{url:?}"), "name the file: sqlite://shop.db"));
    }
    sqlite::Sqlite::open(sqlite::Options::new(path, schema::SQLITE), now).await
}

/// Opens a database of a server by its address, with everything that is particular to PostgreSQL.
#[cfg(feature = "postgres")]
pub async fn open_postgres(url: &str, now: Timestamp) -> Result<postgres::Postgres> {
    postgres::Postgres::open(postgres::Options::new(url, schema::POSTGRES), now).await
}
