//! P16: clocks are wrong by minutes, jump, and are put forward and back; nothing ends before its time, nothing panics,
//! and what is told keeps its order. `BADDIE_TIER` says how many lives of a clock.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::accounts::Role;
use baddie_core::clock::{Clock, Timestamp};
use baddie_core::engine::Engine;
use baddie_core::engine::accounts::CreateKey;
use baddie_core::engine::inventory::HoldStock;
use baddie_core::engine::listings::{ConnectChannel, CreateListing, GetListing};
use baddie_core::engine::orders::{
    BeginCheckout, CancelOrder, CompleteCheckout, CreatePromotion, PlaceLine, PlaceOrder,
};
use baddie_core::inventory::{Reservation, ReservationState};
use baddie_core::listings::ListingState;
use baddie_core::outbox::{Event, Job, JobState, LEASE, backoff};
use baddie_core::page::PageRequest;
use baddie_core::storage::Scope;
use baddie_core::testing::{FixedClock, SeededEntropy};
use baddie_integrations::sandbox::{Config, Faults, KIND, Sandbox, Sleeper};
use serde_json::json;
use support::{House, on_every_backend};

/// By how much clocks may be wrong.
const SKEW: Duration = Duration::from_mins(5);

/// Another program on the same store, with a clock of its own.
fn another(house: &House, clock: &FixedClock, world: &Sandbox) -> Engine {
    Engine::builder(house.engine.storage().clone())
        .clock(Arc::new(clock.clone()))
        .entropy(Arc::new(SeededEntropy::new(77)))
        .channel(KIND, Arc::new(world.marketplaces()))
        .build()
}

#[test]
fn p16_what_is_told_keeps_its_order_though_another_clock_was_ahead() {
    on_every_backend(|backend| async move {
        let (house, world, clock) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 9, 300).await;
        let behind = FixedClock::at(clock.now().minus(SKEW).minus(SKEW));
        let other = another(&house, &behind, &world).shop(house.shop.actor(), house.shop.id());
        let order = house.place(&[("MUG", 1)]).await.unwrap().order;
        let cancel = json!({ "order_id": order.id, "reason": "no longer wanted" });
        other.run(serde_json::from_value::<CancelOrder>(cancel).unwrap()).await.unwrap();
        let mut look = house.engine.storage().read(Scope::Shop(house.shop.id())).await.unwrap();
        let events = look.page::<Event>(&PageRequest::first(200)).await.unwrap().items;
        let mine = events.iter().filter(|event| event.subject == order.id.to_string());
        let kinds: Vec<_> = mine.map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["order.cancelled", "order.placed"], "newest first");
    });
}

/// Lets calls go on when it is told to.
struct Gate(tokio::sync::Semaphore);

#[async_trait]
impl Sleeper for Gate {
    async fn sleep(&self, _: Duration) {
        self.0.acquire().await.unwrap().forget();
    }
}

#[test]
fn p16_a_worker_whose_lease_ran_out_does_not_cut_its_other_jobs_off() {
    on_every_backend(|backend| async move {
        let gate = Arc::new(Gate(tokio::sync::Semaphore::new(0)));
        let clock = FixedClock::default();
        let slow = Faults { latency_least_ms: 10, latency_most_ms: 10, ..Faults::none() };
        let config = Config { faults: slow, ..Config::default() };
        let world = Sandbox::new(config, Arc::new(clock.clone())).sleeping(gate.clone());
        let house = House::build(backend, |engine| {
            engine.clock(Arc::new(clock.clone())).channel(KIND, Arc::new(world.marketplaces()))
        })
        .await;
        let mut listings = Vec::new();
        for (name, sku) in [("Web", "VASE"), ("Attic", "LAMP")] {
            let connect = json!({ "name": name, "kind": KIND, "settings": { "market": "single_quantity" } });
            let channel =
                house.shop.run(serde_json::from_value::<ConnectChannel>(connect).unwrap()).await.unwrap();
            let variant = house.item(sku, 4_000, 900).await.variant.id;
            let list = json!({ "channel_id": channel.id, "variant_id": variant });
            listings.push(
                house.shop.run(serde_json::from_value::<CreateListing>(list).unwrap()).await.unwrap().id,
            );
        }
        let engine = house.engine.clone();
        let tick = tokio::spawn(async move { engine.tick().await });
        let jobs = async || {
            let mut look = house.engine.storage().read(Scope::Shop(house.shop.id())).await.unwrap();
            look.page::<Job>(&PageRequest::first(200)).await.unwrap().items
        };
        while jobs().await.iter().filter(|job| job.dispatched_at.is_some()).count() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // Somebody else takes one of the jobs over, and no more: its version has moved on.
        let mut taken = jobs().await.into_iter().find(|job| job.subject == listings[0].to_string()).unwrap();
        let mut tx = house.engine.storage().begin(Scope::Shop(house.shop.id())).await.unwrap();
        taken.lease_until = Some(clock.now().plus(LEASE).plus(LEASE));
        tx.save(&mut taken).await.unwrap();
        tx.commit().await.unwrap();
        gate.0.add_permits(1_000);
        let report = tick.await.unwrap().unwrap();
        assert!(report.taken >= 2);
        let listing = house.shop.listings().get(GetListing { listing_id: listings[1] }).await.unwrap();
        assert_eq!(listing.state, ListingState::Live, "the other job was done");
        let states: Vec<_> =
            jobs().await.iter().filter(|job| job.id == taken.id).map(|job| job.state).collect();
        assert_eq!(states, [JobState::Leased], "the one that was taken over is still theirs");
    });
}

/// Luck.
struct Dice(SeededEntropy);

impl Dice {
    fn below(&self, sides: u64) -> u64 {
        let mut bytes = [0; 8];
        baddie_core::clock::Entropy::fill(&self.0, &mut bytes);
        u64::from_le_bytes(bytes) % sides
    }
}

/// A clock that mostly goes on, and sometimes jumps by up to five minutes, either way.
fn tick_or_jump(clock: &FixedClock, dice: &Dice) {
    let now = clock.now();
    match dice.below(5) {
        0 => clock.set(now.minus(Duration::from_secs(dice.below(SKEW.as_secs())))),
        1 => clock.set(now.plus(Duration::from_secs(dice.below(SKEW.as_secs())))),
        _ => drop(clock.advance(Duration::from_secs(dice.below(240)))),
    }
}

/// One life of a clock, around a moment at which many clocks are put forward or back.
async fn a_shop_by_a_wrong_clock(backend: &str, seed: u64, around: &str) {
    let (house, _, clock) = House::in_world(backend, Config::default()).await;
    let dice = Dice(SeededEntropy::new(seed));
    clock.set(around.parse::<Timestamp>().unwrap().minus(Duration::from_hours(1)));
    house.stocked("MUG", 1_250, 500, 5_000).await;
    let variant_id = house.variant("MUG").await.id;
    let (from, to) = (clock.now().plus(Duration::from_mins(20)), clock.now().plus(Duration::from_mins(70)));
    let promotion = json!({
        "name": "Night", "kind": "percent", "rate": 100_000, "starts_at": from, "ends_at": to,
        "coupons": [{ "code": "NIGHT", "max_uses": 1_000 }],
    });
    house.shop.run(serde_json::from_value::<CreatePromotion>(promotion).unwrap()).await.unwrap();
    let key = CreateKey { name: "Till".into(), role: Role::Clerk, expires_at: Some(to) };
    let token = house.shop.accounts().create_key(key).await.unwrap().token;
    let hold = HoldStock { variant_id, qty: 1, note: "for Ann".into(), expires_at: Some(to) };
    let promised = house.shop.inventory().hold(hold).await.unwrap()[0].id;
    let mut latest = clock.now();
    let mut last_number = 0;
    for _ in 0..60 {
        let checkout = json!({ "lines": [{ "variant_id": variant_id, "qty": 1 }] });
        let session =
            house.shop.run(serde_json::from_value::<BeginCheckout>(checkout).unwrap()).await.unwrap();
        tick_or_jump(&clock, &dice);
        house.engine.tick().await.unwrap();
        let now = clock.now();
        latest = latest.max(now);
        let complete = CompleteCheckout { checkout_id: session.id, paid: true };
        let completed = house.shop.run(complete).await;
        assert_eq!(completed.is_ok(), now < session.expires_at, "seed {seed}: at {now} {completed:?}");
        let order =
            PlaceOrder { coupon: Some("NIGHT".into()), ..PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)]) };
        let with_coupon = house.shop.orders().place(order).await;
        assert_eq!(with_coupon.is_ok(), (from..to).contains(&now), "seed {seed}: at {now} {with_coupon:?}");
        assert_eq!(house.engine.authenticate(&token).await.is_ok(), now < to, "seed {seed}: at {now}");
        let mut look = house.engine.storage().read(Scope::Shop(house.shop.id())).await.unwrap();
        let hold = look.load::<Reservation>(promised).await.unwrap();
        assert_eq!(hold.state == ReservationState::Held, latest < to, "seed {seed}: by {latest}");
        drop(look);
        let order = house.place(&[("MUG", 1)]).await.unwrap().order;
        assert!(order.number > last_number, "seed {seed}: numbers follow the order of things");
        last_number = order.number;
    }
    house.prove().await;
}

#[test]
fn p16_nothing_ends_before_its_time() {
    let lives = match std::env::var("BADDIE_TIER").as_deref() {
        Ok("n") => 50,
        Ok("r") => 200,
        Ok("c") => 10,
        _ => 3,
    };
    let first = std::env::var("BADDIE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    // Forward and back in London, where the shop is; a leap day; the end of a year.
    let moments =
        ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2024-02-29T00:00:00Z", "2027-01-01T00:00:00Z"];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for seed in first..first + lives {
        let moment = moments[usize::try_from(seed % 4).unwrap()];
        runtime.block_on(a_shop_by_a_wrong_clock("memory", seed, moment));
        runtime.block_on(a_shop_by_a_wrong_clock("sqlite", seed, moment));
    }
    println!("P16 {lives} lives of a clock, from seed {first}");
}

#[test]
fn p16_a_job_waits_as_long_as_it_should_whatever_the_clock_shows() {
    for attempt in -3..40 {
        assert!(backoff(attempt) >= backoff(attempt - 1), "attempt {attempt}");
    }
    for edge in [i64::MIN, -1, 0, i64::MAX - 1, i64::MAX] {
        let now = Timestamp::from_micros(edge);
        assert!(now.plus(backoff(12)) >= now && now.minus(LEASE) <= now);
        assert!(now.plus(Duration::MAX) >= now && now.since(now) == Duration::ZERO);
    }
}
