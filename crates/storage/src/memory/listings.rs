use std::collections::BTreeMap;

use async_trait::async_trait;
use baddie_core::catalog::BundleComponent;
use baddie_core::clock::Timestamp;
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::ids::{ChannelId, VariantId};
use baddie_core::listings::{
    Channel, EndReason, Listing, ListingFilter, ListingState, ListingStore, ListingText, Notice,
};
use baddie_core::page::{Page, PageRequest};

use super::MemoryTransaction;

#[async_trait]
impl ListingStore for MemoryTransaction {
    async fn channels(&mut self) -> Result<Vec<Channel>> {
        Ok(self.some(|_| true))
    }

    async fn open_of(&mut self, variants: &[VariantId]) -> Result<Vec<Listing>> {
        let bundles = self.all::<BundleComponent>().filter(|part| variants.contains(&part.variant_id));
        let mut wanted: Vec<_> = bundles.map(|part| part.bundle_id).collect();
        wanted.extend_from_slice(variants);
        let mut listings =
            self.some(|listing: &Listing| listing.is_open() && wanted.contains(&listing.variant_id));
        listings.sort_by_key(|listing| (listing.variant_id, listing.id));
        Ok(listings)
    }

    async fn by_external(&mut self, channel: ChannelId, external_ids: &[&str]) -> Result<Vec<Listing>> {
        Ok(self.some(|listing: &Listing| {
            listing.channel_id == channel
                && listing.external_id.as_deref().is_some_and(|name| external_ids.contains(&name))
        }))
    }

    async fn find_listings(&mut self, filter: &ListingFilter, page: &PageRequest) -> Result<Page<Listing>> {
        self.page_of(page, |listing: &Listing| {
            filter.channel_id.is_none_or(|id| listing.channel_id == id)
                && filter.state.is_none_or(|state| listing.state == state)
                && filter.variant_id.is_none_or(|id| listing.variant_id == id)
        })
    }

    async fn counts(&mut self) -> Result<Vec<(ChannelId, ListingState, i64)>> {
        let mut counts: BTreeMap<(ChannelId, &str), (ListingState, i64)> = BTreeMap::new();
        for listing in self.all::<Listing>() {
            let key = (listing.channel_id, listing.state.as_str());
            counts.entry(key).or_insert((listing.state, 0)).1 += 1;
        }
        Ok(counts.into_iter().map(|((channel, _), (state, count))| (channel, state, count)).collect())
    }

    async fn unreconciled(
        &mut self,
        channel: ChannelId,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Listing>> {
        use ListingState as S;
        let states = [S::Unknown, S::Live, S::Paused, S::Ending, S::NeedsAttention];
        let mut listings = self.some(|listing: &Listing| {
            listing.channel_id == channel
                && states.contains(&listing.state)
                && listing.reconciled_at.is_none_or(|at| at < before)
        });
        listings.sort_by_key(|listing| (listing.reconciled_at, listing.id));
        listings.truncate(limit);
        Ok(listings)
    }

    async fn sold_out(&mut self, limit: usize) -> Result<Vec<Listing>> {
        let mut listings = self.some(|listing: &Listing| {
            listing.sold_out_at.is_some() && listing.end_reason == Some(EndReason::SoldElsewhere)
        });
        listings.sort_by_key(|listing| std::cmp::Reverse((listing.sold_out_at, listing.id)));
        listings.truncate(limit);
        Ok(listings)
    }

    async fn tokens_since(&mut self, since: Timestamp) -> Result<i64> {
        let texts = self.all::<ListingText>().filter(|text| text.created_at >= since);
        Ok(texts.map(|text| text.tokens).sum())
    }

    async fn texts(&mut self, variant: Option<VariantId>, page: &PageRequest) -> Result<Page<ListingText>> {
        self.page_of(page, |text: &ListingText| variant.is_none_or(|id| text.variant_id == id))
    }

    async fn has_notice(&mut self, channel: ChannelId, external_id: &str) -> Result<bool> {
        Ok(self
            .all::<Notice>()
            .any(|notice| notice.channel_id == channel && notice.external_id == external_id))
    }
}
