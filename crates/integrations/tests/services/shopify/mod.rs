//! Shopify: its documents against its schema, and the channel against a fake with faults.

mod access;
pub(crate) mod channel;
mod consent;
mod deliveries;
pub(crate) mod documents;
mod engine;
pub(crate) mod fake;
pub(crate) mod faults;
mod orders;
mod refunds;
mod renewal;
mod service;
mod takeover;
mod tellings;
