//! From settings to an engine: picks the store and the adapters.

use std::ops::Deref;
use std::sync::Arc;
#[cfg(feature = "http")]
use std::time::Duration;

use baddie_core::clock::{Clock, Entropy, SystemClock};
use baddie_core::engine;
use baddie_core::insights::{DemandModel, MarketModel};
use baddie_core::listings::{ListingModel, SalesChannel};
use baddie_core::payments::PaymentProvider;
use baddie_core::pricing::PriceModel;
use baddie_core::shipping::Carrier;
use baddie_core::storage::Storage;
#[cfg(feature = "framer")]
use baddie_integrations::framer;
#[cfg(feature = "hostinger")]
use baddie_integrations::hostinger;
use baddie_integrations::manual;
#[cfg(feature = "openai")]
use baddie_integrations::openai;
#[cfg(feature = "railway")]
use baddie_integrations::railway;
#[cfg(feature = "sandbox")]
use baddie_integrations::sandbox::{self, Sandbox};
#[cfg(feature = "shopify")]
use baddie_integrations::shopify;
#[cfg(feature = "stripe")]
use baddie_integrations::stripe;
#[cfg(feature = "webflow")]
use baddie_integrations::webflow;
#[cfg(feature = "http")]
use baddie_integrations::{courier, http, secret::Secret, vault::Envelope};

#[cfg(feature = "openai")]
use crate::HostedModel;
#[cfg(feature = "stripe")]
use crate::StripeAccount;
use crate::{Config, Result};
#[cfg(feature = "http")]
use crate::{Connections, Error, Webhooks};

/// The engine, assembled. Cheap to clone; what it can do is said by the [engine of the core](engine::Engine) that it
/// stands for.
#[derive(Clone)]
pub struct Engine(engine::Engine);

impl Engine {
    /// Opens the store at `url`, or makes it: `sqlite://shop.db`, or `memory:`.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(&Config::on(url)).await
    }

    /// Opens the store that the settings name, with the adapters that need no account anywhere, those whose account the
    /// settings name and, with the feature `ai`, the models.
    pub async fn open_with(config: &Config) -> Result<Self> {
        let storage = baddie_storage::connect(&config.database, SystemClock.now()).await?;
        let builder = Self::builder(storage).channel(manual::KIND, Arc::new(manual::Manual));
        #[cfg(feature = "ai")]
        let builder = builder.models();
        #[cfg(feature = "stripe")]
        let builder = match &config.stripe {
            Some(account) => builder.stripe(account, &config.outgoing)?,
            None => builder,
        };
        #[cfg(feature = "http")]
        let builder = builder.vault(&config.connections)?.webhooks(&config.webhooks, &config.outgoing)?;
        #[cfg(any(
            feature = "stripe",
            feature = "shopify",
            feature = "webflow",
            feature = "framer",
            feature = "hostinger",
            feature = "railway",
            feature = "openai"
        ))]
        let builder = builder.connections(&config.connections, &config.outgoing)?;
        #[cfg(feature = "openai")]
        let builder = builder.text_model(&config.text_model, &config.outgoing)?;
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

    /// Asks a model what to charge.
    pub fn price_model(self, model: Arc<dyn PriceModel>) -> Self {
        Self(self.0.price_model(model))
    }

    /// Asks a model how to list things.
    pub fn listing_model(self, model: Arc<dyn ListingModel>) -> Self {
        Self(self.0.listing_model(model))
    }

    /// Asks a model how the market moves.
    pub fn market_model(self, model: Arc<dyn MarketModel>) -> Self {
        Self(self.0.market_model(model))
    }

    /// Asks the models of [`crate::ai`] about all that a model can be asked.
    #[cfg(feature = "ai")]
    pub fn models(self) -> Self {
        let models = Arc::new(baddie_ai::Advisor::default());
        let builder = self.demand_model(models.clone()).price_model(models.clone());
        builder.listing_model(models.clone()).market_model(models)
    }

    /// Sells in a pretend world: its marketplaces, its bank and its carrier are all called `sandbox`.
    #[cfg(feature = "sandbox")]
    pub fn sandbox(self, world: &Sandbox) -> Self {
        self.channel(sandbox::KIND, Arc::new(world.marketplaces()))
            .provider(sandbox::KIND, Arc::new(world.bank()))
            .carrier(sandbox::KIND, Arc::new(world.post()))
    }

    /// Moves money through an account at Stripe, as the provider `stripe`. Nobody is called yet, so a wrong key is seen when
    /// money is to move.
    #[cfg(feature = "stripe")]
    pub fn stripe(self, account: &StripeAccount, outgoing: &http::Settings) -> Result<Self> {
        let key = read_secret("stripe.key_file", &account.key_file)?;
        let mut settings = stripe::Config::new(key);
        settings.account.clone_from(&account.account);
        if let Some(base) = &account.base {
            settings.base.clone_from(base);
        }
        let http = http::Http::new(outgoing, http::Means::default())?;
        Ok(self.provider(stripe::KIND, Arc::new(stripe::Stripe::new(http, &settings)?)))
    }

    /// Lets shops connect to accounts of their own at the services that are built in.
    #[cfg(any(
        feature = "stripe",
        feature = "shopify",
        feature = "webflow",
        feature = "framer",
        feature = "hostinger",
        feature = "railway",
        feature = "openai"
    ))]
    pub fn connections(self, settings: &Connections, outgoing: &http::Settings) -> Result<Self> {
        let http = http::Http::new(outgoing, http::Means::default())?;
        let builder = match settings.public_url.as_str() {
            "" => self.0,
            here if here.starts_with("https://") => self.0.public_url(here),
            odd => {
                let remedy = "services deliver by https only: give an address such as https://shop.example";
                return Err(Error::invalid("connections.public_url", format!("{odd:?}"), remedy));
            }
        };
        #[cfg(feature = "stripe")]
        let builder = {
            let service = stripe::StripeService::new(http.clone(), elsewhere(&settings.stripe_base));
            builder.service(stripe::KIND, Arc::new(service))
        };
        #[cfg(feature = "shopify")]
        let builder = {
            let mut service = shopify::ShopifyService::new(http.clone(), elsewhere(&settings.shopify_base));
            if let Some(app) = &settings.shopify_app {
                let client_secret =
                    read_secret("connections.shopify_app.secret_file", app.secret_file.as_ref())?;
                service =
                    service.app(shopify::access::App { client_id: app.client_id.clone(), client_secret });
            }
            builder.service(shopify::KIND, Arc::new(service))
        };
        #[cfg(feature = "webflow")]
        let builder = {
            let mut service = webflow::WebflowService::new(http.clone(), elsewhere(&settings.webflow_base));
            if let Some(app) = &settings.webflow_app {
                let client_secret =
                    read_secret("connections.webflow_app.secret_file", app.secret_file.as_ref())?;
                service =
                    service.app(webflow::access::App { client_id: app.client_id.clone(), client_secret });
            }
            builder.service(webflow::KIND, Arc::new(service))
        };
        #[cfg(feature = "framer")]
        let builder = {
            let service = framer::FramerService::new(http.clone(), elsewhere(&settings.framer_base));
            builder.service(framer::KIND, Arc::new(service))
        };
        #[cfg(feature = "hostinger")]
        let builder = {
            let service = hostinger::HostingerService::new(http.clone(), elsewhere(&settings.hostinger_base));
            builder.service(hostinger::KIND, Arc::new(service))
        };
        #[cfg(feature = "railway")]
        let builder = {
            let service = railway::RailwayService::new(http.clone(), elsewhere(&settings.railway_base));
            builder.service(railway::KIND, Arc::new(service))
        };
        #[cfg(feature = "openai")]
        let builder = builder.service(openai::KIND, Arc::new(openai::OpenAiService::new(http.clone())));
        Ok(Self(builder))
    }

    /// Seals credentials and the secrets of endpoints under the master keys that the settings name; without any, there can
    /// be neither.
    #[cfg(feature = "http")]
    pub fn vault(self, settings: &Connections) -> Result<Self> {
        if settings.master_key_file.is_empty() {
            return Ok(self);
        }
        let masters = read_secret("connections.master_key_file", settings.master_key_file.as_ref())?;
        Ok(Self(self.0.vault(Arc::new(Envelope::new(&masters)?))))
    }

    /// Tells the endpoints of shops what happens, by Standard Webhooks.
    #[cfg(feature = "http")]
    pub fn webhooks(self, settings: &Webhooks, outgoing: &http::Settings) -> Result<Self> {
        let http = http::Http::new(outgoing, http::Means::default())?;
        let courier = courier::Post::new(http).within(Duration::from_millis(settings.answer_ms));
        let waits = settings.waits_ms.iter().copied().map(Duration::from_millis).collect();
        Ok(Self(self.0.courier(Arc::new(courier)).webhook_waits(waits)))
    }

    /// Lets a model elsewhere write texts of listings, where the settings name one, for shops that have connected none of their
    /// own. Nobody is called yet.
    #[cfg(feature = "openai")]
    pub fn text_model(self, settings: &HostedModel, outgoing: &http::Settings) -> Result<Self> {
        if settings.model.is_empty() {
            return Ok(self);
        }
        let key = match settings.key_file.as_str() {
            "" => None,
            file => Some(read_secret("text_model.key_file", file.as_ref())?),
        };
        let mut config = openai::Config::new(&settings.model, key);
        config.answer_tokens = settings.answer_tokens;
        if !settings.base.is_empty() {
            config.base.clone_from(&settings.base);
        }
        let http = http::Http::new(outgoing, http::Means::default())?;
        let model = Arc::new(openai::OpenAi::new(http, &config)?);
        Ok(Self(self.0.text_model(model, settings.tokens_per_month)))
    }

    /// The engine.
    pub fn build(self) -> Engine {
        Engine(self.0.build())
    }
}

/// Where to call instead of a service itself, if anywhere.
#[cfg(any(
    feature = "stripe",
    feature = "shopify",
    feature = "webflow",
    feature = "framer",
    feature = "hostinger",
    feature = "railway"
))]
fn elsewhere(base: &str) -> Option<&str> {
    Some(base).filter(|base| !base.is_empty())
}

/// A secret that lies in a file of its own.
#[cfg(feature = "http")]
fn read_secret(setting: &'static str, file: &std::path::Path) -> Result<Secret> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let remedy = "name a file that can be read and holds the secret";
        Error::invalid(setting, file.display(), remedy).caused_by(error)
    })?;
    Ok(Secret::new(text))
}
