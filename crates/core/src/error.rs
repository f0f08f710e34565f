//! The one error that leaves the engine, and how a domain's own errors become it.
//!
//! A domain keeps a small `thiserror` enum and implements [`Fault`] for it; `?` then turns it into an [`Error`].
//! Doors map [`Kind`]s to their own language (HTTP status, C status, Python class) and never look at variants.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

/// What every fallible call of the engine answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure this is; the only thing a door needs to choose its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The request itself is malformed: a field is missing, unreadable or out of range.
    Invalid,
    /// No valid credential came with the request.
    Unauthenticated,
    /// The credential does not allow this.
    Forbidden,
    /// The thing named does not exist in this shop.
    NotFound,
    /// The present state does not allow this: stock is gone, a state machine forbids it, somebody was faster.
    Conflict,
    /// The request is well formed, but a rule of the business refuses it.
    Refused,
    /// Too many requests; try again later.
    TooMany,
    /// Something the engine depends on does not answer now; trying again is sensible.
    Unavailable,
    /// A defect or a damaged store; the log has more.
    Internal,
}

impl Kind {
    /// The word used in logs and in machine-readable answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
            Self::TooMany => "too_many",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// Whether a rule decided this, so that the same request would be answered alike: such answers are kept under
    /// an idempotency key, the others are not.
    pub fn is_decision(self) -> bool {
        matches!(self, Self::NotFound | Self::Conflict | Self::Refused | Self::Forbidden)
    }
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same request will fail the same way.
    Never,
    /// Wait this long, then send the same request.
    After(Duration),
}

/// A domain's or port's own error: says of itself what the outside needs to know.
pub trait Fault: StdError + Send + Sync + 'static {
    /// The sort of failure.
    fn kind(&self) -> Kind;
    /// A stable name such as `orders.out_of_stock`; clients may rely on it.
    fn code(&self) -> &'static str;
    /// The field of the request that is to blame, as a path such as `lines[0].qty`.
    fn field(&self) -> Option<Cow<'static, str>> {
        None
    }
    /// Whether trying again can help.
    fn retry(&self) -> Retry {
        Retry::Never
    }
}

/// The engine's error: a kind, a stable code, a message for the client, and a source for the log.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    code: Cow<'static, str>,
    message: String,
    field: Option<Cow<'static, str>>,
    retry: Retry,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error with a message meant for the client.
    pub fn new(kind: Kind, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            code: code.into(),
            message: message.into(),
            field: None,
            retry: if kind == Kind::Unavailable {
                Retry::After(Duration::from_secs(1))
            } else {
                Retry::Never
            },
            source: None,
        }))
    }

    /// A malformed field: names it, shows what was given, and says what would be right.
    pub fn invalid(field: impl Into<Cow<'static, str>>, given: impl fmt::Display, remedy: &str) -> Self {
        let field = field.into();
        Self::new(Kind::Invalid, "request.invalid", format!("`{field}` is {given}: {remedy}")).on_field(field)
    }

    /// A thing that this shop does not have.
    pub fn not_found(entity: &str, name: impl fmt::Display) -> Self {
        let code = format!("{entity}.not_found");
        Self::new(Kind::NotFound, code, format!("there is no {entity} `{name}` in this shop"))
    }

    /// A defect, or damaged data. The message goes to the log; the client hears only that it is ours.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Kind::Internal, "internal", "something went wrong on our side").caused_by(source)
    }

    /// Names the field to blame.
    #[must_use]
    pub fn on_field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Puts a step before the field's path: `qty` becomes `lines[2].qty`.
    #[must_use]
    pub fn within(mut self, outer: impl fmt::Display) -> Self {
        self.0.field = Some(match self.0.field.take() {
            Some(inner) => Cow::Owned(format!("{outer}.{inner}")),
            None => Cow::Owned(outer.to_string()),
        });
        self
    }

    /// Says when to try again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry = Retry::After(wait);
        self
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The sort of failure.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable name of this failure.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What the client may read.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The field to blame, when one is.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Whether trying again can help.
    pub fn retry(&self) -> Retry {
        self.0.retry
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.0.message, self.0.code)
    }
}

/// As doors without HTTP tell it: `kind`, `code`, `message`, `field` and `retry_after_ms`. The source stays for the log.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wait = match self.retry() {
            Retry::Never => None,
            Retry::After(wait) => Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        };
        let mut told = serializer.serialize_struct("Error", 5)?;
        told.serialize_field("kind", self.kind().as_str())?;
        told.serialize_field("code", self.code())?;
        told.serialize_field("message", self.message())?;
        told.serialize_field("field", &self.field())?;
        told.serialize_field("retry_after_ms", &wait)?;
        told.end()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl<F: Fault> From<F> for Error {
    fn from(fault: F) -> Self {
        let mut error = Self::new(fault.kind(), fault.code(), fault.to_string());
        error.0.field = fault.field();
        if fault.retry() != Retry::Never {
            error.0.retry = fault.retry();
        }
        if fault.source().is_some() {
            error.0.source = Some(Box::new(fault));
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_an_error_leaves_its_source_out() {
        let error =
            Error::invalid("qty", 0, "give one or more").caused_by("a secret of the log").within("lines[2]");
        let told = serde_json::to_value(&error).unwrap();
        let expected = serde_json::json!({
            "kind": "invalid", "code": "request.invalid", "message": "`qty` is 0: give one or more",
            "field": "lines[2].qty", "retry_after_ms": null,
        });
        assert_eq!(told, expected);
        let busy =
            Error::new(Kind::Unavailable, "store.busy", "later").retry_after(Duration::from_millis(1500));
        assert_eq!(serde_json::to_value(&busy).unwrap()["retry_after_ms"], 1500);
    }
}
