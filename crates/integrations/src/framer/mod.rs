//! Framer, through its Server API: collections of a site that show what a shop sells. **Experimental:** the API is Framer's own
//! between its library and its servers, over a WebSocket, and described nowhere else; it may change with any release.
//!
//! [`calls`] says what is asked for and sends nothing; a session asks it; as a
//! [`SitePublisher`](baddie_core::hosting::SitePublisher) [`Framer`] is what the engine speaks to. Framer lets a project be
//! spoken for by one session at a time, so each publication has one, does all in it, and ends it.

pub mod calls;
mod chunks;
mod devalue;
mod manners;
mod message;
mod service;
mod session;
mod showcase;
mod wire;

use std::time::Duration;

use tokio::sync::Mutex;

use crate::http::{Cause, Connection, Failure, Http, Limits};
use crate::secret::Secret;

pub use chunks::Chunks;
pub use devalue::{Data, decode, encode};
pub use message::{Said, read};
pub use service::FramerService;
pub use wire::{Collection, Deployment, Entry, Hostname, Item, Project, PublishInfo, Published, Redirected};

use manners::FramerManners;

/// The name of the service.
pub const KIND: &str = "framer";

/// Where Framer is.
const BASE: &str = "https://api.framer.com";
/// The release of Framer's library whose frames these are.
pub const VERSION: &str = "5.0.0";
/// How long Framer may take to open a project, by its library.
const READY: Duration = Duration::from_secs(90);

/// How often Framer wants to hear that somebody is still there.
const PING: Duration = Duration::from_secs(20);

/// What it takes to speak for a project.
#[derive(Debug, Clone)]
pub struct Config {
    /// The project, by the last part of its address.
    pub project: String,
    /// The key that was made in its settings.
    pub key: Secret,
    /// Where to call; tests say elsewhere.
    pub base: String,
    /// How often and how long: `attempt` for one answer, `total` for a session.
    pub limits: Limits,
    /// How often Framer is told, while it is waited for, that we are still there.
    pub ping: Duration,
}

impl Config {
    /// The project that this key opens.
    pub fn new(project: impl Into<String>, key: Secret) -> Self {
        let limits = Limits {
            attempt: READY,
            total: Duration::from_mins(4),
            attempts: 3,
            every: Duration::from_secs(2),
            burst: 2,
            ..Limits::default()
        };
        Self { project: project.into(), key, base: BASE.to_owned(), limits, ping: PING }
    }
}

/// A project at Framer.
pub struct Framer {
    http: Http,
    to: Connection,
    limits: Limits,
    ping: Duration,
    project: String,
    /// Held by whoever has the session.
    turn: Mutex<()>,
}

impl Framer {
    /// Prepares to speak for a project; calls nobody yet.
    pub fn new(http: Http, config: &Config) -> Result<Self, Failure> {
        if !is_project(&config.project) {
            let field = Some("project".to_owned());
            let why = "the project is named by the last part of its address, of letters and digits";
            return Err(Failure::new(KIND, Cause::Validation { field }, why));
        }
        let to = Connection::new(Box::new(FramerManners), &config.base, config.limits)?.credential(
            "authorization",
            "Token ",
            &config.key,
        )?;
        let (limits, ping, project) = (config.limits, config.ping, config.project.clone());
        Ok(Self { http, to, limits, ping, project, turn: Mutex::default() })
    }

    /// Where a session is opened.
    fn path(&self) -> String {
        let project = &self.project;
        format!(
            "/channel/headless-plugin?projectId={project}&sdkVersion={VERSION}&clientId=framer-api%2F{VERSION}"
        )
    }
}

/// Whether this can be a project.
fn is_project(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
