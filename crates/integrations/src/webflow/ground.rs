//! Where at Webflow we are: the site, and where it keeps what it sells.

use std::sync::PoisonError;

use baddie_core::listings::{Channel, ChannelError};
use baddie_core::money::Currency;
use serde::{Deserialize, Serialize};

use super::wire::{Collections, Domains, ShopSettings, Sites};
use super::{Collection, KIND, Site, Webflow, calls};
use crate::http::{Cause, Failure};

/// What a channel's settings may say.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The site that sells; may be absent where the token opens one only.
    pub site: Option<String>,
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

/// Where a site keeps what it sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The site.
    pub site: String,
    /// The collection of its products.
    pub products: String,
    /// The collection of its SKUs.
    pub skus: String,
    /// What it sells in.
    pub currency: Currency,
    /// Where buyers find it.
    pub host: Option<String>,
}

/// Under which part of an address Webflow keeps the products of each site that sells.
const PRODUCTS: &str = "product";
/// And their SKUs.
const SKUS: &str = "sku";

impl Webflow {
    /// The site that is meant: the one that is named, or the only one.
    pub(super) async fn site(&self, named: Option<&str>) -> Result<Site, Failure> {
        let sites: Sites = self.send(&calls::list_sites()).await?;
        let mut sites = sites.sites;
        match named {
            Some(named) => sites
                .into_iter()
                .find(|site| site.id == named)
                .ok_or_else(|| unset("the token does not open the site that is named")),
            None if sites.len() > 1 => Err(unset("the token opens several sites: name one, as `site`")),
            None => sites.pop().ok_or_else(|| unset("the token opens no site")),
        }
    }

    /// Under which names visitors find a site, those of its own first, and Webflow's names for those.
    pub(super) async fn hosts(&self, site: &Site) -> Result<(Vec<String>, Vec<String>), Failure> {
        let domains: Domains = self.send(&calls::list_domains(&site.id)).await?;
        let (ids, names): (Vec<_>, Vec<_>) =
            domains.custom_domains.into_iter().map(|domain| (domain.id, domain.url)).unzip();
        let given = site.short_name.as_ref().map(|name| format!("{name}.webflow.io"));
        Ok((ids, names.into_iter().chain([given]).flatten().collect()))
    }

    pub(super) async fn collections(&self, site: &str) -> Result<Vec<Collection>, Failure> {
        let collections: Collections = self.send(&calls::list_collections(site)).await?;
        Ok(collections.collections)
    }

    /// Where the site of these settings keeps what it sells; looked up once.
    pub(super) async fn ground(&self, settings: &Settings) -> Result<Ground, Failure> {
        let known = self.grounds.lock().unwrap_or_else(PoisonError::into_inner).get(settings).cloned();
        if let Some(ground) = known {
            return Ok(ground);
        }
        let site = self.site(settings.site.as_deref()).await?;
        let shop: ShopSettings = self.send(&calls::shop_settings(&site.id)).await?;
        let currency = shop.default_currency.parse().map_err(|_| {
            Failure::new(KIND, Cause::Protocol, format!("{:?} is no known currency", shop.default_currency))
        })?;
        let collections = self.collections(&site.id).await?;
        let of = |slug: &str| {
            let found = collections.iter().find(|collection| collection.slug.as_deref() == Some(slug));
            found.map(|collection| collection.id.clone()).ok_or_else(|| {
                Failure::new(
                    KIND,
                    Cause::Conflict,
                    format!("the site has no collection {slug:?}: does it sell?"),
                )
            })
        };
        let (products, skus) = (of(PRODUCTS)?, of(SKUS)?);
        let (_, mut hosts) = self.hosts(&site).await?;
        let host = (!hosts.is_empty()).then(|| hosts.swap_remove(0));
        let ground = Ground { site: site.id, products, skus, currency, host };
        let mut grounds = self.grounds.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(grounds.entry(settings.clone()).or_insert(ground).clone())
    }
}

fn unset(why: &str) -> Failure {
    Failure::new(KIND, Cause::Validation { field: Some("site".to_owned()) }, why)
}
