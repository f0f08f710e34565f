//! The whole way: a shop that connects a site, lists things there, sells them there and elsewhere, sends them, on a bad day.
//! However many answers are lost, in the end Webflow offers what there is, and nothing was sold twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baddie_core::clock::{Clock, SystemClock, Zone};
use baddie_core::connections::ConnectionState;
use baddie_core::engine::catalog::{CreateProduct, NewVariant};
use baddie_core::engine::connections::{ConnectService, GetConnection};
use baddie_core::engine::inventory::AdjustStock;
use baddie_core::engine::journal::ListEvents;
use baddie_core::engine::listings::{ConnectChannel, CreateListing};
use baddie_core::engine::orders::{ListOrders, PlaceLine, PlaceOrder};
use baddie_core::engine::shipping::FulfilOrder;
use baddie_core::engine::{Engine, Found, Shop};
use baddie_core::ids::ConnectionId;
use baddie_core::inventory::MoveReason;
use baddie_core::listings::Channel;
use baddie_core::money::{Currency, Money};
use baddie_core::orders::OrderState;
use baddie_core::testing::FixedClock;
use baddie_integrations::secret::Secret;
use baddie_integrations::vault::Envelope;
use baddie_integrations::webflow::{KIND, WebflowService};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::channel::bad_day;
use super::fake::{Fake, SITE, TOKEN};
use super::service::{SECRET, headers};
use crate::kit::canary::hidden;
use crate::kit::http;

pub(super) struct House {
    pub(super) clock: FixedClock,
    pub(super) fake: Fake,
    pub(super) engine: Engine,
    pub(super) shop: Shop,
    pub(super) connection: ConnectionId,
    channel: Channel,
}

/// A shop on a store, connected to the fake and selling there.
pub(super) async fn house(url: &str) -> House {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let vault = Envelope::new(&Secret::new(STANDARD.encode([1; 32]))).unwrap();
    let storage = baddie_storage::connect(url, SystemClock.now()).await.unwrap();
    let engine = Engine::builder(storage)
        .clock(Arc::new(clock.clone()))
        .service(KIND, Arc::new(WebflowService::new(http(&clock), Some(&fake.base()))))
        .vault(Arc::new(vault))
        .build();
    let found = Found {
        name: "Second Spring".into(),
        email: "owner@example.org".into(),
        currency: Currency::GBP,
        time_zone: "Europe/London".parse::<Zone>().unwrap(),
    };
    let shop = engine.found(found).await.unwrap().shop;
    let credentials: BTreeMap<_, _> =
        [("token", TOKEN), ("webhook_secret", SECRET)].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let request =
        ConnectService { service: KIND.into(), credentials: credentials.into(), connection_id: None };
    let connection = shop.integrations().connect(request).await.unwrap().id;
    engine.settle().await.unwrap();
    let seen = shop.integrations().get(GetConnection { connection_id: connection }).await.unwrap();
    assert_eq!((seen.state, seen.account.as_deref()), (ConnectionState::Active, Some(SITE)), "{seen:?}");
    let online = ConnectChannel {
        name: "Online".into(),
        kind: KIND.into(),
        external_account: String::new(),
        currency: None,
        secret_ref: None,
        buffer_qty: 0,
        settings: serde_json::Value::Null,
        fees: Vec::new(),
    };
    let channel = shop.channels().connect(online).await.unwrap();
    House { clock, fake, engine, shop, connection, channel }
}

impl House {
    /// Puts some of a thing on the shelf and on offer.
    pub(super) async fn offer(&self, sku: &str, units: i64) {
        let variant = NewVariant::stocked(sku, Money::new(2_000, Currency::GBP));
        let product =
            CreateProduct { title: sku.into(), variants: vec![variant], ..CreateProduct::default() };
        let view = self.shop.catalog().create_product(product).await.unwrap();
        let variant_id = view.variants[0].variant.id;
        let cost = Some(Money::new(500 * units, Currency::GBP));
        let (change, reason) = (units, MoveReason::Opening);
        let adjust = AdjustStock { variant_id, location_id: None, change, reason, cost };
        self.shop.inventory().adjust(adjust).await.unwrap();
        let listing = CreateListing {
            channel_id: self.channel.id,
            variant_id,
            title: None,
            description: None,
            price: None,
            min_price: None,
            draft: false,
        };
        self.shop.listings().create(listing).await.unwrap();
    }

    async fn buy_here(&self, sku: &str, qty: i64) {
        self.shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku(sku, qty)])).await.unwrap();
    }

    /// Somebody buys at Webflow.
    pub(super) fn buy_there(&self, sku: &str, qty: i64) -> String {
        self.fake.look(|state| {
            let (id, _) = state.products.iter().find(|(_, product)| product.sku["sku"] == *sku).unwrap();
            let id = id.clone();
            state.sell(&id, qty)
        })
    }

    pub(super) async fn work(&self, minutes: u64) {
        for _ in 0..minutes {
            self.engine.settle().await.unwrap();
            self.clock.advance(Duration::from_mins(1));
        }
        self.engine.settle().await.unwrap();
    }

    /// How many of a thing Webflow has to sell, and whether it is put away.
    fn offered(&self, sku: &str) -> (Option<i64>, bool) {
        self.fake.look(|state| {
            let product = state.products.values().find(|product| product.sku["sku"] == *sku).unwrap();
            (product.quantity, product.archived)
        })
    }

    pub(super) async fn prove(&self) {
        let verdict = self.engine.verify(&|_| ()).await.unwrap();
        assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
    }
}

async fn sold_here_and_there(url: &str) -> House {
    let house = house(url).await;
    house.fake.server.plan(bad_day());
    for number in 0..6 {
        house.offer(&format!("MUG-{number}"), 6).await;
    }
    house.work(90).await;
    for number in 0..6 {
        let sku = format!("MUG-{number}");
        house.buy_there(&sku, 1 + number % 3);
        house.buy_here(&sku, 2).await;
    }
    house.work(90).await;
    house.fake.server.forgive();
    house.work(30).await;
    for number in 0..6 {
        let sku = format!("MUG-{number}");
        assert_eq!(house.offered(&sku), (Some(6 - 2 - (1 + number % 3)), false), "{sku}");
    }
    let orders = house.shop.orders().list(ListOrders::default()).await.unwrap().items;
    assert_eq!(orders.len(), 12);
    assert_eq!(house.fake.look(|state| state.products.len()), 6, "each is there once");
    house.prove().await;
    house
}

#[tokio::test]
async fn sold_here_and_there_in_memory() {
    sold_here_and_there("memory:").await;
}

#[tokio::test]
async fn sold_here_and_there_in_sqlite() {
    let room = tempfile::tempdir().unwrap();
    let house = sold_here_and_there(&format!("sqlite://{}/shop.db", room.path().display())).await;
    let seen =
        house.shop.integrations().get(GetConnection { connection_id: house.connection }).await.unwrap();
    let events = house.shop.journal().events(ListEvents::default()).await.unwrap();
    let said = format!("{seen:?} {:?} {events:?} {}", house.channel, serde_json::to_string(&seen).unwrap());
    hidden(&[TOKEN, SECRET], &said, room.path(), "MUG-1");
}

#[tokio::test]
async fn the_last_one_sold_here_ends_the_listing_there() {
    let house = house("memory:").await;
    house.offer("BOWL", 1).await;
    house.work(2).await;
    assert_eq!(house.offered("BOWL"), (Some(1), false));
    house.buy_here("BOWL", 1).await;
    house.work(5).await;
    assert_eq!(house.offered("BOWL").0, Some(0), "nobody can buy it any longer");
    house.prove().await;
}

#[tokio::test]
async fn what_left_is_told_and_what_was_given_back_is_called_off() {
    let house = house("memory:").await;
    house.offer("CUP", 9).await;
    house.work(2).await;
    let (sent, back) = (house.buy_there("CUP", 2), house.buy_there("CUP", 1));
    // Webflow tells of it, and the shop does not wait for its next round.
    let body = json!({"triggerType": "ecomm_new_order", "payload": {"orderId": sent}}).to_string();
    let headers = headers(house.clock.now().as_micros() / 1_000, &body);
    let id = house.connection.to_string();
    house.engine.receive(KIND, &id, &headers, body.as_bytes()).await.unwrap();
    house.engine.settle().await.unwrap();
    let orders = || async { house.shop.orders().list(ListOrders::default()).await.unwrap().items };
    let known = orders().await;
    assert_eq!(known.len(), 2);
    let order = |id: &str| known.iter().find(|view| view.order.external_id.as_deref() == Some(id)).unwrap();
    house.fake.server.plan(bad_day());
    house.shop.shipping().fulfil(FulfilOrder::all_of(order(&sent).order.id)).await.unwrap();
    house.fake.look(|state| {
        state.change(&back, |order, now| {
            order["status"] = "refunded".into();
            order["refundedOn"] = json!(now);
        });
    });
    house.work(60).await;
    let letters = house.fake.look(|state| {
        let sent = state.orders.iter().find(|order| order["orderId"] == *sent).unwrap();
        assert_eq!(sent["status"], "fulfilled");
        state.letters
    });
    assert_eq!(letters, 1);
    let states: BTreeMap<_, _> =
        orders().await.into_iter().map(|view| (view.order.external_id.unwrap(), view.order.state)).collect();
    assert_eq!(states[&back], OrderState::Cancelled, "{states:?}");
    assert_eq!(house.offered("CUP"), (Some(7), false), "what came back is on offer again");
    house.prove().await;
}
