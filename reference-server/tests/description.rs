//! The description of the API and its committed copy.

use std::fs;
use std::path::Path;

use baddie_server::{openapi, routes};
use serde_json::Value;

fn text() -> String {
    openapi::text(&openapi::document(&routes::endpoints().expect("the table of routes is sound")))
}

/// `BADDIE_BLESS=1 cargo test -p baddie-server --test description` writes the copy anew.
#[test]
fn the_committed_copy_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let text = text();
    if std::env::var_os("BADDIE_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let copy = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        copy == text,
        "openapi.json differs from the routes: run with BADDIE_BLESS=1 and look at the difference"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document: Value = serde_json::from_str(&text()).unwrap();
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(path) = members.get("$ref").and_then(Value::as_str) {
                    let target = path.strip_prefix('#').and_then(|path| document.pointer(path));
                    assert!(target.is_some(), "{path} leads nowhere");
                }
                assert!(!members.contains_key("$defs"), "definitions are hoisted");
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}
