use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::breaker::Breaker;
use super::call::{Answer, Call};
use super::failure::{Cause, Failure};
use super::pace::Pace;
use crate::secret::Secret;

/// How one service speaks: its name, and how its failures are read.
pub trait Manners: Send + Sync {
    /// The service's name, as in the register.
    fn service(&self) -> &'static str;
    /// Reads an answer: whether the call succeeded, and why not. Asked for every answer, because some services fail
    /// with status 200. Contract: never panics, whatever the answer holds.
    fn judge(&self, answer: &Answer) -> Result<(), Failure>;
}

/// What a connection may cost its service, and us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long one try may take, answer included.
    pub attempt: Duration,
    /// How long a call may take, with all its tries and waits.
    pub total: Duration,
    /// How often a call is tried at most.
    pub attempts: u32,
    /// The largest answer that is read, in bytes.
    pub answer: usize,
    /// One call every so often …
    pub every: Duration,
    /// … after so many at once.
    pub burst: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(30),
            total: Duration::from_secs(80),
            attempts: 4,
            answer: 8 << 20,
            every: Duration::from_millis(100),
            burst: 10,
        }
    }
}

/// One account at one service: where it is, what opens it, and how it has been going.
pub struct Connection {
    pub(super) manners: Box<dyn Manners>,
    pub(super) base: Url,
    pub(super) limits: Limits,
    headers: HeaderMap,
    secrets: Vec<Secret>,
    pace: Mutex<Pace>,
    breaker: Mutex<Breaker>,
}

impl Connection {
    /// A connection to the service at `base`, such as `https://api.stripe.com`. A base with credentials, a query or a
    /// fragment is refused.
    pub fn new(manners: Box<dyn Manners>, base: &str, limits: Limits) -> Result<Self, Failure> {
        let service = manners.service();
        let wrong = |why| Failure::new(service, Cause::Validation { field: Some("base".into()) }, why);
        let base = Url::parse(base).map_err(|_| wrong("the base address is no URL"))?;
        let plain = base.username().is_empty() && base.password().is_none();
        if !plain || base.query().is_some() || base.fragment().is_some() || base.host().is_none() {
            return Err(wrong("the base address must be a bare https URL"));
        }
        Ok(Self {
            pace: Mutex::new(Pace::new(limits.every, limits.burst, limits.total)),
            breaker: Mutex::default(),
            headers: HeaderMap::new(),
            secrets: Vec::new(),
            manners,
            base,
            limits,
        })
    }

    /// Opens it with a credential in this header, after `prefix`, such as `Bearer `.
    pub fn credential(
        mut self,
        header: &'static str,
        prefix: &str,
        secret: &Secret,
    ) -> Result<Self, Failure> {
        let wrong = || self.failure(Cause::Auth, "the credential is empty, or not one a header can hold");
        if secret.is_empty() {
            return Err(wrong());
        }
        let mut value =
            HeaderValue::from_str(&format!("{prefix}{}", secret.expose())).map_err(|_| wrong())?;
        value.set_sensitive(true);
        self.headers.insert(HeaderName::from_static(header), value);
        self.secrets.push(secret.clone());
        Ok(self)
    }

    /// Hides a secret that goes along in calls by itself, should the service repeat it.
    #[cfg(any(feature = "shopify", feature = "webflow"))]
    pub(crate) fn hiding(mut self, secret: &Secret) -> Self {
        self.secrets.push(secret.clone());
        self
    }

    /// Where it leads, without what opens it: `api.openai.com/v1`.
    #[cfg(feature = "openai")]
    pub(crate) fn whereabouts(&self) -> String {
        let port = self.base.port().map_or_else(String::new, |port| format!(":{port}"));
        let path = self.base.path().trim_end_matches('/');
        format!("{}{port}{path}", self.base.host_str().unwrap_or_default())
    }

    pub(super) fn failure(&self, cause: Cause, message: impl AsRef<str>) -> Failure {
        Failure::new(self.manners.service(), cause, message)
    }

    /// Takes the credentials out of what a service says, should it repeat them.
    pub(crate) fn redact(&self, mut failure: Failure) -> Failure {
        for secret in &self.secrets {
            failure.each_word(|said| *said = secret.hide_in(said));
        }
        failure
    }

    /// The headers of an answer, without those that repeat a credential: they end in errors and logs, as names of requests.
    pub(super) fn telling(&self, headers: &HeaderMap) -> HeaderMap {
        let mut told = HeaderMap::with_capacity(headers.len());
        for (name, value) in headers {
            let said = String::from_utf8_lossy(value.as_bytes());
            if !self.secrets.iter().any(|secret| !secret.is_empty() && said.contains(secret.expose())) {
                told.append(name, value.clone());
            }
        }
        told
    }

    /// The whole address of a call.
    pub(super) fn address_of(&self, call: &Call) -> Result<Url, Failure> {
        let base = self.base.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}{}", call.path)).ok();
        // A path cannot lead away from the service: it is checked after it was read, not before.
        let stays = |url: &Url| url.origin() == self.base.origin() && call.path.starts_with('/');
        url.filter(stays).ok_or_else(|| {
            self.failure(Cause::Validation { field: Some("path".into()) }, "the path leads nowhere")
        })
    }

    pub(super) fn headers_of(&self, call: &Call) -> HeaderMap {
        let mut headers = call.headers.clone();
        headers.extend(self.headers.clone());
        headers
    }

    pub(super) fn pace<T>(&self, act: impl FnOnce(&mut Pace) -> T) -> T {
        act(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn breaker<T>(&self, act: impl FnOnce(&mut Breaker) -> T) -> T {
        act(&mut self.breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({} at {})", self.manners.service(), self.base)
    }
}
