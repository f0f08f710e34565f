use async_trait::async_trait;

use super::{
    Acquisition, AcquisitionLine, PurchaseLine, PurchaseOrder, PurchaseOrderState, Receipt, Supplier,
    SupplierOffer,
};
use crate::entity::{Append, Keep, Parts};
use crate::error::Result;
use crate::ids::{SupplierId, VariantId};
use crate::page::{Page, PageRequest};

/// Keeps what was bought, from whom, on which terms.
#[async_trait]
pub trait PurchasingStore:
    Keep<Supplier>
    + Keep<SupplierOffer>
    + Parts<SupplierOffer>
    + Keep<PurchaseOrder>
    + Keep<PurchaseLine>
    + Parts<PurchaseLine>
    + Parts<Receipt>
    + Append<Acquisition>
    + Parts<AcquisitionLine>
{
    /// The offer of a supplier for a variant.
    async fn offer(&mut self, supplier: SupplierId, variant: VariantId) -> Result<Option<SupplierOffer>>;
    /// Every offer for a variant, cheapest first.
    async fn offers_for(&mut self, variant: VariantId) -> Result<Vec<SupplierOffer>>;
    /// A page of purchase orders in a state, newest first.
    async fn purchase_orders(
        &mut self,
        state: Option<PurchaseOrderState>,
        page: &PageRequest,
    ) -> Result<Page<PurchaseOrder>>;
}
