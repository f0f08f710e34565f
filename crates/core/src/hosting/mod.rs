//! Where a shop is found on the net: its site, its domains and their records, and what runs on machines of others. The
//! engine keeps none of it: the services do, and are asked how it stands.

mod model;
mod port;

pub use model::*;
pub use port::*;
