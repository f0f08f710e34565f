use async_trait::async_trait;
use baddie_core::entity::{Append, Word};
use baddie_core::error::Result;
use baddie_core::ids::VariantId;
use baddie_core::insights::{Forecast, InsightStore, RefillPolicy, RefillProposal};
use baddie_core::page::{Page, PageRequest};
use baddie_core::pricing::ProposalState;

use super::SqlTransaction;
use crate::seam::{Connection, Param};

#[async_trait]
impl<C: Connection> InsightStore for SqlTransaction<C> {
    async fn replace_forecasts(&mut self, rows: &[Forecast]) -> Result<()> {
        let variants: Vec<VariantId> = rows.iter().map(|row| row.variant_id).collect();
        let old = "DELETE FROM forecasts WHERE shop_id = $1 AND variant_id = ANY($2::uuid[])";
        self.change(old, [Param::ids(&variants)]).await?;
        self.insert(rows).await
    }

    async fn policies(&mut self) -> Result<Vec<RefillPolicy>> {
        self.rows("ORDER BY id", []).await
    }

    async fn refills(
        &mut self,
        state: Option<ProposalState>,
        page: &PageRequest,
    ) -> Result<Page<RefillProposal>> {
        let tail = "AND id < $2 AND ($4::text IS NULL OR state = $4)
            ORDER BY id DESC LIMIT $3";
        self.page_of(tail, page, [state.map(Word::as_str).into()]).await
    }
}
