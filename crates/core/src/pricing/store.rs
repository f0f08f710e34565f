use async_trait::async_trait;

use super::{PriceChange, PriceProposal, PricingRule, ProposalState};
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::page::{Page, PageRequest};

/// Keeps rules, proposals and the history of prices.
#[async_trait]
pub trait PricingStore:
    Keep<PricingRule> + Parts<PriceChange> + Keep<PriceProposal> + Parts<PriceProposal>
{
    /// Every active rule, oldest first. A shop has few.
    async fn active_rules(&mut self) -> Result<Vec<PricingRule>>;
    /// A page of proposals in a state, newest first.
    async fn proposals(
        &mut self,
        state: Option<ProposalState>,
        page: &PageRequest,
    ) -> Result<Page<PriceProposal>>;
}
