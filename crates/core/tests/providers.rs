//! Payment providers of several tempers: slow ones, mute ones, and those that take a payment in one piece.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::{Clock, SystemClock};
use baddie_core::engine::orders::{CancelOrder, PlaceLine, PlaceOrder};
use baddie_core::engine::payments::{AuthorisePayment, GetPayment, MovePayment, PaymentStep, PaymentView};
use baddie_core::engine::{Engine, EngineBuilder};
use baddie_core::error::Kind;
use baddie_core::ids::{OrderId, PaymentId};
use baddie_core::orders::PaymentStatus;
use baddie_core::outbox::{JobKind, JobState};
use baddie_core::page::PageRequest;
use baddie_core::payments::{
    PaymentCapabilities, PaymentError, PaymentOutcome, PaymentProvider, PaymentRequest, PaymentTxn, TxnKind,
    TxnState,
};
use baddie_core::storage::Scope;
use baddie_core::testing::FixedClock;
use baddie_integrations::sandbox::{Bank, Config, DECLINE, KIND, SLOW, Sandbox};
use support::{House, gbp, on_every_backend};

async fn shift(
    house: &House,
    payment: PaymentId,
    step: PaymentStep,
    pence: Option<i64>,
) -> baddie_core::error::Result<PaymentView> {
    let request = MovePayment { payment_id: payment, step, amount: pence.map(gbp), reason: None };
    house.shop.payments().shift(request).await?;
    house.engine.settle().await.unwrap();
    house.shop.payments().get(GetPayment { payment_id: payment }).await
}

async fn authorise(house: &House, order_id: OrderId, method: &str) -> PaymentView {
    let request =
        AuthorisePayment { order_id, provider: KIND.into(), amount: None, method: Some(method.into()) };
    let payment = house.shop.payments().authorise(request).await.unwrap().payment.id;
    house.engine.settle().await.unwrap();
    house.shop.payments().get(GetPayment { payment_id: payment }).await.unwrap()
}

async fn unpaid(house: &House, sku: &str, qty: i64) -> OrderId {
    house.shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku(sku, qty)])).await.unwrap().order.id
}

/// A bank that takes a payment in one piece.
struct OnePiece(Bank);

#[async_trait]
impl PaymentProvider for OnePiece {
    fn capabilities(&self) -> PaymentCapabilities {
        PaymentCapabilities { part_capture: false, ..self.0.capabilities() }
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        self.0.execute(request).await
    }

    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        self.0.look_up(request).await
    }
}

#[test]
fn a_provider_that_takes_in_one_piece_is_not_asked_twice() {
    on_every_backend(|backend| async move {
        let world = Sandbox::new(Config::default(), Arc::new(SystemClock));
        let bank = Arc::new(OnePiece(world.bank()));
        let house = House::build(backend, |engine| engine.provider(KIND, bank)).await;
        house.stocked("MUG", 1000, 5, 2000).await;
        let order = unpaid(&house, "MUG", 2).await;
        let payment = authorise(&house, order, "tok_visa").await.payment.id;
        shift(&house, payment, PaymentStep::Capture, Some(1500)).await.unwrap();
        let again = shift(&house, payment, PaymentStep::Capture, None).await.unwrap_err();
        assert_eq!((again.kind(), again.code()), (Kind::Refused, "payments.captured_once"));
        let rest = shift(&house, payment, PaymentStep::Void, None).await.unwrap();
        assert_eq!((rest.payment.authorised, rest.payment.captured), (gbp(1500), gbp(1500)));
        house.prove().await;
    });
}

/// A bank that does what it is asked to and never says so: it must be looked up.
struct Mute(Bank);

#[async_trait]
impl PaymentProvider for Mute {
    fn capabilities(&self) -> PaymentCapabilities {
        self.0.capabilities()
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        self.0.execute(request).await?;
        Err(PaymentError::Unknown { reason: "the answer was lost".into() })
    }

    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        self.0.look_up(request).await
    }
}

#[test]
fn what_is_found_under_way_is_waited_for() {
    on_every_backend(|backend| async move {
        let clock = FixedClock::default();
        let config = Config { slow_payment_ms: 2 * 3_600_000, ..Config::default() };
        let bank = Mute(Sandbox::new(config, Arc::new(clock.clone())).bank());
        let furnish =
            |engine: EngineBuilder| engine.clock(Arc::new(clock.clone())).provider(KIND, Arc::new(bank));
        let house = House::build(backend, furnish).await;
        house.stocked("MUG", 1000, 5, 2000).await;
        let order = unpaid(&house, "MUG", 1).await;
        let payment_id = authorise(&house, order, SLOW).await.payment.id;
        let mut seen = Vec::new();
        for _ in 0..30 {
            clock.advance(Duration::from_mins(10));
            house.engine.settle().await.unwrap();
            let view = house.shop.payments().get(GetPayment { payment_id }).await.unwrap();
            seen.push(view.txns[0].state);
        }
        assert_eq!((seen[0], seen[29]), (TxnState::Pending, TxnState::Succeeded), "{seen:?}");
        house.prove().await;
    });
}

#[test]
fn a_bank_may_take_days() {
    on_every_backend(|backend| async move {
        let config = Config { slow_payment_ms: 3 * 24 * 3_600_000, ..Config::default() };
        let (house, _, clock) = House::in_world(backend, config).await;
        house.stocked("MUG", 1000, 5, 2000).await;
        let order = unpaid(&house, "MUG", 1).await;
        let payment_id = authorise(&house, order, SLOW).await.payment.id;
        let mut waited = 0;
        while house.shop.payments().get(GetPayment { payment_id }).await.unwrap().txns[0].state.is_open() {
            waited += 1;
            assert!(waited < 500, "it is never settled");
            clock.advance(Duration::from_mins(10));
            house.engine.settle().await.unwrap();
        }
        assert!(waited >= 432, "settled after {waited} times ten minutes");
        assert_eq!(house.order(order).await.payment_status, PaymentStatus::Authorised);
        house.prove().await;
    });
}

/// A bank that keeps what it is asked, and may lose requests on their way to it.
struct Noting {
    bank: Bank,
    asked: Mutex<Vec<PaymentRequest>>,
    looked_up: AtomicUsize,
    loses: AtomicUsize,
}

impl Noting {
    /// One that loses the first so many requests.
    fn losing(requests: usize, clock: &FixedClock) -> Arc<Self> {
        let bank = Sandbox::new(Config::default(), Arc::new(clock.clone())).bank();
        let (asked, looked_up) = (Mutex::default(), AtomicUsize::new(0));
        Arc::new(Self { bank, asked, looked_up, loses: AtomicUsize::new(requests) })
    }

    /// How often it was asked to do something, and what became of it.
    fn asked(&self) -> (usize, usize) {
        (self.asked.lock().unwrap().len(), self.looked_up.load(Ordering::Relaxed))
    }
}

#[async_trait]
impl PaymentProvider for Noting {
    fn capabilities(&self) -> PaymentCapabilities {
        self.bank.capabilities()
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        self.asked.lock().unwrap().push(request.clone());
        let lost = self.loses.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if lost.is_ok() {
            return Err(PaymentError::Unknown { reason: "the line is dead".into() });
        }
        self.bank.execute(request).await
    }

    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        self.looked_up.fetch_add(1, Ordering::Relaxed);
        self.bank.look_up(request).await
    }
}

async fn house_of(backend: &str, bank: Arc<dyn PaymentProvider>, clock: &FixedClock) -> House {
    let furnish = |engine: EngineBuilder| engine.clock(Arc::new(clock.clone())).provider(KIND, bank);
    let house = House::build(backend, furnish).await;
    house.stocked("MUG", 1000, 5, 2000).await;
    house
}

async fn later(house: &House, clock: &FixedClock) {
    clock.advance(Duration::from_mins(10));
    house.engine.settle().await.unwrap();
}

async fn newest_txn(house: &House, payment_id: PaymentId) -> PaymentTxn {
    house.shop.payments().get(GetPayment { payment_id }).await.unwrap().txns.pop().unwrap()
}

#[test]
fn a_movement_whose_worker_died_after_its_end_is_not_asked_about() {
    on_every_backend(|backend| async move {
        for (method, ends) in [("tok_visa", TxnState::Succeeded), (DECLINE, TxnState::Failed)] {
            let clock = FixedClock::default();
            let bank = Noting::losing(0, &clock);
            let house = house_of(backend, bank.clone(), &clock).await;
            let order = unpaid(&house, "MUG", 1).await;
            let seen = authorise(&house, order, method).await;
            assert_eq!((seen.txns[0].state, bank.asked()), (ends, (1, 0)));

            // The movement is settled, but of its job only the beginning was noted.
            let mut tx = house.engine.storage().begin(Scope::Shop(house.shop.id())).await.unwrap();
            let done = tx.outbox().jobs(Some(JobState::Succeeded), &PageRequest::first(50)).await.unwrap();
            let mut job = done.items.into_iter().find(|job| job.kind == JobKind::Pay).unwrap();
            job.state = JobState::Leased;
            job.lease_until = Some(clock.now());
            assert!(tx.outbox().update(&job).await.unwrap());
            tx.commit().await.unwrap();
            later(&house, &clock).await;

            assert_eq!(bank.asked(), (1, 0));
            let mut tx = house.engine.storage().read(Scope::Shop(house.shop.id())).await.unwrap();
            let over = tx.outbox().jobs(Some(JobState::Cancelled), &PageRequest::first(50)).await.unwrap();
            assert!(over.items.iter().any(|over| over.id == job.id), "{:?}", over.items);
            house.prove().await;
        }
    });
}

#[test]
fn what_is_lost_on_its_way_stays_in_doubt_until_it_is_looked_up() {
    on_every_backend(|backend| async move {
        let clock = FixedClock::default();
        let bank = Noting::losing(2, &clock);
        let house = house_of(backend, bank.clone(), &clock).await;
        let order = unpaid(&house, "MUG", 1).await;
        let seen = authorise(&house, order, "tok_visa").await;
        assert_eq!((seen.txns[0].state, bank.asked()), (TxnState::Unknown, (1, 0)));
        for ends in [TxnState::Unknown, TxnState::Succeeded] {
            later(&house, &clock).await;
            assert_eq!(newest_txn(&house, seen.payment.id).await.state, ends);
        }
        assert_eq!(bank.asked(), (3, 2));
        house.prove().await;
    });
}

#[test]
fn what_is_in_doubt_stays_so_while_nobody_can_be_asked() {
    on_every_backend(|backend| async move {
        let clock = FixedClock::default();
        let bank = Noting::losing(1, &clock);
        let house = house_of(backend, bank.clone(), &clock).await;
        let order = unpaid(&house, "MUG", 1).await;
        let in_doubt = authorise(&house, order, "tok_visa").await.payment.id;
        let without = Engine::builder(house.engine.storage().clone()).clock(Arc::new(clock.clone())).build();
        for _ in 0..3 {
            clock.advance(Duration::from_mins(10));
            without.settle().await.unwrap();
        }
        assert_eq!((newest_txn(&house, in_doubt).await.state, bank.asked()), (TxnState::Unknown, (1, 0)));
        clock.advance(Duration::from_hours(2));
        house.engine.settle().await.unwrap();
        assert_eq!(newest_txn(&house, in_doubt).await.state, TxnState::Succeeded);

        // What was never sent is not in doubt, and given up by a worker that knows nobody to send it to.
        let order_id = unpaid(&house, "MUG", 1).await;
        let method = Some("tok_visa".into());
        let request = AuthorisePayment { order_id, provider: KIND.into(), amount: None, method };
        house.shop.payments().authorise(request).await.unwrap();
        without.settle().await.unwrap();
        let mut tx = house.engine.storage().read(Scope::Shop(house.shop.id())).await.unwrap();
        let dead = tx.outbox().jobs(Some(JobState::Dead), &PageRequest::first(50)).await.unwrap();
        assert_eq!(dead.items.len(), 1, "{:?}", dead.items);
    });
}

#[test]
fn an_order_called_off_while_its_payment_is_in_doubt_gives_the_money_back() {
    on_every_backend(|backend| async move {
        let clock = FixedClock::default();
        let bank = Mute(Sandbox::new(Config::default(), Arc::new(clock.clone())).bank());
        let house = house_of(backend, Arc::new(bank), &clock).await;
        let order_id = unpaid(&house, "MUG", 1).await;
        let payment_id = authorise(&house, order_id, "tok_visa").await.payment.id;
        let cancel = CancelOrder { order_id, lines: Vec::new(), reason: "changed my mind".into() };
        house.shop.orders().cancel(cancel).await.unwrap();
        for _ in 0..6 {
            later(&house, &clock).await;
        }
        let seen = house.shop.payments().get(GetPayment { payment_id }).await.unwrap();
        let kinds: Vec<_> = seen.txns.iter().map(|txn| (txn.kind, txn.state)).collect();
        assert_eq!(kinds, [(TxnKind::Auth, TxnState::Succeeded), (TxnKind::Void, TxnState::Succeeded)]);
        house.prove().await;
    });
}

#[test]
fn an_order_called_off_first_is_not_paid() {
    on_every_backend(|backend| async move {
        let clock = FixedClock::default();
        let bank = Noting::losing(0, &clock);
        let house = house_of(backend, bank.clone(), &clock).await;
        let order_id = unpaid(&house, "MUG", 1).await;
        let method = Some("tok_visa".into());
        let request = AuthorisePayment { order_id, provider: KIND.into(), amount: None, method };
        let payment_id = house.shop.payments().authorise(request).await.unwrap().payment.id;
        let cancel = CancelOrder { order_id, lines: Vec::new(), reason: "changed my mind".into() };
        house.shop.orders().cancel(cancel).await.unwrap();
        house.engine.settle().await.unwrap();
        let txn = newest_txn(&house, payment_id).await;
        assert_eq!(
            (txn.state, txn.note.as_deref()),
            (TxnState::Failed, Some("the order was called off first"))
        );
        assert_eq!(bank.asked(), (0, 0));
        house.prove().await;
    });
}

#[test]
fn a_capture_builds_on_what_was_set_aside_and_a_reason_is_no_means_of_payment() {
    on_every_backend(|backend| async move {
        let clock = FixedClock::default();
        let bank = Noting::losing(0, &clock);
        let house = house_of(backend, bank.clone(), &clock).await;
        let order_id = unpaid(&house, "MUG", 1).await;
        let part = |pence, method: &str| AuthorisePayment {
            order_id,
            provider: KIND.into(),
            amount: Some(gbp(pence)),
            method: Some(method.into()),
        };
        let payment_id = house.shop.payments().authorise(part(600, "tok_visa")).await.unwrap().payment.id;
        house.engine.settle().await.unwrap();
        house.shop.payments().authorise(part(400, DECLINE)).await.unwrap();
        house.engine.settle().await.unwrap();
        let set_aside = house.shop.payments().get(GetPayment { payment_id }).await.unwrap().txns[0].clone();
        for step in [PaymentStep::Capture, PaymentStep::Refund] {
            let reason = Some("it is broken".into());
            let request = MovePayment { payment_id, step, amount: Some(gbp(600)), reason };
            house.shop.payments().shift(request).await.unwrap();
            house.engine.settle().await.unwrap();
        }
        let asked = bank.asked.lock().unwrap().clone();
        let methods: Vec<_> = asked.iter().map(|request| request.method.as_deref()).collect();
        assert_eq!(methods, [Some("tok_visa"), Some(DECLINE), None, None]);
        assert!(set_aside.provider_ref.is_some());
        assert_eq!(asked[2].on, set_aside.provider_ref);
        house.prove().await;
    });
}
