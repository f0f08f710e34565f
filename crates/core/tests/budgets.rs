//! How many statements a use case may take: a number for the use case, and a small one for each line.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::sync::Arc;

use baddie_core::catalog::ProductFilter;
use baddie_core::clock::{Clock, SystemClock, Zone};
use baddie_core::engine::catalog::ListProducts;
use baddie_core::engine::ledger::ListEntries;
use baddie_core::engine::listings::{ConnectChannel, CreateListing, ListListings};
use baddie_core::engine::orders::{ListOrders, PlaceLine, PlaceOrder};
use baddie_core::engine::{Engine, Found, Query};
use baddie_core::money::Currency;
use baddie_core::page::PageRequest;
use baddie_integrations::manual::{self, Manual};
use baddie_storage::sqlite::Sqlite;
use support::House;

/// A house on a file whose statements are counted.
async fn metered() -> (House, Arc<Sqlite>) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("shop.db").display());
    let storage = Arc::new(baddie_storage::open_sqlite(&url, SystemClock.now()).await.unwrap());
    let engine = Engine::builder(storage.clone()).channel(manual::KIND, Arc::new(Manual)).build();
    let found = Found {
        name: "Counting House".into(),
        email: "owner@example.org".into(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    (House::of(engine, found, dir).await, storage)
}

/// The statements that an act takes.
async fn count<T>(storage: &Sqlite, act: impl Future<Output = T>) -> u64 {
    let before = storage.meter().statements;
    act.await;
    storage.meter().statements - before
}

#[tokio::test]
async fn placing_an_order_takes_twelve_statements_and_three_for_each_line() {
    let (house, storage) = metered().await;
    for n in 0..20 {
        house.stocked(&format!("SKU-{n}"), 1000 + n, 1000, 50_000).await;
    }
    for lines in [1_u64, 2, 5, 20] {
        let order = PlaceOrder::of((0..lines).map(|n| PlaceLine::sku(format!("SKU-{n}"), 2)).collect());
        // What is paid is booked: a payment and its movement, an entry and its sides.
        for (how, order, c) in [("unpaid", order.clone(), 12), ("paid", order.paid(), 13)] {
            let allowed = c + 3 * lines;
            let shop = house.shop.clone().with_key(format!("{how} {lines}"));
            let taken = count(&storage, async { shop.run(order).await.unwrap() }).await;
            println!(
                "{lines} lines, {how}: {taken} statements, c = {}",
                i128::from(taken) - 3 * i128::from(lines)
            );
            assert!(taken <= allowed, "{lines} lines, {how}: {taken} statements of {allowed}");
        }
    }
    house.prove().await;
}

#[tokio::test]
async fn a_page_takes_five_statements_whatever_its_size() {
    let (house, storage) = metered().await;
    let connect = ConnectChannel {
        name: "Stall".into(),
        kind: manual::KIND.into(),
        external_account: String::new(),
        currency: None,
        secret_ref: None,
        buffer_qty: 0,
        settings: serde_json::Value::Null,
        fees: Vec::new(),
    };
    let channel = house.shop.channels().connect(connect).await.unwrap();
    for n in 0..60 {
        let sku = format!("SKU-{n}");
        let product = house.stocked(&sku, 1000, 10, 500).await;
        let listing = CreateListing {
            channel_id: channel.id,
            variant_id: product.variants[0].variant.id,
            title: None,
            description: None,
            price: None,
            min_price: None,
            draft: false,
        };
        house.shop.listings().create(listing).await.unwrap();
        house.shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku(sku, 1)]).paid()).await.unwrap();
    }
    house.bundle("SET", 3000, &[("SKU-1", 2), ("SKU-2", 1)]).await;
    for limit in [1, 20, 50] {
        let page = PageRequest::first(limit);
        let search = ProductFilter { status: None, search: Some("thing".into()) };
        let found = ListProducts { filter: search, page: page.clone() };
        assert_page(&house, &storage, found).await;
        assert_page(&house, &storage, ListProducts { page: page.clone(), ..ListProducts::default() }).await;
        assert_page(&house, &storage, ListOrders { page: page.clone(), ..ListOrders::default() }).await;
        assert_page(&house, &storage, ListListings { page: page.clone(), ..ListListings::default() }).await;
        assert_page(&house, &storage, ListEntries { page }).await;
    }
}

async fn assert_page<Q: Query>(house: &House, storage: &Sqlite, query: Q) {
    let taken = count(storage, async { house.shop.ask(query).await.unwrap() }).await;
    println!("{}: {taken} statements", Q::NAME);
    assert!(taken <= 5, "{} takes {taken} statements", Q::NAME);
}
