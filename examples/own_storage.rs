//! A store of one's own: here one that stands before another and counts what is asked of it.
//!
//! A store fulfils `Storage`, and its transactions fulfil `Transaction`, which gathers the stores of all domains. This
//! one hands out the transactions of the store behind it; one that keeps things itself is held to the same contract by
//! the conformance suite.
//!
//! `cargo run --example own_storage`

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use baddie::catalog::{CreateProduct, ListProducts, NewVariant};
use baddie::clock::{Clock as _, SystemClock, Zone};
use baddie::storage::{Scope, Storage, Transaction};
use baddie::{Currency, Engine, Found, Money, Result};

/// Counts the transactions of the store behind it.
struct Counting {
    behind: Arc<dyn Storage>,
    writes: AtomicU64,
    reads: AtomicU64,
}

#[async_trait]
impl Storage for Counting {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn Transaction>> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.behind.begin(scope).await
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn Transaction>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.behind.read(scope).await
    }

    async fn ready(&self) -> Result<()> {
        self.behind.ready().await
    }

    async fn check(&self) -> Result<Vec<String>> {
        self.behind.check().await
    }

    async fn backup(&self, to: &str, progress: Arc<dyn Fn(u64, u64) + Send + Sync>) -> Result<()> {
        self.behind.backup(to, progress).await
    }
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn Error>> {
    let behind = baddie::storage::connect("memory:", SystemClock.now()).await?;
    let store = Arc::new(Counting { behind, writes: AtomicU64::new(0), reads: AtomicU64::new(0) });
    let engine = Engine::builder(Arc::clone(&store) as _).build();

    let found = Found {
        name: "Counted shop".to_owned(),
        email: "owner@example.com".to_owned(),
        currency: Currency::EUR,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;
    for number in 1..=3 {
        let product = CreateProduct {
            title: format!("Mug number {number}"),
            variants: vec![NewVariant::stocked(format!("MUG-{number}"), Money::new(950, Currency::EUR))],
            ..CreateProduct::default()
        };
        shop.catalog().create_product(product).await?;
    }
    let mugs = shop.catalog().products(ListProducts::default()).await?;

    let (writes, reads) = (store.writes.load(Ordering::Relaxed), store.reads.load(Ordering::Relaxed));
    println!("{} mugs took {writes} writing transactions and {reads} reading ones.", mugs.items.len());
    assert_eq!((writes, reads), (4, 1), "one to found the shop, one for each product, one look");
    Ok(())
}
