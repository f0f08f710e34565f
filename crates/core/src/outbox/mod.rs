//! What must still happen: events the world should hear of, and jobs to be done at a port.
//!
//! Both are written in the transaction that caused them; the engine's `tick` carries them out later.

mod model;
mod rules;
mod store;

pub use model::*;
pub use rules::*;
pub use store::*;
