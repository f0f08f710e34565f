//! A story of six events, told in all of its orders.

use std::path::Path;
use std::time::Duration;

use baddie_core::clock::{Clock, SystemClock};
use baddie_core::engine::orders::ListOrders;
use baddie_core::engine::payments::ListPayments;
use baddie_core::engine::{Engine, Shop};
use baddie_core::orders::OrderState;
use baddie_core::page::PageRequest;
use baddie_core::testing::FixedClock;

/// The `number`th of all orders of six things.
pub(crate) fn order_of_six(mut number: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..6).collect();
    let mut order = Vec::new();
    for rest in (1..=6).rev() {
        order.push(left.remove(number % rest));
        number /= rest;
    }
    order
}

/// How much the harness asks for: `much` for its larger tiers, `usual` for the one of every test run; `little` without it.
pub(crate) fn by_tier<T>(much: T, usual: T, little: T) -> T {
    match std::env::var("BADDIE_TIER").as_deref() {
        Ok("n" | "r") => much,
        Ok(_) => usual,
        Err(_) => little,
    }
}

/// Whether a backend is meant: all are, unless `BADDIE_BACKEND` names one.
pub(crate) fn is_meant(backend: &str) -> bool {
    std::env::var("BADDIE_BACKEND").map_or(true, |one| one == backend)
}

/// Of the 720 orders of a story each so-manieth, by backend, and how often all of it. What the harness asks for by default is
/// `usual`, in memory, on SQLite and on PostgreSQL; without it a sixteenth is told in memory, and less elsewhere.
pub(crate) fn tellings(usual: [usize; 3]) -> (impl Iterator<Item = (&'static str, usize)>, usize) {
    let (every, rounds) = by_tier(([1, 1, 1], 7), (usual, 1), ([16, 120, 240], 1));
    let all = ["memory", "sqlite", "postgres"].into_iter().zip(every);
    (all.filter(|(backend, _)| is_meant(backend)), rounds)
}

/// The address of an empty store.
pub(crate) async fn store(backend: &str, room: &Path, number: usize) -> String {
    match backend {
        "memory" => "memory:".into(),
        "sqlite" => format!("sqlite://{}", room.join(format!("{number}.db")).display()),
        _ => {
            let server = baddie_servers::postgres::server();
            let migrate = |url: String| async move {
                drop(baddie_storage::connect(&url, SystemClock.now()).await.unwrap());
            };
            server.url(&server.migrated(migrate).await)
        }
    }
}

/// A shop that sells at a channel, at which the same story happens again and again: an order is placed, paid, and given back
/// as far as the story goes.
pub(crate) trait Teller: Sized {
    /// An order that the story is about, as the channel calls it, once it is placed.
    type Story: Default;
    /// What an order comes to, and how much of it has gone back in the end, in pence.
    const ENDS: (i64, i64);

    /// The shop on this store, with enough of what is bought on offer.
    async fn open(url: &str) -> Self;
    /// What it is made of.
    fn parts(&self) -> (&Engine, &Shop, &FixedClock);
    /// Lets the `at`th of the six happen.
    fn happen(&self, story: &mut Self::Story, at: usize);
    /// Delivers word of the `at`th; `number` counts all deliveries.
    async fn deliver(&self, story: &Self::Story, at: usize, number: usize);
}

/// Tells the story in every order, on every backend: what comes of it is always the same.
pub(crate) async fn in_every_order<T: Teller>(name: &str, usual: [usize; 3]) {
    let (every, rounds) = tellings(usual);
    for (backend, every) in every {
        let (mut told, mut deliveries) = (0, 0);
        for _ in 0..rounds {
            let (orders, times) = on::<T>(backend, every).await;
            (told, deliveries) = (told + orders, deliveries + times);
        }
        println!(
            "P7 {name} on {backend}: {told} tellings of a story of six events, {deliveries} deliveries, 1 ending"
        );
    }
}

async fn on<T: Teller>(backend: &str, every: usize) -> (usize, usize) {
    let room = tempfile::tempdir().unwrap();
    let (mut told, mut deliveries) = (0, 0);
    for (number, chunk) in (0..720).step_by(every).collect::<Vec<_>>().chunks(24).enumerate() {
        // A fresh world now and then, so that looking at everything stays quick.
        let teller = T::open(&store(backend, room.path(), number).await).await;
        let (engine, shop, clock) = teller.parts();
        for &number in chunk {
            let (mut story, mut happened) = (T::Story::default(), 0);
            let order = order_of_six(number);
            // Each is told twice, and nothing is told before it happened.
            for &at in order.iter().chain(&order[number % 3..]) {
                while happened <= at {
                    teller.happen(&mut story, happened);
                    happened += 1;
                }
                clock.advance(Duration::from_secs(1));
                teller.deliver(&story, at, deliveries).await;
                deliveries += 1;
                if number % 2 == 0 {
                    engine.settle().await.unwrap();
                }
            }
            engine.settle().await.unwrap();
            clock.advance(Duration::from_mins(1));
            engine.settle().await.unwrap();
            told += 1;
        }
        let page = PageRequest::first(200);
        let orders = shop.orders().list(ListOrders { page: page.clone(), ..ListOrders::default() }).await;
        let payments = shop.payments().list(ListPayments { page }).await.unwrap().items;
        let orders = orders.unwrap().items;
        assert_eq!(
            (orders.len(), payments.len()),
            (chunk.len(), chunk.len()),
            "each came in once, and was paid once"
        );
        for payment in payments {
            assert_eq!((payment.captured.minor(), payment.refunded.minor()), T::ENDS, "{payment:?}");
        }
        for view in orders {
            assert_eq!((view.order.state, view.order.total.minor()), (OrderState::Confirmed, T::ENDS.0));
        }
        let verdict = engine.verify(&|_| ()).await.unwrap();
        assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
    }
    (told, deliveries)
}
