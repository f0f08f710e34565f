//! What PostgreSQL's failures mean to the engine, and what its reader can do about each.

use std::time::Duration;

use baddie_core::error::{Error, Kind};
use sqlx::postgres::PgDatabaseError;

/// How soon somebody may have freed some space.
const FREEING: Duration = Duration::from_secs(5);

/// A failure of a statement, in the engine's words.
pub(super) fn explain(error: sqlx::Error) -> Error {
    let explained = match &error {
        sqlx::Error::Database(failure) => {
            match failure.try_downcast_ref::<PgDatabaseError>().and_then(answered) {
                Some(explained) => explained,
                None => return Error::internal(error),
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => lost(),
        _ => return Error::internal(error),
    };
    explained.caused_by(error)
}

/// Whether the connection is of no use any more.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(failure) => {
            let code = failure.code().unwrap_or_default();
            code.starts_with("08") || code.starts_with("57P") || code == "25P03"
        }
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => true,
        _ => false,
    }
}

/// What the server answered, by its code.
fn answered(failure: &PgDatabaseError) -> Option<Error> {
    let message = failure.message();
    Some(match failure.code() {
        "23505" => Error::new(
            Kind::Conflict,
            "storage.duplicate",
            format!("there is one already with the same {}", name(failure)),
        ),
        "23503" => Error::new(
            Kind::Refused,
            "storage.missing_reference",
            "it refers to something that is not there, or is itself referred to",
        ),
        "23514" => {
            let limit = failure.constraint().unwrap_or("unknown");
            Error::new(Kind::Conflict, "storage.limit", format!("the limit `{limit}` forbids it"))
        }
        // Our own triggers speak with this one.
        "23000" => Error::new(Kind::Conflict, "storage.limit", message),
        "40001" | "40P01" | "55P03" | "53300" => busy(),
        "57014" | "53200" => exhausted(),
        "53100" => full(),
        "25006" => Error::new(Kind::Unavailable, "storage.read_only", "the database cannot be written"),
        "25P03" => {
            let message = "the transaction did nothing for too long, and nothing was kept: try again";
            Error::new(Kind::Unavailable, "storage.undone", message)
        }
        "22003" | "54000" | "54023" => {
            Error::new(Kind::Invalid, "storage.too_big", "a value is too big to be kept")
        }
        "22021" | "22P05" => {
            Error::new(Kind::Invalid, "storage.not_text", "a text holds a character that cannot be kept")
        }
        "XX001" | "XX002" => Error::new(
            Kind::Internal,
            "storage.damaged",
            "the database is damaged: stop, run `verify`, and restore a backup",
        ),
        code if code.starts_with("08") || code.starts_with("57P") => lost(),
        _ => return None,
    })
}

/// What is there already, in words: the name of the constraint says it, `products.sku` being `products_shop_id_sku_key`.
fn name(failure: &PgDatabaseError) -> String {
    let (table, constraint) = (failure.table().unwrap_or("row"), failure.constraint().unwrap_or("key"));
    let what = constraint.strip_prefix(table).unwrap_or(constraint).trim_start_matches('_');
    let what = what.strip_suffix("_key").unwrap_or(what);
    let what = what.strip_prefix("shop_id_").unwrap_or(what);
    format!("{table}.{}", if what == "pkey" { "id" } else { what })
}

/// No connection was free in time, or somebody else held a lock for too long.
pub(super) fn busy() -> Error {
    Error::new(Kind::Unavailable, "storage.busy", "the database is busy: try again")
}

/// The server is not there, or went away.
pub(super) fn lost() -> Error {
    Error::new(Kind::Unavailable, "storage.unreachable", "the database does not answer: try again")
}

fn full() -> Error {
    let message = "the disk is full: nothing was kept; free some space, then try again";
    Error::new(Kind::Unavailable, "storage.full", message).retry_after(FREEING)
}

fn exhausted() -> Error {
    Error::new(Kind::Unavailable, "storage.exhausted", "the database ran out of memory or time: try again")
}

/// A failure to get in, with the remedy. `shown` names the place, without the password.
pub(super) fn explain_at(shown: &str, error: sqlx::Error) -> Error {
    let refused = |code: &'static str, message: String| Error::new(Kind::Refused, code, message);
    let explained = match &error {
        sqlx::Error::Database(failure) => match failure.code().as_deref() {
            Some("28P01" | "28000") => refused(
                "storage.not_allowed",
                format!(
                    "{shown} does not let us in: check the name, the password, and the server's pg_hba.conf"
                ),
            ),
            Some("3D000") => {
                refused("storage.no_database", format!("{shown} is not there: make it with `createdb`"))
            }
            Some("42501") => refused(
                "storage.not_the_owner",
                format!(
                    "the user of {shown} may not do this: run `baddie migrate` as the owner of the database"
                ),
            ),
            _ => return explain(error),
        },
        sqlx::Error::Tls(_) => refused(
            "storage.no_tls",
            format!(
                "no encrypted connection to {shown} could be made: turn TLS on there, check its certificate, or, \
                 on a network you trust, write sslmode=prefer"
            ),
        ),
        sqlx::Error::Io(_) => Error::new(
            Kind::Unavailable,
            "storage.unreachable",
            format!("nobody answers at {shown}: start the server, or check the address"),
        ),
        sqlx::Error::Configuration(_) => refused(
            "storage.address",
            "the address of the database cannot be read: write postgres://user:password@host:5432/database"
                .to_owned(),
        ),
        _ => return explain(error),
    };
    explained.caused_by(error)
}
