//! The API description for machines, and a page that shows it to people. Both are made once and served from memory.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use crate::openapi;

/// The page loads its own parts only, and calls this server only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// All files of the page: path, type, content.
static FILES: [(&str, &str, &str); 4] = [
    ("/api/docs", "text/html; charset=utf-8", include_str!("docs/index.html")),
    ("/api/docs/docs.css", "text/css; charset=utf-8", include_str!("docs/docs.css")),
    ("/api/docs/docs.js", "text/javascript; charset=utf-8", include_str!("docs/docs.js")),
    ("/api/docs/icon.svg", "image/svg+xml", include_str!("docs/icon.svg")),
];

/// `/api/openapi.json` and `/api/docs`.
pub fn router(description: &Value) -> Router {
    let text = openapi::text(description);
    let router = FILES.iter().fold(Router::new(), |router, &(path, kind, content)| {
        serve(router, path, kind, Bytes::from_static(content.as_bytes()))
    });
    serve(router, "/api/openapi.json", "application/json", Bytes::from(text))
}

fn serve(router: Router, path: &str, kind: &'static str, content: Bytes) -> Router {
    let answer = move || {
        let mut response = Response::new(Body::from(content.clone()));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        async { response }
    };
    router.route(path, get(answer))
}
