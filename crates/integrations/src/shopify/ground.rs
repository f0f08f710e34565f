//! Where in a shop we are: the place whose goods are counted, and where products are shown.

use std::sync::PoisonError;

use baddie_core::listings::{Channel, ChannelError};
use baddie_core::money::Currency;
use serde::{Deserialize, Serialize};

use super::wire::{Location, Page, Publication};
use super::{KIND, ShopSeen, Shopify, calls};
use crate::http::{Cause, Failure};

/// What a channel's settings may say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The place whose goods are sold, `gid://shopify/Location/…`; the first from which online orders are sent, when absent.
    pub location: Option<String>,
    /// Where things are shown, `gid://shopify/Publication/…`; the online store, when absent.
    pub publication: Option<String>,
    /// Whether to ask who bought, which takes Shopify's leave to see it.
    pub people: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { location: None, publication: None, people: true }
    }
}

impl Settings {
    /// Reads a channel's settings; none are the usual ones.
    pub(super) fn of(at: &Channel) -> Result<Self, ChannelError> {
        if at.settings.is_null() {
            return Ok(Self::default());
        }
        Self::deserialize(&at.settings).map_err(|error| ChannelError::Rejected {
            reason: format!("the channel's settings cannot be read: {error}"),
        })
    }
}

/// Where in a shop we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The place whose goods are counted.
    pub location: String,
    /// Where products are shown.
    pub publication: String,
    /// What the shop sells in.
    pub currency: Currency,
}

/// Under which name products carry ours: `metafields.baddie.listing`.
pub(super) const NAMESPACE: &str = "baddie";
/// See [`NAMESPACE`].
pub(super) const KEY: &str = "listing";
/// Under which name products carry what they were last shown with.
pub(super) const SHOWN: &str = "shown";

/// What Shopify calls the shop's own site.
const ONLINE_STORE: &str = "Online Store";

impl Shopify {
    /// Where in the shop these settings are; looked up once, and made ready for products that carry our names.
    pub(super) async fn ground(&self, settings: &Settings) -> Result<Ground, Failure> {
        let known = self.grounds.lock().unwrap_or_else(PoisonError::into_inner).get(settings).cloned();
        if let Some(ground) = known {
            return Ok(ground);
        }
        let shop: ShopSeen = self.ask(&calls::shop()).await?;
        let currency = shop.currency_code.parse().map_err(|_| {
            Failure::new(KIND, Cause::Protocol, format!("{:?} is no known currency", shop.currency_code))
        })?;
        let location = match &settings.location {
            Some(location) => location.clone(),
            None => self.first_location().await?,
        };
        let publication = match &settings.publication {
            Some(publication) => publication.clone(),
            None => self.online_store().await?,
        };
        match self.ask::<serde_json::Value>(&calls::define_key(NAMESPACE, KEY, "Listing")).await {
            // It was made ready before.
            Err(Failure { cause: Cause::Conflict, .. }) | Ok(_) => {}
            Err(failure) => return Err(failure.in_doubt(false)),
        }
        let ground = Ground { location, publication, currency };
        let mut grounds = self.grounds.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(grounds.entry(settings.clone()).or_insert(ground).clone())
    }

    async fn first_location(&self) -> Result<String, Failure> {
        let mut after = None;
        loop {
            let page: Page<Location> = self.ask(&calls::locations(after.as_deref())).await?;
            if let Some(location) = page.nodes.into_iter().find(|location| location.fulfills_online_orders) {
                return Ok(location.id);
            }
            after = page.page_info.next();
            if after.is_none() {
                return Err(unset("location", "the shop has no location that sends online orders"));
            }
        }
    }

    async fn online_store(&self) -> Result<String, Failure> {
        let mut after = None;
        loop {
            let page: Page<Publication> = self.ask(&calls::publications(after.as_deref())).await?;
            let online = |publication: &Publication| {
                publication.catalog.as_ref().is_some_and(|catalog| catalog.title == ONLINE_STORE)
            };
            if let Some(publication) = page.nodes.into_iter().find(online) {
                return Ok(publication.id);
            }
            after = page.page_info.next();
            if after.is_none() {
                return Err(unset(
                    "publication",
                    "the shop has no online store, or the token may not see it",
                ));
            }
        }
    }
}

fn unset(name: &str, why: &str) -> Failure {
    let cause = Cause::Validation { field: Some(format!("settings.{name}")) };
    Failure::new(KIND, cause, format!("{why}: name one in the channel's settings, as `{name}`"))
}
