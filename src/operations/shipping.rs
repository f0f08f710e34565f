//! How it reaches the buyer, and comes back: parcels and returns.

use baddie_core::engine::shipping::{
    AdvanceFulfilment, AdvanceReturn, BuyLabel, FulfilOrder, InspectReturn, ListFulfilments, ListReturns,
    PlanFulfilment, RequestReturn,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<PlanFulfilment>(),
    write::<FulfilOrder>(),
    write::<AdvanceFulfilment>(),
    write::<BuyLabel>(),
    read::<ListFulfilments>(),
    write::<RequestReturn>(),
    write::<AdvanceReturn>(),
    write::<InspectReturn>(),
    read::<ListReturns>(),
];
