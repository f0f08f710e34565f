//! The API as a router: every route of the page, with what their requests share.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse as _;
use axum::routing::{MethodFilter, get, on};
use baddie::{Credential, Engine};
use hyper::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use hyper::{Request, StatusCode};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::endpoint::Endpoint;
use crate::http::auth::{self, Memory};
use crate::http::body::Reader;
use crate::http::metrics::RouteIndex;
use crate::http::rate::{Allowance, Client, Limiter, Verdict};
use crate::http::shared::Shared;
use crate::http::{Commands, Problem, Seen};
use crate::ready::Ready;
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
    /// What reads bodies.
    pub bodies: Reader,
    /// How deep a body may nest.
    pub json_depth: usize,
    /// The commands at work.
    pub commands: Commands,
    /// The answers kept ready.
    pub ready: Ready,
    memory: Memory,
    by_credential: Option<Limiter>,
    by_peer: Option<Limiter>,
}

/// A limiter, and what it said of this request.
pub type Toll<'a> = Option<(&'a Limiter, Verdict)>;

impl Api {
    /// The API of this engine; what is wrong with the settings is told.
    pub fn new(engine: Engine, config: &Config, commands: Commands) -> Result<Self, String> {
        let Config { limits, rate, .. } = config;
        let shared = Some(config.redis.as_str()).filter(|address| !address.is_empty());
        let shared = shared.map(Shared::at).transpose()?.map(Arc::new);
        let limiter = |name, allowance| {
            Limiter::new(name, allowance, CLIENTS).map(|limiter| limiter.shared(shared.clone()))
        };
        Ok(Self {
            engine,
            bodies: Reader::new(limits),
            json_depth: limits.json_depth,
            commands,
            ready: Ready::new(config.ready_bytes),
            memory: Memory::default(),
            by_credential: limiter("credential", rate.credential),
            by_peer: limiter("peer", rate.peer),
        })
    }

    /// The routes of these endpoints.
    ///
    /// # Panics
    /// When a route has a method that HTTP itself does not define.
    pub fn router(self: &Arc<Self>, endpoints: Vec<Endpoint>) -> Router {
        endpoints.into_iter().enumerate().fold(Router::new(), |router, (index, endpoint)| {
            let path = format!("{PREFIX}{}", endpoint.route.path);
            let filter = MethodFilter::try_from(endpoint.route.method.clone())
                .expect("routes use the methods that HTTP itself defines");
            let shared = Arc::new((Arc::clone(self), endpoint));
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

    /// A route that asks who is there, like all others, and then does nothing: what the layers cost by themselves.
    pub fn idle(self: &Arc<Self>, path: &str) -> Router {
        let api = Arc::clone(self);
        let handler = move |request: Request<Body>| {
            let api = Arc::clone(&api);
            async move {
                let (parts, _) = request.into_parts();
                let (toll, credential) = api.admit(&parts).await;
                let mut response = match credential {
                    Ok(_) => ([(CONTENT_TYPE, "application/json")], "{}").into_response(),
                    Err(problem) => problem.into_response(),
                };
                if let Some((limiter, verdict)) = toll {
                    limiter.tell(verdict, response.headers_mut());
                }
                response
            }
        };
        Router::new().route(path, get(handler))
    }

    /// Counts a request that no credential came with for the place it comes from; the problem when it is one too many.
    pub async fn toll_of_peer(&self, parts: &Parts) -> Option<Problem> {
        let seen = parts.extensions.get::<Seen>()?;
        refusal(take(self.by_peer.as_ref(), Client::Peer(seen.peer)).await)
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
            let toll = match seen {
                Some(seen) => take(self.by_peer.as_ref(), Client::Peer(seen.peer)).await,
                None => None,
            };
            if let Some(problem) = refusal(toll) {
                return (toll, Err(problem));
            }
            credential = match self.memory.prove(&self.engine, token, digest).await {
                Ok(proved) => Some(proved),
                Err(problem) => return (toll, Err(problem)),
            };
        }
        let toll = take(self.by_credential.as_ref(), Client::Credential(digest.head())).await;
        (toll, refusal(toll).map_or(credential.ok_or_else(auth::unauthenticated), Err))
    }
}

async fn take(limiter: Option<&Limiter>, client: Client) -> Toll<'_> {
    let limiter = limiter?;
    Some((limiter, limiter.take(client).await))
}

fn refusal(toll: Toll<'_>) -> Option<Problem> {
    let wait = toll?.1.wait?;
    let problem =
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate.limited", "slow down: `Retry-After` says how much");
    Some(problem.retry_after(wait))
}
