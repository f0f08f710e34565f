//! Stripe: payments set aside, taken, let go and given back; pages to pay on, subscriptions, the catalogue, signals of
//! fraud, and what it tells of its own accord.
//!
//! [`calls`] makes requests and sends nothing; [`Stripe`] sends them and reads the answers; as a
//! [`PaymentProvider`](baddie_core::payments::PaymentProvider) it is what the engine speaks to. An answer counts only when
//! it speaks of the amount, the currency and the order that were asked for.

mod amount;
pub mod calls;
mod event;
mod form;
mod manners;
mod news;
mod page;
mod provider;
mod service;
mod wire;

use baddie_core::clock::Clock;
use serde::de::DeserializeOwned;

use crate::http::{Answer, Call, Cause, Connection, Failure, Http, Limits, Manners};
use crate::secret::Secret;

pub use amount::{amount, money};
pub use event::{EVENTS, Event, EventData};
pub use service::StripeService;
pub use wire::{Charge, ChargeOutcome, Intent, List, Problem, Reference, Refund, Session};

use manners::StripeManners;

/// The name under which the provider is known.
pub const KIND: &str = "stripe";

/// Where Stripe is.
const BASE: &str = "https://api.stripe.com";

/// What it takes to speak for an account.
#[derive(Debug, Clone)]
pub struct Config {
    /// The secret key, `sk_live_…` or `sk_test_…`, or a restricted one, `rk_…`.
    pub key: Secret,
    /// The connected account that is meant, `acct_…`; the key's own when absent.
    pub account: Option<String>,
    /// Where to call; tests say elsewhere.
    pub base: String,
    /// How often and how long.
    pub limits: Limits,
}

impl Config {
    /// The account that this key opens.
    pub fn new(key: Secret) -> Self {
        Self { key, account: None, base: BASE.to_owned(), limits: Limits::default() }
    }
}

/// An account at Stripe.
pub struct Stripe {
    http: Http,
    to: Connection,
    account: Option<String>,
    live: bool,
    /// What its deliveries are signed with.
    signing: Option<Secret>,
}

impl Stripe {
    /// Prepares to speak for an account; calls nobody yet.
    pub fn new(http: Http, config: &Config) -> Result<Self, Failure> {
        let to = Connection::new(Box::new(StripeManners), &config.base, config.limits)?.credential(
            "authorization",
            "Bearer ",
            &config.key,
        )?;
        let live = config.key.expose().contains("_live_");
        Ok(Self { http, to, account: config.account.clone(), live, signing: None })
    }

    /// Whether real money moves.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Sends one of the [`calls`] and reads what is answered.
    pub async fn send<T: DeserializeOwned>(&self, call: Call) -> Result<T, Failure> {
        let changes = call.method() != "GET";
        let answer = self.http.send(&self.to, &on_account(call, self.account.as_deref())).await?;
        read(&answer).map_err(|failure| failure.in_doubt(changes))
    }

    /// The clock, by which recent objects are told from old ones.
    fn clock(&self) -> &dyn Clock {
        self.http.clock().as_ref()
    }
}

/// The call, meant for a connected account.
pub fn on_account(call: Call, account: Option<&str>) -> Call {
    match account {
        Some(account) => call.header("stripe-account", account),
        None => call,
    }
}

/// Reads an answer: what was asked for, or why there is nothing. Fields that we do not know are passed over; so are values
/// of enums, which are all texts here.
pub fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    StripeManners.judge(answer)?;
    serde_json::from_slice(&answer.body).map_err(|error| {
        let message = format!("the answer is not what was agreed, at column {}", error.column());
        Failure::new(KIND, Cause::Protocol, message).of_request(answer.header("request-id"))
    })
}
