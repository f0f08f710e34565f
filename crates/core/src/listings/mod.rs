//! Where things are offered: channels with what they can and what they charge, and listings with what is wanted of
//! them and what was seen of them.

mod hosted;
mod model;
mod port;
mod rules;
mod store;
mod text;

pub use hosted::*;
pub use model::*;
pub use port::*;
pub use rules::*;
pub use store::*;
pub use text::*;
