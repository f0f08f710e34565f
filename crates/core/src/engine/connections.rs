//! Connecting a shop to accounts at services, and letting go of them.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::consents::*;

use super::command::calls;
use super::{Boxed, Command, Engine, Look, Query, Work};
use crate::accounts::Permission;
use crate::connections::{Connection, ConnectionState, Credentials, DataKey, Holder, Place};
use crate::entity::Keep;
use crate::error::{Error, Result};
use crate::ids::{ConnectionId, ShopId};
use crate::outbox::JobKind;
use crate::webhooks::Endpoint;

/// Connect the shop to an account at a service. The service is asked afterwards whose account the credentials open: look at
/// the connection again to see what it said.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectService {
    /// The service, such as `stripe`.
    pub service: String,
    /// What opens the account, name by name.
    pub credentials: Credentials,
    /// A connection that gets new credentials. They must open the same account; until they have, those it has stay in use.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
}

#[async_trait]
impl Command for ConnectService {
    const NAME: &'static str = "integrations.connect";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    const PRIVATE: bool = true;
    type Answer = Connection;

    async fn run(self, work: &mut Work) -> Result<Connection> {
        self.credentials.check(work.engine.service(&self.service)?.fields())?;
        let mut connection = work.connection_for(&self.service, self.connection_id).await?;
        work.keep_candidate(&mut connection, &self.credentials, self.connection_id.is_none()).await?;
        work.queue(JobKind::CheckConnection, connection.id, connection.id).await?;
        Ok(connection)
    }
}

/// Ask a service whether it still knows a connection, and what may be done with it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestConnection {
    /// The connection.
    pub connection_id: ConnectionId,
}

#[async_trait]
impl Command for TestConnection {
    const NAME: &'static str = "integrations.test";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Connection;

    async fn run(self, work: &mut Work) -> Result<Connection> {
        let connection = work.tx.load::<Connection>(self.connection_id).await?;
        work.queue(JobKind::CheckConnection, connection.id, connection.id).await?;
        work.about(connection.id);
        Ok(connection)
    }
}

/// Forget the credentials of a connection. What was begun through it waits until the same account is connected again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisconnectService {
    /// The connection.
    pub connection_id: ConnectionId,
}

#[async_trait]
impl Command for DisconnectService {
    const NAME: &'static str = "integrations.disconnect";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Connection;

    async fn run(self, work: &mut Work) -> Result<Connection> {
        let mut connection = work.tx.hold::<Connection>(self.connection_id).await?;
        connection.disconnect()?;
        work.tx.save(&mut connection).await?;
        let shop = work.shop().await?.id;
        work.engine.open_accounts.forget((shop, connection.id));
        work.tell_connection(&connection).await?;
        work.about(connection.id);
        Ok(connection)
    }
}

/// Look at a connection.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetConnection {
    /// The connection.
    pub connection_id: ConnectionId,
}

#[async_trait]
impl Query for GetConnection {
    const NAME: &'static str = "integrations.get";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Connection;

    async fn run(self, look: &mut Look) -> Result<Connection> {
        look.tx.load::<Connection>(self.connection_id).await
    }
}

/// Look through the connections, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListConnections {
    /// Those to this service only.
    #[serde(default)]
    pub service: Option<String>,
}

#[async_trait]
impl Query for ListConnections {
    const NAME: &'static str = "integrations.list";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Vec<Connection>;

    async fn run(self, look: &mut Look) -> Result<Vec<Connection>> {
        look.tx.connections().to_service(self.service.as_deref()).await
    }
}

/// Count the connections by how they are.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionHealth {}

/// How the connections are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// Known to their services.
    pub active: i64,
    /// Known once, and no longer: their owner must act.
    pub failing: i64,
    /// Never taken by their services: their owner must act.
    pub refused: i64,
    /// Not tried yet.
    pub pending: i64,
}

#[async_trait]
impl Query for ConnectionHealth {
    const NAME: &'static str = "integrations.status";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Health;

    async fn run(self, look: &mut Look) -> Result<Health> {
        let mut health = Health::default();
        for connection in look.tx.connections().to_service(None).await? {
            match connection.state {
                ConnectionState::Active => health.active += 1,
                ConnectionState::Failing => health.failing += 1,
                ConnectionState::Refused => health.refused += 1,
                ConnectionState::Pending => health.pending += 1,
                ConnectionState::Disconnected => {}
            }
        }
        Ok(health)
    }
}

impl Work {
    /// The connection that gets new credentials, which leads to that service; or one that is new.
    pub(super) async fn connection_for(
        &mut self,
        service: &str,
        known: Option<ConnectionId>,
    ) -> Result<Connection> {
        let Some(id) = known else { return Ok(self.new_connection(service)) };
        let connection = self.tx.hold::<Connection>(id).await?;
        if connection.service != service {
            let remedy = format!("this connection leads to {}", connection.service);
            return Err(Error::invalid("service", format!("{service:?}"), &remedy));
        }
        Ok(connection)
    }

    /// Keeps, sealed, what a connection is to be opened with next; those in use stay so until it is tried.
    pub(super) async fn keep_candidate(
        &mut self,
        connection: &mut Connection,
        credentials: &Credentials,
        is_new: bool,
    ) -> Result<()> {
        connection.candidate =
            Some(self.seal(Holder::Connection(connection.id), &credentials.packed()).await?);
        if is_new {
            self.tx.add(connection).await?;
        } else {
            self.tx.save(connection).await?;
        }
        self.about(connection.id);
        Ok(())
    }

    fn new_connection(&self, service: &str) -> Connection {
        Connection {
            id: self.id(),
            service: service.to_owned(),
            state: ConnectionState::Pending,
            account: None,
            live: false,
            abilities: Vec::new(),
            problem: None,
            sealed: None,
            candidate: None,
            checked_at: None,
            heard_until: None,
            renew_at: None,
            version: 1,
            created_at: self.now,
        }
    }

    /// Tells how a connection is now.
    pub(in crate::engine) async fn tell_connection(&mut self, connection: &Connection) -> Result<()> {
        let Connection { service, account, state, problem, .. } = connection;
        let told = serde_json::json!({
            "service": service, "account": account, "state": state, "problem": problem
        });
        self.emit("connection.changed", connection.id, &told).await
    }
}

impl Engine {
    /// Gives every shop that has one a new key under the newest master key, and seals all its credentials anew; how many
    /// shops. Each shop is done whole or not at all, so what was cut off is done again. Afterwards older master keys are
    /// needed no longer.
    pub fn rotate_keys(&self) -> Boxed<'_, u64> {
        Box::pin(async move {
            let mut rotated = 0;
            for shop in self.shops().await? {
                rotated += u64::from(self.rotate_key(shop).await?);
            }
            Ok(rotated)
        })
    }

    async fn rotate_key(&self, shop: ShopId) -> Result<bool> {
        let vault = self.0.vault()?;
        let tx = self.0.storage.begin(crate::storage::Scope::Shop(shop)).await?;
        let mut work = Work::new(tx, self.0.clone(), crate::accounts::Actor::System);
        let Some(mut key) = Keep::<DataKey>::get_held(&mut *work.tx, DataKey::of(shop)).await? else {
            return Ok(false);
        };
        let old = std::mem::replace(&mut key.wrapped, vault.new_key(shop)?);
        for connection in work.tx.connections().to_service(None).await? {
            let mut connection = work.tx.hold::<Connection>(connection.id).await?;
            let place = Place { shop, holder: Holder::Connection(connection.id) };
            for text in [&mut connection.sealed, &mut connection.candidate].into_iter().flatten() {
                *text = vault.seal(&key.wrapped, place, &vault.open(&old, place, text)?)?;
            }
            work.tx.save(&mut connection).await?;
        }
        for endpoint in work.tx.webhooks().endpoints(None).await? {
            let mut endpoint = work.tx.hold::<Endpoint>(endpoint.id).await?;
            let place = Place { shop, holder: Holder::Endpoint(endpoint.id) };
            for text in [Some(&mut endpoint.sealed), endpoint.sealed_before.as_mut()].into_iter().flatten() {
                *text = vault.seal(&key.wrapped, place, &vault.open(&old, place, text)?)?;
            }
            work.tx.save(&mut endpoint).await?;
        }
        work.tx.save(&mut key).await?;
        work.tx.commit().await?;
        Ok(true)
    }
}

calls! {
    /// Accounts at services.
    Integrations by integrations:
    /// Connects the shop to an account.
    write connect: ConnectService;
    /// Sends an owner to let the shop in.
    write authorise: Authorise;
    /// Takes them back.
    away authorised: Authorised;
    /// Asks the service again.
    write test: TestConnection;
    /// Forgets the credentials.
    write disconnect: DisconnectService;
    /// A connection.
    read get: GetConnection;
    /// All connections.
    read list: ListConnections;
    /// How they are.
    read status: ConnectionHealth;
}
