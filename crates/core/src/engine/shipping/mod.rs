//! Sending and taking back.

mod parcels;
mod returns;

pub use self::parcels::*;
pub use self::returns::*;

use super::command::calls;

calls! {
    /// Sending and taking back.
    Shipping by shipping:
    /// Plans a parcel.
    write plan: PlanFulfilment;
    /// Sends an order in one step.
    write fulfil: FulfilOrder;
    /// Moves a parcel on.
    write advance: AdvanceFulfilment;
    /// Buys a label.
    write buy_label: BuyLabel;
    /// Opens a return.
    write request_return: RequestReturn;
    /// Moves a return on.
    write advance_return: AdvanceReturn;
    /// Inspects what came back.
    write inspect: InspectReturn;
    /// A page of parcels.
    read fulfilments: ListFulfilments;
    /// A page of returns.
    read returns: ListReturns;
}
