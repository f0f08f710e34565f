use std::sync::Arc;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Work;
use super::engine::Inner;
use crate::accounts::{Actor, Permission};
use crate::connections::Ports;
use crate::error::{Error, Kind, Result};
use crate::hosting::{DeployHost, DomainHost, ZoneHost};
use crate::ids::{ConnectionId, ShopId};
use crate::storage::Scope;

/// A use case that is carried out at a service while its caller waits. The engine keeps nothing of it but that it was asked
/// for, and what came of it under a key.
///
/// No transaction is open while it runs. What changes something is in the audit log before it is begun, and its port sees
/// to it that it may be asked for again when an answer was lost.
#[async_trait]
pub trait Errand: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The operation's name at every door: `domains.list`.
    const NAME: &'static str;
    /// What its caller must be allowed to do.
    const PERMISSION: Permission;
    /// Whether it changes something there.
    const CHANGES: bool;
    /// Whether money is spent, so that every door asks for an idempotency key.
    const MOVES: bool = false;
    /// Whether the request holds secrets, so that the audit log keeps only that it was made.
    const PRIVATE: bool = false;
    /// What it answers.
    type Answer: Serialize + DeserializeOwned + JsonSchema + Send + 'static;

    /// Goes and asks.
    async fn run(self, away: &Away) -> Result<Self::Answer>;
}

/// The way to the services of a shop.
pub struct Away {
    engine: Arc<Inner>,
    shop: ShopId,
}

impl Away {
    pub(super) fn new(engine: Arc<Inner>, shop: ShopId) -> Self {
        Self { engine, shop }
    }

    /// The engine.
    pub(super) fn engine(&self) -> &Inner {
        &self.engine
    }

    /// A unit of work of the shop's, for what came of the errand.
    pub(super) async fn work(&self) -> Result<Work> {
        let tx = self.engine.storage.begin(Scope::Shop(self.shop)).await?;
        Ok(Work::new(tx, self.engine.clone(), Actor::System))
    }

    /// Where domains are kept: through this connection, or the only one there is.
    pub async fn domains(&self, at: Option<ConnectionId>) -> Result<Arc<dyn DomainHost>> {
        self.port(at, "keeps domains", |ports| ports.domains).await
    }

    /// Where the records of domains are kept.
    pub async fn zones(&self, at: Option<ConnectionId>) -> Result<Arc<dyn ZoneHost>> {
        self.port(at, "keeps the records of domains", |ports| ports.zones).await
    }

    /// Where things run.
    pub async fn deploys(&self, at: Option<ConnectionId>) -> Result<Arc<dyn DeployHost>> {
        self.port(at, "runs things", |ports| ports.deploys).await
    }

    /// What an account is good for: that of the connection that is named, or of the only open one that is good for it.
    async fn port<T>(
        &self,
        at: Option<ConnectionId>,
        what: &str,
        pick: impl Fn(Ports) -> Option<T> + Send,
    ) -> Result<T> {
        let tx = self.engine.storage.read(Scope::Shop(self.shop)).await?;
        let mut work = Work::new(tx, self.engine.clone(), Actor::System);
        let refused = |message: String| {
            Error::new(Kind::Refused, "hosting.no_connection", message).on_field("connection_id")
        };
        if let Some(id) = at {
            let (service, account) = work.open_account(id).await?;
            return pick(account.ports())
                .ok_or_else(|| refused(format!("{service} is no service that {what}")));
        }
        let mut found = work.ports(pick).await?;
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => {
                Err(refused(format!("several connections are to a service that {what}: give the id of one")))
            }
            (None, _) => {
                Err(refused(format!("no service is connected that {what}: `baddie connect` connects one")))
            }
        }
    }
}
