use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::failure::Cause;

/// What may be done when the answer to a call is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It changes nothing: send it again.
    Freely,
    /// It carries a key under which the service does it once: send it again, with the same key.
    UnderItsKey,
    /// Sending it again might do it twice: the caller looks first.
    Never,
}

/// A request to a service, without its credential: a plain value that a test can compare.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) repeat: Repeat,
}

impl Call {
    /// Looks at something; `path` begins with a slash and holds the query, encoded.
    pub fn get(path: impl Into<String>) -> Self {
        Self::of(Method::GET, path.into(), Repeat::Freely)
    }

    /// Removes something. Removing twice comes to the same, so it may be repeated.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::of(Method::DELETE, path.into(), Repeat::UnderItsKey)
    }

    /// Changes something, and is not repeated until [`repeat`](Self::repeat) says otherwise.
    pub fn post(path: impl Into<String>) -> Self {
        Self::of(Method::POST, path.into(), Repeat::Never)
    }

    /// Makes parts of something what they shall be. Doing that twice comes to the same, so it may be repeated.
    pub fn patch(path: impl Into<String>) -> Self {
        Self::of(Method::PATCH, path.into(), Repeat::UnderItsKey)
    }

    fn of(method: Method, path: String, repeat: Repeat) -> Self {
        Self { method, path, headers: HeaderMap::new(), body: Bytes::new(), repeat }
    }

    /// Says what may be done when the answer is lost.
    #[must_use]
    pub fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// Adds a header. A value that no header can hold is left out: our own are plain text, and of other people's none
    /// is put into a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Gives it a body of this media type.
    #[must_use]
    pub fn body(self, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..self.header("content-type", media_type) }
    }

    /// `GET`, `POST` …
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path with its query, encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A header's value, if it is there and plain text.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body.
    pub fn body_bytes(&self) -> &[u8] {
        &self.body
    }

    /// Whether it changes something.
    pub(super) fn changes(&self) -> bool {
        self.repeat != Repeat::Freely
    }
}

/// What a service answered, whole and within the size that is allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    pub(super) headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// An answer with a status and a body, as a test would have it.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into() }
    }

    /// A header's value, if it is there and plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether the status says that all went well.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What the status means where the service says nothing else of it; `None` when all went well.
    pub fn cause(&self) -> Option<Cause> {
        Some(match self.status {
            200..300 => return None,
            400 | 422 => Cause::Validation { field: None },
            401 => Cause::Auth,
            402 | 403 | 423 => Cause::Permission,
            404 | 410 => Cause::NotFound,
            408 | 425 => Cause::Timeout,
            409 | 412 => Cause::Conflict,
            429 => Cause::RateLimited { retry_after: self.retry_after() },
            500.. => Cause::Unavailable,
            _ => Cause::Protocol,
        })
    }

    /// How long to wait, by `Retry-After` in its form of seconds (RFC 9110, 10.2.3); none of our services sends a date.
    pub fn retry_after(&self) -> Option<Duration> {
        self.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }
}
