use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::error::Result;
use baddie_core::ids::EndpointId;
use baddie_core::page::{Page, PageRequest};
use baddie_core::webhooks::{Delivery, DeliveryState, Endpoint, EndpointState, WebhookStore};

use super::MemoryTransaction;

#[async_trait]
impl WebhookStore for MemoryTransaction {
    async fn endpoints(&mut self, state: Option<EndpointState>) -> Result<Vec<Endpoint>> {
        Ok(self.some(|row: &Endpoint| state.is_none_or(|state| row.state == state)))
    }

    async fn to_tell(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>> {
        let told = self.endpoints(Some(EndpointState::Active)).await?;
        let waiting = self.some(|row: &Delivery| row.state == DeliveryState::Waiting);
        let first = |row: &Delivery| {
            let before = |other: &&Delivery| {
                other.endpoint_id == row.endpoint_id
                    && other.subject == row.subject
                    && other.event_id < row.event_id
            };
            waiting.iter().find(before).is_none()
        };
        let due = waiting.iter().filter(|row| {
            row.next_at <= now && first(row) && told.iter().any(|endpoint| endpoint.id == row.endpoint_id)
        });
        let mut due: Vec<Delivery> = due.cloned().collect();
        due.sort_by_key(|row| (row.next_at, row.id));
        due.truncate(limit);
        Ok(due)
    }

    async fn failed_since(
        &mut self,
        endpoint: EndpointId,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Delivery>> {
        let mut failed = self.some(|row: &Delivery| {
            row.endpoint_id == endpoint && row.state == DeliveryState::Failed && row.created_at >= since
        });
        failed.truncate(limit);
        Ok(failed)
    }

    async fn deliveries(
        &mut self,
        endpoint: EndpointId,
        state: Option<DeliveryState>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>> {
        self.page_of(page, |row: &Delivery| {
            row.endpoint_id == endpoint && state.is_none_or(|state| row.state == state)
        })
    }
}
