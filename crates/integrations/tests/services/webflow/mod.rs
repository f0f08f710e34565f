//! Webflow: its calls against its own description and library, and the channel and the showcase against a fake with faults.

pub(crate) mod calls;
mod channel;
mod engine;
mod fake;
pub(crate) mod faults;
mod orders;
mod service;
mod showcase;
