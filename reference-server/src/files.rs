//! Files compiled in and served from memory, by a fixed table: no path from outside ever reaches a disk.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};

/// The pages load their own parts only, and call this server only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file: its path, its type, its content.
pub(crate) type File = (&'static str, &'static str, &'static str);

/// Serves every file of a table.
pub(crate) fn router(files: &[File]) -> Router {
    files.iter().fold(Router::new(), |router, &(path, kind, content)| {
        one(router, path, kind, Bytes::from_static(content.as_bytes()))
    })
}

/// Serves one more file.
pub(crate) fn one(router: Router, path: &str, kind: &'static str, content: Bytes) -> Router {
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
