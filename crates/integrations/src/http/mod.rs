//! The one HTTP client. Adapters make a [`Call`], a plain value, and read the [`Answer`]; everything between is here, the
//! same for all: which addresses may be called, how long a call may take and how large its answer may be, how often and
//! when it is tried again, and what is known when it fails.
//!
//! The rule of doubt: a change that was sent and not answered may have happened. It is sent again only under a key by
//! which the service does it once; otherwise the caller learns that the outcome is unknown
//! ([`Failure::may_have_happened`]) and looks.

mod address;
mod breaker;
mod call;
mod certificate;
mod client;
mod connection;
mod failure;
mod pace;
#[cfg(feature = "framer")]
mod socket;

pub use address::{Network, is_public};
pub use call::{Answer, Call, Repeat};
pub use certificate::Certificate;
pub use client::{Http, Means, Settings};
pub use connection::{Connection, Limits, Manners};
pub use failure::{Cause, Failure};
#[cfg(feature = "framer")]
pub use socket::Socket;
