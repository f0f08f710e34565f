use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::page::{Page, PageRequest};
use baddie_core::pricing::{PriceProposal, PricingRule, PricingStore, ProposalState};

use super::MemoryTransaction;

#[async_trait]
impl PricingStore for MemoryTransaction {
    async fn active_rules(&mut self) -> Result<Vec<PricingRule>> {
        Ok(self.some(|rule: &PricingRule| rule.active))
    }

    async fn proposals(
        &mut self,
        state: Option<ProposalState>,
        page: &PageRequest,
    ) -> Result<Page<PriceProposal>> {
        self.page_of(page, |proposal: &PriceProposal| state.is_none_or(|state| proposal.state == state))
    }
}
