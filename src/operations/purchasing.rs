//! From whom it is bought: suppliers, offers, purchase orders, hauls.

use baddie_core::engine::purchasing::{
    AdvancePurchaseOrder, CreatePurchaseOrder, CreateSupplier, GetPurchaseOrder, ListHauls, ListOffers,
    ListPurchaseOrders, ListSuppliers, ReceiveGoods, RecordHaul, SetOffer,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<CreateSupplier>(),
    read::<ListSuppliers>(),
    write::<SetOffer>(),
    read::<ListOffers>(),
    write::<CreatePurchaseOrder>(),
    write::<AdvancePurchaseOrder>(),
    write::<ReceiveGoods>(),
    read::<GetPurchaseOrder>(),
    read::<ListPurchaseOrders>(),
    write::<RecordHaul>(),
    read::<ListHauls>(),
];
