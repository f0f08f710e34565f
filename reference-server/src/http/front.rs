//! What every request and every answer passes, whatever they are about: a name, bounds, a time limit, the net under
//! panics, problem bodies, security headers, counting.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::response::Response;
use futures_util::FutureExt as _;
use hyper::body::Incoming;
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST,
    HeaderName, HeaderValue, REFERRER_POLICY, TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{HeaderMap, Method, Request, StatusCode, Version};
use tokio::time::{Instant, timeout};
use tower::Service as _;
use tower_http::cors::CorsLayer;

use super::commands::Commands;
use super::limits::Limits;
use super::metrics::{Metrics, RouteIndex};
use super::peer::{self, Peer};
use super::problem::Problem;
use super::request_id;
use crate::log;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What the front saw of a request; handlers find it among the request's extensions.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The other end of the connection.
    pub socket: SocketAddr,
    /// The client, also when it stands behind a proxy of ours.
    pub peer: Peer,
    /// The request's name.
    pub request_id: HeaderValue,
}

/// The router, and everything around it.
pub struct Front {
    router: Router,
    /// The bounds that connections and requests keep.
    pub limits: Limits,
    /// What was counted.
    pub metrics: Arc<Metrics>,
    /// Commands that go on to their end when their client is gone.
    pub commands: Commands,
    /// How many proxies of ours stand before the server.
    pub hops: usize,
}

impl Front {
    /// Stands before `router`.
    pub fn new(
        router: Router,
        limits: Limits,
        metrics: Arc<Metrics>,
        commands: Commands,
        hops: usize,
    ) -> Self {
        let router = router.fallback(no_such_path).method_not_allowed_fallback(no_such_method);
        Self { router, limits, metrics, commands, hops }
    }

    /// Lets web pages of other origins in, as far as `layer` says; also to the answers that no route gives.
    #[must_use]
    pub fn shared(mut self, layer: CorsLayer) -> Self {
        self.router = self.router.layer(layer);
        self
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Incoming>, socket: SocketAddr) -> Response {
        let started = Instant::now();
        let counted = InFlight::new(&self.metrics.in_flight);
        let id = request_id::of(request.headers());
        let place = (request.method().clone(), request.uri().clone());
        let mut response = match self.inspect(&request, counted.others) {
            Ok(()) => self.route(request, socket, &id).await,
            Err(problem) => axum::response::IntoResponse::into_response(problem),
        };
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            let id = id.to_str().unwrap_or_default();
            if let Some(line) = problem.for_the_log() {
                log::error(format_args!("{id} {} {} {line}", place.0, place.1.path()));
            }
            response = clothe(&problem, id, response);
        }
        let route = response.extensions().get::<RouteIndex>().copied();
        self.metrics.count(route, response.status(), started.elapsed());
        seal(response.headers_mut(), id);
        response
    }

    async fn route(&self, request: Request<Incoming>, socket: SocketAddr, id: &HeaderValue) -> Response {
        let peer = peer::client(socket, request.headers(), self.hops);
        // An empty body is the rule, and needs no box.
        let mut request =
            request.map(|body| if body.is_end_stream() { Body::empty() } else { Body::new(body) });
        request.extensions_mut().insert(Seen { socket, peer, request_id: id.clone() });
        let mut router = self.router.clone();
        let answer = AssertUnwindSafe(async move { router.call(request).await }).catch_unwind();
        let problem = match timeout(self.limits.request_time, answer).await {
            Ok(Ok(response)) => return response.unwrap_or_else(|never: Infallible| match never {}),
            Ok(Err(panic)) => Problem::panicked(panic.as_ref()),
            Err(_) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "request.timeout",
                "this took too long; a command may still be done, so send it again with the same Idempotency-Key",
            )
            .retry_after(Duration::from_secs(5)),
        };
        axum::response::IntoResponse::into_response(problem)
    }

    /// Refuses what no route should have to look at.
    fn inspect(&self, request: &Request<Incoming>, others: usize) -> Result<(), Problem> {
        if others >= self.limits.requests {
            return Err(Problem::busy());
        }
        let headers = request.headers();
        let uri = request.uri().path_and_query().map_or(0, |text| text.as_str().len());
        if uri > self.limits.uri_bytes {
            return Err(Problem::new(
                StatusCode::URI_TOO_LONG,
                "request.uri_too_long",
                "the address is too long",
            ));
        }
        let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        if bytes > self.limits.header_bytes || headers.len() > self.limits.headers {
            return Err(Problem::new(
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "request.headers_too_large",
                "the headers are too many or too large",
            ));
        }
        if request.version() < Version::HTTP_2 {
            one_reading(request.version(), headers)?;
        }
        if headers
            .get(CONTENT_ENCODING)
            .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
        {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "request.compressed",
                "send the body as it is: compressed requests are not read",
            ));
        }
        if matches!(*request.method(), Method::GET | Method::HEAD) && !request.body().is_end_stream() {
            return Err(Problem::invalid("request.body_unexpected", "a GET request has no body"));
        }
        Ok(())
    }
}

/// HTTP/1 messages that a proxy before us could frame or address differently than we do are refused.
///
/// A chunked body is one of them: the parser drops a `Content-Length` beside it without a word, so the two together
/// cannot be told from chunks alone. Clients of this API know how long their JSON is.
fn one_reading(version: Version, headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(TRANSFER_ENCODING) {
        return Err(Problem::new(
            StatusCode::LENGTH_REQUIRED,
            "request.length_required",
            "send Content-Length instead of Transfer-Encoding",
        ));
    }
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(_), None) => Ok(()),
        (None, None) if version == Version::HTTP_10 => Ok(()),
        _ => Err(Problem::invalid("request.host", "send exactly one Host header")),
    }
}

/// The body of a problem, with the headers that layers already gave the bare answer.
fn clothe(problem: &Problem, id: &str, bare: Response) -> Response {
    let (parts, _) = bare.into_parts();
    let mut response = problem.render(id);
    for (name, value) in &parts.headers {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            response.headers_mut().append(name, value.clone());
        }
    }
    // The rest of a body that nobody read must not be taken for the next request.
    if matches!(
        problem.status(),
        StatusCode::LENGTH_REQUIRED | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT
    ) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    *response.extensions_mut() = parts.extensions;
    response
}

/// The headers that every answer carries. What a page has set for itself stays.
fn seal(headers: &mut HeaderMap, id: HeaderValue) {
    headers.reserve(6);
    headers.insert(request_id::HEADER, id);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

async fn no_such_path() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "request.no_such_path",
        "nothing lives at this address; see /api/docs",
    )
}

async fn no_such_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "request.no_such_method",
        "this address does not take this method; `Allow` names those it takes",
    )
}

/// Counts a request for as long as it is at work.
struct InFlight<'a> {
    gauge: &'a AtomicUsize,
    others: usize,
}

impl<'a> InFlight<'a> {
    fn new(gauge: &'a AtomicUsize) -> Self {
        Self { gauge, others: gauge.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.gauge.fetch_sub(1, Ordering::Relaxed);
    }
}
