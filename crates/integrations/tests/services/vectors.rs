//! Signed deliveries, and how the official libraries judge them.

use baddie_core::clock::Timestamp;
use baddie_integrations::secret::Secret;
use baddie_integrations::webhook::{self, Rejection};
use serde_json::Value;

use crate::kit::specs::{fixture, fixture_json, spec};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().expect("a vector has all its texts")
}

fn secret(value: &Value, key: &str) -> Secret {
    Secret::new(text(value, key))
}

/// How many deliveries of Stripe are judged rightly, of how many.
pub(crate) fn stripe() -> (usize, usize) {
    let vectors = fixture_json("stripe/webhook-vectors.json");
    let vectors = vectors["vectors"].as_array().unwrap();
    for vector in vectors {
        let name = text(vector, "name");
        let now = at(vector["received_at"].as_i64().unwrap());
        let (header, body) = (text(vector, "header"), text(vector, "payload").as_bytes());
        let verdict = webhook::stripe(&secret(vector, "secret"), header, body, now);
        // The official library takes deliveries from the future; we do not.
        let right = vector["valid"] == true && name != "future timestamp 1 day";
        assert_eq!(verdict.is_ok(), right, "{name}: {verdict:?}");
    }
    (vectors.len(), vectors.len())
}

/// The same for Shopify.
pub(crate) fn shopify() -> (usize, usize) {
    let vectors = fixture_json("shopify/hmac-vectors.json");
    let vectors = vectors["webhooks"].as_array().unwrap();
    for vector in vectors {
        let header = text(&vector["headers"], "x-shopify-hmac-sha256");
        let verdict = webhook::shopify(&secret(vector, "secret"), header, text(vector, "body").as_bytes());
        assert_eq!(verdict.is_ok(), vector["valid"] == true, "{}: {verdict:?}", text(vector, "name"));
    }
    (vectors.len(), vectors.len())
}

/// The same for Webflow.
pub(crate) fn webflow() -> (usize, usize) {
    let vectors = fixture_json("webflow/webhook-vectors.json");
    let vectors = vectors["vectors"].as_array().unwrap();
    for vector in vectors {
        let headers = &vector["headers"];
        let (time, signature) = (text(headers, "x-webflow-timestamp"), text(headers, "x-webflow-signature"));
        let now = Timestamp::from_micros(time.parse::<i64>().unwrap() * 1_000);
        let body = text(vector, "body").as_bytes();
        let verdict = webhook::webflow(&secret(vector, "secret"), time, signature, body, now);
        assert_eq!(verdict.is_ok(), vector["valid"] == true, "{}: {verdict:?}", text(vector, "name"));
    }
    (vectors.len(), vectors.len())
}

/// How many deliveries we sign as the official library does.
pub(crate) fn standard() -> (usize, usize) {
    let vectors = fixture_json("standard-webhooks/vectors.json");
    let vectors = vectors["vectors"].as_array().unwrap();
    for vector in vectors {
        let (key, id, body) =
            (secret(vector, "secret"), text(vector, "id"), text(vector, "payload").as_bytes());
        let seconds = vector["timestamp"].as_i64().unwrap();
        let signature = webhook::sign_standard(&key, id, at(seconds), body).unwrap();
        assert_eq!(signature, text(vector, "signature"));
        let judge = |signatures: &str, now| {
            webhook::standard(&key, id, &seconds.to_string(), signatures, body, at(now))
        };
        assert_eq!(judge(&signature, seconds + 300), Ok(()));
        assert_eq!(judge(&format!("v1,AAAA v2,x {signature}"), seconds), Ok(()));
        assert_eq!(judge(&signature, seconds + 301), Err(Rejection::OutOfTime));
        assert_eq!(judge(&signature, seconds - 301), Err(Rejection::OutOfTime));
        assert_eq!(judge("v1,AAAA", seconds), Err(Rejection::Forged));
    }
    (vectors.len(), vectors.len())
}

#[test]
fn stripe_deliveries_are_judged_as_by_its_library() {
    assert_eq!(stripe(), (15, 15));
}

#[test]
fn shopify_deliveries_are_judged_as_by_its_library() {
    assert_eq!(shopify(), (3, 3));
}

#[test]
fn webflow_deliveries_are_judged_as_by_its_library() {
    assert_eq!(webflow(), (2, 2));
}

#[test]
fn standard_deliveries_are_signed_as_by_its_library() {
    assert_eq!(standard(), (2, 2));
}

#[test]
fn the_committed_recordings_are_those_beside_the_descriptions() {
    for name in [
        "stripe/sdk-requests.jsonl",
        "stripe/webhook-vectors.json",
        "shopify/hmac-vectors.json",
        "webflow/sdk-requests.jsonl",
        "webflow/webhook-vectors.json",
        "framer/transcript.jsonl",
        "standard-webhooks/vectors.json",
    ] {
        if let Some(recorded) = spec(name) {
            assert_eq!(fixture(name), recorded, "{name} was recorded anew: commit it");
        }
    }
}

#[test]
fn an_empty_secret_accepts_nothing() {
    // Signed with the empty key: whoever knows that the secret was forgotten could make these.
    let nothing = Secret::new("");
    let now = at(1_793_491_200);
    assert_eq!(webhook::shopify(&nothing, "AAAA", b"{}"), Err(Rejection::NoSecret));
    assert_eq!(webhook::stripe(&nothing, "t=1793491200,v1=00", b"{}", now), Err(Rejection::NoSecret));
    assert_eq!(webhook::webflow(&nothing, "1793491200000", "00", b"{}", now), Err(Rejection::NoSecret));
    for empty in ["", "whsec_"] {
        let verdict = webhook::standard(&Secret::new(empty), "m", "1793491200", "v1,AAAA", b"{}", now);
        assert_eq!(verdict, Err(Rejection::NoSecret));
    }
}
