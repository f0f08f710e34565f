//! What can be sold: products and their variants, one-of-a-kind items, bundles, media.

mod model;
mod rules;
mod store;

pub use model::*;
pub use rules::*;
pub use store::*;
