//! Every call that the adapter makes of Stripe, as a plain value: a request goes in, a [`Call`] comes out, and nothing
//! is sent. Field names are Stripe's own (API 2026-10-28.endive), so its documentation explains them; what is `None` is
//! not sent. Amounts are in Stripe's smallest unit, as [`amount`](super::amount) makes them.
//!
//! Whatever changes something carries a key under which Stripe does it once. The key is the name of our own command, kept
//! for it, so that a repetition after a crash carries the same one.

mod account;
mod billing;
mod catalogue;
mod checkout;
mod customers;
mod intents;
mod refunds;
mod signals;

use std::collections::BTreeMap;

use serde::Serialize;

use super::form::form;
use crate::http::{Call, Repeat};

pub use account::*;
pub use billing::*;
pub use catalogue::*;
pub use checkout::*;
pub use customers::*;
pub use intents::*;
pub use refunds::*;
pub use signals::*;

/// The version of the API that requests are written for.
pub const VERSION: &str = "2026-10-28.endive";

/// Notes kept with an object at Stripe: up to 50, keys up to 40 characters, values up to 500.
pub type Metadata = BTreeMap<String, String>;

/// Which page of a list, and how much of what is listed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Listing {
    /// How many, 1 to 100.
    pub limit: Option<u32>,
    /// After which object.
    pub starting_after: Option<String>,
    /// Made when.
    pub created: Option<Span>,
    /// What is told in full instead of by its name.
    pub expand: Vec<String>,
}

/// A span of time, in seconds since 1970.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Span {
    /// Not before.
    pub gte: Option<i64>,
    /// Before.
    pub lt: Option<i64>,
}

/// What is told in full instead of by its name; all that many calls take.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Expand {
    /// Paths of fields, such as `latest_charge`.
    pub expand: Vec<String>,
}

fn get(path: String, query: &impl Serialize) -> Call {
    dress(Call::get(with_query(path, query)))
}

fn delete(path: String, query: &impl Serialize) -> Call {
    dress(Call::delete(with_query(path, query)))
}

fn post(path: String, key: &str, body: &impl Serialize) -> Call {
    dress(Call::post(path))
        .body("application/x-www-form-urlencoded", form(body))
        .header("idempotency-key", key)
        .repeat(Repeat::UnderItsKey)
}

fn dress(call: Call) -> Call {
    call.header("stripe-version", VERSION).header("accept", "application/json")
}

fn with_query(path: String, query: &impl Serialize) -> String {
    match form(query) {
        query if query.is_empty() => path,
        query => format!("{path}?{query}"),
    }
}
