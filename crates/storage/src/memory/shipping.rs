use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::page::{Page, PageRequest};
use baddie_core::shipping::{Fulfilment, FulfilmentState, ReturnCase, ReturnState, ShippingStore};

use super::MemoryTransaction;

#[async_trait]
impl ShippingStore for MemoryTransaction {
    async fn fulfilments(
        &mut self,
        state: Option<FulfilmentState>,
        page: &PageRequest,
    ) -> Result<Page<Fulfilment>> {
        self.page_of(page, |parcel: &Fulfilment| state.is_none_or(|state| parcel.state == state))
    }

    async fn returns(&mut self, state: Option<ReturnState>, page: &PageRequest) -> Result<Page<ReturnCase>> {
        self.page_of(page, |case: &ReturnCase| state.is_none_or(|state| case.state == state))
    }
}
