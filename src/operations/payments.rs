//! How the money comes in: payments and payouts.

use baddie_core::engine::payments::{
    AuthorisePayment, GetPayment, ListPayments, ListPayouts, MovePayment, OpenPaymentPage, RecordPayment,
    RecordPayout,
};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] = &[
    write::<RecordPayment>(),
    write::<AuthorisePayment>(),
    write::<OpenPaymentPage>(),
    write::<MovePayment>(),
    read::<GetPayment>(),
    read::<ListPayments>(),
    write::<RecordPayout>(),
    read::<ListPayouts>(),
];
