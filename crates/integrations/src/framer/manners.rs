use super::KIND;
use crate::http::{Answer, Cause, Failure, Manners};

/// How Framer's failures are read. No answer comes by HTTP alone, so a status is all that there is to judge.
pub(super) struct FramerManners;

impl Manners for FramerManners {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        answer
            .cause()
            .map_or(Ok(()), |cause| Err(Failure::new(KIND, cause, format!("status {}", answer.status))))
    }
}

/// What an error of a session means: what Framer expects to go well in another one is worth another.
pub(super) fn cause_of(code: &str, retryable: bool) -> Cause {
    match code {
        "UNAUTHORIZED" => Cause::Auth,
        "INVALID_REQUEST" | "INVALID_RELEASE_CHANNEL" | "EXPECTED_BRANCH_MISSING" => {
            Cause::Validation { field: None }
        }
        "POOL_EXHAUSTED" | "TOKEN_SESSION_LIMIT" => Cause::RateLimited { retry_after: None },
        "TIMEOUT" => Cause::Timeout,
        "PROJECT_CLOSED" | "INTERNAL" => Cause::Unavailable,
        _ if retryable => Cause::Unavailable,
        _ => Cause::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_one_cause_each() {
        for (code, retryable, cause) in [
            ("UNAUTHORIZED", false, Cause::Auth),
            ("INVALID_REQUEST", false, Cause::Validation { field: None }),
            ("POOL_EXHAUSTED", true, Cause::RateLimited { retry_after: None }),
            ("TOKEN_SESSION_LIMIT", true, Cause::RateLimited { retry_after: None }),
            ("TIMEOUT", true, Cause::Timeout),
            ("PROJECT_CLOSED", true, Cause::Unavailable),
            ("A_NEW_ONE", true, Cause::Unavailable),
            ("A_NEW_ONE", false, Cause::Conflict),
        ] {
            assert_eq!(cause_of(code, retryable), cause, "{code}");
        }
    }
}
