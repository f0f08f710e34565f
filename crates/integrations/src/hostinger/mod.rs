//! Hostinger: domains bought and kept, what their zones say, and as calls what else is rented there: sites, machines, shops.
//!
//! [`calls`] makes requests and sends nothing; [`Hostinger`] sends them, no faster than one a second, and reads the answers;
//! as a [`DomainHost`](baddie_core::hosting::DomainHost) and a [`ZoneHost`](baddie_core::hosting::ZoneHost) it is what the
//! engine speaks to.
//!
//! Hostinger knows no keys under which something is done once. So what costs money is sent once and never again: a builder
//! of such a call asks for an [`Agreed`](calls::Agreed) price, which can be had from the catalogue alone.

pub mod calls;
mod domains;
mod manners;
mod rented;
mod service;
mod text;
mod wire;
mod zones;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use baddie_core::hosting::HostError;
use serde::de::DeserializeOwned;

use crate::http::{Answer, Call, Cause, Connection, Failure, Http, Limits, Manners};
use crate::secret::Secret;

pub use rented::{
    Action, Build, BuildLog, DataCenter, Database, Firewall, FirewallRule, Machine, MachineSnapshot, Product,
    ProductMade, Project, SalesChannel, SalesChannels, ShopLine, ShopOrder, Store, Template, UploadUrl,
    Variant, Variants, Website,
};
pub use service::HostingerService;
pub use wire::{
    Availability, CatalogItem, CatalogPrice, DomainDetails, Done, Forwarding, Meta, One, Page, PaymentMethod,
    PortfolioDomain, PurchaseOrder, Snapshot, SnapshotWhole, Subscription, Transfer, Whois, ZoneEntry,
    ZoneValue,
};

use domains::Tried;
use manners::HostingerManners;

/// The name of the service.
pub const KIND: &str = "hostinger";

/// Where Hostinger is.
const BASE: &str = "https://developers.hostinger.com";

/// Who asks for more pages than this has lost its way.
const MOST_PAGES: u32 = 1_000;

/// What it takes to speak for an account.
#[derive(Debug, Clone)]
pub struct Config {
    /// The token of the account.
    pub token: Secret,
    /// Where to call; tests say elsewhere.
    pub base: String,
    /// How often and how long.
    pub limits: Limits,
}

impl Config {
    /// The account that this token opens.
    pub fn new(token: Secret) -> Self {
        // Who asks too fast too often is shut out for a while, so calls go one a second.
        let limits = Limits {
            attempt: Duration::from_secs(20),
            total: Duration::from_mins(1),
            every: Duration::from_secs(1),
            burst: 1,
            ..Limits::default()
        };
        Self { token, base: BASE.to_owned(), limits }
    }
}

/// An account at Hostinger.
pub struct Hostinger {
    http: Http,
    to: Connection,
    /// Domains that were asked for and not seen yet.
    tried: Mutex<BTreeMap<String, Tried>>,
}

impl Hostinger {
    /// Prepares to speak for an account; calls nobody yet.
    pub fn new(http: Http, config: &Config) -> Result<Self, Failure> {
        let to = Connection::new(Box::new(HostingerManners), &config.base, config.limits)?.credential(
            "authorization",
            "Bearer ",
            &config.token,
        )?;
        Ok(Self { http, to, tried: Mutex::default() })
    }

    /// Sends one of the [`calls`] and reads what is answered.
    pub async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<T, Failure> {
        let answer = self.http.send(&self.to, &call).await?;
        read(&answer).map_err(|failure| failure.in_doubt(call.changes()))
    }

    /// Asks for a list page by page, until all of it is there.
    pub async fn every<T: DeserializeOwned>(&self, page_of: impl Fn(u32) -> Call) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        for number in 1..=MOST_PAGES {
            let page: Page<T> = self.send(page_of(number)).await?;
            let empty = page.data.is_empty();
            all.extend(page.data);
            if empty || !page.meta.has_more() {
                return Ok(all);
            }
        }
        Err(Failure::new(KIND, Cause::Protocol, "the list does not end"))
    }
}

/// Reads an answer: what was asked for, or why there is nothing. Fields that we do not know are passed over; so are values
/// of enums, which are all texts here.
pub fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    HostingerManners.judge(answer)?;
    serde_json::from_slice(&answer.body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = format!("the answer is not what was agreed, at line {line} column {column}");
        Failure::new(KIND, Cause::Protocol, message)
    })
}

/// A failure in the engine's words.
fn told(failure: Failure) -> HostError {
    let reason = failure.to_string();
    match failure.cause {
        _ if failure.may_have_happened => HostError::Unknown { reason },
        Cause::RateLimited { retry_after } => {
            HostError::RateLimited { wait: retry_after.unwrap_or_default() }
        }
        Cause::NotFound => HostError::NotThere { reason },
        Cause::Auth
        | Cause::Permission
        | Cause::Validation { .. }
        | Cause::Conflict
        | Cause::Declined { .. } => HostError::Refused { reason },
        Cause::Unavailable | Cause::Timeout | Cause::Protocol => HostError::Unavailable { reason },
    }
}
