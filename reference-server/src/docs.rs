//! The API description for machines, and a page that shows it to people. Both are made once and served from memory.

use axum::Router;
use bytes::Bytes;
use serde_json::Value;

use crate::files::{self, File};
use crate::openapi;

static FILES: [File; 5] = [
    ("/api/docs", "text/html; charset=utf-8", include_str!("docs/index.html")),
    ("/api/docs/docs.css", "text/css; charset=utf-8", include_str!("docs/docs.css")),
    ("/api/docs/docs.js", "text/javascript; charset=utf-8", include_str!("docs/docs.js")),
    // Where owners come back to from services; what they bring is in the address, and stays there.
    ("/oauth/return", "text/html; charset=utf-8", include_str!("docs/return.html")),
    ("/api/docs/icon.svg", "image/svg+xml", include_str!("docs/icon.svg")),
];

/// `/api/openapi.json` and `/api/docs`.
pub fn router(description: &Value) -> Router {
    let text = openapi::text(description);
    files::one(files::router(&FILES), "/api/openapi.json", "application/json", Bytes::from(text))
}
