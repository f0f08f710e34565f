//! The adapters of real services, proven without them: every request is checked against the service's own description
//! and against what the official client library sends, and every adapter is driven over real loopback HTTP against a
//! fake that keeps state and fails in every way there is.
//!
//! The descriptions lie in the folder that `BADDIE_SPECS` names. Without it what needs them is skipped, and says so; the
//! recorded requests and the signed deliveries are here in `fixtures/` (`fixtures/README.md` tells where from).
#![cfg(feature = "http")]
#![expect(clippy::unwrap_used, reason = "a test may")]

#[cfg(all(
    feature = "stripe",
    feature = "shopify",
    feature = "webflow",
    feature = "framer",
    feature = "hostinger",
    feature = "railway",
    feature = "openai"
))]
mod canaries;
mod certificate;
mod courier;
#[cfg(feature = "framer")]
mod framer;
mod ground;
#[cfg(feature = "hostinger")]
mod hostinger;
mod kit;
#[cfg(feature = "openai")]
mod openai;
#[cfg(feature = "railway")]
mod railway;
#[cfg(feature = "shopify")]
mod shopify;
#[cfg(feature = "stripe")]
mod stripe;
mod table;
#[cfg(all(feature = "shopify", feature = "webflow", feature = "sandbox"))]
mod together;
mod vectors;
#[cfg(feature = "webflow")]
mod webflow;
