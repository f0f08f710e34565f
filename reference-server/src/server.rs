//! The server put together: the engine, the routes and the front from one set of settings.

use std::sync::Arc;

use axum::Router;
use baddie::Engine;
use hyper::Method;
use hyper::header::{
    AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH, RETRY_AFTER,
};
use tower_http::cors::CorsLayer;

use crate::api::Api;
use crate::config::Config;
use crate::endpoint::IDEMPOTENCY_KEY;
use crate::http::metrics::Metrics;
use crate::http::{Commands, Front, request_id};
use crate::{dashboard, docs, health, openapi, routes, webhooks};

/// The front of a server with these settings; what is wrong with the table of routes, or with the settings, is told.
pub fn front(engine: Engine, config: &Config) -> Result<Front, String> {
    assemble(engine, config, |_| Router::new())
}

/// The same with a route that does nothing at `path`, for measurements.
pub(crate) fn idle_front(engine: Engine, config: &Config, path: &str) -> Result<Front, String> {
    assemble(engine, config, |api| api.idle(path))
}

fn assemble(
    engine: Engine,
    config: &Config,
    more: impl FnOnce(&Arc<Api>) -> Router,
) -> Result<Front, String> {
    let endpoints = routes::endpoints().map_err(|faults| faults.join("\n"))?;
    let description = openapi::document(&endpoints);
    let metrics = Arc::new(Metrics::new(endpoints.iter().map(|endpoint| endpoint.operation.name)));
    let commands = Commands::new(&config.limits);
    let api = Arc::new(Api::new(engine.clone(), config, commands.clone())?);
    let router = api
        .router(endpoints)
        .merge(more(&api))
        .merge(webhooks::router(&api))
        .merge(docs::router(&description))
        .merge(dashboard::router())
        .merge(health::router(engine, Arc::clone(&metrics), config.metrics));
    let front = Front::new(router, config.limits.clone(), metrics, commands, config.proxies);
    if config.origins.is_empty() { Ok(front) } else { Ok(front.shared(sharing(&config.origins)?)) }
}

/// Lets web pages of exactly these origins call the API.
fn sharing(origins: &[String]) -> Result<CorsLayer, String> {
    let origins: Vec<HeaderValue> = origins
        .iter()
        .map(|origin| match origin.parse() {
            Ok(value) if origin != "*" => Ok(value),
            _ => Err(format!("{origin:?} is no origin: write https://shop.example")),
        })
        .collect::<Result<_, _>>()?;
    let exposed = ["ratelimit", "ratelimit-policy"].map(HeaderName::from_static);
    Ok(CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            IDEMPOTENCY_KEY,
            IF_MATCH,
            IF_NONE_MATCH,
            request_id::HEADER,
        ])
        .expose_headers(
            [ETAG, RETRY_AFTER, request_id::HEADER].into_iter().chain(exposed).collect::<Vec<_>>(),
        ))
}
