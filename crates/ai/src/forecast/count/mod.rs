//! Series of counts, often zero: distributions and the smoothing methods made for them.

pub(crate) mod local;
mod negbin;

pub use negbin::NegativeBinomial;
