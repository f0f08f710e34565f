//! What Stripe tells: believed on its raw bytes alone, kept before it is answered, and applied once, in whatever order it
//! comes and however often.

use std::collections::BTreeMap;
use std::time::Duration;

use baddie_core::clock::Clock;
use baddie_core::connections::Connection;
use baddie_core::engine::connections::{ConnectService, DisconnectService};
use baddie_core::engine::journal::ListEvents;
use baddie_core::engine::payments::{GetPayment, MovePayment, PaymentStep};
use baddie_core::engine::{Engine, Shop};
use baddie_core::error::{Kind, Result};
use baddie_core::ids::{PaymentId, hex};
use baddie_core::page::PageRequest;
use baddie_core::payments::{Payment, TxnKind, TxnState};
use baddie_core::testing::FixedClock;
use baddie_integrations::stripe::KIND;
use ring::hmac;
use serde_json::{Value, json};

use super::connections::{OLD, engine, get, pay, prove, shop};
use super::fake::{FOREIGN, Fake, KEY};
use crate::kit::server::Fault;
use crate::kit::telling::{order_of_six, store, tellings};

const SIGNING: &str = "whsec_canary41b9";

pub(super) struct Place {
    pub(super) clock: FixedClock,
    pub(super) fake: Fake,
    pub(super) engine: Engine,
    pub(super) shop: Shop,
    connection: Connection,
}

async fn connect(engine: &Engine, shop: &Shop, key: &str) -> Connection {
    let given = [("key", key), ("webhook_secret", SIGNING)];
    let given: BTreeMap<_, _> = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let request = ConnectService { service: KIND.into(), credentials: given.into(), connection_id: None };
    let made = shop.integrations().connect(request).await.unwrap();
    engine.settle().await.unwrap();
    get(shop, made.id).await
}

pub(super) async fn place() -> Place {
    place_on("memory:").await
}

async fn place_on(url: &str) -> Place {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let engine = engine(url, &clock, &fake, &[OLD]).await;
    let shop = shop(&engine, "here").await;
    let connection = connect(&engine, &shop, KEY).await;
    Place { clock, fake, engine, shop, connection }
}

fn signed(secret: &str, at: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex(tag.as_ref()))
}

impl Place {
    fn now(&self) -> i64 {
        self.clock.now().as_micros() / 1_000_000
    }

    async fn say(&self, connection: &str, signature: String, body: &str) -> Result<()> {
        let headers = [("stripe-signature".to_owned(), signature)];
        self.engine.receive(KIND, connection, &headers, body.as_bytes()).await
    }

    pub(super) async fn deliver(&self, event: &Value) {
        let body = event.to_string();
        let signature = signed(SIGNING, self.now(), &body);
        self.say(&self.connection.id.to_string(), signature, &body).await.unwrap();
    }

    /// A payment of 20.00 that was taken, and its charge.
    async fn paid(&self) -> (PaymentId, String) {
        let payment_id = pay(&self.engine, &self.shop, &self.connection.id.to_string()).await.payment.id;
        let capture = MovePayment { payment_id, step: PaymentStep::Capture, amount: None, reason: None };
        self.shop.payments().shift(capture).await.unwrap();
        self.engine.settle().await.unwrap();
        let view = self.shop.payments().get(GetPayment { payment_id }).await.unwrap();
        (payment_id, view.txns[1].provider_ref.clone().unwrap())
    }

    async fn payment(&self, payment_id: PaymentId) -> Payment {
        self.shop.payments().get(GetPayment { payment_id }).await.unwrap().payment
    }

    /// Money goes back at Stripe, by nobody here.
    fn refund(&self, charge: &str, amount: i64, currency: &str) -> Value {
        self.fake.look(|state| {
            let id = format!("re_there_{}", state.refunds.len() + 1);
            let refund = json!({
                "id": id, "object": "refund", "charge": charge, "amount": amount, "currency": currency,
                "status": "succeeded", "metadata": {}, "created": 0
            });
            state.refunds.push(refund.clone());
            refund
        })
    }

    async fn flags(&self) -> Vec<String> {
        let page = PageRequest::first(200);
        let events = self.shop.journal().events(ListEvents { page }).await.unwrap().items;
        let flagged = events.into_iter().filter(|event| event.kind == "payment.flagged");
        let why =
            |data: &str| serde_json::from_str::<Value>(data).unwrap()["why"].as_str().unwrap().to_owned();
        flagged.map(|event| why(event.data.as_str())).collect()
    }
}

#[tokio::test]
async fn s47_a_delivery_that_proves_nothing_is_refused() {
    let place = place().await;
    let other = connect(&place.engine, &place.shop, FOREIGN).await;
    let (payment, charge) = place.paid().await;
    let refund = place.refund(&charge, 500, "gbp");
    let event = place.fake.look(|state| state.happen("refund.created", &refund, 0));
    let (body, now) = (event.to_string(), place.now());
    let id = place.connection.id.to_string();
    let good = signed(SIGNING, now, &body);
    let mut live = event.clone();
    live["livemode"] = true.into();
    let mut foreign = event.clone();
    foreign["account"] = "acct_foreign".into();
    let (live, foreign) = (live.to_string(), foreign.to_string());
    for (connection, signature, body) in [
        (id.as_str(), String::new(), body.as_str()),
        (&id, signed("", now, &body), &body),
        (&id, signed("whsec_other", now, &body), &body),
        (&id, good.clone(), &format!("{body} ")),
        (&id, signed(SIGNING, now - 301, &body), &body),
        (&id, signed(SIGNING, now + 301, &body), &body),
        (&id, signed(SIGNING, now, &live), &live),
        (&id, signed(SIGNING, now, &foreign), &foreign),
        (&id, signed(SIGNING, now, "{}"), "{}"),
        ("con_00000000000000000000000001", good.clone(), &body),
        ("nonsense", good.clone(), &body),
    ] {
        let error = place.say(connection, signature, body).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (Kind::Unauthenticated, "webhooks.refused"),
            "{connection} {body}"
        );
    }
    // What another account's connection hears of this payment moves nothing.
    place.say(&other.id.to_string(), good.clone(), &body).await.unwrap();
    place.engine.settle().await.unwrap();
    assert!(place.payment(payment).await.refunded.is_zero());
    place.say(&id, good.clone(), &body).await.unwrap();
    let gone = DisconnectService { connection_id: place.connection.id };
    place.shop.integrations().disconnect(gone).await.unwrap();
    assert!(place.say(&id, good, &body).await.is_err(), "nobody listens any longer");
    prove(&place.engine).await;
}

/// A refund at Stripe and a dispute that is won, told in six events.
struct Story {
    charge: String,
    refund: String,
    dispute: String,
    /// How many of the six have happened.
    happened: usize,
    events: Vec<Value>,
}

impl Story {
    fn new(charge: String) -> Self {
        let (refund, dispute) = (format!("re_of_{charge}"), format!("dp_of_{charge}"));
        Self { charge, refund, dispute, happened: 0, events: Vec::new() }
    }

    /// Lets the next of the six happen.
    fn next(&mut self, place: &Place) {
        let now = place.now();
        let (refund, dispute) = (self.refund.as_str(), self.dispute.as_str());
        let charge = json!({"id": self.charge, "object": "charge"});
        let event = place.fake.look(|state| {
            let object = match self.happened {
                0 => {
                    state.refunds.push(json!({
                        "id": refund, "object": "refund", "charge": self.charge, "amount": 300, "currency": "gbp",
                        "status": "requires_action", "metadata": {}, "created": 0
                    }));
                    state.refunds.last().unwrap().clone()
                }
                1 => {
                    let found = state.refunds.iter_mut().find(|one| one["id"] == refund).unwrap();
                    found["status"] = "succeeded".into();
                    found.clone()
                }
                2 => charge,
                3 => {
                    state.disputes.push(json!({
                        "id": dispute, "object": "dispute", "charge": self.charge, "amount": 1_700,
                        "currency": "gbp", "status": "needs_response", "reason": "fraudulent"
                    }));
                    state.disputes.last().unwrap().clone()
                }
                at => {
                    let found = state.disputes.iter_mut().find(|one| one["id"] == dispute).unwrap();
                    found["status"] = if at == 4 { "under_review" } else { "won" }.into();
                    found.clone()
                }
            };
            let kinds = [
                "refund.created",
                "refund.updated",
                "charge.refunded",
                "charge.dispute.created",
                "charge.dispute.updated",
                "charge.dispute.closed",
            ];
            state.happen(kinds[self.happened], &object, now)
        });
        self.events.push(event);
        self.happened += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p07_what_stripe_tells_has_one_effect_in_any_order() {
    let (every, rounds) = tellings([1, 30, 60]);
    for (backend, every) in every {
        for _ in 0..rounds {
            tell_in_every_order(backend, every).await;
        }
    }
}

async fn tell_in_every_order(backend: &str, every: usize) {
    let room = tempfile::tempdir().unwrap();
    let (mut told, mut deliveries) = (0, 0);
    for (number, chunk) in (0..720).step_by(every).collect::<Vec<_>>().chunks(45).enumerate() {
        // A fresh world now and then, so that looking at everything stays quick.
        let place = place_on(&store(backend, room.path(), number).await).await;
        let mut payments = Vec::new();
        for &number in chunk {
            let (payment, charge) = place.paid().await;
            let mut story = Story::new(charge);
            let order = order_of_six(number);
            // Each is told twice, and nothing is told before it happened.
            for &at in order.iter().chain(&order[number % 3..]) {
                while story.happened <= at {
                    story.next(&place);
                }
                place.deliver(&story.events[at]).await;
                deliveries += 1;
                if number % 2 == 0 {
                    place.engine.settle().await.unwrap();
                }
            }
            place.engine.settle().await.unwrap();
            payments.push(payment);
            told += 1;
        }
        for payment in payments {
            let ended = place.shop.payments().get(GetPayment { payment_id: payment }).await.unwrap();
            let (payment, txns) = (ended.payment, ended.txns);
            assert_eq!(
                (payment.captured.minor(), payment.refunded.minor(), payment.disputed.minor()),
                (2_000, 300, 0)
            );
            let mut kinds: Vec<TxnKind> = txns.iter().map(|txn| txn.kind).collect();
            kinds.sort_unstable();
            let all = [
                TxnKind::Auth,
                TxnKind::Capture,
                TxnKind::Refund,
                TxnKind::Chargeback,
                TxnKind::ChargebackReversal,
            ];
            assert_eq!(kinds, all, "each once");
        }
        prove(&place.engine).await;
    }
    println!(
        "P7 stripe on {backend}: {told} tellings of a story of six events, {deliveries} deliveries, 1 ending"
    );
}

#[tokio::test]
async fn what_was_not_heard_is_asked_for() {
    let place = place().await;
    let (payment, charge) = place.paid().await;
    let mut story = Story::new(charge);
    for _ in 0..4 {
        story.next(&place);
    }
    // More than a page of what concerns nobody here.
    for number in 0..230 {
        let other = json!({"id": format!("ch_other_{number}"), "object": "charge"});
        let now = place.now();
        place.fake.look(|state| state.happen("charge.refunded", &other, now));
    }
    for _ in 0..3 {
        place.clock.advance(Duration::from_mins(5));
        place.engine.settle().await.unwrap();
    }
    let seen = place.payment(payment).await;
    assert_eq!((seen.refunded.minor(), seen.disputed.minor()), (300, 1_700));
    let heard = get(&place.shop, place.connection.id).await.heard_until;
    assert!(heard.is_some_and(|at| at > place.connection.created_at));
    assert_eq!(place.flags().await, ["disputed"]);
    prove(&place.engine).await;
}

#[tokio::test]
async fn what_cannot_be_is_told_and_not_booked() {
    let place = place().await;
    let (payment, charge) = place.paid().await;
    for (amount, currency) in [(2_001, "gbp"), (500, "usd"), (500, "nonsense")] {
        let refund = place.refund(&charge, amount, currency);
        let event = place.fake.look(|state| state.happen("refund.created", &refund, 0));
        place.deliver(&event).await;
        place.engine.settle().await.unwrap();
    }
    assert!(place.payment(payment).await.refunded.is_zero());
    // Told again under another name, it is no news.
    for kind in ["refund.updated", "charge.refunded"] {
        let charge = json!({"id": charge, "object": "charge"});
        let event = place.fake.look(|state| state.happen(kind, &charge, 0));
        place.deliver(&event).await;
        place.engine.settle().await.unwrap();
    }
    let mut flags = place.flags().await;
    flags.sort_unstable();
    assert_eq!(flags, ["another_currency", "more_than_is_there"]);
    let signs = place.fake.look(|state| {
        state.warnings.push(json!({"id": "issfr_1", "object": "radar.early_fraud_warning", "charge": charge, "fraud_type": "made_with_stolen_card"}));
        state.reviews.push(json!({"id": "prv_1", "object": "review", "charge": charge, "open": true, "reason": "rule"}));
        let (warning, review) = (state.warnings[0].clone(), state.reviews[0].clone());
        [state.happen("radar.early_fraud_warning.created", &warning, 0), state.happen("review.opened", &review, 0)]
    });
    for sign in signs.iter().chain(&signs) {
        place.deliver(sign).await;
        place.engine.settle().await.unwrap();
    }
    assert_eq!(place.flags().await.iter().filter(|why| *why == "suspicious").count(), 2, "each once");
    prove(&place.engine).await;
}

/// A capture whose answer was lost has no name here yet, when Stripe tells what became of it.
#[tokio::test]
async fn what_is_told_of_a_payment_in_doubt_waits_for_it() {
    let place = place().await;
    let payment_id = pay(&place.engine, &place.shop, &place.connection.id.to_string()).await.payment.id;
    let capture = MovePayment { payment_id, step: PaymentStep::Capture, amount: None, reason: None };
    place.shop.payments().shift(capture).await.unwrap();
    place.fake.server.plan(vec![Fault::DropAfter; 4]);
    place.engine.tick().await.unwrap();
    let view = place.shop.payments().get(GetPayment { payment_id }).await.unwrap();
    assert_eq!((view.txns[1].state, &view.txns[1].provider_ref), (TxnState::Unknown, &None));
    let charge = place.fake.look(|state| state.intents[0]["latest_charge"].as_str().unwrap().to_owned());
    let refund = place.refund(&charge, 500, "gbp");
    let event = place.fake.look(|state| state.happen("refund.created", &refund, 0));
    place.deliver(&event).await;
    place.engine.tick().await.unwrap();
    assert!(place.payment(payment_id).await.refunded.is_zero());
    for _ in 0..3 {
        place.clock.advance(Duration::from_secs(30));
        place.engine.settle().await.unwrap();
    }
    assert_eq!(place.payment(payment_id).await.refunded.minor(), 500);
    prove(&place.engine).await;
}

/// A key that is turned down is asked with now and then, not at every tick, and nothing that was told meanwhile is lost.
#[tokio::test]
async fn what_is_told_while_a_key_is_withdrawn_waits_for_another() {
    let place = place().await;
    let (payment, charge) = place.paid().await;
    place.fake.look(|state| state.withdrawn.push(KEY));
    let refund = place.refund(&charge, 500, "gbp");
    let event = place.fake.look(|state| state.happen("refund.created", &refund, 0));
    place.deliver(&event).await;
    place.clock.advance(Duration::from_mins(5));
    place.engine.settle().await.unwrap();
    let asked = place.fake.said().len();
    for _ in 0..20 {
        place.clock.advance(Duration::from_secs(1));
        place.engine.settle().await.unwrap();
    }
    assert_eq!(place.fake.said().len(), asked, "it is left alone");
    place.fake.look(|state| state.withdrawn.clear());
    assert!(place.payment(payment).await.refunded.is_zero());
    place.clock.advance(Duration::from_hours(1));
    place.engine.settle().await.unwrap();
    assert_eq!(place.payment(payment).await.refunded.minor(), 500);
    prove(&place.engine).await;
}

#[tokio::test]
async fn a_refund_that_did_not_arrive_is_the_customers_money_again() {
    let place = place().await;
    let (payment_id, _) = place.paid().await;
    let refund = MovePayment { payment_id, step: PaymentStep::Refund, amount: None, reason: None };
    place.shop.payments().shift(refund).await.unwrap();
    place.engine.settle().await.unwrap();
    let event = place.fake.look(|state| {
        let refund = state.refunds.last_mut().unwrap();
        refund["status"] = "failed".into();
        refund["failure_reason"] = "lost_or_stolen_card".into();
        let refund = refund.clone();
        state.happen("refund.failed", &refund, 0)
    });
    for _ in 0..2 {
        place.deliver(&event).await;
        place.engine.settle().await.unwrap();
    }
    let view = place.shop.payments().get(GetPayment { payment_id }).await.unwrap();
    assert_eq!(view.txns[2].state, TxnState::Reversed);
    assert_eq!(view.txns[2].note.as_deref(), Some("lost_or_stolen_card"));
    assert!(view.payment.refunded.is_zero());
    prove(&place.engine).await;
}
