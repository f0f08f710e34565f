//! Deliveries of services: `POST /webhooks/in/{service}/{connection}`. What proves itself is kept before it is answered.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use hyper::{Request, StatusCode};

use crate::api::Api;
use crate::http::Problem;

/// The route of deliveries.
pub fn router(api: &Arc<Api>) -> Router {
    let api = Arc::clone(api);
    let take = move |Path((service, connection)): Path<(String, String)>, request: Request<Body>| {
        let api = Arc::clone(&api);
        async move { answer(&api, &service, &connection, request).await }
    };
    Router::new().route("/webhooks/in/{service}/{connection}", post(take))
}

async fn answer(api: &Api, service: &str, connection: &str, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    // Whoever delivers has proved nothing yet: that is counted for the place it comes from.
    if let Some(problem) = api.toll_of_peer(&parts).await {
        return problem.into_response();
    }
    let held = match api.bodies.json(&parts.headers, body).await {
        Ok(held) => held,
        Err(problem) => return problem.into_response(),
    };
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    match api.engine.receive(service, connection, &headers, &held.bytes).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}
