//! Every call that the adapter makes of Webflow, as a plain value: a request goes in, a [`Call`] comes out, and nothing is
//! sent. Field names are Webflow's own (Data API v2), so its documentation explains them; what is `None` is not sent.
//!
//! Webflow does nothing once under a key. What makes something, or moves a quantity or money, is therefore not repeated by
//! itself; what says how a thing shall be is.

mod assets;
mod collections;
mod items;
mod orders;
mod products;
mod sites;
mod stock;
mod webhooks;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::http::Call;

pub use assets::*;
pub use collections::*;
pub use items::*;
pub use orders::*;
pub use products::*;
pub use sites::*;
pub use stock::*;
pub use webhooks::*;

/// How much of a list Webflow tells at once.
pub const PAGE: u32 = 100;

/// Which page of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Page {
    /// How many come before it.
    pub offset: u32,
    /// How many are on it, 1 to 100.
    pub limit: u32,
}

impl Page {
    /// A full page, after so many.
    pub fn after(offset: u32) -> Self {
        Self { offset, limit: PAGE }
    }

    fn query(self) -> [(&'static str, String); 2] {
        [("offset", self.offset.to_string()), ("limit", self.limit.to_string())]
    }
}

/// What stands in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// A name or a word as a step of a path: whatever is in it, it stays one step.
fn step(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

fn with_query(path: &str, query: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let pairs: Vec<_> = query.into_iter().map(|(name, value)| format!("{name}={}", step(&value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The call with this body.
fn with(call: Call, body: &impl Serialize) -> Call {
    call.body("application/json", serde_json::to_vec(body).expect("what is said is texts and numbers"))
}
