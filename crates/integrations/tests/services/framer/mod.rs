//! Framer: frames against a recorded session, and the showcase against a fake that keeps state and fails.

mod fake;
pub(crate) mod faults;
pub(crate) mod frames;
mod service;
mod showcase;
