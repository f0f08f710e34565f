//! Who may do what in which shop: shops, their members, roles and API keys.

mod model;
mod rules;
mod store;

pub use model::*;
pub use rules::*;
pub use store::*;
