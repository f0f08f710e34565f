//! Looking at listings, and at how long sold things stayed on offer.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::clock::Timestamp;
use crate::engine::{Look, Query};
use crate::error::Result;
use crate::ids::{ChannelId, ListingId};
use crate::insights::percentile;
use crate::listings::{Channel, Listing, ListingFilter};
use crate::money::Ppm;
use crate::page::{Page, PageRequest};

/// Look at a listing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetListing {
    /// The listing.
    pub listing_id: ListingId,
}

#[async_trait]
impl Query for GetListing {
    const NAME: &'static str = "listings.get";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Listing;

    async fn run(self, look: &mut Look) -> Result<Listing> {
        look.tx.load::<Listing>(self.listing_id).await
    }
}

/// Look through the listings, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListListings {
    /// Which ones.
    #[serde(flatten)]
    pub filter: ListingFilter,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListListings {
    const NAME: &'static str = "listings.list";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Page<Listing>;

    async fn run(self, look: &mut Look) -> Result<Page<Listing>> {
        look.tx.listings().find_listings(&self.filter, &self.page).await
    }
}

/// How long a channel went on offering what was sold elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OversellWindow {
    /// The channel.
    pub channel_id: ChannelId,
    /// How many listings were ended because of a sale elsewhere.
    pub ended: i64,
    /// How many are still to be ended.
    pub pending: i64,
    /// Half were ended within so many milliseconds of the sale being observed.
    pub p50_ms: Option<i64>,
    /// 95 in 100 were.
    pub p95_ms: Option<i64>,
}

/// Look at how long channels go on offering what was sold elsewhere, over the latest 10,000 such listings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetOversellWindows {}

#[async_trait]
impl Query for GetOversellWindows {
    const NAME: &'static str = "channels.oversell_windows";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Vec<OversellWindow>;

    async fn run(self, look: &mut Look) -> Result<Vec<OversellWindow>> {
        let listings = look.tx.listings().sold_out(10_000).await?;
        let window = |listing: &Listing| -> Option<i64> {
            let (sold, ended): (Timestamp, Timestamp) = (listing.sold_out_at?, listing.ended_at?);
            i64::try_from(ended.since(sold).as_millis()).ok()
        };
        let channels = look.tx.listings().channels().await?;
        let of = |channel: &Channel| {
            let mine: Vec<_> = listings.iter().filter(|listing| listing.channel_id == channel.id).collect();
            let mut windows: Vec<_> = mine.iter().filter_map(|listing| window(listing)).collect();
            windows.sort_unstable();
            let ended = windows.len();
            OversellWindow {
                channel_id: channel.id,
                ended: i64::try_from(ended).unwrap_or(i64::MAX),
                pending: i64::try_from(mine.len() - ended).unwrap_or(i64::MAX),
                p50_ms: percentile(&windows, Ppm(500_000)),
                p95_ms: percentile(&windows, Ppm(950_000)),
            }
        };
        Ok(channels.iter().map(of).filter(|row| row.ended + row.pending > 0).collect())
    }
}
