use serde::Deserialize;

use super::KIND;
use crate::http::{Answer, Cause, Failure, Manners};

/// How failures are read; every compatible host words them alike, or leaves the words out.
pub(super) struct OpenAiManners;

#[derive(Default, Deserialize)]
struct Wrapped {
    #[serde(default)]
    error: Error,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Error {
    message: Option<String>,
    param: Option<String>,
    code: Option<serde_json::Value>,
}

impl Manners for OpenAiManners {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        let Some(by_status) = answer.cause() else { return Ok(()) };
        let error = serde_json::from_slice::<Wrapped>(&answer.body).unwrap_or_default().error;
        let code = error.code.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        let cause = match (by_status, code) {
            // Waiting does not fill an account.
            (Cause::RateLimited { .. }, "insufficient_quota") => Cause::Permission,
            (Cause::Validation { .. }, _) => Cause::Validation { field: error.param },
            (cause, _) => cause,
        };
        let message = error.message.unwrap_or_else(|| format!("status {}", answer.status));
        Err(Failure::new(KIND, cause, message).of_request(answer.header("x-request-id")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(status: u16, body: &str) -> Cause {
        OpenAiManners.judge(&Answer::new(status, body.to_owned())).unwrap_err().cause
    }

    #[test]
    fn failures_have_one_cause_each() {
        assert_eq!(cause(401, r#"{"error":{"message":"no","code":"invalid_api_key"}}"#), Cause::Auth);
        assert_eq!(cause(429, r#"{"error":{"code":"insufficient_quota"}}"#), Cause::Permission);
        assert_eq!(
            cause(429, r#"{"error":{"code":"rate_limit_exceeded"}}"#),
            Cause::RateLimited { retry_after: None }
        );
        assert_eq!(
            cause(400, r#"{"error":{"param":"model"}}"#),
            Cause::Validation { field: Some("model".into()) }
        );
        assert_eq!(cause(404, r#"{"error":{"code":404}}"#), Cause::NotFound);
        for body in ["", "<html>", "[]", "null", r#"{"error":"no"}"#, "\u{0}"] {
            assert_eq!(cause(503, body), Cause::Unavailable, "{body}");
        }
    }
}
