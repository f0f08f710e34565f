//! The ground of the Baddie engine: what is true of a reselling business, and what the engine does about it.
//!
//! No SQL, no HTTP, no async runtime; the system's clock and randomness are read in [`clock`] alone, and no float is
//! ever calculated with.
#![deny(clippy::float_arithmetic)]

pub mod clock;
pub mod entity;
pub mod error;
pub mod ids;
pub mod money;
pub mod page;
pub mod secret;

pub mod accounts;
pub mod catalog;
pub mod connections;
pub mod engine;
pub mod hosting;
pub mod insights;
pub mod inventory;
pub mod journal;
pub mod ledger;
pub mod listings;
pub mod orders;
pub mod outbox;
pub mod payments;
pub mod pricing;
pub mod purchasing;
pub mod shipping;
pub mod storage;
#[cfg(feature = "testing")]
pub mod testing;
pub mod webhooks;
