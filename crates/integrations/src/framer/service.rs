//! Projects at Framer that shops connect by themselves: whether the key opens the project, and what it may do there.

use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    Ability, AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved,
    OpenAccount, Ports, Service, ServiceError,
};

use super::session::Session;
use super::{BASE, Config, Framer, Project, calls};
use crate::http::Http;

/// What opens a project: its name, and a key that was made in its settings.
const FIELDS: &[CredentialField] =
    &[CredentialField { name: "project", needed: true }, CredentialField { name: "key", needed: true }];

/// Framer, as a service at which shops have accounts.
pub struct FramerService {
    http: Http,
    base: String,
}

impl FramerService {
    /// Speaks through this client; `base` says where to call instead of Framer itself, such as a pretend one. It is the
    /// machine's owner who says so, never a shop: otherwise a key could be lured elsewhere.
    pub fn new(http: Http, base: Option<&str>) -> Self {
        Self { http, base: base.unwrap_or(BASE).to_owned() }
    }
}

impl Service for FramerService {
    fn fields(&self) -> &'static [CredentialField] {
        FIELDS
    }

    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        let given = |name: &str| {
            let missing = || ServiceError::Refused { reason: format!("there is no {name}") };
            credentials.get(name).ok_or_else(missing)
        };
        let config = Config {
            base: self.base.clone(),
            ..Config::new(given("project")?.expose(), given("key")?.clone())
        };
        Ok(Arc::new(Framer::new(self.http.clone(), &config)?))
    }
}

#[async_trait]
impl OpenAccount for Framer {
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        let _turn = self.turn.lock().await;
        let mut session = Session::open(self).await?;
        let seen = session.call::<Project>(&calls::project()).await;
        let told_of = session.permissions.iter().filter_map(|(name, allowed)| {
            allowed.as_bool().map(|allowed| Ability { name: name.clone(), allowed })
        });
        let abilities = told_of.collect();
        session.end().await;
        seen?;
        // The project is named by whoever connects it, and the key opens no other.
        Ok(AccountSeen { account: self.project.clone(), live: true, abilities })
    }

    fn read_delivery(&self, _: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        Err(NotBelieved("Framer delivers nothing".into()))
    }

    /// Nothing: nobody buys at Framer.
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }

    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }

    fn ports(self: Arc<Self>) -> Ports {
        Ports { site: Some(self), ..Ports::default() }
    }
}
