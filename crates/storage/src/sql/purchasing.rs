use async_trait::async_trait;
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::ids::{SupplierId, VariantId};
use baddie_core::page::{Page, PageRequest};
use baddie_core::purchasing::{PurchaseOrder, PurchaseOrderState, PurchasingStore, SupplierOffer};

use super::SqlTransaction;
use crate::seam::{Connection, Param};

#[async_trait]
impl<C: Connection> PurchasingStore for SqlTransaction<C> {
    async fn offer(&mut self, supplier: SupplierId, variant: VariantId) -> Result<Option<SupplierOffer>> {
        self.row("AND supplier_id = $2 AND variant_id = $3", [Param::id(supplier), Param::id(variant)]).await
    }

    async fn offers_for(&mut self, variant: VariantId) -> Result<Vec<SupplierOffer>> {
        self.rows("AND variant_id = $2 ORDER BY unit_cost, id", [Param::id(variant)]).await
    }

    async fn purchase_orders(
        &mut self,
        state: Option<PurchaseOrderState>,
        page: &PageRequest,
    ) -> Result<Page<PurchaseOrder>> {
        let tail = "AND id < $2 AND ($4::text IS NULL OR state = $4)
            ORDER BY id DESC LIMIT $3";
        self.page_of(tail, page, [state.map(Word::as_str).into()]).await
    }
}
