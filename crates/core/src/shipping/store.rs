use async_trait::async_trait;

use super::{Fulfilment, FulfilmentState, ReturnCase, ReturnState};
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::page::{Page, PageRequest};

/// Keeps parcels and returns.
#[async_trait]
pub trait ShippingStore: Keep<Fulfilment> + Parts<Fulfilment> + Keep<ReturnCase> + Parts<ReturnCase> {
    /// A page of parcels in a state, newest first.
    async fn fulfilments(
        &mut self,
        state: Option<FulfilmentState>,
        page: &PageRequest,
    ) -> Result<Page<Fulfilment>>;
    /// A page of returns in a state, newest first.
    async fn returns(&mut self, state: Option<ReturnState>, page: &PageRequest) -> Result<Page<ReturnCase>>;
}
