//! Statuses: what every call answers.

use baddie::Kind;

/// What a call answers. The numbers never change; `baddie_last_error` says more.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Ok = 0,
    /// The request is malformed: a field is missing, unreadable or out of range.
    Invalid = 1,
    /// The token is unknown or no longer valid.
    Unauthenticated = 2,
    /// The actor may not do this.
    Forbidden = 3,
    /// The thing named does not exist.
    NotFound = 4,
    /// The present state does not allow this: stock is gone, somebody was faster.
    Conflict = 5,
    /// A rule of the business refuses it.
    Refused = 6,
    /// Too many requests; try again later.
    TooMany = 7,
    /// Something the engine depends on does not answer; try again later.
    Unavailable = 8,
    /// A defect or a damaged store.
    Internal = 9,
    /// A handle was freed before, is of another kind, or never was one.
    BadHandle = 10,
    /// A pointer is null, a text is not UTF-8, or a size is impossible.
    BadArgument = 11,
    /// The handle was opened before a fork: open the engine anew in the child.
    Forked = 12,
    /// There are no more pages.
    Done = 13,
    /// A callback asked to stop.
    Stopped = 14,
}

impl Status {
    /// The status of an error of this kind.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Invalid => Self::Invalid,
            Kind::Unauthenticated => Self::Unauthenticated,
            Kind::Forbidden => Self::Forbidden,
            Kind::NotFound => Self::NotFound,
            Kind::Conflict => Self::Conflict,
            Kind::Refused => Self::Refused,
            Kind::TooMany => Self::TooMany,
            Kind::Unavailable => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}

/// Why a call of this door ends before its end.
#[derive(Debug)]
pub struct Failure {
    /// What is answered.
    pub status: Status,
    /// What `baddie_last_error` tells, in JSON.
    pub told: String,
}

impl Failure {
    /// A failure of the door itself, not of the engine.
    pub fn new(status: Status, code: &str, message: &str) -> Self {
        let kind = if status == Status::Internal { Kind::Internal } else { Kind::Invalid };
        Self { status, ..Self::from(baddie::Error::new(kind, code.to_owned(), message)) }
    }

    /// An argument that cannot be read.
    pub fn argument(name: &str, fault: &str) -> Self {
        Self::new(Status::BadArgument, "c.argument", &format!("`{name}` {fault}"))
    }
}

impl From<baddie::Error> for Failure {
    fn from(error: baddie::Error) -> Self {
        let told = serde_json::to_string(&error).expect("an error is plain texts and a number");
        Self { status: Status::of(error.kind()), told }
    }
}
