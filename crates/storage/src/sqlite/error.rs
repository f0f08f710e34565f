//! What SQLite's failures mean to the engine, and what its reader can do about each.

use std::error::Error as _;
use std::path::Path;
use std::time::Duration;

use baddie_core::error::{Error, Kind, Retry};
use rusqlite::ffi::{self, ErrorCode};

/// The code of a disk that failed: nothing is written after it until somebody has looked and started anew.
pub(super) const BROKEN: &str = "storage.broken";

/// How soon somebody may have freed some space, or have started anew after the disk failed.
const FREEING: Duration = Duration::from_secs(5);
const MENDING: Duration = Duration::from_secs(30);

/// A failure of a statement, in the engine's words.
pub(super) fn explain(error: rusqlite::Error) -> Error {
    let Some((failure, text)) = parts(&error) else {
        return Error::internal(error);
    };
    let explained = match failure.code {
        ErrorCode::ConstraintViolation => match constraint(failure.extended_code, text) {
            Some(explained) => explained,
            None => return Error::internal(error),
        },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => busy(),
        ErrorCode::DiskFull => full(),
        ErrorCode::SystemIoFailure => match failure.extended_code {
            // The shared index could not grow: the same as a full disk, and no written byte is in doubt.
            ffi::SQLITE_IOERR_SHMSIZE => full(),
            ffi::SQLITE_IOERR_NOMEM => exhausted(),
            _ => broken(),
        },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Error::new(
            Kind::Internal,
            "storage.damaged",
            "the database file is damaged: stop, run `verify`, and restore a backup",
        ),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
            Error::new(Kind::Unavailable, "storage.read_only", "the database cannot be written")
        }
        ErrorCode::OutOfMemory | ErrorCode::OperationInterrupted => exhausted(),
        ErrorCode::TooBig => Error::new(Kind::Invalid, "storage.too_big", "a value is too big to be kept"),
        _ => return Error::internal(error),
    };
    explained.caused_by(error)
}

/// A failure to open the file at `path`, with the remedy.
pub(super) fn explain_at(path: &Path, error: rusqlite::Error) -> Error {
    let shown = path.display();
    let explained = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Error::new(
            Kind::Refused,
            "storage.not_a_database",
            format!("`{shown}` is not a SQLite database: choose another path, or restore a backup"),
        ),
        Some(ErrorCode::DatabaseCorrupt) => Error::new(
            Kind::Refused,
            "storage.damaged",
            format!("the database `{shown}` is damaged: restore a backup"),
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            return not_writable(path, error);
        }
        _ => return explain(error),
    };
    explained.caused_by(error)
}

/// Neither the file nor its companions can be made or written here.
pub(super) fn not_writable(path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let message = format!(
        "`{}` cannot be written: let this program write the file and its folder, or choose another path",
        path.display()
    );
    Error::new(Kind::Refused, "storage.not_writable", message).caused_by(cause)
}

/// The writer, or a connection to read with, was not free in time.
pub(super) fn busy() -> Error {
    Error::new(Kind::Unavailable, "storage.busy", "the database is busy: try again")
}

/// The disk failed while it was written.
pub(super) fn broken() -> Error {
    let message = "the disk failed while it was written: nothing more is written until a restart";
    Error::new(Kind::Unavailable, BROKEN, message).retry_after(MENDING)
}

fn full() -> Error {
    let message = "the disk is full: nothing was kept; free some space, then try again";
    Error::new(Kind::Unavailable, "storage.full", message).retry_after(FREEING)
}

fn exhausted() -> Error {
    Error::new(Kind::Unavailable, "storage.exhausted", "the database ran out of memory or time: try again")
}

/// What a transaction hears when it was undone through no fault of its own, because of `error`.
pub(super) fn shared(error: &Error) -> Error {
    let told = match (error.kind(), error.retry()) {
        (Kind::Unavailable, Retry::After(wait)) => {
            Error::new(error.kind(), error.code().to_owned(), error.message()).retry_after(wait)
        }
        _ => Error::new(
            Kind::Unavailable,
            "storage.undone",
            "the commit that was to keep this failed, and nothing was kept: try again",
        ),
    };
    match error.source() {
        Some(source) => told.caused_by(source.to_string()),
        None => told,
    }
}

fn parts(error: &rusqlite::Error) -> Option<(ffi::Error, &str)> {
    match error {
        rusqlite::Error::SqliteFailure(failure, text) => {
            Some((*failure, text.as_deref().unwrap_or_default()))
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => Some((*error, msg)),
        _ => None,
    }
}

fn constraint(code: i32, text: &str) -> Option<Error> {
    // "UNIQUE constraint failed: products.sku": what failed stands after the colon.
    let what = text.split_once(": ").map_or(text, |(_, what)| what);
    Some(match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Error::new(
                Kind::Conflict,
                "storage.duplicate",
                format!("there is one already with the same {what}"),
            )
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::new(
            Kind::Refused,
            "storage.missing_reference",
            "it refers to something that is not there, or is itself referred to",
        ),
        ffi::SQLITE_CONSTRAINT_CHECK => {
            Error::new(Kind::Conflict, "storage.limit", format!("the limit `{what}` forbids it"))
        }
        ffi::SQLITE_CONSTRAINT_TRIGGER => Error::new(Kind::Conflict, "storage.limit", text),
        _ => return None,
    })
}
