//! What leaves and what comes back: fulfilments and returns.

mod model;
mod port;
mod rules;
mod store;

pub use model::*;
pub use port::*;
pub use rules::*;
pub use store::*;
