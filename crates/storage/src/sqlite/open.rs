//! Opening a file: what must be true before the first byte is written, and how each connection is set.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::error::{Error, Kind, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use super::error::{busy, explain, explain_at, not_writable};
use super::migrate;
use crate::migration::Migration;

/// The first release in which a WAL that is reset while it is read cannot lose its index.
const OLDEST_SQLITE: i32 = 3_051_003;

/// How long opening waits for another process. It runs on a thread that may sleep.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 512;

/// What holds on every connection. Memory maps are off because a failing disk would end the process instead of a call.
const COMMON: &str = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;";

/// Checkpoints at 16 MiB of log instead of 4: each of them costs two more waits for the disk.
const WRITING: &str =
    "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864;";

const READING: &str = "PRAGMA cache_size = -4096; PRAGMA query_only = ON;";

/// Where the file lies, without the words (`file:…`, `:memory:`) that SQLite would read another way.
pub(super) fn place(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path).map_err(Error::internal)?;
    let refuse = |code, message: String| Err(Error::new(Kind::Refused, code, message));
    let shown = path.display();
    if path.is_dir() {
        return refuse("storage.not_a_file", format!("`{shown}` is a folder: name a file in it"));
    }
    match path.parent() {
        Some(folder) if folder.is_dir() => Ok(path),
        Some(folder) => refuse(
            "storage.no_folder",
            format!("the folder `{}` does not exist: create it, or choose another path", folder.display()),
        ),
        None => refuse("storage.not_a_file", format!("`{shown}` is no file: choose another path")),
    }
}

/// Makes an empty file that only its owner can read; says whether it was not there before.
pub(super) fn create(path: &Path) -> Result<bool> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(not_writable(path, error)),
    }
}

/// Opens the file to write it, after every check, and brings its schema up to date. May block for a while.
pub(super) fn store(path: &Path, migrations: &[Migration], now: Timestamp) -> Result<Connection> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let message = format!("SQLite {} is too old: build with 3.51.3 or newer", rusqlite::version());
        return Err(Error::new(Kind::Internal, "storage.old_sqlite", message));
    }
    let created = create(path)?;
    let opened = check(path, migrations).and_then(|mut connection| {
        tune(&connection, WRITING)?;
        keep_a_log(&connection, path)?;
        migrate::apply(&mut connection, migrations, now, path)?;
        connection.busy_timeout(Duration::ZERO).map_err(explain)?;
        Ok(connection)
    });
    // An empty file that came to nothing is taken away again, unless somebody has begun to use it.
    if created && opened.is_err() && fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        let _ = fs::remove_file(path);
    }
    opened
}

/// Opens a connection that can only read.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let connection = connect(path).map_err(|error| explain_at(path, error))?;
    tune(&connection, READING)?;
    connection.busy_timeout(Duration::ZERO).map_err(explain)?;
    Ok(connection)
}

/// Opens a file as the store does, without its checks: for replaying recorded work on a copy.
pub(super) fn bare(path: &Path) -> Result<Connection> {
    let connection = connect(path).map_err(|error| explain_at(path, error))?;
    tune(&connection, WRITING)?;
    keep_a_log(&connection, path)?;
    Ok(connection)
}

/// A connection with nothing set. It never makes a file: an empty one would hide a mistyped path.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Looks at the file without changing it; what it gives back may be written.
fn check(path: &Path, migrations: &[Migration]) -> Result<Connection> {
    let connection = connect(path).map_err(|error| explain_at(path, error))?;
    // Until the file is known to be ours, not even the log that a crash left beside it is folded into it.
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let keep_log =
        |on| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on).map_err(explain);
    keep_log(fs::metadata(log).is_ok_and(|log| log.len() > 0))?;
    migrate::applied(&connection, migrations, path)?;
    if connection.is_readonly(MAIN_DB).map_err(explain)? {
        return Err(not_writable(path, "the file is read-only"));
    }
    keep_log(false)?;
    Ok(connection)
}

fn tune(connection: &Connection, role: &str) -> Result<()> {
    let set = || {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.execute_batch(COMMON)?;
        connection.execute_batch(role)
    };
    set().map_err(explain)
}

/// Turns the write-ahead log on. SQLite does not wait by itself when two processes do this at once.
fn keep_a_log(connection: &Connection, path: &Path) -> Result<()> {
    const PAUSE: Duration = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match mode.map_err(|error| explain_at(path, error)) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                let message = format!(
                    "`{}` lies on a disk that cannot share memory between processes (journal mode {mode}): \
                     choose a local disk",
                    path.display()
                );
                return Err(Error::new(Kind::Refused, "storage.no_wal", message));
            }
            Err(error) if error.code() != busy().code() || waited > PATIENCE => return Err(error),
            Err(_) => {
                thread::sleep(PAUSE);
                waited += PAUSE;
            }
        }
    }
}
