//! How tokens come about, against what Shopify's own library accepts and refuses.

use std::collections::BTreeSet;

use baddie_core::clock::Timestamp;
use baddie_integrations::http::Answer;
use baddie_integrations::secret::Secret;
use baddie_integrations::shopify::access::{App, Granted};
use baddie_integrations::shopify::{SCOPES, is_shop};
use serde_json::{Value, json};

use crate::kit::specs::fixture_json;

fn vectors() -> Value {
    fixture_json("shopify/hmac-vectors.json")
}

fn app(client_id: &str, secret: &str) -> App {
    App { client_id: client_id.into(), client_secret: Secret::new(secret) }
}

fn at(seconds: &Value) -> Timestamp {
    Timestamp::from_micros(seconds.as_i64().unwrap() * 1_000_000)
}

fn pairs(query: &Value) -> Vec<(String, String)> {
    let fields = query.as_object().unwrap();
    fields.iter().map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect()
}

#[test]
fn returns_are_judged_as_by_its_library() {
    let vectors = vectors();
    let ours = app("key", vectors["api_secret"].as_str().unwrap());
    for vector in vectors["oauth_query"].as_array().unwrap() {
        let query = pairs(&vector["query"]);
        let state = vector["query"]["state"].as_str().unwrap();
        let now = at(&vector["received_at"]);
        let verdict = ours.returned(&query, state, now);
        assert_eq!(verdict.is_ok(), vector["valid"] == true, "{}: {verdict:?}", vector["name"]);
        if let Ok(returned) = verdict {
            assert_eq!(returned.shop, vector["query"]["shop"].as_str().unwrap());
            assert_eq!(returned.code.expose(), vector["query"]["code"].as_str().unwrap());
            // Of somebody else, of another program, of nobody.
            assert!(ours.returned(&query, "another", now).is_err());
            assert!(ours.returned(&query, "", now).is_err());
            assert!(app("key", "shpss_other").returned(&query, state, now).is_err());
            assert!(app("key", "").returned(&query, state, now).is_err());
        }
    }
}

#[test]
fn shops_are_told_from_what_is_none() {
    for vector in vectors()["shops"].as_array().unwrap() {
        let shop = vector["shop"].as_str().unwrap();
        // We are stricter: an underscore and Shopify's other domains are no shop's own address.
        let stricter = ["a_b.myshopify.com", "a.shopify.com", "a.myshopify.io"].contains(&shop);
        assert_eq!(is_shop(shop), vector["sanitized"].is_string() && !stricter, "{shop}");
    }
}

#[test]
fn sessions_are_judged_as_by_its_library() {
    let vectors = vectors();
    let (session, secret) = (&vectors["session_token"], vectors["api_secret"].as_str().unwrap());
    let (token, now) = (session["token"].as_str().unwrap(), at(&session["verify_at"]));
    let ours = app("key", secret);
    let read = ours.session(token, now).unwrap();
    assert_eq!((read.shop(), read.sub.as_str()), ("a.myshopify.com", "1"));
    let hour = std::time::Duration::from_hours(1);
    for refused in [
        ours.session(token, now.plus(hour)),
        ours.session(token, now.minus(hour)),
        app("another", secret).session(token, now),
        app("key", "shpss_other").session(token, now),
        app("key", "").session(token, now),
        ours.session(&token.replace('.', ""), now),
        ours.session("", now),
        // Signed by nobody.
        ours.session("eyJhbGciOiJub25lIn0.eyJhdWQiOiJrZXkifQ.", now),
    ] {
        assert!(refused.is_err(), "{refused:?}");
    }
}

#[test]
fn an_owner_is_sent_to_their_own_shop() {
    let ours = app("key", "shpss_secret");
    let address = ours.ask("a.myshopify.com", "https://example.com/back?x=1", "n 1").unwrap();
    let (before, query) = address.split_once('?').unwrap();
    assert_eq!(before, "https://a.myshopify.com/admin/oauth/authorize");
    let parts: BTreeSet<_> = query.split('&').collect();
    assert!(
        parts.contains("redirect_uri=https%3A%2F%2Fexample.com%2Fback%3Fx%3D1")
            && parts.contains("state=n%201")
    );
    assert!(query.contains("scope=write_products%2C") && !query.contains("secret"));
    assert!(ours.ask("evil.example", "https://example.com", "n").is_err());
}

#[test]
fn a_code_is_changed_for_a_token() {
    let ours = app("key", "shpss_secret");
    let body = |call: &baddie_integrations::http::Call| -> Value {
        serde_json::from_slice(call.body_bytes()).unwrap()
    };
    let call = ours.exchange(&Secret::new("abc"));
    assert_eq!((call.method(), call.path()), ("POST", "/admin/oauth/access_token"));
    let expected =
        json!({"client_id": "key", "client_secret": "shpss_secret", "code": "abc", "expiring": "1"});
    assert_eq!(body(&call), expected);
    let next = body(&ours.refresh(&Secret::new("shprt_1")));
    assert_eq!((&next["grant_type"], &next["refresh_token"]), (&json!("refresh_token"), &json!("shprt_1")));
    let embedded = body(&ours.exchange_session(&Secret::new("jwt")));
    assert_eq!(embedded["requested_token_type"], "urn:shopify:params:oauth:token-type:offline-access-token");
    let said = json!({
        "access_token": "shpat_1", "scope": "write_products,read_orders", "expires_in": 3600,
        "refresh_token": "shprt_2", "refresh_token_expires_in": 7_776_000, "new": 1,
    });
    let granted = Granted::read(&Answer::new(200, said.to_string())).unwrap();
    assert_eq!(granted.access_token.expose(), "shpat_1");
    assert!(!format!("{granted:?}").contains("shp"), "{granted:?}");
    let missing = granted.missing();
    assert!(!missing.contains(&"write_products") && missing.contains(&"write_orders"), "{missing:?}");
    assert_eq!(missing.len(), SCOPES.len() - 2);
    for wrong in ["", "{}", r#"{"access_token":1}"#] {
        assert!(Granted::read(&Answer::new(200, wrong)).is_err());
    }
    assert!(Granted::read(&Answer::new(400, r#"{"error":"invalid_request"}"#)).is_err());
}
