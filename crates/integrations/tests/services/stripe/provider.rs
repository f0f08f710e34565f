//! The provider against its port's contract, on good days, slow ones and bad ones.

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Clock;
use baddie_core::ids::{EntityId, OrderId, PaymentTxnId};
use baddie_core::money::{Currency, Money};
use baddie_core::payment_conformance;
use baddie_core::payments::{PaymentProvider, PaymentRequest, TxnKind};
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::payment::PaymentRig;
use baddie_integrations::http::Limits;
use baddie_integrations::secret::Secret;
use baddie_integrations::stripe::{Config, Stripe};

use super::fake::{BAD, Fake, GOOD, KEY, SLOW};
use crate::kit::http;
use crate::kit::openapi::Description;
use crate::kit::server::{Fault, Reply};

pub(crate) struct Rig {
    pub(crate) clock: FixedClock,
    pub(crate) fake: Fake,
    pub(crate) stripe: Stripe,
    method: &'static str,
}

pub(crate) fn rig(method: &'static str, faults: impl IntoIterator<Item = Fault>) -> Rig {
    rig_within(Duration::from_secs(1), method, faults)
}

/// A rig that waits no longer than this for an answer.
pub(crate) fn rig_within(
    attempt: Duration,
    method: &'static str,
    faults: impl IntoIterator<Item = Fault>,
) -> Rig {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    fake.server.plan(faults);
    let mut config = config(&fake);
    config.limits.attempt = attempt;
    let stripe = Stripe::new(http(&clock), &config).unwrap();
    Rig { clock, fake, stripe, method }
}

pub(crate) fn config(fake: &Fake) -> Config {
    let limits = Limits { attempt: Duration::from_secs(1), answer: 1 << 20, ..Limits::default() };
    Config { base: fake.server.base().to_owned(), limits, ..Config::new(Secret::new(KEY)) }
}

/// A movement asked for at the time at which the clock of a rig begins.
pub(crate) fn movement(number: u32, kind: TxnKind, minor: i64, on: Option<&str>) -> PaymentRequest {
    let millis = FixedClock::default().now().as_micros().unsigned_abs() / 1_000;
    PaymentRequest {
        key: PaymentTxnId::from_u128(u128::from(millis) << 80 | u128::from(number)),
        order: OrderId::from_u128(1),
        kind,
        amount: Money::new(minor, Currency::GBP),
        on: on.map(str::to_owned),
        method: (kind == TxnKind::Auth).then(|| GOOD.to_owned()),
        page: None,
        known_as: None,
    }
}

/// A day on which two calls of three go astray, each in its way.
pub(crate) fn bad_day() -> impl Iterator<Item = Fault> {
    let says = |status| Fault::Instead(Reply::new(status, r#"{"error":{"type":"api_error"}}"#));
    let wait = Fault::Instead(Reply::new(429, "{}").header("retry-after", "2"));
    let round = [
        Fault::DropAfter,
        Fault::None,
        says(500),
        Fault::DropBefore,
        Fault::None,
        Fault::Truncated,
        wait,
        Fault::None,
        says(503),
        Fault::Giant,
        Fault::None,
        says(429),
    ];
    std::iter::repeat_n(round, 40).flatten()
}

#[async_trait]
impl PaymentRig for Rig {
    fn port(&self) -> &dyn PaymentProvider {
        &self.stripe
    }

    fn good_method(&self) -> &str {
        self.method
    }

    fn bad_method(&self) -> &str {
        BAD
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

impl Drop for Rig {
    /// Whatever was said in a test must be as Stripe describes it, on both sides.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            checked(self);
        }
    }
}

/// How many requests and answers there were, all of them as described; nothing without the description.
pub(crate) fn checked(rig: &Rig) -> Option<usize> {
    let description = description()?;
    let heard = rig.fake.server.heard();
    for heard in &heard {
        let body = String::from_utf8(heard.body.to_vec()).unwrap();
        description.check_form(&heard.method, &heard.path, &body).unwrap();
    }
    let said = rig.fake.said();
    for said in &said {
        description.check_answer(&said.method, &said.path, said.status, &said.body).unwrap();
    }
    Some(heard.len() + said.len())
}

fn description() -> Option<&'static Description> {
    static OPEN: std::sync::LazyLock<Option<Description>> =
        std::sync::LazyLock::new(|| Description::open("stripe/stripe-2026-10-28.subset.openapi.json.gz"));
    OPEN.as_ref()
}

payment_conformance!([tokio::test] a_good_day, || rig(GOOD, []));
payment_conformance!([tokio::test] a_slow_bank, || rig(SLOW, []));
payment_conformance!([tokio::test] a_bad_day, || rig(GOOD, bad_day()));
payment_conformance!([tokio::test] a_slow_bank_on_a_bad_day, || rig(SLOW, bad_day()));
