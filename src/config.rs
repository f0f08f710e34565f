//! What can be set, the same from TOML, from C and from Python.

use serde::{Deserialize, Serialize};

/// How to open an engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept: `sqlite://FILE`, `postgres://user:password@host/database`, or `memory:` to forget it all
    /// at the end.
    pub database: String,
    /// The account at Stripe through which the provider `stripe` moves money.
    #[cfg(feature = "stripe")]
    pub stripe: Option<StripeAccount>,
    /// How shops may connect to accounts at services.
    #[cfg(feature = "http")]
    pub connections: Connections,
    /// How endpoints of shops are told what happens.
    #[cfg(feature = "http")]
    pub webhooks: Webhooks,
    /// The model elsewhere that writes texts of listings.
    #[cfg(feature = "openai")]
    pub text_model: HostedModel,
    /// Where calls may go beside the public internet.
    #[cfg(feature = "http")]
    pub outgoing: baddie_integrations::http::Settings,
}

/// An account at Stripe.
#[cfg(feature = "stripe")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StripeAccount {
    /// The file that holds the secret key and nothing else. The key itself never stands among settings, which are shown.
    pub key_file: std::path::PathBuf,
    /// The connected account that is meant, `acct_…`; the key's own when absent.
    #[serde(default)]
    pub account: Option<String>,
    /// Where to call instead of Stripe itself, such as a pretend one.
    #[serde(default)]
    pub base: Option<String>,
}

/// How shops may connect to accounts at services by themselves.
#[cfg(feature = "http")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Connections {
    /// The file that holds the master keys under which credentials and the secrets of webhooks are sealed: base64 of 32
    /// bytes in each line (`openssl rand -base64 32`), the newest first. Empty: nothing can be connected, and nobody told.
    pub master_key_file: String,
    /// Where services reach this server from outside, such as `https://shop.example`; what happens there is then delivered
    /// here, and not only fetched every few minutes. Empty: nothing is delivered but what somebody set up by hand.
    pub public_url: String,
    /// Where to call instead of Stripe itself, such as a pretend one; empty for Stripe itself.
    #[cfg(feature = "stripe")]
    pub stripe_base: String,
    /// Where to call instead of Hostinger itself, such as a pretend one; empty for Hostinger.
    #[cfg(feature = "hostinger")]
    pub hostinger_base: String,
    /// Where to call instead of Railway itself, such as a pretend one; empty for Railway.
    #[cfg(feature = "railway")]
    pub railway_base: String,
    /// Where to call instead of the shops at Shopify, such as a pretend one; empty for the shops themselves.
    #[cfg(feature = "shopify")]
    pub shopify_base: String,
    /// This program, as Shopify knows it, so that owners of shops can let it in over there (`integrations.authorise`).
    #[cfg(feature = "shopify")]
    pub shopify_app: Option<KnownApp>,
    /// Where to call instead of Webflow itself, such as a pretend one; empty for Webflow itself.
    #[cfg(feature = "webflow")]
    pub webflow_base: String,
    /// This program, as Webflow knows it, so that owners of sites can let it in over there (`integrations.authorise`).
    #[cfg(feature = "webflow")]
    pub webflow_app: Option<KnownApp>,
    /// Where to call instead of Framer itself, such as a pretend one; empty for Framer itself.
    #[cfg(feature = "framer")]
    pub framer_base: String,
}

/// This program, as a service knows it.
#[cfg(any(feature = "shopify", feature = "webflow"))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownApp {
    /// Its name there.
    pub client_id: String,
    /// The file that holds what it proves itself with, and nothing else.
    pub secret_file: String,
}

/// How endpoints of shops are told what happens.
#[cfg(feature = "http")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// How many milliseconds to wait after each try that failed; after the last the delivery is given up.
    pub waits_ms: Vec<u64>,
    /// How many milliseconds an endpoint may take to answer.
    pub answer_ms: u64,
}

#[cfg(feature = "http")]
impl Default for Webhooks {
    fn default() -> Self {
        let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            waits_ms: baddie_core::webhooks::WAITS.map(millis).to_vec(),
            answer_ms: millis(baddie_integrations::courier::TIME),
        }
    }
}

/// A model elsewhere that speaks OpenAI's chat completions.
#[cfg(feature = "openai")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostedModel {
    /// Which model, as its host calls it; empty: none, and the engine's own writer writes everything.
    pub model: String,
    /// Where it is, up to the version, such as `http://127.0.0.1:8000/v1`; empty for OpenAI itself.
    pub base: String,
    /// The file that holds the key and nothing else; empty where none is needed.
    pub key_file: String,
    /// How many tokens each shop may use in a calendar month, asking and answering.
    pub tokens_per_month: i64,
    /// How many tokens one answer may take.
    pub answer_tokens: i64,
}

#[cfg(feature = "openai")]
impl Default for HostedModel {
    fn default() -> Self {
        Self {
            model: String::new(),
            base: String::new(),
            key_file: String::new(),
            tokens_per_month: baddie_integrations::openai::TOKENS_PER_MONTH,
            answer_tokens: baddie_integrations::openai::ANSWER_TOKENS,
        }
    }
}

impl Config {
    /// The usual settings on this database.
    pub fn on(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            #[cfg(feature = "stripe")]
            stripe: None,
            #[cfg(feature = "http")]
            connections: Connections::default(),
            #[cfg(feature = "http")]
            webhooks: Webhooks::default(),
            #[cfg(feature = "openai")]
            text_model: HostedModel::default(),
            #[cfg(feature = "http")]
            outgoing: baddie_integrations::http::Settings::default(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::on("sqlite://baddie.db")
    }
}
