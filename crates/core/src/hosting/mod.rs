//! Where a shop is found on the net: its site, its domains and their records, and what runs on machines of others. The
//! services keep all of that, and are asked how it stands; the engine keeps which sites it keeps in step.

mod model;
mod port;
mod rules;
mod store;

pub use model::*;
pub use port::*;
pub use rules::*;
pub use store::*;
