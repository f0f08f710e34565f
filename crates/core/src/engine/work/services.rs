//! Accounts at services: how they are opened, and which one a payment is made through.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Work;
use crate::connections::{Connection, Credentials, DataKey, Holder, OpenAccount, Place, Ports, ServiceError};
use crate::entity::Keep;
use crate::error::{Error, Kind, Result};
use crate::ids::{ChannelId, ConnectionId, EntityId, ShopId};
use crate::listings::{Channel, HostedWriter, SalesChannel};
use crate::payments::PaymentProvider;
use crate::secret::Secret;

/// How many accounts are kept open at most; beyond that all are opened anew.
const MOST: usize = 4_096;

/// An open account, and the sealed credentials that it was opened with.
type Opened = (String, Arc<dyn OpenAccount>);

/// The accounts that this process has open, so that all calls through a connection share one pace.
#[derive(Default)]
pub(in crate::engine) struct OpenAccounts(Mutex<HashMap<(ShopId, ConnectionId), Opened>>);

impl OpenAccounts {
    fn recall(&self, at: (ShopId, ConnectionId), sealed: &str) -> Option<Arc<dyn OpenAccount>> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(&at).filter(|(with, _)| with == sealed).map(|(_, account)| account.clone())
    }

    fn keep(&self, at: (ShopId, ConnectionId), sealed: String, account: Arc<dyn OpenAccount>) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST {
            open.clear();
        }
        open.insert(at, (sealed, account));
    }

    /// Forgets an account whose credentials are forgotten.
    pub(in crate::engine) fn forget(&self, at: (ShopId, ConnectionId)) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&at);
    }
}

impl Work {
    /// Whether a payment's money lies with a provider, rather than in the till or with a channel.
    pub(in crate::engine) fn is_at_provider(&self, name: &str) -> bool {
        ConnectionId::parse(name).is_ok() || self.engine.provider(name).is_ok()
    }

    /// Whether a payment's money lies with a channel that gives back itself what it took.
    pub(in crate::engine) async fn gives_back_itself(&mut self, provider: &str) -> Result<bool> {
        let Ok(id) = ChannelId::parse(provider) else { return Ok(false) };
        Ok(self.tx.load::<Channel>(id).await?.capabilities.refunds)
    }

    /// The provider of a payment.
    pub(in crate::engine) async fn provider(&mut self, name: &str) -> Result<Arc<dyn PaymentProvider>> {
        let Ok(id) = ConnectionId::parse(name) else { return self.engine.provider(name).cloned() };
        let (service, account) = self.open_account(id).await?;
        account.ports().payments.ok_or_else(|| {
            let message = format!("{service} moves no money");
            Error::new(Kind::Refused, "payments.no_provider", message).on_field("provider")
        })
    }

    /// What a channel is spoken to through.
    pub(in crate::engine) async fn market(&mut self, channel: &Channel) -> Result<Arc<dyn SalesChannel>> {
        self.market_at(channel.connection(), &channel.kind).await
    }

    /// What speaks to a channel of this kind: the account of its connection, or without one the adapter of its kind.
    pub(in crate::engine) async fn market_at(
        &mut self,
        connection: Option<ConnectionId>,
        kind: &str,
    ) -> Result<Arc<dyn SalesChannel>> {
        let Some(id) = connection else { return self.engine.channel(kind).cloned() };
        let (service, account) = self.open_account(id).await?;
        account.ports().channel.filter(|_| service == kind).ok_or_else(|| {
            let message =
                format!("the connection {id} is to {service}, which is no channel of the kind {kind:?}");
            Error::new(Kind::Refused, "channels.no_channel", message).on_field("secret_ref")
        })
    }

    /// The account of a connection that can be used, and the service that it is at.
    pub(in crate::engine) async fn open_account(
        &mut self,
        id: ConnectionId,
    ) -> Result<(String, Arc<dyn OpenAccount>)> {
        let connection = self.tx.load::<Connection>(id).await?;
        if !connection.is_open() {
            let message = format!("the connection {id} is {}: connect it again", connection.state);
            return Err(Error::new(Kind::Unavailable, "connections.closed", message));
        }
        let account = self.account(id).await?.ok_or_else(|| Error::not_found("connection", id))?;
        Ok((connection.service, account))
    }

    /// What a new payment writes down as its provider: the very account, so that what was begun at one is never finished at
    /// another.
    pub(in crate::engine) async fn payer(&mut self, name: &str) -> Result<String> {
        if ConnectionId::parse(name).is_ok() {
            self.provider(name).await?;
            return Ok(name.to_owned());
        }
        if self.engine.service(name).is_ok()
            && let Some(only) = self.only_open(name, "provider").await?
        {
            let name = only.to_string();
            self.provider(&name).await?;
            return Ok(name);
        }
        self.engine.provider(name)?;
        Ok(name.to_owned())
    }

    /// The one open connection to a service; `None` where there is none. Of several one has to be named, in `field`.
    pub(in crate::engine) async fn only_open(
        &mut self,
        service: &str,
        field: &'static str,
    ) -> Result<Option<ConnectionId>> {
        let connections = self.tx.connections().to_service(Some(service)).await?;
        let mut open = connections.iter().filter(|connection| connection.is_open());
        match (open.next(), open.next()) {
            (Some(_), Some(_)) => {
                let remedy = "there are several connections to it: give the id of one";
                Err(Error::invalid(field, format!("{service:?}"), remedy))
            }
            (only, _) => Ok(only.map(|only| only.id)),
        }
    }

    /// What the open accounts are good for, of one kind: the oldest connection first.
    pub(in crate::engine) async fn ports<T>(
        &mut self,
        pick: impl Fn(Ports) -> Option<T> + Send,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        for connection in self.tx.connections().to_service(None).await? {
            if connection.is_open()
                && let Some(account) = self.account(connection.id).await?
            {
                found.extend(pick(account.ports()));
            }
        }
        Ok(found)
    }

    /// The model elsewhere that writes texts for this shop: the one that it has connected itself, of several the oldest, or
    /// the engine's.
    pub(in crate::engine) async fn text_model(&mut self) -> Result<Option<HostedWriter>> {
        let own = self.ports(|ports| ports.texts).await?.into_iter().next();
        Ok(own.or_else(|| self.engine.text_model().cloned()))
    }

    /// The account that a connection's credentials in use open; `None` when it has none.
    pub(in crate::engine) async fn account(
        &mut self,
        id: ConnectionId,
    ) -> Result<Option<Arc<dyn OpenAccount>>> {
        let connection = self.tx.load::<Connection>(id).await?;
        let at = (self.shop().await?.id, id);
        let Some(sealed) = connection.sealed.as_deref() else { return Ok(None) };
        if let Some(account) = self.engine.open_accounts.recall(at, sealed) {
            return Ok(Some(account));
        }
        let closed =
            |error: ServiceError| Error::new(Kind::Unavailable, "connections.closed", error.to_string());
        let account = self.open(&connection, sealed).await?.map_err(closed)?;
        self.engine.open_accounts.keep(at, sealed.to_owned(), account.clone());
        Ok(Some(account))
    }

    /// Opens sealed credentials of a connection, without keeping the account open.
    pub(in crate::engine) async fn open(
        &mut self,
        connection: &Connection,
        sealed: &str,
    ) -> Result<Result<Arc<dyn OpenAccount>, ServiceError>> {
        let credentials = self.credentials(connection, sealed).await?;
        Ok(self.engine.service(&connection.service)?.open(&credentials))
    }

    /// The sealed credentials of a connection, readable.
    pub(in crate::engine) async fn credentials(
        &mut self,
        connection: &Connection,
        sealed: &str,
    ) -> Result<Credentials> {
        let packed = self.unseal(Holder::Connection(connection.id), sealed).await?;
        Credentials::unpacked(&packed).ok_or_else(|| Error::internal("sealed credentials are none"))
    }

    /// Opens what was sealed for its holder.
    pub(in crate::engine) async fn unseal(&mut self, holder: Holder, sealed: &str) -> Result<Secret> {
        let shop = self.shop().await?.id;
        let key = self.tx.load::<DataKey>(DataKey::of(shop)).await?;
        Ok(self.engine.vault()?.open(&key.wrapped, Place { shop, holder }, sealed)?)
    }

    /// Seals a secret for its holder, under the shop's key, which is made when it is first needed.
    pub(in crate::engine) async fn seal(&mut self, holder: Holder, secret: &Secret) -> Result<String> {
        let shop = self.shop().await?.id;
        let vault = self.engine.vault()?.clone();
        let place = Place { shop, holder };
        let kept = Keep::<DataKey>::get_held(&mut *self.tx, DataKey::of(shop)).await?;
        let key = if let Some(key) = kept {
            key
        } else {
            let wrapped = vault.new_key(shop)?;
            let key = DataKey { id: DataKey::of(shop), wrapped, version: 1, created_at: self.now };
            self.tx.add(&key).await?;
            key
        };
        Ok(vault.seal(&key.wrapped, place, secret)?)
    }
}
