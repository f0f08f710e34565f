//! What tests need, here and in crates that bring their own adapters: time that stands still, chance that repeats,
//! things to try a store with, and the suites that hold a store or an adapter to its contract.
//!
//! Behind the feature `testing`; nothing here is meant for a running shop.

pub mod builders;
mod clock;
pub mod ports;
pub mod storage;

pub use clock::{FixedClock, SeededEntropy};
