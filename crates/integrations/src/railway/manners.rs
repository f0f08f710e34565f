use serde::Deserialize;
use serde_json::Value;

use super::KIND;
use crate::http::{Answer, Cause, Failure, Manners};

/// How Railway's failures are read: by the status; then by what went wrong with the question, with status 200. It has hardly
/// any codes, so its words decide.
pub(super) struct RailwayManners;

#[derive(Default, Deserialize)]
struct Wrapped {
    #[serde(default)]
    errors: Value,
    #[serde(default)]
    data: Value,
}

/// What its words mean, the first that fits.
const WORDS: [(&str, Cause); 14] = [
    ("not authorized", Cause::Auth),
    ("unauthorized", Cause::Auth),
    ("token not found", Cause::Auth),
    ("invalid token", Cause::Auth),
    ("forbidden", Cause::Permission),
    ("permission", Cause::Permission),
    ("not found", Cause::NotFound),
    ("does not exist", Cause::NotFound),
    ("rate limit", Cause::RateLimited { retry_after: None }),
    ("too many requests", Cause::RateLimited { retry_after: None }),
    ("already", Cause::Conflict),
    ("problem processing request", Cause::Unavailable),
    ("internal server error", Cause::Unavailable),
    ("timed out", Cause::Timeout),
];

impl Manners for RailwayManners {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        let id = answer.header("x-railway-request-id");
        let failure = |cause, message: &str| Err(Failure::new(KIND, cause, message).of_request(id));
        let body = serde_json::from_slice::<Wrapped>(&answer.body).ok();
        let error = body.as_ref().and_then(|body| body.errors.get(0));
        let said = error.map(|error| error["message"].as_str().unwrap_or("it gives no reason"));
        if let Some(by_status) = answer.cause() {
            let cause = match (&by_status, said.and_then(meant)) {
                // A question that is not taken comes with status 400, whatever is wrong with it.
                (Cause::Validation { .. }, Some(cause)) => cause,
                _ => by_status,
            };
            return failure(cause, said.unwrap_or(&format!("status {}", answer.status)));
        }
        let Some(Wrapped { data, .. }) = &body else {
            return failure(Cause::Protocol, "the answer is no JSON");
        };
        match (error, said) {
            (Some(error), Some(said)) => {
                let field = Some(path(&error["path"])).filter(|path| !path.is_empty());
                let cause = meant(said).unwrap_or(Cause::Validation { field });
                // How far it came that did not end in time is not known.
                let doubt = cause == Cause::Timeout;
                Err(Failure::new(KIND, cause, said).of_request(id).in_doubt(doubt))
            }
            _ if data.is_null() => failure(Cause::Protocol, "the answer holds nothing"),
            _ => Ok(()),
        }
    }
}

/// What its words mean, where that is known.
fn meant(said: &str) -> Option<Cause> {
    let said = said.to_ascii_lowercase();
    WORDS.iter().find(|(words, _)| said.contains(words)).map(|(_, cause)| cause.clone())
}

/// `["serviceCreate", "name"]` as `serviceCreate.name`.
fn path(steps: &Value) -> String {
    let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
    steps.as_array().map(|steps| steps.iter().map(step).collect::<Vec<_>>().join(".")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, body: &str) -> Failure {
        RailwayManners.judge(&Answer::new(status, body.to_owned())).unwrap_err()
    }

    fn said(words: &str) -> Failure {
        judged(
            200,
            &format!(
                r#"{{"data":null,"errors":[{{"message":"{words}","path":["x",1],"extensions":{{"code":"INTERNAL_SERVER_ERROR"}}}}]}}"#
            ),
        )
    }

    #[test]
    fn failures_have_one_cause_each() {
        let cases = [
            (judged(401, "{}"), Cause::Auth, false),
            (judged(429, ""), Cause::RateLimited { retry_after: None }, false),
            (judged(503, "<html>"), Cause::Unavailable, false),
            (judged(400, r#"{"errors":[{"message":"Not Authorized"}]}"#), Cause::Auth, false),
            (judged(400, r#"{"errors":[{"message":"odd"}]}"#), Cause::Validation { field: None }, false),
            (said("Not Authorized"), Cause::Auth, false),
            (said("Project Token not found"), Cause::Auth, false),
            (said("Deployment not found"), Cause::NotFound, false),
            (said("A domain of this name already exists"), Cause::Conflict, false),
            (said("Problem processing request"), Cause::Unavailable, false),
            (said("The request timed out"), Cause::Timeout, true),
            (said("Something new"), Cause::Validation { field: Some("x.1".into()) }, false),
            (judged(200, "<html>"), Cause::Protocol, false),
            (judged(200, "{}"), Cause::Protocol, false),
            (judged(200, r#"{"errors":[]}"#), Cause::Protocol, false),
        ];
        for (failure, cause, doubt) in cases {
            assert_eq!((&failure.cause, failure.may_have_happened), (&cause, doubt), "{failure}");
        }
    }

    #[test]
    fn what_is_answered_is_no_failure() {
        for body in [r#"{"data":{"x":true}}"#, r#"{"data":{"x":null},"errors":[]}"#, r#"{"data":{},"new":1}"#]
        {
            assert!(RailwayManners.judge(&Answer::new(200, body)).is_ok(), "{body}");
        }
    }
}
