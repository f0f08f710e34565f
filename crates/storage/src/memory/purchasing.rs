use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::ids::{SupplierId, VariantId};
use baddie_core::page::{Page, PageRequest};
use baddie_core::purchasing::{PurchaseOrder, PurchaseOrderState, PurchasingStore, SupplierOffer};

use super::MemoryTransaction;

#[async_trait]
impl PurchasingStore for MemoryTransaction {
    async fn offer(&mut self, supplier: SupplierId, variant: VariantId) -> Result<Option<SupplierOffer>> {
        Ok(self.one(|offer: &SupplierOffer| offer.supplier_id == supplier && offer.variant_id == variant))
    }

    async fn offers_for(&mut self, variant: VariantId) -> Result<Vec<SupplierOffer>> {
        let mut offers = self.some(|offer: &SupplierOffer| offer.variant_id == variant);
        offers.sort_by_key(|offer| (offer.unit_cost.minor(), offer.id));
        Ok(offers)
    }

    async fn purchase_orders(
        &mut self,
        state: Option<PurchaseOrderState>,
        page: &PageRequest,
    ) -> Result<Page<PurchaseOrder>> {
        self.page_of(page, |order: &PurchaseOrder| state.is_none_or(|state| order.state == state))
    }
}
