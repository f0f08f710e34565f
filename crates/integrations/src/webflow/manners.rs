use serde::Deserialize;
use serde_json::Value;

use super::KIND;
use crate::http::{Answer, Cause, Failure, Manners};

/// How Webflow's failures are read: by the status, and where one status stands for several things, by its code.
pub(super) struct WebflowManners;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    code: Option<String>,
    message: Option<String>,
    details: Value,
}

impl Refusal {
    /// What was wrong with which part, where it says so: texts, or objects with the part and what is wrong with it.
    fn detail(&self) -> (Option<String>, Option<String>) {
        let first = &self.details[0];
        let text = |name: &str| first[name].as_str().map(str::to_owned);
        let what =
            text("description").or_else(|| text("message")).or_else(|| first.as_str().map(str::to_owned));
        (text("param").or_else(|| text("field")), what)
    }
}

impl Manners for WebflowManners {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        let Some(by_status) = answer.cause() else { return Ok(()) };
        let refusal = serde_json::from_slice::<Refusal>(&answer.body).unwrap_or_default();
        let (field, what) = refusal.detail();
        let cause = match (by_status, refusal.code.as_deref().unwrap_or_default()) {
            // There is nothing wrong with what was asked; the site is not made for it, or has it already.
            (
                Cause::Validation { .. },
                "conflict" | "duplicate_collection" | "ecommerce_not_enabled" | "no_domains",
            ) => Cause::Conflict,
            (
                Cause::Validation { .. },
                "collection_not_found" | "item_not_found" | "order_not_found" | "resource_not_found",
            ) => Cause::NotFound,
            (Cause::Validation { .. }, _) => Cause::Validation { field },
            (cause, _) => cause,
        };
        let message = refusal.message.unwrap_or_else(|| format!("status {}", answer.status));
        let message = what.map_or(message.clone(), |what| format!("{message}: {what}"));
        Err(Failure::new(KIND, cause, message).of_request(answer.header("x-request-id")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> Failure {
        WebflowManners.judge(&Answer::new(status, body.to_owned())).unwrap_err()
    }

    #[test]
    fn failures_have_one_cause_each() {
        let says = |code: &str| {
            format!(r#"{{"code":"{code}","message":"no","externalReference":null,"details":[]}}"#)
        };
        for (status, code, cause) in [
            (400, "ecommerce_not_enabled", Cause::Conflict),
            (400, "duplicate_collection", Cause::Conflict),
            (400, "item_not_found", Cause::NotFound),
            (400, "a_new_one", Cause::Validation { field: None }),
            (401, "not_authorized", Cause::Auth),
            (403, "missing_scopes", Cause::Permission),
            (404, "resource_not_found", Cause::NotFound),
            (409, "conflict", Cause::Conflict),
            (429, "too_many_requests", Cause::RateLimited { retry_after: None }),
            (500, "internal_error", Cause::Unavailable),
        ] {
            assert_eq!(failure(status, &says(code)).cause, cause, "{status} {code}");
        }
    }

    #[test]
    fn what_was_wrong_is_told_in_each_of_its_forms() {
        let of = |detail: &str| {
            let body = format!(r#"{{"code":"validation_error","message":"Invalid","details":[{detail}]}}"#);
            let failure = failure(400, &body);
            (failure.cause, failure.message)
        };
        let field = |name: &str| Cause::Validation { field: Some(name.to_owned()) };
        assert_eq!(
            of(r#"{"param":"slug","description":"Unique value is already in database"}"#),
            (field("slug"), "Invalid: Unique value is already in database".to_owned())
        );
        assert_eq!(of(r#"{"field":"email","message":"no"}"#), (field("email"), "Invalid: no".to_owned()));
        assert_eq!(of(r#""too long""#), (Cause::Validation { field: None }, "Invalid: too long".to_owned()));
        assert_eq!(of("7"), (Cause::Validation { field: None }, "Invalid".to_owned()));
    }

    #[test]
    fn a_failure_that_is_not_json_is_still_a_failure() {
        for body in ["", "<html>", "[]", "null", r#"{"details":{"0":1},"code":7}"#, "\u{0}"] {
            assert_eq!(failure(400, body).cause, Cause::Validation { field: None }, "{body}");
        }
    }
}
