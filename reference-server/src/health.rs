//! What machines ask about the server itself: is it alive, can it serve, what did it count.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use baddie::Engine;
use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;

use crate::config::Access;
use crate::http::metrics::Metrics;
use crate::http::{Problem, Seen, peer};

/// `/healthz`, `/readyz` and `/metrics`.
pub fn router(engine: Engine, metrics: Arc<Metrics>, access: Access) -> Router {
    let ready = move || {
        let engine = engine.clone();
        async move { readiness(&engine).await }
    };
    let counted = move |request: Request| {
        let answer = if may_read(access, &request) { text(metrics.render()) } else { hidden() };
        async { answer }
    };
    Router::new()
        .route("/healthz", get(|| async { text("ok\n".to_owned()) }))
        .route("/readyz", get(ready))
        .route("/metrics", get(counted))
}

async fn readiness(engine: &Engine) -> Response {
    match engine.ready().await {
        Ok(()) => text("ready\n".to_owned()),
        // Why it is not ready is for the log, not for whoever asks.
        Err(error) => {
            crate::log::error(format_args!("not ready: {error}"));
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "server.not_ready", "the server cannot serve now")
                .retry_after(std::time::Duration::from_secs(1))
                .into_response()
        }
    }
}

fn may_read(access: Access, request: &Request) -> bool {
    match access {
        Access::Off => false,
        Access::Open => true,
        Access::Local => request
            .extensions()
            .get::<Seen>()
            .is_some_and(|seen| peer::is_local(seen.socket, request.headers())),
    }
}

fn hidden() -> Response {
    Problem::new(
        StatusCode::NOT_FOUND,
        "request.no_such_path",
        "nothing lives at this address; see /api/docs",
    )
    .into_response()
}

fn text(body: String) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}
