use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use baddie_core::connections::ServiceError;
use baddie_core::error::{Fault, Kind, Retry};
use baddie_core::payments::PaymentError;

/// Why a call came to nothing, whatever the service; the ten causes that adapters know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The credential is missing, wrong, expired or withdrawn.
    Auth,
    /// The credential is good, but not for this; or the address may not be called.
    Permission,
    /// The service has no such thing.
    NotFound,
    /// The service does not accept the request as it stands.
    Validation {
        /// The part of the request to blame, as the service calls it.
        field: Option<String>,
    },
    /// The state at the service does not allow it, or somebody else is changing it.
    Conflict,
    /// A bank or the service decided against it.
    Declined {
        /// The service's word for the reason.
        code: String,
    },
    /// Too many calls.
    RateLimited {
        /// How long the service asks to wait, where it says.
        retry_after: Option<Duration>,
    },
    /// The service cannot be reached, or fails by itself.
    Unavailable,
    /// No answer within the time budget.
    Timeout,
    /// The answer makes no sense: too large, cut off, or of another shape than agreed.
    Protocol,
}

impl Cause {
    /// The one table: how a cause is told to the engine, and whether trying again later can help. The doors make the HTTP
    /// status from the kind, as for every error.
    fn told(&self) -> (Kind, &'static str, bool) {
        match self {
            Self::Auth => (Kind::Refused, "integrations.auth", false),
            Self::Permission => (Kind::Refused, "integrations.permission", false),
            Self::NotFound => (Kind::NotFound, "integrations.not_found", false),
            Self::Validation { .. } => (Kind::Invalid, "integrations.validation", false),
            Self::Conflict => (Kind::Conflict, "integrations.conflict", false),
            Self::Declined { .. } => (Kind::Refused, "integrations.declined", false),
            Self::RateLimited { .. } => (Kind::TooMany, "integrations.rate_limited", true),
            Self::Unavailable => (Kind::Unavailable, "integrations.unavailable", true),
            Self::Timeout => (Kind::Unavailable, "integrations.timeout", true),
            Self::Protocol => (Kind::Unavailable, "integrations.protocol", false),
        }
    }

    /// Whether it speaks of the very request, so that doubt about earlier tries under the same key is settled: had one
    /// of them been done, the service would have told that instead.
    pub(super) fn settles(&self) -> bool {
        matches!(self, Self::NotFound | Self::Validation { .. } | Self::Declined { .. })
    }
}

/// A call that came to nothing, or of which it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The service that was called.
    pub service: &'static str,
    /// Why.
    pub cause: Cause,
    /// What was seen, in words fit for a log: no credential, no body.
    pub message: String,
    /// The service's name for the request, to ask its support with.
    pub request_id: Option<String>,
    /// Whether what was asked for may have been done all the same. Then it is repeated under the same key only, or
    /// looked up first.
    pub may_have_happened: bool,
    /// The service's own word on trying again at once, where it gives one.
    pub(crate) again: Option<bool>,
}

/// What a service says is kept to this many characters.
const MESSAGE: usize = 300;

/// What a service says, on one short line.
fn fit(said: &str) -> String {
    said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MESSAGE).collect()
}

impl Failure {
    /// A failure of which it is certain that nothing was done.
    pub fn new(service: &'static str, cause: Cause, message: impl AsRef<str>) -> Self {
        let message = fit(message.as_ref());
        Self { service, cause, message, request_id: None, may_have_happened: false, again: None }
    }

    /// Notes the service's name for the request.
    #[must_use]
    pub fn of_request(mut self, id: Option<&str>) -> Self {
        self.request_id = id.map(fit);
        self
    }

    /// Changes everything that is in the service's own words.
    pub(super) fn each_word(&mut self, change: impl Fn(&mut String)) {
        let code = match &mut self.cause {
            Cause::Validation { field } => field.as_mut(),
            Cause::Declined { code } => Some(code),
            _ => None,
        };
        [Some(&mut self.message), self.request_id.as_mut(), code].into_iter().flatten().for_each(change);
    }

    /// Notes the service's own word on trying again.
    #[must_use]
    pub fn asked_again(mut self, again: Option<bool>) -> Self {
        self.again = again;
        self
    }

    /// Notes whether it may have been done all the same.
    #[must_use]
    pub fn in_doubt(mut self, may_have_happened: bool) -> Self {
        self.may_have_happened = may_have_happened;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.service, self.message)?;
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

impl Fault for Failure {
    fn kind(&self) -> Kind {
        self.cause.told().0
    }

    fn code(&self) -> &'static str {
        if self.may_have_happened { "integrations.outcome_unknown" } else { self.cause.told().1 }
    }

    fn field(&self) -> Option<Cow<'static, str>> {
        match &self.cause {
            Cause::Validation { field } => field.clone().map(Cow::Owned),
            _ => None,
        }
    }

    /// What may have happened is never simply sent again, however good the reason.
    fn retry(&self) -> Retry {
        match (&self.cause, self.cause.told().2 && !self.may_have_happened) {
            (Cause::RateLimited { retry_after: Some(wait) }, true) => Retry::After(*wait),
            (_, true) => Retry::After(Duration::from_secs(1)),
            (_, false) => Retry::Never,
        }
    }
}

/// What becomes of money that was to move: what certainly did not and never will is declined, what may have is looked up.
impl From<Failure> for PaymentError {
    fn from(failure: Failure) -> Self {
        let reason = failure.to_string();
        match failure.cause {
            _ if failure.may_have_happened => Self::Unknown { reason },
            Cause::Validation { .. } | Cause::NotFound | Cause::Declined { .. } => Self::Declined { reason },
            // It was begun before, or somebody is at it: how it stands has to be looked at.
            Cause::Conflict => Self::Unknown { reason },
            // Without a good credential nothing happened, and nothing will until it is mended: so it waits.
            Cause::Auth
            | Cause::Permission
            | Cause::RateLimited { .. }
            | Cause::Unavailable
            | Cause::Timeout
            | Cause::Protocol => Self::Unavailable { reason },
        }
    }
}

/// What becomes of an account: what its owner must mend, or what will pass.
impl From<Failure> for ServiceError {
    fn from(failure: Failure) -> Self {
        let reason = failure.to_string();
        match failure.cause {
            Cause::Auth | Cause::Permission | Cause::NotFound | Cause::Validation { .. } => {
                Self::Refused { reason }
            }
            _ => Self::Unavailable { reason },
        }
    }
}

#[cfg(test)]
mod tests {
    use baddie_core::error::Error;

    use super::*;

    #[test]
    fn every_cause_reaches_the_engine_as_one_kind() {
        let wait = Duration::from_secs(7);
        let table = [
            (Cause::Auth, Kind::Refused, Retry::Never),
            (Cause::Permission, Kind::Refused, Retry::Never),
            (Cause::NotFound, Kind::NotFound, Retry::Never),
            (Cause::Validation { field: Some("amount".into()) }, Kind::Invalid, Retry::Never),
            (Cause::Conflict, Kind::Conflict, Retry::Never),
            (Cause::Declined { code: "expired_card".into() }, Kind::Refused, Retry::Never),
            (Cause::RateLimited { retry_after: Some(wait) }, Kind::TooMany, Retry::After(wait)),
            (Cause::Unavailable, Kind::Unavailable, Retry::After(Duration::from_secs(1))),
            (Cause::Timeout, Kind::Unavailable, Retry::After(Duration::from_secs(1))),
        ];
        for (cause, kind, retry) in table {
            let error = Error::from(Failure::new("test", cause.clone(), "no"));
            assert_eq!((error.kind(), error.retry()), (kind, retry), "{cause:?}");
        }
    }

    #[test]
    fn what_may_have_happened_is_not_sent_again() {
        let failure = Failure::new("test", Cause::Timeout, "silence").in_doubt(true);
        assert_eq!((failure.retry(), failure.code()), (Retry::Never, "integrations.outcome_unknown"));
    }

    #[test]
    fn a_message_is_one_short_line() {
        let failure = Failure::new("test", Cause::Protocol, "a\r\nb".repeat(1_000));
        assert!(failure.message.len() == MESSAGE && !failure.message.contains(['\r', '\n']));
    }
}
