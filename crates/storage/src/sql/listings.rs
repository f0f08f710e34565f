use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::entity::Word;
use baddie_core::error::{Error, Result};
use baddie_core::ids::{ChannelId, EntityId, VariantId};
use baddie_core::listings::{Channel, Listing, ListingFilter, ListingState, ListingStore, ListingText};
use baddie_core::page::{Page, PageRequest};

use super::SqlTransaction;
use super::inventory::count;
use crate::seam::{Columns, Connection, Param};

const OPEN_OF: &str = "
    AND state <> 'ended' AND (
        variant_id = ANY($2::uuid[]) OR variant_id IN (
            SELECT bundle_id FROM bundle_components WHERE shop_id = $1 AND variant_id = ANY($2::uuid[])
        )
    )
    ORDER BY variant_id, id";

const LISTINGS: &str = "
    AND id < $2 AND ($4::uuid IS NULL OR channel_id = $4)
    AND ($5::text IS NULL OR state = $5) AND ($6::uuid IS NULL OR variant_id = $6)
    ORDER BY id DESC LIMIT $3";

const COUNTS: &str = "
    SELECT channel_id, state, count(*) FROM listings WHERE shop_id = $1
    GROUP BY channel_id, state ORDER BY channel_id, state";

const UNRECONCILED: &str = "
    AND channel_id = $2 AND state IN ('unknown', 'live', 'paused', 'ending', 'needs_attention')
    AND (reconciled_at IS NULL OR reconciled_at < $3)
    ORDER BY reconciled_at NULLS FIRST, id LIMIT $4";

#[async_trait]
impl<C: Connection> ListingStore for SqlTransaction<C> {
    async fn channels(&mut self) -> Result<Vec<Channel>> {
        self.rows("ORDER BY id", []).await
    }

    async fn open_of(&mut self, variants: &[VariantId]) -> Result<Vec<Listing>> {
        if variants.is_empty() {
            return Ok(Vec::new());
        }
        self.rows(OPEN_OF, [Param::ids(variants)]).await
    }

    async fn by_external(&mut self, channel: ChannelId, external_ids: &[&str]) -> Result<Vec<Listing>> {
        let tail = "AND channel_id = $2 AND external_id = ANY($3::text[]) ORDER BY id";
        self.rows(tail, [Param::id(channel), Param::Words(external_ids.to_vec())]).await
    }

    async fn find_listings(&mut self, filter: &ListingFilter, page: &PageRequest) -> Result<Page<Listing>> {
        let filter = [
            filter.channel_id.map_or(Param::Null, Param::id),
            filter.state.map(Word::as_str).into(),
            filter.variant_id.map_or(Param::Null, Param::id),
        ];
        self.page_of(LISTINGS, page, filter).await
    }

    async fn counts(&mut self) -> Result<Vec<(ChannelId, ListingState, i64)>> {
        let params = self.params([]);
        let read = |row: &C::Row<'_>| {
            let state = ListingState::from_word(row.text(1)?);
            let state = state.ok_or_else(|| Error::internal("a listing is in an unknown state"))?;
            Ok((ChannelId::from_u128(row.id(0)?), state, row.int(2)?))
        };
        self.connection.query(COUNTS, &params, read).await
    }

    async fn unreconciled(
        &mut self,
        channel: ChannelId,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Listing>> {
        self.rows(UNRECONCILED, [Param::id(channel), before.into(), count(limit)]).await
    }

    async fn sold_out(&mut self, limit: usize) -> Result<Vec<Listing>> {
        let tail = "AND sold_out_at IS NOT NULL AND end_reason = 'sold_elsewhere'
            ORDER BY sold_out_at DESC, id DESC LIMIT $2";
        self.rows(tail, [count(limit)]).await
    }

    async fn tokens_since(&mut self, since: Timestamp) -> Result<i64> {
        let sql = "SELECT CAST(coalesce(sum(tokens), 0) AS bigint) FROM listing_texts
            WHERE shop_id = $1 AND created_at >= $2";
        self.number(sql, [since.into()]).await
    }

    async fn texts(&mut self, variant: Option<VariantId>, page: &PageRequest) -> Result<Page<ListingText>> {
        let tail = "AND id < $2 AND ($4::uuid IS NULL OR variant_id = $4) ORDER BY id DESC LIMIT $3";
        self.page_of(tail, page, [variant.map_or(Param::Null, Param::id)]).await
    }

    async fn has_notice(&mut self, channel: ChannelId, external_id: &str) -> Result<bool> {
        let sql = "SELECT count(*) FROM notices WHERE shop_id = $1 AND channel_id = $2 AND external_id = $3";
        Ok(self.number(sql, [Param::id(channel), external_id.into()]).await? > 0)
    }
}
