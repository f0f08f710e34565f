//! Stripe: its calls against its description and its library, and the provider against a fake with faults.

pub(crate) mod calls;
mod connections;
mod engine;
mod events;
mod fake;
pub(crate) mod faults;
mod page;
mod provider;
