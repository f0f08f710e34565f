//! Money that moves: payments with everything that happened to them, and what channels pay out.

mod model;
mod port;
mod rules;
mod store;

pub use model::*;
pub use port::*;
pub use rules::*;
pub use store::*;
