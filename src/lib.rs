#![doc = include_str!("../README.md")]

mod config;
pub mod guide;
mod open;
pub mod operations;

#[cfg(feature = "ai")]
pub use baddie_ai as ai;
pub use baddie_core::accounts::{Actor, Permission, Role};
pub use baddie_core::engine::verify::{Verdict, Violation};
pub use baddie_core::engine::{
    Adapters, Away, Command, Credential, Errand, Found, Founded, Look, OrderView, Query, Shop, TickReport,
    Work,
};
pub use baddie_core::error::{Error, Fault, Kind, Result, Retry};
pub use baddie_core::money::{Currency, Money, Ppm};
pub use baddie_core::page::{Page, PageRequest};
pub use baddie_core::{clock, entity, error, ids, money, outbox, page};
pub use baddie_integrations as integrations;
pub use config::Config;
#[cfg(feature = "openai")]
pub use config::HostedModel;
#[cfg(any(feature = "shopify", feature = "webflow"))]
pub use config::KnownApp;
#[cfg(feature = "stripe")]
pub use config::StripeAccount;
#[cfg(feature = "http")]
pub use config::{Connections, Webhooks};
pub use open::{Builder, Engine};

/// How everything is kept: the contract of a store, and the stores that fulfil it.
pub mod storage {
    pub use baddie_core::storage::*;
    pub use baddie_storage::connect;
    #[cfg(feature = "memory")]
    pub use baddie_storage::memory;
    #[cfg(feature = "postgres")]
    pub use baddie_storage::{open_postgres, postgres};
    #[cfg(feature = "sqlite")]
    pub use baddie_storage::{open_sqlite, sqlite};
}

/// Whether a restored copy of a shop may speak.
pub mod arming {
    pub use baddie_core::engine::arming::*;
}

/// Taking in what was kept elsewhere.
pub mod imports {
    pub use baddie_core::engine::imports::*;
}

/// A domain in one room: its types and rules from the ground, its use cases from the engine.
macro_rules! domains {
    ($($(#[$doc:meta])* $domain:ident;)*) => {$(
        $(#[$doc])*
        pub mod $domain {
            pub use baddie_core::$domain::*;
            pub use baddie_core::engine::$domain::*;
        }
    )*};
}

domains! {
    /// The shop, its members and their keys.
    accounts;
    /// What is sold: products, variants, one-of-a-kind items, media.
    catalog;
    /// Where it lies and how much of it is there.
    inventory;
    /// From whom it is bought.
    purchasing;
    /// What it should cost.
    pricing;
    /// Where it is offered.
    listings;
    /// Who buys it.
    orders;
    /// How the money comes in.
    payments;
    /// How it reaches the buyer, and comes back.
    shipping;
    /// Accounts at services.
    connections;
    /// Who is told what happens.
    webhooks;
    /// Where it is found on the net: sites, domains, and what runs on machines of others.
    hosting;
    /// The books.
    ledger;
    /// What the numbers say.
    insights;
    /// What was done, and what is still to be done.
    journal;
}
