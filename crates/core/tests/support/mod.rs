//! A shop to try things in, on every backend.
#![allow(dead_code, reason = "each test file uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

use std::future::Future;
use std::sync::Arc;

use baddie_core::catalog::{Condition, Variant};
use baddie_core::clock::{Clock, SystemClock, Zone};
use baddie_core::connections::{Place, Vault, VaultError};
use baddie_core::engine::catalog::{
    CreateItem, CreateProduct, GetProduct, ItemView, NewComponent, NewVariant, ProductView,
};
use baddie_core::engine::inventory::{AdjustStock, ListLevels};
use baddie_core::engine::ledger::GetBalances;
use baddie_core::engine::orders::{GetOrder, PlaceLine, PlaceOrder};
use baddie_core::engine::shipping::FulfilOrder;
use baddie_core::engine::{Engine, EngineBuilder, Found, OrderView, Shop};
use baddie_core::error::Result;
use baddie_core::ids::{OrderId, ShopId};
use baddie_core::inventory::MoveReason;
use baddie_core::ledger::AccountCode;
use baddie_core::money::{Currency, Money};
use baddie_core::secret::Secret;
use baddie_core::storage::{Scope, Storage};
use baddie_core::testing::FixedClock;
use baddie_integrations::sandbox::{Config, KIND, Sandbox};

/// Pounds and pence as pence.
pub(crate) fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

async fn connect(url: &str) -> Arc<dyn Storage> {
    baddie_storage::connect(url, SystemClock.now()).await.unwrap()
}

/// Keeps secrets as they are.
pub(crate) struct Drawer;

impl Vault for Drawer {
    fn new_key(&self, _: ShopId) -> Result<String, VaultError> {
        Ok("key".into())
    }
    fn seal(&self, _: &str, _: Place, secret: &Secret) -> Result<String, VaultError> {
        Ok(secret.expose().into())
    }
    fn open(&self, _: &str, _: Place, sealed: &str) -> Result<Secret, VaultError> {
        Ok(Secret::new(sealed))
    }
}

/// An engine with a shop.
pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) shop: Shop,
    pub(crate) token: String,
    _dir: tempfile::TempDir,
}

impl House {
    /// A shop on a backend, with adapters as `furnish` adds them.
    pub(crate) async fn build(backend: &str, furnish: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Self {
        Self::build_in(backend, Currency::GBP, furnish).await
    }

    /// The same, with its books in this currency.
    pub(crate) async fn build_in(
        backend: &str,
        currency: Currency,
        furnish: impl FnOnce(EngineBuilder) -> EngineBuilder,
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = match backend {
            "memory" => "memory:".to_owned(),
            "sqlite" => format!("sqlite://{}", dir.path().join("shop.db").display()),
            "postgres" => {
                let server = baddie_servers::postgres::server();
                server.url(&server.migrated(|url| async move { drop(connect(&url).await) }).await)
            }
            other => panic!("{other} is no backend"),
        };
        let storage = connect(&url).await;
        let engine = furnish(Engine::builder(storage)).build();
        let found = Found {
            name: "Second Spring".into(),
            email: "owner@example.org".into(),
            currency,
            time_zone: "Europe/London".parse::<Zone>().unwrap(),
        };
        Self::of(engine, found, dir).await
    }

    /// A shop in a pretend world, where time stands still.
    pub(crate) async fn in_world(backend: &str, config: Config) -> (Self, Sandbox, FixedClock) {
        let clock = FixedClock::default();
        let world = Sandbox::new(config, Arc::new(clock.clone()));
        let furnish = |engine: EngineBuilder| {
            let engine = engine.clock(Arc::new(clock.clone())).channel(KIND, Arc::new(world.marketplaces()));
            engine.provider(KIND, Arc::new(world.bank())).carrier(KIND, Arc::new(world.post()))
        };
        (Self::build(backend, furnish).await, world, clock)
    }

    /// A shop of an engine that lives in a folder.
    pub(crate) async fn of(engine: Engine, found: Found, dir: tempfile::TempDir) -> Self {
        let founded = engine.found(found).await.unwrap();
        Self { engine, shop: founded.shop, token: founded.token, _dir: dir }
    }

    /// A stocked product with one variant.
    pub(crate) async fn stocked(&self, sku: &str, price: i64, qty: i64, cost: i64) -> ProductView {
        let product = CreateProduct {
            title: format!("Thing {sku}"),
            variants: vec![NewVariant::stocked(sku, gbp(price))],
            ..CreateProduct::default()
        };
        let view = self.shop.catalog().create_product(product).await.unwrap();
        if qty > 0 {
            let adjust = AdjustStock {
                variant_id: view.variants[0].variant.id,
                location_id: None,
                change: qty,
                reason: MoveReason::Opening,
                cost: Some(gbp(cost)),
            };
            self.shop.inventory().adjust(adjust).await.unwrap();
        }
        view
    }

    /// The variant with this SKU.
    pub(crate) async fn variant(&self, sku: &str) -> Variant {
        let mut tx = self.engine.storage().read(Scope::Shop(self.shop.id())).await.unwrap();
        tx.catalog().variants_by_sku(&[sku]).await.unwrap().remove(0)
    }

    /// A bundle of so many of each SKU.
    pub(crate) async fn bundle(&self, sku: &str, price: i64, parts: &[(&str, i64)]) -> ProductView {
        let mut components = Vec::new();
        for (sku, qty) in parts {
            components.push(NewComponent { variant_id: self.variant(sku).await.id, qty: *qty });
        }
        let product = CreateProduct {
            title: format!("Set {sku}"),
            variants: vec![NewVariant { components, ..NewVariant::stocked(sku, gbp(price)) }],
            ..CreateProduct::default()
        };
        self.shop.catalog().create_product(product).await.unwrap()
    }

    /// A one-of-a-kind thing.
    pub(crate) async fn item(&self, sku: &str, price: i64, cost: i64) -> ItemView {
        let item = CreateItem {
            title: format!("Only {sku}"),
            brand: None,
            category: None,
            description: String::new(),
            attributes: std::collections::BTreeMap::new(),
            sku: sku.into(),
            price: Some(gbp(price)),
            weight_g: None,
            condition: Condition::Good,
            condition_notes: String::new(),
            grade: None,
            serial: None,
            unit_cost: gbp(cost),
            location_id: None,
            bin: None,
        };
        self.shop.catalog().create_item(item).await.unwrap()
    }

    /// More of a SKU, for so much together.
    pub(crate) async fn restock(&self, sku: &str, change: i64, cost: i64) {
        let adjust = AdjustStock {
            variant_id: self.variant(sku).await.id,
            location_id: None,
            change,
            reason: MoveReason::Found,
            cost: Some(gbp(cost)),
        };
        self.shop.inventory().adjust(adjust).await.unwrap();
    }

    /// How many of a SKU are on hand and how many of them are promised.
    pub(crate) async fn stock(&self, sku: &str) -> (i64, i64) {
        let variant_id = self.variant(sku).await.id;
        let levels = self.shop.inventory().levels(ListLevels { variant_id }).await.unwrap();
        levels.iter().fold((0, 0), |sum, level| (sum.0 + level.on_hand, sum.1 + level.reserved))
    }

    /// How many of a SKU an order can take.
    pub(crate) async fn available(&self, sku: &str) -> i64 {
        let variant = self.variant(sku).await;
        let product = GetProduct { product_id: variant.product_id };
        let view = self.shop.catalog().product(product).await.unwrap();
        view.variants.iter().find(|other| other.variant.id == variant.id).unwrap().available
    }

    /// What an account holds, in pence.
    pub(crate) async fn balance(&self, account: impl Into<AccountCode>) -> i64 {
        let code = account.into();
        let rows = self.shop.ledger().balances(GetBalances::default()).await.unwrap();
        rows.iter().filter(|row| row.balance.account == code).map(|row| row.balance.balance.minor()).sum()
    }

    /// An order of so many of each SKU.
    pub(crate) async fn place(&self, lines: &[(&str, i64)]) -> Result<OrderView> {
        let lines = lines.iter().map(|(sku, qty)| PlaceLine::sku(*sku, *qty)).collect();
        self.shop.orders().place(PlaceOrder::of(lines).paid()).await
    }

    /// Sends everything of an order that is open.
    pub(crate) async fn send(&self, order: OrderId) -> OrderView {
        self.shop.shipping().fulfil(FulfilOrder::all_of(order)).await.unwrap();
        self.order(order).await
    }

    /// An order as it is now.
    pub(crate) async fn order(&self, order_id: OrderId) -> OrderView {
        self.shop.orders().get(GetOrder { order_id }).await.unwrap()
    }

    /// Every invariant holds.
    pub(crate) async fn prove(&self) {
        let verdict = self.engine.verify(&|_| ()).await.unwrap();
        assert!(verdict.checks > 0);
        assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
    }
}

const BACKENDS: [&str; 3] = ["memory", "sqlite", "postgres"];

/// Runs a story on every backend, or on those that `BADDIE_TEST_BACKENDS` names.
pub(crate) fn on_every_backend<F: Future<Output = ()>>(story: impl Fn(&'static str) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let chosen = std::env::var("BADDIE_TEST_BACKENDS").unwrap_or_else(|_| BACKENDS.join(","));
    for name in chosen.split(',') {
        let backend = BACKENDS.into_iter().find(|known| *known == name);
        runtime.block_on(story(backend.unwrap_or_else(|| panic!("{name:?} is none of {BACKENDS:?}"))));
    }
}
