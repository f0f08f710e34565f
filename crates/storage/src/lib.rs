//! How the engine keeps things: the same contract fulfilled by SQLite, one file on disk, and by memory, the second
//! opinion it is tested against.
//!
//! The only place with SQL. [`connect`] opens a store by its address.

#[cfg(feature = "memory")]
pub mod memory;
mod schema;
mod seam;
mod search;
mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::sync::Arc;

use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Result};
use baddie_core::storage::Storage;

/// Opens a store by its address: `sqlite://path/to/file.db` or `memory:`; `now` is noted beside migrations made.
pub async fn connect(url: &str, now: Timestamp) -> Result<Arc<dyn Storage>> {
    #[cfg(feature = "memory")]
    if url == "memory:" {
        return Ok(Arc::new(memory::Memory::default()));
    }
    #[cfg(feature = "sqlite")]
    if url.starts_with("sqlite:") {
        return Ok(Arc::new(open_sqlite(url, now).await?));
    }
    let _ = now;
    Err(Error::invalid(
        "database",
        format!("{url:?}"),
        "write sqlite://shop.db, or memory: for a store that forgets",
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
