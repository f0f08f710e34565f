//! An account at Stripe, from the settings to the engine.
#![cfg(all(feature = "stripe", feature = "memory"))]
#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::fs;

use baddie::{Config, Engine, Kind};
use serde_json::json;

#[tokio::test]
async fn settings_name_the_file_of_the_key_and_never_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("stripe.key");
    let settings = json!({
        "database": "memory:",
        "stripe": {"key_file": key_file, "account": "acct_1", "base": "https://stripe.test"},
        "outgoing": {"allow": ["10.0.0.0/8"]},
    });
    let config: Config = serde_json::from_value(settings).unwrap();
    let error = Engine::open_with(&config).await.err().unwrap();
    assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some("stripe.key_file")));

    fs::write(&key_file, "sk_test_canary\n").unwrap();
    let engine = Engine::open_with(&config).await.unwrap();
    assert_eq!(engine.adapters().providers, ["stripe"]);
    let shown = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
    assert!(!shown.contains("canary"), "{shown}");

    fs::write(&key_file, "\n").unwrap();
    assert!(Engine::open_with(&config).await.is_err(), "an empty key opens nothing");
}
