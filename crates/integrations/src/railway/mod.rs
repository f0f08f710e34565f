//! Railway, through its public API (GraphQL): projects, their services and databases, what is deployed of them, and under
//! which domains they are reached.
//!
//! [`calls`] makes requests and sends nothing; [`Railway`] sends them and reads the answers; as a
//! [`DeployHost`](baddie_core::hosting::DeployHost) it is what the engine speaks to.
//!
//! Railway knows no keys under which something is done once. So everything is looked for by its name before it is made, and
//! again when the answer to its making is lost. Values of variables are sent and never shown.

pub mod calls;
mod host;
mod manners;
mod prepare;
mod service;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::hosting::HostError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::http::{Answer, Cause, Connection, Failure, Http, Limits, Manners, Repeat};
use crate::secret::Secret;

pub use service::RailwayService;
pub use wire::{
    ApiToken, CustomDomain, CustomDomainStatus, Deployment, DnsRecord, Domains, Environments, Log, Named,
    Page, PageInfo, Project, ProjectToken, ServiceDomain, ServiceSeen, Services, Template, TemplateDeployed,
    Workflow,
};

use calls::Ask;
use manners::RailwayManners;

/// The name of the service.
pub const KIND: &str = "railway";

/// Where Railway is.
const BASE: &str = "https://backboard.railway.com";

/// The longest that a question is held back when the account's questions are used up; beyond that the caller waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who asks for more pages than this has lost its way.
const MOST_PAGES: usize = 200;

/// What opens an account.
#[derive(Debug, Clone)]
pub enum Key {
    /// A token of a person or a workspace.
    Account(Secret),
    /// A token of one environment of one project.
    Project(Secret),
}

/// What it takes to speak for an account.
#[derive(Debug, Clone)]
pub struct Config {
    /// What opens it.
    pub key: Key,
    /// The workspace that is meant; the only one when absent.
    pub workspace: Option<String>,
    /// Where to call; tests say elsewhere.
    pub base: String,
    /// How often and how long.
    pub limits: Limits,
}

impl Config {
    /// The account that this opens.
    pub fn new(key: Key) -> Self {
        // What is asked for in the smallest plans is counted by the hour, and a plan takes a dozen questions.
        let limits = Limits {
            attempt: Duration::from_secs(20),
            total: Duration::from_mins(1),
            every: Duration::from_millis(200),
            burst: 5,
            ..Limits::default()
        };
        Self { key, workspace: None, base: BASE.to_owned(), limits }
    }
}

/// An account at Railway.
pub struct Railway {
    http: Http,
    to: Connection,
    workspace: Option<String>,
    /// Whether it is opened by a token of one project.
    of_project: bool,
    /// Until when the account's questions are used up.
    spent_until: Mutex<Option<Timestamp>>,
    /// Databases whose making was not answered, and when.
    tried: Mutex<BTreeMap<(String, String), Timestamp>>,
}

/// An answer that went well: the one thing that was asked for, under its name.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Wrapped<T> {
    data: BTreeMap<String, T>,
}

impl Railway {
    /// Prepares to speak for an account; calls nobody yet.
    pub fn new(http: Http, config: &Config) -> Result<Self, Failure> {
        let to = Connection::new(Box::new(RailwayManners), &config.base, config.limits)?;
        let (to, of_project) = match &config.key {
            Key::Account(token) => (to.credential("authorization", "Bearer ", token)?, false),
            Key::Project(token) => (to.credential("project-access-token", "", token)?, true),
        };
        Ok(Self {
            http,
            to,
            workspace: config.workspace.clone(),
            of_project,
            spent_until: Mutex::default(),
            tried: Mutex::default(),
        })
    }

    /// Sends one of the [`calls`] and reads what is answered.
    pub async fn ask<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, Failure> {
        let spent = *self.spent_until.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = spent.map_or(Duration::ZERO, |until| until.since(self.http.clock().now()));
        if wait > PATIENCE {
            let cause = Cause::RateLimited { retry_after: Some(wait) };
            return Err(Failure::new(
                KIND,
                cause,
                "the account's questions are used up until its hour is over",
            ));
        }
        self.http.rest(wait).await;
        let answer = self.http.send(&self.to, &ask.call()).await?;
        let until = spent_until(&answer, self.http.clock().now());
        *self.spent_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
        read(&answer).map_err(|failure| failure.in_doubt(ask.repeat != Repeat::Freely))
    }

    /// Asks for a list page by page, until all of it is there. `page` takes what is answered apart.
    async fn every<A: DeserializeOwned, T>(
        &self,
        ask: impl Fn(Option<&str>) -> Ask,
        page: impl Fn(A) -> Page<T>,
    ) -> Result<Vec<T>, Failure> {
        let (mut all, mut after) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let Page { nodes, page_info } = page(self.ask(&ask(after.as_deref())).await?);
            all.extend(nodes);
            after = page_info.next();
            if after.is_none() {
                return Ok(all);
            }
        }
        Err(Failure::new(KIND, Cause::Protocol, "the list does not end"))
    }
}

/// Until when nothing more is answered, where an answer says that it was the last.
fn spent_until(answer: &Answer, now: Timestamp) -> Option<Timestamp> {
    let header = |name| answer.header(name).map(str::trim);
    let left: i64 = header("x-ratelimit-remaining")?.parse().ok()?;
    let reset = header("x-ratelimit-reset")?;
    let at = match reset.parse::<i64>() {
        // So many seconds from now, or since 1970, or milliseconds since then.
        Ok(number @ 0..1_000_000_000) => now.plus(Duration::from_secs(number.unsigned_abs())),
        Ok(number @ 1_000_000_000..100_000_000_000) => Timestamp::from_micros(number * 1_000_000),
        Ok(number) => Timestamp::from_micros(number.saturating_mul(1_000)),
        Err(_) => reset.parse().ok()?,
    };
    // A window is an hour at most; a clock that disagrees must not shut the account away.
    (left <= 0 && at > now && at.since(now) <= Duration::from_hours(1)).then_some(at)
}

/// Reads an answer: what was asked for, or why there is nothing. Fields that we do not know are passed over; so are values
/// of enums, which are all texts here.
pub fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    RailwayManners.judge(answer)?;
    let wrong = |what: &str| {
        let message = format!("the answer is not what was agreed{what}");
        Failure::new(KIND, Cause::Protocol, message).of_request(answer.header("x-railway-request-id"))
    };
    let wrapped: Wrapped<T> = serde_json::from_slice(&answer.body)
        .map_err(|error| wrong(&format!(", at line {} column {}", error.line(), error.column())))?;
    wrapped.data.into_values().next().ok_or_else(|| wrong(": it holds nothing"))
}

/// A failure in the engine's words.
fn told(failure: Failure) -> HostError {
    let reason = failure.to_string();
    match failure.cause {
        _ if failure.may_have_happened => HostError::Unknown { reason },
        Cause::RateLimited { retry_after } => {
            HostError::RateLimited { wait: retry_after.unwrap_or_default() }
        }
        Cause::NotFound => HostError::NotThere { reason },
        Cause::Auth
        | Cause::Permission
        | Cause::Validation { .. }
        | Cause::Conflict
        | Cause::Declined { .. } => HostError::Refused { reason },
        Cause::Unavailable | Cause::Timeout | Cause::Protocol => HostError::Unavailable { reason },
    }
}
