//! What was asked and answered: the audit log, and the answers kept under idempotency keys; what imports did.

mod model;
mod store;

pub use model::*;
pub use store::*;
