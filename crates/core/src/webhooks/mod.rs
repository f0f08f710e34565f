//! What the world hears of a shop: endpoints that want to be told, which events they want, and each delivery to them, by
//! Standard Webhooks.
//!
//! What happened is the outbox's; how a delivery is signed and sent is its port's.

mod model;
mod port;
mod rules;
mod store;

pub use model::*;
pub use port::*;
pub use rules::*;
pub use store::*;
