//! The books: double entry, never changed, always balanced.
//!
//! An entry is drafted with [`Draft`], which refuses to be sealed unless it balances in every currency. Entries are
//! found by their source; the same source posts the same kind of entry once.

mod model;
mod rules;
mod store;

pub use model::*;
pub use rules::*;
pub use store::*;
