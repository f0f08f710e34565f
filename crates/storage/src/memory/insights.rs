use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::insights::{InsightStore, RefillPolicy, RefillProposal};
use baddie_core::page::{Page, PageRequest};
use baddie_core::pricing::ProposalState;

use super::MemoryTransaction;

#[async_trait]
impl InsightStore for MemoryTransaction {
    async fn policies(&mut self) -> Result<Vec<RefillPolicy>> {
        Ok(self.some(|_| true))
    }

    async fn refills(
        &mut self,
        state: Option<ProposalState>,
        page: &PageRequest,
    ) -> Result<Page<RefillProposal>> {
        self.page_of(page, |proposal: &RefillProposal| state.is_none_or(|state| proposal.state == state))
    }
}
