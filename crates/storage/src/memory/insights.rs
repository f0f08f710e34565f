use async_trait::async_trait;
use baddie_core::entity::Append;
use baddie_core::error::Result;
use baddie_core::insights::{Forecast, InsightStore, RefillPolicy, RefillProposal};
use baddie_core::page::{Page, PageRequest};
use baddie_core::pricing::ProposalState;

use super::MemoryTransaction;

#[async_trait]
impl InsightStore for MemoryTransaction {
    async fn replace_forecasts(&mut self, rows: &[Forecast]) -> Result<()> {
        let old = self.some(|old: &Forecast| rows.iter().any(|row| row.variant_id == old.variant_id));
        for forecast in old {
            self.remove::<Forecast>(forecast.id)?;
        }
        self.insert(rows).await
    }

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
