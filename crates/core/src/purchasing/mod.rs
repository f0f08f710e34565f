//! Where goods come from: suppliers and their offers, purchase orders, receipts with landed cost, hauls.

mod model;
mod rules;
mod store;

pub use model::*;
pub use rules::*;
pub use store::*;
