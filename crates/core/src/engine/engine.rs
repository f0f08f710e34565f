use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::flights::Flights;
use super::work::OpenAccounts;
use super::{Boxed, Shop, dispatch};
use crate::accounts::{
    self, Actor, ApiKey, Member, MemberStatus, Role, check_email, check_text, fingerprint, token_from,
};
use crate::clock::{Clock, Entropy, SystemClock, SystemEntropy, Timestamp, Zone};
use crate::connections::{Service, Vault};
use crate::error::{Error, Kind, Result};
use crate::ids::{IdSource, ShopId};
use crate::insights::{DemandModel, MarketModel};
use crate::inventory::{Location, LocationKind};
use crate::listings::{HostedWriter, ListingError, ListingModel, SalesChannel, TextModel};
use crate::money::{Currency, Rounding};
use crate::payments::{PaymentProvider, PaymentRuleError};
use crate::pricing::PriceModel;
use crate::shipping::Carrier;
use crate::storage::{Scope, Storage};
use crate::webhooks::{Courier, WAITS};

/// The engine: a store, a clock, and the adapters through which it speaks to the world. Cheap to clone.
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) storage: Arc<dyn Storage>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: IdSource,
    pub(super) flights: Flights,
    pub(super) desk: dispatch::Desk,
    channels: BTreeMap<String, Arc<dyn SalesChannel>>,
    providers: BTreeMap<String, Arc<dyn PaymentProvider>>,
    carriers: BTreeMap<String, Arc<dyn Carrier>>,
    demand_model: Option<Arc<dyn DemandModel>>,
    services: BTreeMap<String, Arc<dyn Service>>,
    vault: Option<Arc<dyn Vault>>,
    /// Where this engine is reached from outside, without a slash at the end.
    pub(super) public_url: Option<String>,
    courier: Option<Arc<dyn Courier>>,
    pub(super) webhook_waits: Vec<Duration>,
    pub(super) jobs_per_tick: usize,
    pub(super) open_accounts: OpenAccounts,
    price_model: Option<Arc<dyn PriceModel>>,
    listing_model: Option<Arc<dyn ListingModel>>,
    text_model: Option<HostedWriter>,
    market_model: Option<Arc<dyn MarketModel>>,
}

impl Inner {
    pub(super) fn service(&self, name: &str) -> Result<&Arc<dyn Service>> {
        self.services.get(name).ok_or_else(|| {
            let known = format!("this engine can be connected to {}", names(&self.services));
            Error::invalid("service", format!("{name:?}"), &known)
        })
    }

    pub(super) fn has_services(&self) -> bool {
        !self.services.is_empty()
    }

    pub(super) fn vault(&self) -> Result<&Arc<dyn Vault>> {
        self.vault.as_ref().ok_or_else(|| {
            let message = "there is no master key to seal credentials with: name the file that holds one";
            Error::new(Kind::Refused, "connections.no_master_key", message)
        })
    }

    pub(super) fn courier(&self) -> Result<&Arc<dyn Courier>> {
        self.courier.as_ref().ok_or_else(|| {
            let message = "this engine was built without a courier: `EngineBuilder::courier` takes one";
            Error::new(Kind::Refused, "webhooks.no_courier", message)
        })
    }

    pub(super) fn has_courier(&self) -> bool {
        self.courier.is_some()
    }

    pub(super) fn channel(&self, kind: &str) -> Result<&Arc<dyn SalesChannel>> {
        self.channels.get(kind).ok_or_else(|| {
            let known = names(&self.channels);
            ListingError::UnknownKind { kind: kind.to_owned(), known }.into()
        })
    }

    pub(super) fn provider(&self, name: &str) -> Result<&Arc<dyn PaymentProvider>> {
        self.providers.get(name).ok_or_else(|| {
            let known = format!("manual, {}", names(&self.providers));
            PaymentRuleError::UnknownProvider { name: name.to_owned(), known }.into()
        })
    }

    pub(super) fn demand_model(&self) -> Result<&Arc<dyn DemandModel>> {
        self.demand_model.as_ref().ok_or_else(|| {
            let message =
                "this engine was built without a model for demand: `EngineBuilder::demand_model` takes one";
            Error::new(Kind::Refused, "insights.no_model", message)
        })
    }

    pub(super) fn price_model(&self) -> Result<&Arc<dyn PriceModel>> {
        self.price_model.as_ref().ok_or_else(|| {
            let message =
                "this engine was built without a model for prices: `EngineBuilder::price_model` takes one";
            Error::new(Kind::Refused, "pricing.no_model", message)
        })
    }

    pub(super) fn listing_model(&self) -> Result<&Arc<dyn ListingModel>> {
        self.listing_model.as_ref().ok_or_else(|| {
            let message =
                "this engine was built without a model for listings: `EngineBuilder::listing_model` takes one";
            Error::new(Kind::Refused, "listings.no_model", message)
        })
    }

    pub(super) fn text_model(&self) -> Option<&HostedWriter> {
        self.text_model.as_ref()
    }

    pub(super) fn market_model(&self) -> Result<&Arc<dyn MarketModel>> {
        self.market_model.as_ref().ok_or_else(|| {
            let message =
                "this engine was built without a model of the market: `EngineBuilder::market_model` takes one";
            Error::new(Kind::Refused, "insights.no_market_model", message)
        })
    }

    pub(super) fn carrier(&self, name: &str) -> Result<&Arc<dyn Carrier>> {
        self.carriers.get(name).ok_or_else(|| {
            Error::invalid("carrier", format!("{name:?}"), &format!("use one of {}", names(&self.carriers)))
        })
    }
}

fn names<T: ?Sized>(adapters: &BTreeMap<String, Arc<T>>) -> String {
    if adapters.is_empty() {
        return "none".into();
    }
    adapters.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Puts an [`Engine`] together.
pub struct EngineBuilder {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    channels: BTreeMap<String, Arc<dyn SalesChannel>>,
    providers: BTreeMap<String, Arc<dyn PaymentProvider>>,
    carriers: BTreeMap<String, Arc<dyn Carrier>>,
    demand_model: Option<Arc<dyn DemandModel>>,
    services: BTreeMap<String, Arc<dyn Service>>,
    vault: Option<Arc<dyn Vault>>,
    public_url: Option<String>,
    courier: Option<Arc<dyn Courier>>,
    webhook_waits: Vec<Duration>,
    jobs_per_tick: usize,
    price_model: Option<Arc<dyn PriceModel>>,
    listing_model: Option<Arc<dyn ListingModel>>,
    text_model: Option<HostedWriter>,
    market_model: Option<Arc<dyn MarketModel>>,
}

impl EngineBuilder {
    /// Reads the time from another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Takes chance from another source.
    #[must_use]
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// Speaks to channels of this kind through an adapter.
    #[must_use]
    pub fn channel(mut self, kind: impl Into<String>, adapter: Arc<dyn SalesChannel>) -> Self {
        self.channels.insert(kind.into(), adapter);
        self
    }

    /// Moves money of this name through an adapter.
    #[must_use]
    pub fn provider(mut self, name: impl Into<String>, adapter: Arc<dyn PaymentProvider>) -> Self {
        self.providers.insert(name.into(), adapter);
        self
    }

    /// Buys labels of this name through an adapter.
    #[must_use]
    pub fn carrier(mut self, name: impl Into<String>, adapter: Arc<dyn Carrier>) -> Self {
        self.carriers.insert(name.into(), adapter);
        self
    }

    /// Asks a model what will sell and what to buy: after the end of each day, and when told to.
    #[must_use]
    pub fn demand_model(mut self, model: Arc<dyn DemandModel>) -> Self {
        self.demand_model = Some(model);
        self
    }

    /// Lets shops connect to accounts at a service of this name.
    #[must_use]
    pub fn service(mut self, name: impl Into<String>, service: Arc<dyn Service>) -> Self {
        self.services.insert(name.into(), service);
        self
    }

    /// Seals the credentials of connections in this vault; without one nothing can be connected.
    #[must_use]
    pub fn vault(mut self, vault: Arc<dyn Vault>) -> Self {
        self.vault = Some(vault);
        self
    }

    /// Has services deliver what happens there to this address of the engine's own, under `/webhooks/in/`; without one they
    /// are told nothing, and what happens is fetched.
    #[must_use]
    pub fn public_url(mut self, url: &str) -> Self {
        self.public_url = Some(url.trim_end_matches('/').to_owned());
        self
    }

    /// Tells endpoints of a shop what happens in it through this courier; without one nobody is told.
    #[must_use]
    pub fn courier(mut self, courier: Arc<dyn Courier>) -> Self {
        self.courier = Some(courier);
        self
    }

    /// How long to wait after each try of a delivery that failed, instead of [`WAITS`]; after the last it is given up.
    #[must_use]
    pub fn webhook_waits(mut self, waits: Vec<Duration>) -> Self {
        self.webhook_waits = waits;
        self
    }

    /// How many jobs a tick takes at most, 64 unless said otherwise. They are under way at once; with one, everything is
    /// done in the order in which it became due.
    #[must_use]
    pub fn jobs_per_tick(mut self, jobs: usize) -> Self {
        self.jobs_per_tick = jobs.max(1);
        self
    }

    /// Asks a model what to charge.
    #[must_use]
    pub fn price_model(mut self, model: Arc<dyn PriceModel>) -> Self {
        self.price_model = Some(model);
        self
    }

    /// Asks a model how to list things.
    #[must_use]
    pub fn listing_model(mut self, model: Arc<dyn ListingModel>) -> Self {
        self.listing_model = Some(model);
        self
    }

    /// Lets a model elsewhere write texts, for shops that have connected none of their own; each may use so many of its tokens
    /// in a month. What it writes is checked by the [listing model](Self::listing_model), which writes itself where that one
    /// does not.
    #[must_use]
    pub fn text_model(mut self, model: Arc<dyn TextModel>, tokens_per_month: i64) -> Self {
        self.text_model = Some(HostedWriter { model, tokens_per_month });
        self
    }

    /// Asks a model how the market moves.
    #[must_use]
    pub fn market_model(mut self, model: Arc<dyn MarketModel>) -> Self {
        self.market_model = Some(model);
        self
    }

    /// The engine.
    pub fn build(self) -> Engine {
        Engine(Arc::new(Inner {
            storage: self.storage,
            clock: self.clock,
            ids: IdSource::new(self.entropy),
            flights: Flights::default(),
            desk: dispatch::Desk::default(),
            channels: self.channels,
            providers: self.providers,
            carriers: self.carriers,
            demand_model: self.demand_model,
            services: self.services,
            vault: self.vault,
            public_url: self.public_url,
            courier: self.courier,
            webhook_waits: self.webhook_waits,
            jobs_per_tick: self.jobs_per_tick,
            open_accounts: OpenAccounts::default(),
            price_model: self.price_model,
            listing_model: self.listing_model,
            text_model: self.text_model,
            market_model: self.market_model,
        }))
    }
}

/// With whom an engine can speak: the names of its adapters.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Adapters {
    /// Kinds of channels.
    pub channels: Vec<String>,
    /// Payment providers.
    pub providers: Vec<String>,
    /// Carriers.
    pub carriers: Vec<String>,
    /// Services at which shops may have accounts.
    pub services: Vec<String>,
    /// The hosted model that writes texts for shops without one of their own.
    pub text_model: Option<String>,
}

/// What a new shop needs to know.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// What the shop is called.
    pub name: String,
    /// Where its first owner is reached.
    pub email: String,
    /// The currency of its books.
    pub currency: Currency,
    /// Decides to which business day an instant belongs.
    pub time_zone: Zone,
}

/// A shop that was just founded.
pub struct Founded {
    /// The shop, seen by its owner.
    pub shop: Shop,
    /// The owner's token. It is shown once: only its hash is kept.
    pub token: String,
}

/// Who came with a token, and to which shop it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credential {
    shop: ShopId,
    actor: Actor,
    expires_at: Option<Timestamp>,
}

impl Credential {
    /// The shop it belongs to.
    pub fn shop_id(&self) -> ShopId {
        self.shop
    }

    /// Who acts with it.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// When it stops working by itself.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }
}

impl Engine {
    /// An engine on a store, with the system's clock and randomness and no adapters yet.
    pub fn builder(storage: Arc<dyn Storage>) -> EngineBuilder {
        EngineBuilder {
            storage,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy::default()),
            channels: BTreeMap::new(),
            providers: BTreeMap::new(),
            carriers: BTreeMap::new(),
            demand_model: None,
            services: BTreeMap::new(),
            vault: None,
            public_url: None,
            courier: None,
            webhook_waits: WAITS.to_vec(),
            jobs_per_tick: dispatch::PER_TICK,
            price_model: None,
            listing_model: None,
            text_model: None,
            market_model: None,
        }
    }

    /// A shop of this store, seen by an actor. Whether the shop exists shows when something is asked of it.
    pub fn shop(&self, actor: Actor, shop: ShopId) -> Shop {
        Shop::new(self.0.clone(), actor, shop)
    }

    /// The shop a credential belongs to, seen by its owner.
    pub fn enter(&self, credential: &Credential) -> Shop {
        self.shop(credential.actor, credential.shop)
    }

    /// Founds a shop with its first owner, a first location and a token for the owner.
    pub fn found(&self, found: Found) -> Boxed<'_, Founded> {
        Box::pin(async move {
            check_text("name", &found.name, 200)?;
            check_email(&found.email)?;
            let (now, ids) = (self.0.clock.now(), &self.0.ids);
            let shop_id: ShopId = ids.next(now);
            let shop = accounts::Shop {
                id: shop_id,
                name: found.name,
                currency: found.currency,
                time_zone: found.time_zone,
                rounding: Rounding::default(),
                has_endpoints: false,
                version: 1,
                created_at: now,
            };
            let owner = Member {
                id: ids.next(now),
                email: found.email,
                role: Role::Owner,
                status: MemberStatus::Active,
                version: 1,
                created_at: now,
            };
            let home = Location {
                id: ids.next(now),
                name: "Home".into(),
                kind: LocationKind::Home,
                sellable: true,
                priority: 0,
                version: 1,
            };
            let token = token_from(ids.secret());
            let (hash, prefix) = fingerprint(&token).expect("a fresh token is well formed");
            let key = ApiKey {
                id: ids.next(now),
                name: "First owner".into(),
                member_id: owner.id,
                prefix,
                hash,
                role: Role::Owner,
                expires_at: None,
                revoked_at: None,
                version: 1,
                created_at: now,
            };
            let mut tx = self.0.storage.begin(Scope::Shop(shop_id)).await?;
            tx.add(&shop).await?;
            tx.add(&owner).await?;
            tx.add(&key).await?;
            tx.add(&home).await?;
            tx.commit().await?;
            let actor = Actor::Member { id: owner.id, role: Role::Owner };
            Ok(Founded { shop: self.shop(actor, shop_id), token })
        })
    }

    /// Who a token belongs to. Unknown, withdrawn and expired tokens are refused alike.
    pub fn authenticate<'a>(&'a self, token: &'a str) -> Boxed<'a, Credential> {
        Box::pin(async move {
            let refused = || {
                Error::new(
                    Kind::Unauthenticated,
                    "accounts.unauthenticated",
                    "the token is unknown or no longer valid",
                )
            };
            let (hash, _) = fingerprint(token).ok_or_else(refused)?;
            let mut tx = self.0.storage.read(Scope::System).await?;
            let (shop, key) = tx.work().key_by_hash(&hash).await?.ok_or_else(refused)?;
            drop(tx);
            if !key.is_live(self.0.clock.now()) {
                return Err(refused());
            }
            let mut tx = self.0.storage.read(Scope::Shop(shop)).await?;
            let member = tx.find::<Member>(key.member_id).await?.ok_or_else(refused)?;
            if member.status != MemberStatus::Active {
                return Err(refused());
            }
            // A key acts with no more than its member has today.
            let role = if member.role.may_grant(key.role) { key.role } else { member.role };
            Ok(Credential { shop, actor: Actor::Member { id: member.id, role }, expires_at: key.expires_at })
        })
    }

    /// Every shop's id.
    pub async fn shops(&self) -> Result<Vec<ShopId>> {
        self.0.storage.read(Scope::System).await?.work().shops().await
    }

    /// Whether the engine can work now.
    pub async fn ready(&self) -> Result<()> {
        self.0.storage.ready().await
    }

    /// The store, for backup and checks.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.0.storage
    }

    /// With whom this engine can speak.
    pub fn adapters(&self) -> Adapters {
        Adapters {
            channels: self.0.channels.keys().cloned().collect(),
            providers: self.0.providers.keys().cloned().collect(),
            carriers: self.0.carriers.keys().cloned().collect(),
            services: self.0.services.keys().cloned().collect(),
            text_model: self.0.text_model().map(|hosted| hosted.model.name()),
        }
    }

    /// The present instant, as the engine sees it.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}
