//! Buying: suppliers and their offers, purchase orders, receipts, hauls.

mod hauls;
mod purchase_orders;
mod suppliers;

pub use self::hauls::*;
pub use self::purchase_orders::*;
pub use self::suppliers::*;

use super::command::calls;

calls! {
    /// Buying.
    Purchasing by purchasing:
    /// Notes down a supplier.
    write create_supplier: CreateSupplier;
    /// Notes down what a supplier asks.
    write set_offer: SetOffer;
    /// Writes a purchase order.
    write order: CreatePurchaseOrder;
    /// Submits, acknowledges, cancels or closes one.
    write advance: AdvancePurchaseOrder;
    /// Takes goods in.
    write receive: ReceiveGoods;
    /// Records a haul.
    write record_haul: RecordHaul;
    /// A page of suppliers.
    read suppliers: ListSuppliers;
    /// What is offered for a variant.
    read offers: ListOffers;
    /// A purchase order.
    read get: GetPurchaseOrder;
    /// A page of purchase orders.
    read list: ListPurchaseOrders;
    /// A page of hauls.
    read hauls: ListHauls;
}
