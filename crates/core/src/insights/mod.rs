//! What can be learned from the shop: demand, ageing stock, sell-through, profit; and what models advise.
//!
//! Advice is kept as proposals with their reasons. No model lives here: they fulfil the ports of their domains.

mod market;
mod model;
mod port;
mod rules;
mod store;

pub use market::*;
pub use model::*;
pub use port::*;
pub use rules::*;
pub use store::*;
