use async_trait::async_trait;

use super::{AdviceRun, Forecast, RefillPolicy, RefillProposal};
use crate::entity::{Append, Keep, Parts};
use crate::error::Result;
use crate::page::{Page, PageRequest};
use crate::pricing::ProposalState;

/// Keeps forecasts, refill policies and refill proposals.
#[async_trait]
pub trait InsightStore:
    Parts<Forecast> + Append<AdviceRun> + Keep<RefillPolicy> + Keep<RefillProposal> + Parts<RefillProposal>
{
    /// Puts forecasts in the place of those their variants had.
    async fn replace_forecasts(&mut self, rows: &[Forecast]) -> Result<()>;
    /// Every refill policy. A shop has few.
    async fn policies(&mut self) -> Result<Vec<RefillPolicy>>;
    /// A page of refill proposals in a state, newest first.
    async fn refills(
        &mut self,
        state: Option<ProposalState>,
        page: &PageRequest,
    ) -> Result<Page<RefillProposal>>;
}
