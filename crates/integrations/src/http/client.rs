use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use baddie_core::clock::{Clock, Entropy, SystemClock, SystemEntropy, Timestamp};
use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde::{Deserialize, Serialize};

use super::address::{Forbidden, Gate, Network};
use super::call::{Answer, Call, Repeat};
use super::connection::Connection;
use super::failure::{Cause, Failure};
use crate::sleeper::{Sleeper, Timer};

/// The wait before the second try; doubled for each one after it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// And at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// How long it may take to reach a server at all.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// What the owner of a machine decides about calls that leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Certificates of authorities trusted beside the public ones, each text in PEM.
    pub authorities: Vec<String>,
    /// Addresses that may be called although they are not on the public internet; there also in plain text.
    pub allow: Vec<Network>,
}

/// Where a client takes time and chance from, and how it waits.
#[derive(Clone)]
pub struct Means {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Spreads the waits, so that many clients do not come back at the same moment.
    pub entropy: Arc<dyn Entropy>,
    /// Waits.
    pub sleeper: Arc<dyn Sleeper>,
}

impl Default for Means {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy::default()),
            sleeper: Arc::new(Timer),
        }
    }
}

/// The client. Its clones share their open connections.
#[derive(Clone)]
pub struct Http {
    client: Client,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) gate: Gate,
    pub(super) means: Means,
}

/// What came of one try, when it was no answer: the failure, and whether the service may have had the request.
struct Lost {
    failure: Failure,
    arrived: bool,
}

impl Http {
    /// A client with these settings. It follows no redirects and heeds no proxy variables: a call goes where it was
    /// meant to go, or nowhere.
    pub fn new(settings: &Settings, means: Means) -> Result<Self, Failure> {
        let wrong = |why| Failure::new("http", Cause::Validation { field: Some("authorities".into()) }, why);
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for pem in &settings.authorities {
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                let certificate = certificate.map_err(|_| wrong("a certificate is not PEM"))?;
                roots.add(certificate).map_err(|_| wrong("a certificate is no authority's"))?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| wrong("the machine offers no safe protocol"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let gate = Gate::new(&settings.allow);
        let client = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .dns_resolver(Arc::new(gate.clone()))
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT)
            .user_agent(concat!("baddie/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| wrong("the client could not be made"))?;
        Ok(Self { client, tls: Arc::new(tls), gate, means })
    }

    /// The clock that this client reads.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.means.clock
    }

    /// Waits as this client waits; an adapter does that where its service wants to be asked later.
    pub async fn rest(&self, time: Duration) {
        if !time.is_zero() {
            self.means.sleeper.sleep(time).await;
        }
    }

    /// Sends a call, as often as is safe and sensible, and answers what the service said if it was good.
    pub async fn send(&self, to: &Connection, call: &Call) -> Result<Answer, Failure> {
        let url = to.address_of(call)?;
        self.admit(to, &url)?;
        let deadline = self.now().plus(to.limits.total);
        let mut in_doubt = false;
        let mut tried = 1;
        loop {
            let failure = match self.attempt(to, call, &url, deadline).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => to.redact(failure),
            };
            in_doubt = call.changes() && (failure.may_have_happened || in_doubt && !failure.cause.settles());
            let failure = failure.in_doubt(in_doubt);
            let pause = self.pause(tried, &failure);
            let in_time = self.now().plus(pause) < deadline;
            if tried >= to.limits.attempts || !in_time || !sensible(call, &failure) {
                return Err(failure);
            }
            tried += 1;
            self.rest(pause).await;
        }
    }

    /// Whether a call could be sent at all, as far as that can be known before its name is looked up.
    pub fn admits(&self, to: &Connection, call: &Call) -> Result<(), Failure> {
        self.admit(to, &to.address_of(call)?)
    }

    /// Refuses addresses that may not be called. Names are judged by what they lead to, in [`Gate`].
    pub(super) fn admit(&self, to: &Connection, url: &Url) -> Result<(), Failure> {
        let host = url.host_str().unwrap_or_default();
        let literal: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
        let forbidden = |why: &str| Err(to.failure(Cause::Permission, why));
        match (url.scheme(), literal) {
            (_, Some(address)) if !self.gate.permits(address) => forbidden(&Forbidden.to_string()),
            ("https", _) => Ok(()),
            ("http", Some(address)) if self.gate.names(address) => Ok(()),
            _ => forbidden("a call must go by https"),
        }
    }

    /// One try, in its turn.
    async fn attempt(
        &self,
        to: &Connection,
        call: &Call,
        url: &Url,
        deadline: Timestamp,
    ) -> Result<Answer, Failure> {
        self.turn(to, deadline).await?;
        let heard = self.exchange(to, call, url, deadline).await;
        let verdict = match heard {
            Ok(answer) => to.manners.judge(&answer).map(|()| answer).map_err(|failure| {
                // The service answered, but of what failed inside it nobody knows how far it came.
                let halfway = matches!(failure.cause, Cause::Unavailable | Cause::Protocol);
                let doubt = failure.may_have_happened || halfway;
                failure.in_doubt(doubt)
            }),
            Err(lost) => Err(lost.failure.in_doubt(lost.arrived)),
        };
        let answered = !matches!(&verdict, Err(Failure { cause: Cause::Unavailable | Cause::Timeout, .. }));
        to.breaker(|breaker| breaker.note(answered, self.now()));
        if let Err(Failure { cause: Cause::RateLimited { retry_after: Some(wait) }, .. }) = &verdict {
            to.pace(|pace| pace.hold(self.now(), *wait));
        }
        verdict
    }

    /// Waits for a place among the calls of a connection, unless its service is left alone.
    pub(super) async fn turn(&self, to: &Connection, deadline: Timestamp) -> Result<(), Failure> {
        let now = self.now();
        let turn = to.pace(|pace| pace.take(now, deadline.since(now))).map_err(|wait| {
            let cause = Cause::RateLimited { retry_after: Some(wait) };
            to.failure(cause, "too many calls wait for their turn")
        })?;
        self.rest(turn).await;
        to.breaker(|breaker| breaker.admit(self.now())).map_err(|rest| {
            to.failure(Cause::Unavailable, format!("left alone for another {} s", rest.as_secs().max(1)))
        })
    }

    async fn exchange(
        &self,
        to: &Connection,
        call: &Call,
        url: &Url,
        deadline: Timestamp,
    ) -> Result<Answer, Lost> {
        let time = to.limits.attempt.min(deadline.since(self.now()));
        let request = self
            .client
            .request(call.method.clone(), url.clone())
            .headers(to.headers_of(call))
            .body(call.body.clone())
            .timeout(time);
        let mut response = request.send().await.map_err(|error| lost(to, &error))?;
        let (status, headers) = (response.status().as_u16(), to.telling(response.headers()));
        let body = read(&mut response, to.limits.answer).await.map_err(|cut| match cut {
            Cut::Broken(error) => Lost { arrived: true, ..lost(to, &error) },
            Cut::TooLarge => {
                let message = format!("the answer is larger than {} bytes", to.limits.answer);
                Lost { failure: to.failure(Cause::Protocol, message), arrived: true }
            }
        })?;
        Ok(Answer { status, headers, body })
    }

    /// How long to wait before the next try: doubling, half of it by chance, and never less than the service asks for.
    fn pause(&self, tried: u32, failure: &Failure) -> Duration {
        let whole = FIRST_PAUSE.saturating_mul(1 << (tried - 1).min(8)).min(LONGEST_PAUSE);
        let mut chance = [0; 4];
        self.means.entropy.fill(&mut chance);
        let share = u64::from(u32::from_le_bytes(chance));
        let half = whole / 2;
        let spread = u64::try_from(half.as_micros()).unwrap_or(u64::MAX).saturating_mul(share) >> 32;
        let asked = match failure.cause {
            Cause::RateLimited { retry_after } => retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        (half + Duration::from_micros(spread)).max(asked)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.means.clock.now()
    }
}

/// Whether trying again may help and can do no harm.
fn sensible(call: &Call, failure: &Failure) -> bool {
    if call.repeat == Repeat::Once {
        return false;
    }
    if call.repeat == Repeat::Never && failure.may_have_happened {
        return false;
    }
    let passing = match failure.cause {
        Cause::RateLimited { .. } | Cause::Unavailable | Cause::Timeout => true,
        // Cut off or garbled on its way once; what is too large or of another shape stays so, but costs one call.
        Cause::Protocol => call.repeat != Repeat::Never,
        _ => false,
    };
    failure.again.unwrap_or(passing)
}

enum Cut {
    Broken(reqwest::Error),
    TooLarge,
}

/// Reads a body, as long as it is not too large.
async fn read(response: &mut Response, most: usize) -> Result<Bytes, Cut> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(Cut::Broken)? {
        if body.len() + chunk.len() > most {
            return Err(Cut::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What a failed exchange means. The address is left out of the words: a query may hold what is nobody's business.
fn lost(to: &Connection, error: &reqwest::Error) -> Lost {
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.is::<Forbidden>() {
            return Lost { failure: to.failure(Cause::Permission, inner.to_string()), arrived: false };
        }
        source = inner.source();
    }
    let (cause, message) = if error.is_timeout() {
        (Cause::Timeout, "no answer in time")
    } else if error.is_connect() {
        (Cause::Unavailable, "the server cannot be reached")
    } else {
        (Cause::Unavailable, "the connection broke before the answer was whole")
    };
    Lost { failure: to.failure(cause, message), arrived: !error.is_connect() && !error.is_builder() }
}
