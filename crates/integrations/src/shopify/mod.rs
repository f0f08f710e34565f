//! Shopify, through its Admin API (GraphQL): products shown and ended, their quantities kept in step, orders heard of.
//!
//! [`calls`] makes requests and sends nothing; [`Shopify`] sends them, within what Shopify allows a program to ask for
//! ([its points](https://shopify.dev/docs/api/usage/limits)), and reads the answers; as a
//! [`SalesChannel`](baddie_core::listings::SalesChannel) it is what the engine speaks to.
//!
//! A listing is a product with one variant. It carries the shop's own name for the listing in a metafield of which Shopify
//! sees to it that no two products share it, so what was answered or not can be looked up, whatever becomes of titles and
//! addresses. Quantities are compared and set: what was sold there meanwhile is not put on offer again.

pub mod access;
mod amount;
mod budget;
pub mod calls;
mod channel;
mod goods;
mod ground;
mod manners;
mod parcels;
mod pictures;
mod plain;
mod pull;
mod refund;
mod service;
mod wire;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::http::{Answer, Cause, Connection, Failure, Http, Limits, Manners, Repeat};
use crate::secret::Secret;

pub use goods::goods_in;
pub use ground::{Ground, Settings};
pub use pull::imported;
pub use service::ShopifyService;
pub use wire::{
    Assessment, Customer, Level, Line, Moneys, Node, Note, Order, Page, PageInfo, Product, Risk, ShopSeen,
    ShopifyMoney, Tax, Variant,
};

use budget::Budget;
use calls::Ask;
use manners::ShopifyManners;

/// The kind of channel, and the name of the service.
pub const KIND: &str = "shopify";

/// The version of the API that all of this is written for; Shopify serves it for a year at least.
pub const VERSION: &str = "2026-10";

/// What a token must be granted for all of the [`calls`]. To read comes with to write.
pub const SCOPES: &[&str] = &[
    "write_products",
    "write_inventory",
    "read_locations",
    "write_publications",
    "read_orders",
    "write_orders",
    "write_customers",
    "write_files",
    "write_merchant_managed_fulfillment_orders",
];

/// The longest that a question is held back; for more points than come together in that time, the caller waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// What it takes to speak for a shop.
#[derive(Debug, Clone)]
pub struct Config {
    /// The shop, `something.myshopify.com`.
    pub shop: String,
    /// The token, `shpat_…`.
    pub token: Secret,
    /// Where to call instead of the shop itself; tests say so.
    pub base: Option<String>,
    /// How often and how long.
    pub limits: Limits,
}

impl Config {
    /// The shop that this token opens.
    pub fn new(shop: impl Into<String>, token: Secret) -> Self {
        // What is done to a listing takes several calls, and the engine does not wait for ever.
        let limits =
            Limits { attempt: Duration::from_secs(10), total: Duration::from_secs(25), ..Limits::default() };
        Self { shop: shop.into(), token, base: None, limits }
    }

    /// Where calls go.
    fn base(&self) -> String {
        self.base.clone().unwrap_or_else(|| format!("https://{}", self.shop))
    }
}

/// A shop at Shopify.
pub struct Shopify {
    http: Http,
    to: Connection,
    shop: String,
    budget: Budget,
    grounds: Mutex<BTreeMap<Settings, Ground>>,
    /// What its deliveries are signed with.
    signing: Option<Secret>,
    /// How its next token is had, where this one expires.
    next: Option<service::Next>,
}

/// An answer that went well: the one thing that was asked for, under its name.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Wrapped<T> {
    data: BTreeMap<String, T>,
}

impl Shopify {
    /// Prepares to speak for a shop; calls nobody yet.
    pub fn new(http: Http, config: &Config) -> Result<Self, Failure> {
        if !is_shop(&config.shop) {
            let field = Some("shop".to_owned());
            return Err(Failure::new(
                KIND,
                Cause::Validation { field },
                "the shop is named by its own address, something.myshopify.com",
            ));
        }
        let to = Connection::new(Box::new(ShopifyManners), &config.base(), config.limits)?.credential(
            "x-shopify-access-token",
            "",
            &config.token,
        )?;
        Ok(Self {
            http,
            to,
            shop: config.shop.clone(),
            budget: Budget::default(),
            grounds: Mutex::default(),
            signing: None,
            next: None,
        })
    }

    /// Sends one of the [`calls`], when there are points for it, and reads what is answered.
    pub async fn ask<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, Failure> {
        let name = ask.document.name;
        let turn = self.budget.take(name, self.http.clock().now());
        if turn.wait > PATIENCE {
            let cause = Cause::RateLimited { retry_after: Some(turn.wait) };
            return Err(Failure::new(KIND, cause, "the shop has no points left for it now"));
        }
        self.http.rest(turn.wait).await;
        let answer = self.http.send(&self.to, &ask.call()).await?;
        if let Some(cost) = budget::cost_of(&answer) {
            self.budget.note(name, cost, self.http.clock().now());
        }
        let changes = ask.repeat != Repeat::Freely;
        read(&answer).map_err(|failure| failure.in_doubt(changes))
    }
}

/// Reads an answer: what was asked for, or why there is nothing. Fields that we do not know are passed over; so are values
/// of enums, which are all texts here.
pub fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    ShopifyManners.judge(answer)?;
    let wrong = |what: &str| {
        let message = format!("the answer is not what was agreed{what}");
        Failure::new(KIND, Cause::Protocol, message).of_request(answer.header("x-request-id"))
    };
    let wrapped: Wrapped<T> = serde_json::from_slice(&answer.body)
        .map_err(|error| wrong(&format!(", at line {} column {}", error.line(), error.column())))?;
    wrapped.data.into_values().next().ok_or_else(|| wrong(": it holds nothing"))
}

/// Whether this is the address of a shop, and nothing else: a token is sent there.
pub fn is_shop(name: &str) -> bool {
    let own = name.strip_suffix(".myshopify.com").unwrap_or_default();
    let letter = |byte: u8| byte.is_ascii_alphanumeric();
    own.len() <= 63
        && own.bytes().next().is_some_and(letter)
        && own.bytes().all(|byte| letter(byte) || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_is_named_by_its_own_address_alone() {
        for good in ["a.myshopify.com", "The-Shop-2.myshopify.com"] {
            assert!(is_shop(good), "{good}");
        }
        for bad in [
            "",
            ".myshopify.com",
            "-a.myshopify.com",
            "a.b.myshopify.com",
            "a.myshopify.com.evil.example",
            "evil.example/a.myshopify.com",
            "a.myshopify.com/",
            "a@b.myshopify.com",
            "a.myshopify.org",
            "ä.myshopify.com",
        ] {
            assert!(!is_shop(bad), "{bad}");
        }
    }
}
