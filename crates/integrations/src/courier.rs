//! Carries what happened in a shop to whoever wants to be told, by Standard Webhooks. It goes through the one client: to
//! public addresses alone unless the settings say otherwise, whatever a name leads to at that moment, and without redirects.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::{Entropy, SystemEntropy};
use baddie_core::webhooks::{Courier, Parcel, Receipt};
use reqwest::Url;
use zeroize::Zeroizing;

use crate::http::{Answer, Call, Cause, Connection, Failure, Http, Limits, Manners};
use crate::secret::Secret;
use crate::webhook::{new_standard_secret, sign_standard};

/// What failures call it.
const KIND: &str = "webhook";
/// How long an endpoint may take to answer, unless the settings say otherwise.
pub const TIME: Duration = Duration::from_secs(15);
/// How much an endpoint may say, in bytes. Nothing of it is kept.
const ANSWER: usize = 64 << 10;

/// How many bytes a secret has.
const SECRET: usize = 32;

/// Sends deliveries over HTTP.
pub struct Post {
    http: Http,
    time: Duration,
    entropy: Arc<dyn Entropy>,
}

impl Post {
    /// Through this client.
    pub fn new(http: Http) -> Self {
        Self { http, time: TIME, entropy: Arc::new(SystemEntropy::default()) }
    }

    /// Waits no longer than this for an answer.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// The way to an address: where the server is, and what is called there.
    fn way(&self, url: &str) -> Result<(Connection, String), Failure> {
        let wrong = |why| Failure::new(KIND, Cause::Validation { field: Some("url".into()) }, why);
        let url = Url::parse(url).map_err(|_| wrong("it is no URL"))?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(wrong("it holds credentials or a fragment"));
        }
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let limits =
            Limits { attempt: self.time, total: self.time, attempts: 1, answer: ANSWER, ..Limits::default() };
        let to = Connection::new(Box::new(Anybody), &url.origin().ascii_serialization(), limits)?;
        Ok((to, path))
    }

    async fn send(&self, parcel: &Parcel<'_>) -> Result<Answer, Failure> {
        let (to, path) = self.way(parcel.url)?;
        let id = parcel.id.to_string();
        let unsigned = |_| Failure::new(KIND, Cause::Auth, "there is no secret to sign with");
        let mut signatures = Vec::new();
        for secret in parcel.secrets {
            signatures.push(sign_standard(secret, &id, parcel.at, parcel.body.as_bytes()).map_err(unsigned)?);
        }
        let seconds = parcel.at.as_micros().div_euclid(1_000_000);
        let call = Call::post(path)
            .header("webhook-id", &id)
            .header("webhook-timestamp", &seconds.to_string())
            .header("webhook-signature", &signatures.join(" "))
            .body("application/json", parcel.body.to_owned());
        self.http.send(&to, &call).await
    }
}

#[async_trait]
impl Courier for Post {
    fn admit(&self, url: &str) -> Result<(), String> {
        let admitted = self.way(url).and_then(|(to, path)| self.http.admits(&to, &Call::post(path)));
        admitted.map_err(|failure| failure.message)
    }

    fn new_secret(&self) -> Secret {
        let mut bytes = Zeroizing::new([0; SECRET]);
        self.entropy.fill(&mut *bytes);
        new_standard_secret(&*bytes)
    }

    async fn carry(&self, parcel: &Parcel<'_>) -> Receipt {
        match self.send(parcel).await {
            Ok(answer) if answer.is_good() => Receipt::Taken { status: answer.status },
            Ok(answer) if answer.status == 410 => Receipt::Gone,
            Ok(answer) => Receipt::Lost {
                status: Some(answer.status),
                problem: format!("it answered {}", answer.status),
                wait: answer.retry_after(),
            },
            Err(failure) => Receipt::Lost { status: None, problem: failure.message, wait: None },
        }
    }
}

/// Any server at all: nothing is known of how it speaks, and its status is all that counts.
struct Anybody;

impl Manners for Anybody {
    fn service(&self) -> &'static str {
        KIND
    }

    fn judge(&self, _: &Answer) -> Result<(), Failure> {
        Ok(())
    }
}
