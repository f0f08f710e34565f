//! Telling the world what happens in a shop: who is told, what each of them was told, and telling it again.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::{Command, Look, Query, Work};
use crate::accounts::{Permission, Shop};
use crate::clock::Timestamp;
use crate::connections::Holder;
use crate::error::{Error, Kind, Result};
use crate::ids::{DeliveryId, EndpointId};
use crate::page::{Page, PageRequest};
use crate::secret::Secret;
use crate::webhooks::{Delivery, DeliveryState, Endpoint, EndpointState, misnamed};

/// How many endpoints a shop may have.
const MOST: usize = 20;
/// How long deliveries are signed with the secret of before also.
const BOTH: std::time::Duration = std::time::Duration::from_hours(24);
/// How many deliveries are asked for again at once.
const BATCH: usize = 1_000;

/// An endpoint with its secret, which is shown once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointSecret {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: Endpoint,
    /// What its deliveries are signed with: keep it safe, it cannot be shown again.
    pub secret: String,
}

/// Have somebody told what happens in the shop. The secret that deliveries are signed with is shown once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateEndpoint {
    /// Where deliveries go, by https.
    pub url: String,
    /// What is told: `order.placed`, `order.*` for all of a domain, or `*`.
    pub events: Vec<String>,
}

#[async_trait]
impl Command for CreateEndpoint {
    const NAME: &'static str = "webhooks.create";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    const SHOWN_ONCE: bool = true;
    type Answer = EndpointSecret;

    async fn run(self, work: &mut Work) -> Result<EndpointSecret> {
        work.admit_endpoint(&self.url, &self.events)?;
        if work.tx.webhooks().endpoints(None).await?.len() >= MOST {
            let message = format!("a shop has {MOST} endpoints at most: change one that is there");
            return Err(Error::new(Kind::Refused, "webhooks.too_many", message));
        }
        let id = work.id();
        let secret = work.engine.courier()?.new_secret();
        let endpoint = Endpoint {
            id,
            url: self.url,
            events: self.events,
            state: EndpointState::Active,
            problem: None,
            failing_since: None,
            sealed: work.seal(Holder::Endpoint(id), &secret).await?,
            sealed_before: None,
            before_until: None,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&endpoint).await?;
        work.note_endpoints().await?;
        work.about(id);
        Ok(EndpointSecret { endpoint, secret: secret.expose().to_owned() })
    }
}

/// Change where an endpoint is, what it is told, or whether it is told anything.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateEndpoint {
    /// The endpoint.
    pub endpoint_id: EndpointId,
    /// Where deliveries go from now on.
    #[serde(default)]
    pub url: Option<String>,
    /// What is told from now on.
    #[serde(default)]
    pub events: Option<Vec<String>>,
    /// Whether it is told. What waited while it was not is told when it is again.
    #[serde(default)]
    pub active: Option<bool>,
}

#[async_trait]
impl Command for UpdateEndpoint {
    const NAME: &'static str = "webhooks.update";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Endpoint;

    async fn run(self, work: &mut Work) -> Result<Endpoint> {
        let mut endpoint = work.tx.hold::<Endpoint>(self.endpoint_id).await?;
        endpoint.url = self.url.unwrap_or(endpoint.url);
        endpoint.events = self.events.unwrap_or(endpoint.events);
        work.admit_endpoint(&endpoint.url, &endpoint.events)?;
        match (self.active, endpoint.state) {
            (Some(true), EndpointState::Disabled) => endpoint.enable()?,
            (Some(false), EndpointState::Active) => endpoint.disable("its owner wished it")?,
            _ => {}
        }
        work.tx.save(&mut endpoint).await?;
        work.note_endpoints().await?;
        work.about(endpoint.id);
        Ok(endpoint)
    }
}

/// Give an endpoint a new secret, which is shown once. For a day deliveries are signed with the old one also.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateSecret {
    /// The endpoint.
    pub endpoint_id: EndpointId,
}

#[async_trait]
impl Command for RotateSecret {
    const NAME: &'static str = "webhooks.rotate_secret";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    const SHOWN_ONCE: bool = true;
    type Answer = EndpointSecret;

    async fn run(self, work: &mut Work) -> Result<EndpointSecret> {
        let mut endpoint = work.tx.hold::<Endpoint>(self.endpoint_id).await?;
        let secret = work.engine.courier()?.new_secret();
        let sealed = work.seal(Holder::Endpoint(endpoint.id), &secret).await?;
        endpoint.sealed_before = Some(std::mem::replace(&mut endpoint.sealed, sealed));
        endpoint.before_until = Some(work.now.plus(BOTH));
        work.tx.save(&mut endpoint).await?;
        work.about(endpoint.id);
        Ok(EndpointSecret { endpoint, secret: secret.expose().to_owned() })
    }
}

/// Look at an endpoint.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetEndpoint {
    /// The endpoint.
    pub endpoint_id: EndpointId,
}

#[async_trait]
impl Query for GetEndpoint {
    const NAME: &'static str = "webhooks.get";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Endpoint;

    async fn run(self, look: &mut Look) -> Result<Endpoint> {
        look.tx.load::<Endpoint>(self.endpoint_id).await
    }
}

/// Look through the endpoints, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListEndpoints {}

#[async_trait]
impl Query for ListEndpoints {
    const NAME: &'static str = "webhooks.list";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Vec<Endpoint>;

    async fn run(self, look: &mut Look) -> Result<Vec<Endpoint>> {
        look.tx.webhooks().endpoints(None).await
    }
}

/// Look through what an endpoint was told, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDeliveries {
    /// The endpoint.
    pub endpoint_id: EndpointId,
    /// Those in this state only.
    #[serde(default)]
    pub state: Option<DeliveryState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListDeliveries {
    const NAME: &'static str = "webhooks.deliveries";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Page<Delivery>;

    async fn run(self, look: &mut Look) -> Result<Page<Delivery>> {
        look.tx.load::<Endpoint>(self.endpoint_id).await?;
        look.tx.webhooks().deliveries(self.endpoint_id, self.state, &self.page).await
    }
}

/// Tell an endpoint something again, under the same id.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayDelivery {
    /// The delivery.
    pub delivery_id: DeliveryId,
}

#[async_trait]
impl Command for ReplayDelivery {
    const NAME: &'static str = "webhooks.replay";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Delivery;

    async fn run(self, work: &mut Work) -> Result<Delivery> {
        let mut delivery = work.tx.hold::<Delivery>(self.delivery_id).await?;
        delivery.replay(work.now)?;
        work.tx.save(&mut delivery).await?;
        work.about(delivery.id);
        Ok(delivery)
    }
}

/// Tell an endpoint again all that it was not told and that was given up since a moment; a thousand at a time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayFailed {
    /// The endpoint.
    pub endpoint_id: EndpointId,
    /// What was to be told since then.
    pub since: Timestamp,
}

/// How much is told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replayed {
    /// Deliveries that wait again.
    pub deliveries: usize,
    /// Whether there is more: ask again.
    pub more: bool,
}

#[async_trait]
impl Command for ReplayFailed {
    const NAME: &'static str = "webhooks.replay_failed";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Replayed;

    async fn run(self, work: &mut Work) -> Result<Replayed> {
        let endpoint = work.tx.hold::<Endpoint>(self.endpoint_id).await?;
        let failed = work.tx.webhooks().failed_since(endpoint.id, self.since, BATCH).await?;
        let deliveries = failed.len();
        for mut delivery in failed {
            delivery.replay(work.now)?;
            work.tx.save(&mut delivery).await?;
        }
        work.about(endpoint.id);
        Ok(Replayed { deliveries, more: deliveries == BATCH })
    }
}

impl Work {
    /// Refuses an endpoint that could never be told anything.
    fn admit_endpoint(&self, url: &str, events: &[String]) -> Result<()> {
        self.engine.courier()?.admit(url).map_err(|why| Error::invalid("url", format!("{url:?}"), &why))?;
        match misnamed(events) {
            Some(why) => Err(Error::invalid("events", "given", &why)),
            None => Ok(()),
        }
    }

    /// Notes with the shop whether anybody is told what happens in it, so that where nobody is nothing is looked for.
    pub(in crate::engine) async fn note_endpoints(&mut self) -> Result<()> {
        let id = self.shop().await?.id;
        let mut shop = self.tx.hold::<Shop>(id).await?;
        let has = !self.tx.webhooks().endpoints(Some(EndpointState::Active)).await?.is_empty();
        if shop.has_endpoints != has {
            shop.has_endpoints = has;
            self.tx.save(&mut shop).await?;
        }
        Ok(())
    }

    /// What deliveries to an endpoint are signed with now.
    pub(in crate::engine) async fn signing(&mut self, endpoint: &Endpoint) -> Result<Vec<Secret>> {
        let holder = Holder::Endpoint(endpoint.id);
        let mut secrets = vec![self.unseal(holder, &endpoint.sealed).await?];
        let before = endpoint.sealed_before.as_ref();
        if let Some(before) = before.filter(|_| endpoint.before_until.is_some_and(|until| until > self.now)) {
            secrets.push(self.unseal(holder, before).await?);
        }
        Ok(secrets)
    }
}

calls! {
    /// Who is told what happens, and what each of them was told.
    Webhooks by webhooks:
    /// Has somebody told.
    write create: CreateEndpoint;
    /// Changes where, what and whether.
    write update: UpdateEndpoint;
    /// Gives a new secret.
    write rotate_secret: RotateSecret;
    /// An endpoint.
    read get: GetEndpoint;
    /// All endpoints.
    read list: ListEndpoints;
    /// What an endpoint was told.
    read deliveries: ListDeliveries;
    /// Tells something again.
    write replay: ReplayDelivery;
    /// Tells again all that was given up.
    write replay_failed: ReplayFailed;
}
