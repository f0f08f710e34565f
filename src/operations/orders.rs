//! Who buys it: orders, customers, promotions, checkouts.

use baddie_core::engine::orders::{
    BeginCheckout, CancelCheckout, CancelOrder, CompleteCheckout, ConfirmOrder, CreateCustomer,
    CreatePromotion, EraseCustomer, GetCheckout, GetCustomer, GetOrder, GetPromotion, ImportOrder,
    ListOrders, PlaceOrder,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<PlaceOrder>(),
    write::<ImportOrder>(),
    write::<CancelOrder>(),
    write::<ConfirmOrder>(),
    read::<GetOrder>(),
    read::<ListOrders>(),
    write::<CreateCustomer>(),
    read::<GetCustomer>(),
    write::<EraseCustomer>(),
    write::<CreatePromotion>(),
    read::<GetPromotion>(),
    write::<BeginCheckout>(),
    write::<CompleteCheckout>(),
    write::<CancelCheckout>(),
    read::<GetCheckout>(),
];
