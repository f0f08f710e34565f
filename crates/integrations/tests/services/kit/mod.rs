//! What every adapter is tested with.

#[cfg(any(feature = "stripe", feature = "shopify", feature = "webflow", feature = "framer"))]
pub(crate) mod canary;
#[cfg(any(feature = "stripe", feature = "openai", feature = "webflow", feature = "hostinger"))]
pub(crate) mod form;
#[cfg(any(feature = "shopify", feature = "railway"))]
pub(crate) mod graphql;
#[cfg(any(feature = "stripe", feature = "openai", feature = "webflow", feature = "hostinger"))]
pub(crate) mod openapi;
pub(crate) mod server;
pub(crate) mod specs;
#[cfg(any(feature = "stripe", feature = "shopify", feature = "webflow"))]
pub(crate) mod telling;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::{Clock, SystemEntropy};
use baddie_core::testing::FixedClock;
use baddie_integrations::http::{Http, Means, Settings};
use baddie_integrations::sleeper::Sleeper;

/// Waits by moving the clock on, so that waiting costs no time.
pub(crate) struct Wind(pub(crate) FixedClock);

#[async_trait]
impl Sleeper for Wind {
    async fn sleep(&self, time: Duration) {
        self.0.advance(time);
    }
}

/// A client that may call this machine, on a clock of its own.
pub(crate) fn http(clock: &FixedClock) -> Http {
    let settings = Settings { allow: vec!["127.0.0.0/8".parse().unwrap()], ..Settings::default() };
    Http::new(&settings, means(clock)).expect("a client can be made")
}

/// The clock, and waits that move it.
pub(crate) fn means(clock: &FixedClock) -> Means {
    let told: Arc<dyn Clock> = Arc::new(clock.clone());
    let entropy = Arc::new(SystemEntropy::default());
    Means { clock: told, entropy, sleeper: Arc::new(Wind(clock.clone())) }
}
