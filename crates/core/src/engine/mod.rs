//! What we do: the use cases, and the worker that carries out what they queued. The only folder that awaits.
//!
//! A use case is a [`Command`] or a [`Query`]: its request is a type, its answer another, and `run` tells the story in
//! between. [`Shop`] runs it: checks the permission, opens one transaction, keeps the answer under the request's
//! idempotency key, writes the audit row, commits. Use cases do not call each other; what several of them do in the
//! same way is a method of [`Work`]. What a service is asked for while its caller waits is an [`Errand`]: it has no
//! transaction, because none may be open while a port is awaited.

mod command;
mod consents;
mod dispatch;
#[expect(clippy::module_inception, reason = "the engine's own type lives in the file of its name")]
mod engine;
mod errand;
mod flights;
mod shop;
mod work;

pub mod accounts;
pub mod arming;
pub mod catalog;
pub mod connections;
pub mod hosting;
pub mod imports;
pub mod insights;
pub mod inventory;
pub mod journal;
pub mod ledger;
pub mod listings;
pub mod orders;
pub mod payments;
pub mod pricing;
pub mod purchasing;
pub mod shipping;
pub mod verify;
mod way_back;
pub mod webhooks;

pub use command::{Boxed, Command, Query};
pub use dispatch::TickReport;
pub use engine::{Adapters, Credential, Engine, EngineBuilder, Found, Founded};
pub use errand::{Away, Errand};
pub use shop::{Shop, Told};
pub use work::{Look, OrderView, Work};
