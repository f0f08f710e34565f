use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::KIND;
use super::budget::cost_of;
use crate::http::{Answer, Cause, Failure, Manners};

/// How long to wait when a shop answers as many questions whole as it will.
const BULK: Duration = Duration::from_mins(1);

/// How Shopify's failures are read: by the status; then by what went wrong with the question, with status 200; then by what
/// was wrong with what was asked for, inside the very thing that was asked for.
pub(super) struct ShopifyManners;

#[derive(Default, Deserialize)]
struct Wrapped {
    #[serde(default)]
    errors: Value,
    #[serde(default)]
    data: Value,
}

/// Where a payload says what it does not take; the second only where an order is called off.
const COMPLAINTS: [&str; 2] = ["userErrors", "orderCancelUserErrors"];

impl Manners for ShopifyManners {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, answer: &Answer) -> Result<(), Failure> {
        let failure = |cause, message: &str| {
            Err(Failure::new(KIND, cause, message).of_request(answer.header("x-request-id")))
        };
        let body = serde_json::from_slice::<Wrapped>(&answer.body).ok();
        if let Some(cause) = answer.cause() {
            let said = body.as_ref().and_then(|body| text_of(&body.errors));
            return failure(cause, &said.unwrap_or_else(|| format!("status {}", answer.status)));
        }
        let Some(Wrapped { errors, data }) = body else {
            return failure(Cause::Protocol, "the answer is no JSON");
        };
        if let Some(message) = text_of(&errors) {
            let code = errors[0]["extensions"]["code"].as_str().unwrap_or_default();
            return failure(top_level(code, &errors[0], answer), &message);
        }
        let payloads = data.as_object().into_iter().flat_map(serde_json::Map::values);
        let complaints = payloads.flat_map(|payload| COMPLAINTS.iter().map(|name| &payload[*name]));
        let Some(complaint) = complaints.filter_map(Value::as_array).flatten().next() else { return Ok(()) };
        Err(complained(complaint).of_request(answer.header("x-request-id")))
    }
}

/// What was wrong with the question.
fn top_level(code: &str, error: &Value, answer: &Answer) -> Cause {
    match code {
        "THROTTLED" => Cause::RateLimited { retry_after: cost_of(answer).map(|cost| cost.wait()) },
        "ACCESS_DENIED" | "SHOP_INACTIVE" => Cause::Permission,
        "INTERNAL_SERVER_ERROR" | "TIMEOUT" => Cause::Unavailable,
        // `MAX_COST_EXCEEDED`, and whatever else is wrong with the question itself.
        _ => Cause::Validation { field: Some(path(&error["path"])).filter(|path| !path.is_empty()) },
    }
}

/// What was wrong with what was asked for.
fn complained(complaint: &Value) -> Failure {
    let code = complaint["code"].as_str().unwrap_or_default();
    let field = Some(path(&complaint["field"])).filter(|path| !path.is_empty());
    let (cause, in_doubt, again) = match code {
        // Another of our calls is at it under the same key; its answer comes.
        "IDEMPOTENCY_CONCURRENT_REQUEST" => (Cause::Conflict, true, Some(true)),
        "IDEMPOTENCY_KEY_PARAMETER_MISMATCH" | "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED" => {
            (Cause::Conflict, true, None)
        }
        "CHANGE_FROM_QUANTITY_STALE" | "COMPARE_QUANTITY_STALE" | "TAKEN" => (Cause::Conflict, false, None),
        "NOT_FOUND" | "PRODUCT_DOES_NOT_EXIST" | "PRODUCT_VARIANT_DOES_NOT_EXIST" => {
            (Cause::NotFound, false, None)
        }
        // A shop answers few questions whole at once.
        "OPERATION_IN_PROGRESS" | "LIMIT_REACHED" => {
            (Cause::RateLimited { retry_after: Some(BULK) }, false, None)
        }
        "INTERNAL_SERVER_ERROR" | "JOB_ERROR" => (Cause::Unavailable, true, None),
        // `productUpdate` has no codes; this is what it says of a product that is not there.
        "" if complaint["message"] == "Product does not exist" => (Cause::NotFound, false, None),
        _ => (Cause::Validation { field: field.clone() }, false, None),
    };
    let said = complaint["message"].as_str().unwrap_or("it gives no reason");
    let message = match (code, &field) {
        ("", None) => said.to_owned(),
        ("", Some(field)) => format!("{field}: {said}"),
        (code, None) => format!("{code}: {said}"),
        (code, Some(field)) => format!("{code} at {field}: {said}"),
    };
    Failure::new(KIND, cause, message).asked_again(again).in_doubt(in_doubt)
}

/// `["input", "variants", 0]` as `input.variants.0`.
fn path(steps: &Value) -> String {
    let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
    steps.as_array().map(|steps| steps.iter().map(step).collect::<Vec<_>>().join(".")).unwrap_or_default()
}

/// What the errors say, if there are any: a text, a list of errors, or texts by field.
fn text_of(errors: &Value) -> Option<String> {
    match errors {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let first = list.first()?;
            Some(first["message"].as_str().map_or_else(|| first.to_string(), str::to_owned))
        }
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn judged(status: u16, body: &str) -> Failure {
        ShopifyManners.judge(&Answer::new(status, body.to_owned())).unwrap_err()
    }

    fn coded(code: &str) -> Failure {
        judged(200, &format!(r#"{{"errors":[{{"message":"no","extensions":{{"code":"{code}"}}}}]}}"#))
    }

    fn complained_of(code: &str) -> Failure {
        judged(
            200,
            &format!(
                r#"{{"data":{{"x":{{"userErrors":[{{"code":"{code}","field":["input","title"],"message":"no"}}]}}}}}}"#
            ),
        )
    }

    #[test]
    fn failures_have_one_cause_each() {
        let title = || Cause::Validation { field: Some("input.title".into()) };
        let cases = [
            (judged(401, r#"{"errors":"[API] Invalid API key"}"#), Cause::Auth, false),
            (judged(402, "{}"), Cause::Permission, false),
            (judged(423, "{}"), Cause::Permission, false),
            (judged(404, r#"{"errors":"Not Found"}"#), Cause::NotFound, false),
            (judged(429, ""), Cause::RateLimited { retry_after: None }, false),
            (judged(503, "<html>"), Cause::Unavailable, false),
            (coded("ACCESS_DENIED"), Cause::Permission, false),
            (coded("SHOP_INACTIVE"), Cause::Permission, false),
            (coded("MAX_COST_EXCEEDED"), Cause::Validation { field: None }, false),
            (coded("INTERNAL_SERVER_ERROR"), Cause::Unavailable, false),
            (coded("A_NEW_ONE"), Cause::Validation { field: None }, false),
            (complained_of("IDEMPOTENCY_CONCURRENT_REQUEST"), Cause::Conflict, true),
            (complained_of("IDEMPOTENCY_KEY_PARAMETER_MISMATCH"), Cause::Conflict, true),
            (complained_of("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"), Cause::Conflict, true),
            (complained_of("CHANGE_FROM_QUANTITY_STALE"), Cause::Conflict, false),
            (complained_of("NOT_FOUND"), Cause::NotFound, false),
            (complained_of("A_NEW_ONE"), title(), false),
            (complained_of(""), title(), false),
        ];
        for (failure, cause, doubt) in cases {
            assert_eq!((&failure.cause, failure.may_have_happened), (&cause, doubt), "{failure}");
        }
    }

    #[test]
    fn points_that_are_missing_say_how_long_to_wait() {
        let body = r#"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":
            {"requestedQueryCost":300,"actualQueryCost":null,
             "throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":100,"restoreRate":50.0}}}}"#;
        assert_eq!(judged(200, body).cause, Cause::RateLimited { retry_after: Some(Duration::from_secs(4)) });
        assert_eq!(coded("THROTTLED").cause, Cause::RateLimited { retry_after: None });
    }

    #[test]
    fn an_order_that_is_not_called_off_is_a_failure() {
        let body = r#"{"data":{"orderCancel":{"job":null,"orderCancelUserErrors":[{"field":["orderId"],"message":"no"}]}}}"#;
        assert_eq!(judged(200, body).cause, Cause::Validation { field: Some("orderId".into()) });
    }

    #[test]
    fn answers_of_another_shape_are_failures_and_no_panics() {
        for body in ["", "<html>", "null", "\u{0}", r#"{"errors":7}"#, r#"{"errors":{"a":["b"]}}"#] {
            assert!(ShopifyManners.judge(&Answer::new(200, body)).is_err(), "{body}");
        }
        for body in [
            r#"{"data":{"x":[1]}}"#,
            r#"{"data":{"x":null}}"#,
            r#"{"data":{"x":{"userErrors":[]}}}"#,
            r#"{"errors":[]}"#,
        ] {
            assert!(ShopifyManners.judge(&Answer::new(200, body)).is_ok(), "{body}");
        }
    }
}
