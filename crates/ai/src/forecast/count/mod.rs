//! Series of counts, often zero: distributions and the smoothing methods made for them.

pub(crate) mod local;
mod negbin;
mod tsb;

pub use negbin::NegativeBinomial;
pub use tsb::{Tsb, intermittent};
