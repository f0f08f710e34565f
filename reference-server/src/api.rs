//! The API as a router: every route of the page, with what their requests share.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::routing::{MethodFilter, on};
use baddie::{Credential, Engine};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Request, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::endpoint::Endpoint;
use crate::http::auth::{self, Memory};
use crate::http::metrics::RouteIndex;
use crate::http::rate::{Allowance, Client, Limiter, Verdict};
use crate::http::{Limits, Problem, Seen};
use crate::routes::PREFIX;

/// How many clients' buckets are kept.
const CLIENTS: usize = 64 * 1024;

/// How fast clients may go. In the settings file this is the table `[rate]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rate {
    /// For the holder of one credential.
    pub credential: Allowance,
    /// For one address, as long as it proves nothing: this bounds the guessing of tokens.
    pub peer: Allowance,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            credential: Allowance { per_second: 2_000, burst: 10_000 },
            peer: Allowance { per_second: 20, burst: 200 },
        }
    }
}

/// What all endpoints share.
pub struct Api {
    /// What answers.
    pub engine: Engine,
    /// The bounds of requests.
    pub limits: Limits,
    /// Commands that go on to their end when their client is gone.
    pub commands: TaskTracker,
    memory: Memory,
    by_credential: Option<Limiter>,
    by_peer: Option<Limiter>,
}

/// A limiter, and what it said of this request.
pub type Toll<'a> = Option<(&'a Limiter, Verdict)>;

impl Api {
    /// The API of this engine.
    pub fn new(engine: Engine, limits: Limits, rate: &Rate, commands: TaskTracker) -> Self {
        Self {
            engine,
            limits,
            commands,
            memory: Memory::default(),
            by_credential: Limiter::new("credential", rate.credential, CLIENTS),
            by_peer: Limiter::new("peer", rate.peer, CLIENTS),
        }
    }

    /// The routes of these endpoints.
    ///
    /// # Panics
    /// When a route has a method that HTTP itself does not define.
    pub fn router(self, endpoints: Vec<Endpoint>) -> Router {
        let api = Arc::new(self);
        endpoints.into_iter().enumerate().fold(Router::new(), |router, (index, endpoint)| {
            let path = format!("{PREFIX}{}", endpoint.route.path);
            let filter = MethodFilter::try_from(endpoint.route.method.clone())
                .expect("routes use the methods that HTTP itself defines");
            let shared = Arc::new((Arc::clone(&api), endpoint));
            let handler = move |request: Request<Body>| {
                let shared = Arc::clone(&shared);
                async move {
                    let (api, endpoint) = &*shared;
                    endpoint.answer(api, RouteIndex(index), request).await
                }
            };
            router.route(&path, on(filter, handler))
        })
    }

    /// Lets a request in: who is it, and is it not one too many?
    pub async fn admit(&self, parts: &Parts) -> (Toll<'_>, Result<Arc<Credential>, Problem>) {
        let (token, digest) = match auth::token(&parts.headers) {
            Ok(found) => found,
            Err(problem) => return (None, Err(problem)),
        };
        let mut credential = self.memory.recall(digest);
        if credential.is_none() {
            // A credential that must be proved may be a guess: that is counted for the place it comes from.
            let seen = parts.extensions.get::<Seen>();
            let toll = seen.and_then(|seen| take(self.by_peer.as_ref(), Client::Peer(seen.peer)));
            if let Some(problem) = refusal(toll) {
                return (toll, Err(problem));
            }
            credential = match self.memory.prove(&self.engine, token, digest).await {
                Ok(proved) => Some(proved),
                Err(problem) => return (toll, Err(problem)),
            };
        }
        let toll = take(self.by_credential.as_ref(), Client::Credential(digest.head()));
        (toll, refusal(toll).map_or(credential.ok_or_else(auth::unauthenticated), Err))
    }

    /// The body of a request, whole; empty when there is none.
    pub async fn read_body(&self, headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
        if axum::body::HttpBody::is_end_stream(&body) {
            return Ok(Bytes::new());
        }
        let most = self.limits.body_bytes;
        let too_large = || {
            let detail = format!("a body has at most {most} bytes");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.body_too_large", detail)
        };
        let announced =
            headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > most) {
            return Err(too_large());
        }
        if !is_json(headers) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "request.not_json",
                "send the body as `content-type: application/json`",
            ));
        }
        match timeout(self.limits.body_time, Limited::new(body, most).collect()).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
            Ok(Err(_)) => Err(Problem::invalid("request.body_broken", "the body ends too early")),
            Err(_) => Err(Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "request.body_timeout",
                "the body did not come in time",
            )),
        }
    }
}

fn take(limiter: Option<&Limiter>, client: Client) -> Toll<'_> {
    limiter.map(|limiter| (limiter, limiter.take(client)))
}

fn refusal(toll: Toll<'_>) -> Option<Problem> {
    let wait = toll?.1.wait?;
    let problem =
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate.limited", "slow down: `Retry-After` says how much");
    Some(problem.retry_after(wait))
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return false;
    };
    let (kind, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    let parameters = parameters.trim();
    kind.trim().eq_ignore_ascii_case("application/json")
        && (parameters.is_empty() || parameters.eq_ignore_ascii_case("charset=utf-8"))
}
