//! The dashboard: pages that ask the API what everybody may ask it, with the visitor's own token. They hold no data and
//! decide nothing; the token stays in the browser's tab and travels in a header, so no other site can use it.

use axum::Router;

use crate::files::{self, File};

static FILES: [File; 3] = [
    ("/", "text/html; charset=utf-8", include_str!("index.html")),
    ("/dashboard/dashboard.css", "text/css; charset=utf-8", include_str!("dashboard.css")),
    ("/dashboard/dashboard.js", "text/javascript; charset=utf-8", include_str!("dashboard.js")),
];

/// `/` and its parts.
pub fn router() -> Router {
    files::router(&FILES)
}
