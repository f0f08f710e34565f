use async_trait::async_trait;
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::page::{Page, PageRequest};
use baddie_core::shipping::{Fulfilment, FulfilmentState, ReturnCase, ReturnState, ShippingStore};

use super::SqlTransaction;
use crate::seam::Connection;

const BY_STATE: &str = "
    AND id < $2 AND ($4::text IS NULL OR state = $4)
    ORDER BY id DESC LIMIT $3";

#[async_trait]
impl<C: Connection> ShippingStore for SqlTransaction<C> {
    async fn fulfilments(
        &mut self,
        state: Option<FulfilmentState>,
        page: &PageRequest,
    ) -> Result<Page<Fulfilment>> {
        self.page_of(BY_STATE, page, [state.map(Word::as_str).into()]).await
    }

    async fn returns(&mut self, state: Option<ReturnState>, page: &PageRequest) -> Result<Page<ReturnCase>> {
        self.page_of(BY_STATE, page, [state.map(Word::as_str).into()]).await
    }
}
