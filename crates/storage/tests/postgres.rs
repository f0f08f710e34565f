//! Whole use cases on a real server: what they cost, and that many programs at once sell no unit twice.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

use std::sync::Arc;

use baddie_core::clock::{Timestamp, Zone};
use baddie_core::engine::catalog::{CreateProduct, NewVariant};
use baddie_core::engine::inventory::{AdjustStock, ListLevels};
use baddie_core::engine::orders::{PlaceLine, PlaceOrder};
use baddie_core::engine::{Engine, Found, Shop};
use baddie_core::error::{Kind, Retry};
use baddie_core::ids::VariantId;
use baddie_core::inventory::MoveReason;
use baddie_core::money::{Currency, Money};
use baddie_servers::postgres::{self, Server};
use baddie_storage::postgres::Postgres;

async fn open(url: &str) -> (Engine, Arc<Postgres>) {
    let store = Arc::new(baddie_storage::open_postgres(url, Timestamp::from_micros(0)).await.unwrap());
    (Engine::builder(store.clone()).build(), store)
}

/// The address of a fresh database.
async fn place(server: &Server) -> String {
    let migrate = |url: String| async move { drop(open(&url).await) };
    server.url(&server.migrated(migrate).await)
}

async fn found(engine: &Engine) -> Shop {
    let found = Found {
        name: "Corner shop".into(),
        email: "owner@example.org".into(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    engine.found(found).await.unwrap().shop
}

async fn stock(shop: &Shop, sku: &str, qty: i64) -> VariantId {
    let price = Money::new(1_000, Currency::GBP);
    let product = CreateProduct {
        title: format!("Thing {sku}"),
        variants: vec![NewVariant::stocked(sku, price)],
        ..CreateProduct::default()
    };
    let variant_id = shop.catalog().create_product(product).await.unwrap().variants[0].variant.id;
    let cost = Some(Money::new(100 * qty, Currency::GBP));
    let adjust =
        AdjustStock { variant_id, location_id: None, change: qty, reason: MoveReason::Opening, cost };
    shop.inventory().adjust(adjust).await.unwrap();
    variant_id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_takes_as_many_round_trips_whatever_its_length() {
    let server = postgres::server();
    let (engine, store) = open(&place(server).await).await;
    let shop = found(&engine).await;
    for n in 0..50 {
        stock(&shop, &format!("SKU-{n}"), 1_000).await;
    }
    for lines in [1_u64, 2, 5, 50] {
        let order =
            PlaceOrder::of((0..lines).map(|n| PlaceLine::sku(format!("SKU-{n}"), 2)).collect()).paid();
        let before = store.round_trips();
        shop.clone().with_key(format!("{lines}")).run(order).await.unwrap();
        let taken = store.round_trips() - before;
        println!("{lines} lines: {taken} round trips");
        // To begin, the key, the goods, the shop, their levels, their listings, the number, all that is noted, to commit.
        assert_eq!(taken, 9, "{lines} lines");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_programs_sell_what_there_is_and_not_one_more() {
    const UNITS: i64 = 12;
    let server = postgres::server();
    let url = place(server).await;
    let (first, _) = open(&url).await;
    let shop = found(&first).await;
    let variants = [stock(&shop, "MUG", UNITS).await, stock(&shop, "CUP", UNITS).await];
    let (second, _) = open(&url).await;
    let shops = [shop.clone(), second.shop(shop.actor(), shop.id())];
    let buyers: Vec<_> = (0..60)
        .map(|n: usize| {
            // Two ask under each key, through different programs, and in different orders of lines.
            let shop = shops[n % 2].clone().with_key(format!("buyer {}", n / 2));
            let skus = if (n / 2).is_multiple_of(2) { ["MUG", "CUP"] } else { ["CUP", "MUG"] };
            let order = PlaceOrder::of(skus.map(|sku| PlaceLine::sku(sku, 1)).into()).paid();
            tokio::spawn(async move {
                loop {
                    match shop.clone().run(order.clone()).await {
                        Ok(view) => return Some(view.order.id),
                        Err(error) if error.retry() != Retry::Never => {
                            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                        }
                        Err(error) => {
                            assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
                            return None;
                        }
                    }
                }
            })
        })
        .collect();
    let mut answers = Vec::new();
    for buyer in buyers {
        answers.push(buyer.await.unwrap());
    }
    assert!(answers.chunks(2).all(|pair| pair[0] == pair[1]), "one key, two answers: {answers:?}");
    let mut sold: Vec<_> = answers.into_iter().flatten().collect();
    sold.sort();
    sold.dedup();
    assert_eq!(sold.len(), usize::try_from(UNITS).unwrap());
    for variant_id in variants {
        let levels = shop.inventory().levels(ListLevels { variant_id }).await.unwrap();
        assert_eq!(levels.iter().map(|level| level.on_hand - level.reserved).sum::<i64>(), 0);
    }
    let verdict = second.verify(&|_| ()).await.unwrap();
    assert!(verdict.checks > 0);
    assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
}
