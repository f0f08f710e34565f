//! What tests need, here and in crates that bring their own adapters: time that stands still, chance that repeats, and
//! the suites that hold an adapter to its port's contract.
//!
//! Behind the feature `testing`; nothing here is meant for a running shop.

mod clock;
pub mod ports;

pub use clock::{FixedClock, SeededEntropy};
