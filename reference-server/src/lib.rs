//! The Baddie engine as a server: HTTP, the worker and the command line.
//!
//! A thin door. It translates requests into operations and answers into HTTP, and decides nothing: what may be sold, to
//! whom and for how much is the engine's affair. The binary `baddie` is [`cli::run`]; the rest is a library so that
//! tests can open the door themselves.

pub mod api;
pub mod cli;
pub mod config;
pub mod dashboard;
mod demo;
pub mod docs;
pub mod endpoint;
pub mod fields;
mod files;
pub mod health;
pub mod http;
pub mod log;
pub mod openapi;
pub mod ready;
pub mod routes;
pub mod server;
pub mod span;
pub mod webhooks;
pub mod worker;
