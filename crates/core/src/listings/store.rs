use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Channel, FeeSchedule, Listing, ListingState, ListingText, Notice, SyncRun};
use crate::clock::Timestamp;
use crate::entity::{Append, Keep, Parts};
use crate::error::Result;
use crate::ids::{ChannelId, VariantId};
use crate::page::{Page, PageRequest};

/// Which listings are wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListingFilter {
    /// Only those on this channel.
    pub channel_id: Option<ChannelId>,
    /// Only those in this state.
    pub state: Option<ListingState>,
    /// Only those of this variant.
    pub variant_id: Option<VariantId>,
}

/// Keeps channels and listings.
#[async_trait]
pub trait ListingStore:
    Keep<Channel>
    + Parts<FeeSchedule>
    + Keep<Listing>
    + Parts<Listing>
    + Append<Notice>
    + Keep<SyncRun>
    + Parts<SyncRun>
    + Keep<ListingText>
    + Parts<ListingText>
{
    /// Every channel, oldest first. A shop has few.
    async fn channels(&mut self) -> Result<Vec<Channel>>;
    /// The listings that have not ended of these variants and of the bundles that hold them, by variant, then in the
    /// order they were made.
    async fn open_of(&mut self, variants: &[VariantId]) -> Result<Vec<Listing>>;
    /// The listings with these names at a channel.
    async fn by_external(&mut self, channel: ChannelId, external_ids: &[&str]) -> Result<Vec<Listing>>;
    /// A page of the listings that pass the filter, newest first.
    async fn find_listings(&mut self, filter: &ListingFilter, page: &PageRequest) -> Result<Page<Listing>>;
    /// How many listings there are per channel and state.
    async fn counts(&mut self) -> Result<Vec<(ChannelId, ListingState, i64)>>;
    /// Listings on a channel that the channel may know of and that were not compared since `before`, longest ago first.
    async fn unreconciled(
        &mut self,
        channel: ChannelId,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Listing>>;
    /// Listings that ended because of a sale elsewhere, with when the sale was observed and when they ended, newest
    /// first.
    async fn sold_out(&mut self, limit: usize) -> Result<Vec<Listing>>;
    /// How many tokens the texts took that were asked for since then.
    async fn tokens_since(&mut self, since: Timestamp) -> Result<i64>;
    /// A page of texts, of one variant or of all, newest first.
    async fn texts(&mut self, variant: Option<VariantId>, page: &PageRequest) -> Result<Page<ListingText>>;
    /// Whether a notice was received already.
    async fn has_notice(&mut self, channel: ChannelId, external_id: &str) -> Result<bool>;
}
