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
    #[cfg(feature = "stripe")]
    pub connections: Connections,
    /// Where calls may go beside the public internet.
    #[cfg(feature = "stripe")]
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
#[cfg(feature = "stripe")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Connections {
    /// The file that holds the master keys under which credentials are sealed: base64 of 32 bytes in each line
    /// (`openssl rand -base64 32`), the newest first. Empty: nothing can be connected.
    pub master_key_file: String,
    /// Where to call instead of Stripe itself, such as a pretend one; empty for Stripe itself.
    pub stripe_base: String,
}

impl Config {
    /// The usual settings on this database.
    pub fn on(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            #[cfg(feature = "stripe")]
            stripe: None,
            #[cfg(feature = "stripe")]
            connections: Connections::default(),
            #[cfg(feature = "stripe")]
            outgoing: baddie_integrations::http::Settings::default(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::on("sqlite://baddie.db")
    }
}
