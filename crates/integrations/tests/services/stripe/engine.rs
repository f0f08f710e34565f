//! The whole way: an order in a shop, its payment at the fake, and the books, on a bad day. However many answers are
//! lost, in the end Stripe and the books say the same, and nobody has paid for nothing.

use std::sync::Arc;
use std::time::Duration;

use baddie_core::accounts::Actor;
use baddie_core::clock::{Clock, Zone};
use baddie_core::engine::catalog::{CreateProduct, NewVariant};
use baddie_core::engine::inventory::AdjustStock;
use baddie_core::engine::ledger::GetBalances;
use baddie_core::engine::orders::{CancelOrder, GetOrder, PlaceLine, PlaceOrder};
use baddie_core::engine::payments::{AuthorisePayment, GetPayment, MovePayment, PaymentStep};
use baddie_core::engine::{Engine, Found, Shop};
use baddie_core::ids::{OrderId, PaymentId};
use baddie_core::inventory::MoveReason;
use baddie_core::ledger::AccountCode;
use baddie_core::money::{Currency, Money};
use baddie_core::orders::OrderState;
use baddie_core::testing::FixedClock;
use baddie_integrations::stripe::{KIND, Stripe};

use super::fake::{BAD, Fake, GOOD, SLOW};
use super::provider::{bad_day, config};
use crate::kit::http;
use crate::kit::telling::{by_tier, is_meant, store};

fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

struct House {
    clock: FixedClock,
    fake: Fake,
    engine: Engine,
    shop: Shop,
}

/// An engine on a store, which moves money at the fake.
async fn engine(url: &str, clock: &FixedClock, fake: &Fake) -> Engine {
    let stripe = Stripe::new(http(clock), &config(fake)).unwrap();
    let storage = baddie_storage::connect(url, clock.now()).await.unwrap();
    Engine::builder(storage).clock(Arc::new(clock.clone())).provider(KIND, Arc::new(stripe)).build()
}

async fn house() -> House {
    house_on("memory:").await
}

async fn house_on(url: &str) -> House {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let engine = engine(url, &clock, &fake).await;
    let found = Found {
        name: "Second Spring".into(),
        email: "owner@example.org".into(),
        currency: Currency::GBP,
        time_zone: "Europe/London".parse::<Zone>().unwrap(),
    };
    let shop = engine.found(found).await.unwrap().shop;
    let product = CreateProduct {
        title: "Mug".into(),
        variants: vec![NewVariant::stocked("MUG", gbp(2_000))],
        ..CreateProduct::default()
    };
    let view = shop.catalog().create_product(product).await.unwrap();
    let adjust = AdjustStock {
        variant_id: view.variants[0].variant.id,
        location_id: None,
        change: 1_000,
        reason: MoveReason::Opening,
        cost: Some(gbp(500_000)),
    };
    shop.inventory().adjust(adjust).await.unwrap();
    House { clock, fake, engine, shop }
}

impl House {
    /// An order whose payment is on its way.
    async fn order(&self, method: &str) -> (OrderId, PaymentId) {
        let order = PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)]);
        let order_id = self.shop.orders().place(order).await.unwrap().order.id;
        let request =
            AuthorisePayment { order_id, provider: KIND.into(), amount: None, method: Some(method.into()) };
        (order_id, self.shop.payments().authorise(request).await.unwrap().payment.id)
    }

    async fn shift(&self, payment_id: PaymentId, step: PaymentStep, minor: Option<i64>) {
        let request = MovePayment { payment_id, step, amount: minor.map(gbp), reason: None };
        self.shop.payments().shift(request).await.unwrap();
    }

    /// Works for half a day, so that everything has come to its end.
    async fn work(&self) {
        for _ in 0..72 {
            self.engine.settle().await.unwrap();
            self.clock.advance(Duration::from_mins(10));
        }
    }

    /// What the books say is at Stripe.
    async fn booked(&self) -> i64 {
        let rows = self.shop.ledger().balances(GetBalances::default()).await.unwrap();
        let at_stripe = rows.iter().filter(|row| row.balance.account == AccountCode::clearing(KIND));
        at_stripe.map(|row| row.balance.balance.minor()).sum()
    }

    /// What truly is at Stripe: taken, less given back; and how much is still held.
    fn truth(&self) -> (i64, i64) {
        self.fake.look(|state| {
            let sum = |objects: &[serde_json::Value], field: &str| -> i64 {
                objects.iter().map(|object| object[field].as_i64().unwrap()).sum()
            };
            let taken = sum(&state.intents, "amount_received") - sum(&state.refunds, "amount");
            (taken, sum(&state.intents, "amount_capturable"))
        })
    }

    /// The worker dies in the middle of what it does, and another one begins where the store stands.
    async fn kill(&mut self, url: &str, within: Duration) {
        let _ = tokio::time::timeout(within, self.engine.tick()).await;
        let shop = self.shop.id();
        self.engine = engine(url, &self.clock, &self.fake).await;
        self.shop = self.engine.shop(Actor::System, shop);
    }

    async fn prove(&self) {
        let verdict = self.engine.verify(&|_| ()).await.unwrap();
        assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
    }
}

#[tokio::test]
async fn stripe_and_the_books_agree_after_a_bad_day() {
    let house = house().await;
    house.fake.server.plan(bad_day());
    let mut payments = Vec::new();
    for number in 0..50 {
        payments.push(house.order(if number % 3 == 0 { SLOW } else { GOOD }).await);
    }
    house.work().await;
    for (number, (order_id, payment)) in payments.iter().enumerate() {
        match number % 5 {
            0 => {
                let cancel =
                    CancelOrder { order_id: *order_id, lines: Vec::new(), reason: "called off".into() };
                house.shop.orders().cancel(cancel).await.unwrap();
            }
            1 => house.shift(*payment, PaymentStep::Capture, Some(1_500)).await,
            _ => house.shift(*payment, PaymentStep::Capture, None).await,
        }
    }
    house.work().await;
    for (number, (_, payment)) in payments.iter().enumerate() {
        match number % 5 {
            1 => house.shift(*payment, PaymentStep::Void, None).await,
            2 => house.shift(*payment, PaymentStep::Refund, Some(700)).await,
            3 => house.shift(*payment, PaymentStep::Refund, None).await,
            _ => {}
        }
    }
    house.work().await;
    // 10 called off, 10 taken in part, 10 given back in part, 10 given back, 10 kept.
    let expected = 10 * 1_500 + 10 * 1_300 + 10 * 2_000;
    assert_eq!(house.truth(), (expected, 0), "nothing is held for nothing, and nothing was moved twice");
    assert_eq!(house.booked().await, expected);
    for (_, payment_id) in payments {
        let view = house.shop.payments().get(GetPayment { payment_id }).await.unwrap();
        assert!(view.txns.iter().all(|txn| !txn.state.is_open()), "{:#?}", view.txns);
    }
    house.prove().await;
}

#[tokio::test]
async fn what_is_declined_is_not_paid() {
    let house = house().await;
    let (order_id, payment_id) = house.order(BAD).await;
    house.work().await;
    let view = house.shop.payments().get(GetPayment { payment_id }).await.unwrap();
    assert_eq!(view.txns[0].note.as_deref(), Some("insufficient_funds"));
    let order = house.shop.orders().get(GetOrder { order_id }).await.unwrap();
    assert_eq!((order.order.state, house.truth()), (OrderState::Placed, (0, 0)));
    house.prove().await;
}

#[tokio::test]
async fn p08_money_that_was_taken_ends_as_an_order_or_goes_back() {
    let stories = by_tier([500, 500], [50, 20], [20, 10]);
    for (backend, stories) in ["sqlite", "postgres"].into_iter().zip(stories) {
        if is_meant(backend) {
            live_through(backend, stories).await;
        }
    }
}

/// Money is set aside and taken, orders are called off at any moment of it, answers are lost, and workers die between a call
/// and its commit; in the end no money is taken for nothing.
async fn live_through(backend: &str, stories: usize) {
    let room = tempfile::tempdir().unwrap();
    let url = store(backend, room.path(), 0).await;
    let mut house = house_on(&url).await;
    // What takes longer lives longer, so that as much is done as is left undone.
    let breath = if backend == "postgres" { 2_000 } else { 200 };
    let mut dice = Dice(0x5eed);
    let (mut paid, mut kills, mut called_off) = (Vec::new(), 0, 0);
    for number in 0..stories {
        if number % 10 == 0 {
            house.fake.server.plan(bad_day());
        }
        let method = [GOOD, GOOD, GOOD, SLOW, BAD][dice.below(5)];
        let (order_id, payment) = house.order(method).await;
        paid.push((order_id, payment));
        for act in 0..4 {
            if dice.below(2) == 0 {
                kills += 1;
                house.kill(&url, Duration::from_micros(breath * dice.below(60) as u64)).await;
            } else {
                house.engine.tick().await.unwrap();
            }
            // Longer than a worker holds what it was at.
            house.clock.advance(Duration::from_secs(150 * dice.below(3) as u64));
            if act == 1 {
                let capture = MovePayment {
                    payment_id: payment,
                    step: PaymentStep::Capture,
                    amount: None,
                    reason: None,
                };
                // What was declined, or is not set aside yet, cannot be taken.
                let _ = house.shop.payments().shift(capture).await;
            }
            if act > 0 && dice.below(6) == 0 {
                let cancel = CancelOrder { order_id, lines: Vec::new(), reason: "there is none left".into() };
                called_off += usize::from(house.shop.orders().cancel(cancel).await.is_ok());
            }
        }
    }
    house.fake.server.forgive();
    for _ in 0..8 {
        house.work().await;
    }
    let (mut kept, mut orphans) = (0, Vec::new());
    for (order_id, payment_id) in paid {
        let order = house.shop.orders().get(GetOrder { order_id }).await.unwrap().order;
        let view = house.shop.payments().get(GetPayment { payment_id }).await.unwrap();
        assert!(view.txns.iter().all(|txn| !txn.state.is_open()), "{:#?}", view.txns);
        let held = view.payment.captured.minor() - view.payment.refunded.minor();
        if held > 0 && !matches!(order.state, OrderState::Confirmed | OrderState::Completed) {
            orphans.push((order.state, view));
        }
        kept += held;
    }
    assert!(orphans.is_empty(), "{orphans:#?}");
    assert!(kept > 0 && called_off > 0 && kills > 0);
    assert_eq!(house.truth().0, kept, "Stripe and the shop agree on what was paid");
    assert_eq!(house.booked().await, kept);
    house.prove().await;
    println!(
        "P8 stripe on {backend}: {stories} stories, {kills} kills, {called_off} called off, {kept} pence kept, 0 orphans"
    );
}

/// Chance that repeats (Marsaglia 2003, xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}
