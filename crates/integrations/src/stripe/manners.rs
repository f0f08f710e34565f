use serde::Deserialize;

use super::KIND;
use crate::http::{Answer, Cause, Failure, Manners};

/// How Stripe's failures are read.
pub(super) struct StripeManners;

#[derive(Default, Deserialize)]
struct Wrapped {
    #[serde(default)]
    error: Error,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Error {
    r#type: Option<String>,
    code: Option<String>,
    decline_code: Option<String>,
    message: Option<String>,
    param: Option<String>,
}

impl Manners for StripeManners {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        let Some(by_status) = answer.cause() else { return Ok(()) };
        let error = serde_json::from_slice::<Wrapped>(&answer.body).unwrap_or_default().error;
        let kind = error.r#type.as_deref().unwrap_or_default();
        let code = error.code.as_deref().unwrap_or_default();
        // A key that is in use, or was used for something else, tells that something with it did or will happen.
        let in_doubt = kind == "idempotency_error" || answer.status == 409;
        let cause = match (answer.status, kind, code) {
            (400, _, "rate_limit") => Cause::RateLimited { retry_after: answer.retry_after() },
            (_, "idempotency_error", _) => Cause::Conflict,
            (402, ..) | (_, "card_error", _) => {
                let code = error.decline_code.as_deref().unwrap_or(code);
                Cause::Declined { code: code.to_owned() }
            }
            (400, _, "resource_missing") => Cause::NotFound,
            (400, ..) => Cause::Validation { field: error.param },
            _ => by_status,
        };
        let again = match answer.header("stripe-should-retry") {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ if answer.status == 409 => Some(true),
            _ => None,
        };
        let message = error.message.unwrap_or_else(|| format!("status {}", answer.status));
        Err(Failure::new(KIND, cause, message)
            .of_request(answer.header("request-id"))
            .asked_again(again)
            .in_doubt(in_doubt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(status: u16, kind: &str, code: &str) -> (Cause, bool) {
        let body = format!(
            r#"{{"error":{{"type":"{kind}","code":"{code}","param":"amount","message":"no","new":[1]}}}}"#
        );
        let failure = StripeManners.judge(&Answer::new(status, body)).unwrap_err();
        (failure.cause, failure.may_have_happened)
    }

    #[test]
    fn failures_have_one_cause_each() {
        let amount = || Some("amount".to_owned());
        let cases = [
            (cause(400, "invalid_request_error", "x"), Cause::Validation { field: amount() }, false),
            (cause(400, "invalid_request_error", "resource_missing"), Cause::NotFound, false),
            (cause(404, "invalid_request_error", "resource_missing"), Cause::NotFound, false),
            (
                cause(400, "invalid_request_error", "rate_limit"),
                Cause::RateLimited { retry_after: None },
                false,
            ),
            (cause(400, "idempotency_error", ""), Cause::Conflict, true),
            (cause(409, "idempotency_error", "idempotency_key_in_use"), Cause::Conflict, true),
            (
                cause(402, "card_error", "card_declined"),
                Cause::Declined { code: "card_declined".into() },
                false,
            ),
            (cause(401, "invalid_request_error", ""), Cause::Auth, false),
            (cause(403, "invalid_request_error", ""), Cause::Permission, false),
            (cause(429, "a_new_type", ""), Cause::RateLimited { retry_after: None }, false),
            (cause(500, "api_error", ""), Cause::Unavailable, false),
        ];
        for ((seen, in_doubt), cause, doubt) in cases {
            assert_eq!((seen, in_doubt), (cause, doubt));
        }
    }

    #[test]
    fn a_failure_that_is_not_json_is_still_a_failure() {
        for body in ["", "<html>", "[]", "null", r#"{"error":"no"}"#, "\u{0}"] {
            let failure = StripeManners.judge(&Answer::new(400, body)).unwrap_err();
            assert_eq!(failure.cause, Cause::Validation { field: None }, "{body}");
        }
    }
}
