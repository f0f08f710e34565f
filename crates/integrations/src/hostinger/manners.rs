use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::KIND;
use crate::http::{Answer, Cause, Failure, Manners};

/// How long to wait after too many calls, where Hostinger does not say: asked again too soon it shuts the address out.
const REST: Duration = Duration::from_secs(30);

/// How Hostinger's failures are read: what they mean by the status, what is wrong by the body.
pub(super) struct HostingerManners;

#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    message: Option<String>,
    /// What its pages call the message.
    #[serde(default)]
    error: Option<Value>,
    #[serde(default)]
    errors: Option<Value>,
    #[serde(default)]
    correlation_id: Option<String>,
}

impl Manners for HostingerManners {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        let Some(by_status) = answer.cause() else { return Ok(()) };
        let said: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
        let wrong = said.errors.as_ref().and_then(first_wrong);
        let cause = match by_status {
            Cause::Validation { .. } => {
                Cause::Validation { field: wrong.as_ref().map(|(field, _)| field.clone()) }
            }
            Cause::RateLimited { retry_after: None } => Cause::RateLimited { retry_after: Some(REST) },
            other => other,
        };
        let of_error = || said.error.as_ref().and_then(Value::as_str).map(str::to_owned);
        let message = said.message.clone().or_else(of_error);
        let message = message.unwrap_or_else(|| format!("status {}", answer.status));
        let message = match wrong {
            Some((field, why)) if !message.contains(&why) => format!("{message} {field}: {why}"),
            _ => message,
        };
        Err(Failure::new(KIND, cause, message).of_request(said.correlation_id.as_deref()))
    }
}

/// The first of the fields that are wrong, and what is wrong with it.
fn first_wrong(errors: &Value) -> Option<(String, String)> {
    let fields: BTreeMap<&String, &Value> = errors.as_object()?.iter().collect();
    let (field, why) = fields.into_iter().next()?;
    let why = why.as_str().or_else(|| why.get(0)?.as_str()).unwrap_or("it is not taken");
    Some((field.clone(), why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, body: &str) -> Failure {
        HostingerManners.judge(&Answer::new(status, body.to_owned())).unwrap_err()
    }

    #[test]
    fn failures_have_one_cause_each() {
        let said =
            r#"{"message":"no","errors":{"tlds":["The tlds field is required."]},"correlation_id":"c1"}"#;
        let cases = [
            (judged(401, said), Cause::Auth),
            (judged(403, said), Cause::Permission),
            (judged(404, said), Cause::NotFound),
            (judged(409, said), Cause::Conflict),
            (judged(422, said), Cause::Validation { field: Some("tlds".into()) }),
            (judged(400, "{}"), Cause::Validation { field: None }),
            (judged(429, "{}"), Cause::RateLimited { retry_after: Some(REST) }),
            (judged(500, "<html>"), Cause::Unavailable),
        ];
        for (failure, cause) in cases {
            assert_eq!((&failure.cause, failure.may_have_happened), (&cause, false), "{failure}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_the_name_of_the_request() {
        let said = r#"{"message":"The given data is wrong.","errors":{"a":["too long"],"b":[]},"correlation_id":"c1"}"#;
        assert_eq!(
            judged(422, said).to_string(),
            "hostinger: The given data is wrong. a: too long (request c1)"
        );
        assert_eq!(judged(500, r#"{"error":"oh"}"#).to_string(), "hostinger: oh");
        for odd in ["", "[]", "null", r#"{"errors":[1]}"#, r#"{"errors":{"a":{}}}"#, r#"{"message":7}"#] {
            assert!(!judged(422, odd).message.is_empty(), "{odd}");
        }
    }
}
