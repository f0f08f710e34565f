use async_trait::async_trait;
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::page::{Page, PageRequest};
use baddie_core::pricing::{PriceProposal, PricingRule, PricingStore, ProposalState};

use super::SqlTransaction;
use crate::seam::Connection;

#[async_trait]
impl<C: Connection> PricingStore for SqlTransaction<C> {
    async fn active_rules(&mut self) -> Result<Vec<PricingRule>> {
        self.rows("AND active ORDER BY id", []).await
    }

    async fn proposals(
        &mut self,
        state: Option<ProposalState>,
        page: &PageRequest,
    ) -> Result<Page<PriceProposal>> {
        let tail = "AND id < $2 AND ($4::text IS NULL OR state = $4)
            ORDER BY id DESC LIMIT $3";
        self.page_of(tail, page, [state.map(Word::as_str).into()]).await
    }
}
