//! Webflow: its calls against its own description and library, and the channel and the showcase against a fake with faults.

pub(crate) mod calls;
pub(crate) mod channel;
mod engine;
pub(crate) mod fake;
pub(crate) mod faults;
mod orders;
mod service;
mod showcase;
mod tellings;
