//! What was sold to whom: orders and their lines, customers, promotions, checkouts.
//!
//! An order's payment and fulfilment status are computed from its parts and cannot be set.

mod model;
mod rules;
mod store;

pub use model::*;
pub use rules::*;
pub use store::*;
