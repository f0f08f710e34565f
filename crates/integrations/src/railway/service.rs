//! Accounts at Railway that shops connect by themselves: which workspace or project it is, and what may be done there.

use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    Ability, AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved,
    OpenAccount, Ports, Service, ServiceError,
};
use serde::de::IgnoredAny;

use super::calls::{self, Ask};
use super::wire::{ApiToken, ProjectToken};
use super::{BASE, Config, Key, Railway};
use crate::http::{Cause, Http};

/// What opens an account: a token of a person or a workspace, with the workspace that is meant where it opens several; or a
/// token of one environment of one project.
const FIELDS: &[CredentialField] = &[
    CredentialField { name: "token", needed: false },
    CredentialField { name: "workspace", needed: false },
    CredentialField { name: "project_token", needed: false },
];

/// Railway, as a service at which shops have accounts.
pub struct RailwayService {
    http: Http,
    base: String,
}

impl RailwayService {
    /// Speaks through this client; `base` says where to call instead of Railway itself, such as a pretend one. It is the
    /// machine's owner who says so, never a shop: otherwise a token could be lured elsewhere.
    pub fn new(http: Http, base: Option<&str>) -> Self {
        Self { http, base: base.unwrap_or(BASE).to_owned() }
    }
}

impl Service for RailwayService {
    fn fields(&self) -> &'static [CredentialField] {
        FIELDS
    }

    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        let refused = |reason: &str| ServiceError::Refused { reason: reason.to_owned() };
        let key = match (credentials.get("token"), credentials.get("project_token")) {
            (Some(token), None) => Key::Account(token.clone()),
            (None, Some(token)) => Key::Project(token.clone()),
            _ => return Err(refused("give either a token or a project_token")),
        };
        let workspace = credentials.get("workspace").map(|workspace| workspace.expose().to_owned());
        if workspace.is_some() && matches!(key, Key::Project(_)) {
            return Err(refused("a project_token opens one project: there is no workspace to be meant"));
        }
        let config = Config { base: self.base.clone(), workspace, ..Config::new(key) };
        Ok(Arc::new(Railway::new(self.http.clone(), &config)?))
    }
}

#[async_trait]
impl OpenAccount for Railway {
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        let able = |name: &str, allowed| Ability { name: name.to_owned(), allowed };
        if self.of_project {
            let own: ProjectToken = self.ask(&calls::project_token()).await?;
            let account = format!("{}/{}", own.project.id, own.environment.id);
            let abilities = vec![able("projects", false), able("environment", true)];
            return Ok(AccountSeen { account, live: true, abilities });
        }
        let token: ApiToken = self.ask(&calls::api_token()).await?;
        let opens = |wanted: &String| token.workspaces.iter().any(|one| one.id == *wanted);
        let account = match (&self.workspace, &token.workspaces[..]) {
            (Some(wanted), _) if opens(wanted) => wanted.clone(),
            (Some(_), _) => {
                return Err(ServiceError::Refused { reason: "the token opens another workspace".into() });
            }
            (None, [only]) => only.id.clone(),
            (None, many) => {
                let known: Vec<_> = many.iter().map(|one| format!("{} ({})", one.id, one.name)).collect();
                let reason = format!("name the workspace that is meant: {}", known.join(", "));
                return Err(ServiceError::Refused { reason });
            }
        };
        let projects = self.may(&calls::projects(Some(&account), None)).await?;
        Ok(AccountSeen { account, live: true, abilities: vec![able("projects", projects)] })
    }

    fn read_delivery(&self, _: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        Err(NotBelieved("what Railway delivers is not signed".into()))
    }

    /// Nothing: how something stands is asked when somebody wants to know.
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }

    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }

    fn ports(self: Arc<Self>) -> Ports {
        Ports { deploys: Some(self), ..Ports::default() }
    }
}

impl Railway {
    async fn may(&self, ask: &Ask) -> Result<bool, ServiceError> {
        match self.ask::<IgnoredAny>(ask).await {
            Ok(_) => Ok(true),
            Err(failure) if matches!(failure.cause, Cause::Auth | Cause::Permission) => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}
