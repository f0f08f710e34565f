//! What things cost and why: rules, proposals, and every change of a price ever made.

mod model;
mod port;
mod quote;
mod rules;
mod store;

pub use model::*;
pub use port::*;
pub use quote::*;
pub use rules::*;
pub use store::*;
