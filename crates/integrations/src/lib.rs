//! How the engine speaks to other services: the only place that calls other people's servers. Each adapter is a room
//! of its own that fulfils ports of `baddie-core`; none knows of another.
//!
//! This page is the register: one line per adapter, each behind its feature. Nothing is registered behind your back;
//! an engine speaks through the adapters it was built with.

#[cfg(feature = "http")]
pub mod courier;
#[cfg(feature = "http")]
pub mod http;
#[cfg(any(feature = "http", feature = "sandbox"))]
pub mod sleeper;
#[cfg(feature = "http")]
pub mod vault;
#[cfg(feature = "http")]
pub mod webhook;

pub use baddie_core::secret;

#[cfg(feature = "framer")]
pub mod framer;
#[cfg(feature = "hostinger")]
pub mod hostinger;
pub mod manual;
#[cfg(feature = "openai")]
pub mod openai;
#[cfg(feature = "railway")]
pub mod railway;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "shopify")]
pub mod shopify;
#[cfg(feature = "stripe")]
pub mod stripe;
#[cfg(feature = "webflow")]
pub mod webflow;
