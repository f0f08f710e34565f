//! Webflow, through its Data API: products offered and ended, their quantities set, orders heard of; and collections that
//! show what a shop sells.
//!
//! [`calls`] makes requests and sends nothing; [`Webflow`] sends them and reads the answers; as a
//! [`SalesChannel`](baddie_core::listings::SalesChannel) and a [`SitePublisher`](baddie_core::hosting::SitePublisher) it is
//! what the engine speaks to.
//!
//! Webflow knows no keys under which a thing is done once. So whatever is made carries our name: a product in its part of
//! an address, an item of a collection in a field of its own; and before anything is made, it is looked for.

pub mod access;
pub mod calls;
mod channel;
mod ground;
mod import;
mod manners;
mod parcels;
mod pull;
mod refund;
mod service;
mod showcase;
mod wire;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::http::{Answer, Call, Cause, Connection, Failure, Http, Limits, Manners};
use crate::secret::Secret;

pub use ground::{Ground, Settings};
pub use import::imported;
pub use service::WebflowService;
pub use wire::{
    Address, Amount, Authorization, Bought, Collection, Collections, CustomerInfo, Domains, ExtraAmount,
    Field, Introspection, Inventory, Item, Items, Order, Orders, Paging, Places, Product, ProductFields,
    Products, ShopSettings, Site, SiteDomain, Sites, Sku, SkuFields, Stocked, Totals,
};

use manners::WebflowManners;

/// The kind of channel, and the name of the service.
pub const KIND: &str = "webflow";

/// Where Webflow is.
const BASE: &str = "https://api.webflow.com/v2";

/// What a token must be granted for all of the [`calls`].
pub const SCOPES: &[&str] = &[
    "sites:read",
    "sites:write",
    "cms:read",
    "cms:write",
    "ecommerce:read",
    "ecommerce:write",
    "assets:write",
];

/// How long to wait where Webflow has had too many calls and does not say: it counts them by the minute.
const MINUTE: Duration = Duration::from_mins(1);

/// What it takes to speak for an account.
#[derive(Debug, Clone)]
pub struct Config {
    /// The token: a site's own, or one that a program was granted.
    pub token: Secret,
    /// Where to call; tests say elsewhere.
    pub base: String,
    /// How often and how long.
    pub limits: Limits,
}

impl Config {
    /// The account that this token opens.
    pub fn new(token: Secret) -> Self {
        // The smallest plan is answered sixty times a minute; and what is done to a listing takes several calls, which the
        // engine does not wait for for ever.
        let limits = Limits {
            attempt: Duration::from_secs(10),
            total: Duration::from_secs(25),
            every: Duration::from_secs(1),
            ..Limits::default()
        };
        Self { token, base: BASE.to_owned(), limits }
    }
}

/// An account at Webflow: one site, or several.
pub struct Webflow {
    http: Http,
    to: Connection,
    grounds: Mutex<BTreeMap<Settings, Ground>>,
    /// What its deliveries are signed with.
    signing: Option<Secret>,
}

impl Webflow {
    /// Prepares to speak for an account; calls nobody yet.
    pub fn new(http: Http, config: &Config) -> Result<Self, Failure> {
        let to = Connection::new(Box::new(WebflowManners), &config.base, config.limits)?.credential(
            "authorization",
            "Bearer ",
            &config.token,
        )?;
        Ok(Self { http, to, grounds: Mutex::default(), signing: None })
    }

    /// Sends one of the [`calls`] and reads what is answered.
    pub async fn send<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Failure> {
        let answer = self.http.send(&self.to, call).await?;
        read(&answer).map_err(|failure| failure.in_doubt(call.method() != "GET"))
    }

    /// Sends one of the [`calls`] that are answered with nothing, or with what is read elsewhere.
    pub async fn tell(&self, call: &Call) -> Result<(), Failure> {
        self.http.send(&self.to, call).await.map(drop)
    }
}

/// Reads an answer: what was asked for, or why there is nothing. Fields that we do not know are passed over; so are values
/// of enums, which are all texts here.
pub fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    WebflowManners.judge(answer)?;
    serde_json::from_slice(&answer.body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = format!("the answer is not what was agreed, at line {line} column {column}");
        Failure::new(KIND, Cause::Protocol, message).of_request(answer.header("x-request-id"))
    })
}
