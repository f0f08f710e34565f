//! From settings to an engine: picks the store and the adapters.

use std::ops::Deref;
use std::sync::Arc;

use baddie_core::clock::{Clock, Entropy, SystemClock};
use baddie_core::engine;
use baddie_core::insights::DemandModel;
use baddie_core::listings::SalesChannel;
use baddie_core::payments::PaymentProvider;
use baddie_core::shipping::Carrier;
use baddie_core::storage::Storage;
use baddie_integrations::manual;
#[cfg(feature = "sandbox")]
use baddie_integrations::sandbox::{self, Sandbox};

use crate::{Config, Result};

/// The engine, assembled. Cheap to clone; what it can do is said by the [engine of the core](engine::Engine) that it
/// stands for.
#[derive(Clone)]
pub struct Engine(engine::Engine);

impl Engine {
    /// Opens the store at `url`, or makes it: `sqlite://shop.db`, or `memory:`.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(&Config::on(url)).await
    }

    /// Opens the store that the settings name, with the adapters that need no account anywhere and, with the feature
    /// `ai`, the models.
    pub async fn open_with(config: &Config) -> Result<Self> {
        let storage = baddie_storage::connect(&config.database, SystemClock.now()).await?;
        let builder = Self::builder(storage).channel(manual::KIND, Arc::new(manual::Manual));
        #[cfg(feature = "ai")]
        let builder = builder.demand_model(Arc::new(baddie_ai::Advisor::default()));
        Ok(builder.build())
    }

    /// An engine on a store of one's own, to be given adapters, or another clock.
    pub fn builder(storage: Arc<dyn Storage>) -> Builder {
        Builder(engine::Engine::builder(storage))
    }
}

impl Deref for Engine {
    type Target = engine::Engine;

    fn deref(&self) -> &engine::Engine {
        &self.0
    }
}

/// Puts an [`Engine`] together.
#[must_use]
pub struct Builder(engine::EngineBuilder);

impl Builder {
    /// Reads the time from another clock.
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        Self(self.0.clock(clock))
    }

    /// Takes chance from another source.
    pub fn entropy(self, entropy: Arc<dyn Entropy>) -> Self {
        Self(self.0.entropy(entropy))
    }

    /// Speaks to channels of this kind through an adapter.
    pub fn channel(self, kind: impl Into<String>, adapter: Arc<dyn SalesChannel>) -> Self {
        Self(self.0.channel(kind, adapter))
    }

    /// Moves money of this name through an adapter.
    pub fn provider(self, name: impl Into<String>, adapter: Arc<dyn PaymentProvider>) -> Self {
        Self(self.0.provider(name, adapter))
    }

    /// Buys labels of this name through an adapter.
    pub fn carrier(self, name: impl Into<String>, adapter: Arc<dyn Carrier>) -> Self {
        Self(self.0.carrier(name, adapter))
    }

    /// Asks a model what will sell and what to buy: after the end of each day, and when told to.
    pub fn demand_model(self, model: Arc<dyn DemandModel>) -> Self {
        Self(self.0.demand_model(model))
    }

    /// Sells in a pretend world: its marketplaces, its bank and its carrier are all called `sandbox`.
    #[cfg(feature = "sandbox")]
    pub fn sandbox(self, world: &Sandbox) -> Self {
        self.channel(sandbox::KIND, Arc::new(world.marketplaces()))
            .provider(sandbox::KIND, Arc::new(world.bank()))
            .carrier(sandbox::KIND, Arc::new(world.post()))
    }

    /// The engine.
    pub fn build(self) -> Engine {
        Engine(self.0.build())
    }
}
