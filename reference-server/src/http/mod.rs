//! The HTTP door's hinges: connections and their bounds, credentials, strict JSON, problem details.
//!
//! Nothing here knows of selling; which path leads to which operation stands in `routes.rs`.

pub mod auth;
pub mod body;
pub mod commands;
pub mod front;
pub mod json;
pub mod limits;
pub mod metrics;
pub mod peer;
pub mod problem;
pub mod rate;
pub mod request_id;
pub mod serve;
pub mod shared;
mod watch;

pub use commands::Commands;
pub use front::{Front, Seen};
pub use limits::Limits;
pub use problem::Problem;
pub use serve::serve;
