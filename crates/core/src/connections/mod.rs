//! Connections of a shop to accounts at other services: whose account it is, what may be done there, how it is, and the
//! credentials, which are kept sealed.
//!
//! What a service does for a shop is a port of another domain (payments, channels); here is only the way to it.

mod model;
mod port;
mod rules;
mod store;

pub use model::*;
pub use port::*;
pub use store::*;

pub use crate::secret::Credentials;
