use async_trait::async_trait;

use super::{Delivery, DeliveryState, Endpoint, EndpointState};
use crate::clock::Timestamp;
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::ids::EndpointId;
use crate::page::{Page, PageRequest};

/// Keeps endpoints and deliveries.
#[async_trait]
pub trait WebhookStore: Keep<Endpoint> + Keep<Delivery> + Parts<Delivery> {
    /// All endpoints, or those in a state, oldest first.
    async fn endpoints(&mut self, state: Option<EndpointState>) -> Result<Vec<Endpoint>>;
    /// What active endpoints are to be told by now: of each subject only what happened first, because the rest follows it;
    /// `limit` at most, those that wait longest first.
    async fn to_tell(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Delivery>>;
    /// What an endpoint was not told and was given up since then, oldest first; `limit` at most.
    async fn failed_since(
        &mut self,
        endpoint: EndpointId,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Delivery>>;
    /// A page of deliveries to an endpoint in a state, newest first.
    async fn deliveries(
        &mut self,
        endpoint: EndpointId,
        state: Option<DeliveryState>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>>;
}
