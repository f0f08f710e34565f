//! What is here and what is promised: locations, levels, moves, reservations, cost layers.
//!
//! A level is changed only by guarded statements, so that no number of simultaneous buyers can promise what is not
//! there. What lies here has a cost: layers, used up first in, first out.

mod model;
mod rules;
mod store;

pub use model::*;
pub use rules::*;
pub use store::*;
