//! Payment providers of several tempers: slow ones, mute ones, and those that take a payment in one piece.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::{Clock, SystemClock};
use baddie_core::engine::EngineBuilder;
use baddie_core::engine::orders::{PlaceLine, PlaceOrder};
use baddie_core::engine::payments::{AuthorisePayment, GetPayment, MovePayment, PaymentStep, PaymentView};
use baddie_core::error::Kind;
use baddie_core::ids::{OrderId, PaymentId};
use baddie_core::orders::PaymentStatus;
use baddie_core::outbox::{JobKind, JobState};
use baddie_core::page::PageRequest;
use baddie_core::payments::{
    PaymentCapabilities, PaymentError, PaymentOutcome, PaymentProvider, PaymentRequest, TxnState,
};
use baddie_core::storage::Scope;
use baddie_core::testing::FixedClock;
use baddie_integrations::sandbox::{Bank, Config, KIND, SLOW, Sandbox};
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

/// A bank that counts what it is asked.
struct Counting {
    bank: Bank,
    asked: AtomicUsize,
}

#[async_trait]
impl PaymentProvider for Counting {
    fn capabilities(&self) -> PaymentCapabilities {
        self.bank.capabilities()
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.bank.execute(request).await
    }

    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.bank.look_up(request).await
    }
}

#[test]
fn a_movement_whose_worker_died_after_its_end_is_not_asked_about() {
    on_every_backend(|backend| async move {
        let clock = FixedClock::default();
        let bank = Sandbox::new(Config::default(), Arc::new(clock.clone())).bank();
        let bank = Arc::new(Counting { bank, asked: AtomicUsize::new(0) });
        let furnish =
            |engine: EngineBuilder| engine.clock(Arc::new(clock.clone())).provider(KIND, bank.clone());
        let house = House::build(backend, furnish).await;
        house.stocked("MUG", 1000, 5, 2000).await;
        let order = unpaid(&house, "MUG", 1).await;
        authorise(&house, order, "tok_visa").await;
        let asked = bank.asked.load(Ordering::Relaxed);

        // The movement is settled, but of its job only the beginning was noted.
        let mut tx = house.engine.storage().begin(Scope::Shop(house.shop.id())).await.unwrap();
        let done = tx.outbox().jobs(Some(JobState::Succeeded), &PageRequest::first(50)).await.unwrap();
        let mut job = done.items.into_iter().find(|job| job.kind == JobKind::Pay).unwrap();
        job.state = JobState::Leased;
        job.lease_until = Some(clock.now());
        assert!(tx.outbox().update(&job).await.unwrap());
        tx.commit().await.unwrap();
        clock.advance(Duration::from_mins(10));
        house.engine.settle().await.unwrap();

        assert_eq!(bank.asked.load(Ordering::Relaxed), asked);
        let mut tx = house.engine.storage().read(Scope::Shop(house.shop.id())).await.unwrap();
        let over = tx.outbox().jobs(Some(JobState::Cancelled), &PageRequest::first(50)).await.unwrap();
        assert!(over.items.iter().any(|over| over.id == job.id), "{:?}", over.items);
        house.prove().await;
    });
}
