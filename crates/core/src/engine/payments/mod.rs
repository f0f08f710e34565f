//! Money: taking it, giving it back, and what channels pay out.

mod news;
mod pay;
mod payouts;
mod settle;

pub use self::pay::*;
pub use self::payouts::*;
pub use self::settle::*;

use super::command::calls;

calls! {
    /// Money.
    Payments by payments:
    /// Records money that came in by hand.
    write record: RecordPayment;
    /// Asks a provider to set money aside.
    write authorise: AuthorisePayment;
    /// Has a customer pay on a page of a provider's.
    write open_page: OpenPaymentPage;
    /// Captures, voids, refunds, or notes a chargeback.
    write shift: MovePayment;
    /// Records a payout.
    write record_payout: RecordPayout;
    /// A payment.
    read get: GetPayment;
    /// A page of payments.
    read list: ListPayments;
    /// A page of payouts.
    read payouts: ListPayouts;
}
