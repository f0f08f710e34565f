//! Failures as clients see them: problem details (RFC 9457), made from the engine's errors or from the door's own.
//!
//! A handler answers with a [`Problem`]; the front writes its body at the end, when the request's id is at hand.

use std::any::Any;
use std::borrow::Cow;
use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use baddie::{Error, Kind, Retry};
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;

/// One failure: what the client may read of it, and what the log keeps.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    retry: Option<Duration>,
    cause: Option<Arc<Error>>,
}

/// What stands in the body.
#[derive(Serialize)]
struct Details<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    request_id: &'a str,
}

impl Problem {
    /// A failure that the door itself finds.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code: code.into(), detail: detail.into(), field: None, retry: None, cause: None }
    }

    /// The request is malformed, and the door sees it.
    pub fn invalid(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// There is more to do than the server takes on.
    pub fn busy() -> Self {
        let detail = "the server has more to do than it takes on; try again in a moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "server.busy", detail).retry_after(Duration::from_secs(1))
    }

    /// A handler panicked: the client hears that it is ours, the log what it said.
    pub fn panicked(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default();
        Error::internal(format!("panicked: {text}")).into()
    }

    /// Names the field to blame.
    #[must_use]
    pub fn on_field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says when to try again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry = Some(wait);
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable name of this failure.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What the log should hear and the client must not; nothing when the answer says it all.
    pub fn for_the_log(&self) -> Option<String> {
        let mut cause = self.cause.as_ref().and_then(|error| error.source());
        let tells = self.status == StatusCode::INTERNAL_SERVER_ERROR
            || self.status.is_server_error() && cause.is_some();
        if !tells {
            return None;
        }
        let mut line = self.code.to_string();
        while let Some(error) = cause {
            let _ = write!(line, ": {error}");
            cause = error.source();
        }
        Some(line)
    }

    /// Writes the answer.
    pub fn render(&self, request_id: &str) -> Response {
        let details = Details {
            r#type: format!("urn:baddie:problem:{}", self.code),
            title: title(self.status),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: &self.code,
            field: self.field.as_deref(),
            request_id,
        };
        // Text and numbers can always be written.
        let body = serde_json::to_vec(&details).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"baddie\""));
        }
        if let Some(wait) = self.retry {
            // Whole seconds, rounded up: whoever waits that long does not come too early.
            let seconds = wait.as_millis().div_ceil(1_000).max(1);
            headers.insert(RETRY_AFTER, HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX)));
        }
        response
    }
}

/// The constant words for a status; what is particular stands in `detail`.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "The request is malformed",
        StatusCode::UNAUTHORIZED => "A valid credential is needed",
        StatusCode::FORBIDDEN => "The credential does not allow this",
        StatusCode::NOT_FOUND => "There is no such thing",
        StatusCode::CONFLICT => "The present state does not allow this",
        StatusCode::UNPROCESSABLE_ENTITY => "A rule of the business refuses this",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        StatusCode::SERVICE_UNAVAILABLE => "Not available now",
        StatusCode::INTERNAL_SERVER_ERROR => "Something went wrong on our side",
        other => other.canonical_reason().unwrap_or("Refused"),
    }
}

fn status(error: &Error) -> StatusCode {
    match error.kind() {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        // A kind that this door has not heard of yet is ours to explain, not the client's fault.
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = status(&error);
        let code = Cow::Owned(error.code().to_owned());
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            let detail = "something went wrong on our side; the log knows more under this request id".into();
            return Self { status, code, detail, field: None, retry: None, cause: Some(Arc::new(error)) };
        }
        let wait = match error.retry() {
            Retry::After(wait) => Some(wait),
            Retry::Never => {
                let soon = error.code() == "idempotency.in_flight"
                    || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
                soon.then_some(Duration::from_secs(1))
            }
        };
        Self {
            status,
            code,
            detail: error.message().to_owned().into(),
            field: error.field().map(|field| field.to_owned().into()),
            retry: wait,
            cause: Some(Arc::new(error)),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn text(response: Response) -> String {
        String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_kind_has_its_status() {
        for (kind, status, wait) in [
            (Kind::Invalid, 400, None),
            (Kind::Unauthenticated, 401, None),
            (Kind::Forbidden, 403, None),
            (Kind::NotFound, 404, None),
            (Kind::Conflict, 409, None),
            (Kind::Refused, 422, None),
            (Kind::TooMany, 429, Some("1")),
            (Kind::Unavailable, 503, Some("1")),
            (Kind::Internal, 500, None),
        ] {
            let answer = Problem::from(Error::new(kind, "some.code", "words")).render("req_1");
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(
                answer.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap()),
                wait,
                "{kind:?}"
            );
            assert_eq!(answer.headers().contains_key(WWW_AUTHENTICATE), status == 401);
        }
    }

    #[tokio::test]
    async fn the_body_tells_what_to_mend() {
        let error = Error::invalid("lines[0].qty", 0, "order at least one");
        assert_eq!(
            text(Problem::from(error).render("req_7")).await,
            concat!(
                r#"{"type":"urn:baddie:problem:request.invalid","title":"The request is malformed","status":400,"#,
                r#""detail":"`lines[0].qty` is 0: order at least one","code":"request.invalid","#,
                r#""field":"lines[0].qty","request_id":"req_7"}"#
            )
        );
    }

    #[tokio::test]
    async fn s43_a_defect_is_told_to_the_log_alone() {
        let problem = Problem::from(Error::internal("table secrets is gone"));
        assert!(problem.for_the_log().unwrap().contains("table secrets is gone"));
        // Text and numbers can always be written.
        let body = text(problem.render("req_7")).await;
        assert!(!body.contains("secrets"), "{body}");
        assert!(Problem::from(Error::not_found("order", "x")).for_the_log().is_none());
    }

    #[test]
    fn a_command_in_flight_may_be_asked_for_again() {
        let problem = Problem::from(Error::new(Kind::Conflict, "idempotency.in_flight", "still at it"));
        let answer = problem.retry_after(Duration::from_millis(1_200)).render("req_1");
        assert_eq!((answer.status().as_u16(), &answer.headers()[RETRY_AFTER]), (409, &HeaderValue::from(2)));
    }
}
