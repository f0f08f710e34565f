//! The books.

use baddie_core::engine::ledger::{GetBalances, ListEntries, PostEntry, ReverseEntry};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] =
    &[read::<ListEntries>(), read::<GetBalances>(), write::<PostEntry>(), write::<ReverseEntry>()];
