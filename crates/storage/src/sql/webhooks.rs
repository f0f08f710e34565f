use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::ids::EndpointId;
use baddie_core::page::{Page, PageRequest};
use baddie_core::webhooks::{Delivery, DeliveryState, Endpoint, EndpointState, WebhookStore};

use super::SqlTransaction;
use super::inventory::count;
use crate::seam::{Connection, Param};

#[async_trait]
impl<C: Connection> WebhookStore for SqlTransaction<C> {
    async fn endpoints(&mut self, state: Option<EndpointState>) -> Result<Vec<Endpoint>> {
        let tail = "AND ($2::text IS NULL OR state = $2) ORDER BY id";
        self.rows(tail, [state.map(Word::as_str).into()]).await
    }

    async fn to_tell(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>> {
        let tail = "AND state = 'waiting' AND next_at <= $2
            AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE shop_id = $1 AND state = 'active')
            AND NOT EXISTS (
                SELECT 1 FROM webhook_deliveries before
                WHERE before.shop_id = $1 AND before.endpoint_id = webhook_deliveries.endpoint_id
                    AND before.subject = webhook_deliveries.subject AND before.state = 'waiting'
                    AND before.event_id < webhook_deliveries.event_id
            )
            ORDER BY next_at, id LIMIT $3";
        self.rows(tail, [now.into(), count(limit)]).await
    }

    async fn failed_since(
        &mut self,
        endpoint: EndpointId,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Delivery>> {
        let tail = "AND endpoint_id = $2 AND state = 'failed' AND created_at >= $3 ORDER BY id LIMIT $4";
        self.rows(tail, [Param::id(endpoint), since.into(), count(limit)]).await
    }

    async fn deliveries(
        &mut self,
        endpoint: EndpointId,
        state: Option<DeliveryState>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>> {
        let tail = "AND id < $2 AND endpoint_id = $4 AND ($5::text IS NULL OR state = $5)
            ORDER BY id DESC LIMIT $3";
        self.page_of(tail, page, [Param::id(endpoint), state.map(Word::as_str).into()]).await
    }
}
