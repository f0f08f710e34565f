//! The whole way: a shop that connects Shopify, lists things there, sells them there and elsewhere, on a bad day. However
//! many answers are lost, in the end Shopify offers what there is, and nothing was sold twice.

use std::sync::Arc;
use std::time::Duration;

use baddie_core::accounts::Actor;
use baddie_core::clock::{Clock, SystemClock, Zone};
use baddie_core::connections::ConnectionState;
use baddie_core::engine::catalog::{
    AttachMedia, CreateProduct, DetachMedia, ListProducts, NewVariant, UpdateProduct,
};
use baddie_core::engine::connections::{ConnectService, GetConnection};
use baddie_core::engine::inventory::AdjustStock;
use baddie_core::engine::journal::ListEvents;
use baddie_core::engine::listings::{ConnectChannel, CreateListing, GetListing, ListListings};
use baddie_core::engine::orders::{ListOrders, PlaceLine, PlaceOrder};
use baddie_core::engine::shipping::FulfilOrder;
use baddie_core::engine::{Engine, Found, Shop};
use baddie_core::error::Kind;
use baddie_core::ids::{ConnectionId, ListingId, VariantId};
use baddie_core::inventory::MoveReason;
use baddie_core::listings::{Channel, ListingFilter, ListingState};
use baddie_core::money::{Currency, Money};
use baddie_core::page::PageRequest;
use baddie_core::shipping::ParcelLine;
use baddie_core::storage::Scope;
use baddie_core::testing::FixedClock;
use baddie_integrations::secret::Secret;
use baddie_integrations::shopify::{KIND, ShopifyService};
use baddie_integrations::vault::Envelope;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::channel::bad_day;
use super::fake::{Fake, SHOP, TOKEN};
use super::service::{SECRET, credentials, headers};
use crate::kit::canary::hidden;
use crate::kit::http;

/// Where the engine is reached from outside.
pub(super) const HERE: &str = "https://baddie.example";

pub(super) struct House {
    pub(super) clock: FixedClock,
    pub(super) fake: Fake,
    pub(super) engine: Engine,
    pub(super) shop: Shop,
    pub(super) connection: ConnectionId,
    pub(super) channel: Channel,
}

/// An engine on a store, whose shops may connect to the fake.
pub(super) async fn engine(url: &str, clock: &FixedClock, fake: &Fake) -> Engine {
    let vault = Envelope::new(&Secret::new(STANDARD.encode([1; 32]))).unwrap();
    let storage = baddie_storage::connect(url, SystemClock.now()).await.unwrap();
    Engine::builder(storage)
        .clock(Arc::new(clock.clone()))
        .service(KIND, Arc::new(ShopifyService::new(http(clock), Some(fake.server.base()))))
        .vault(Arc::new(vault))
        .public_url(HERE)
        .build()
}

pub(super) async fn house(url: &str) -> House {
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
    let credentials = credentials(SHOP, TOKEN).into();
    let request = ConnectService { service: KIND.into(), credentials, connection_id: None };
    let connection = shop.integrations().connect(request).await.unwrap().id;
    engine.settle().await.unwrap();
    let seen = shop.integrations().get(GetConnection { connection_id: connection }).await.unwrap();
    assert_eq!(seen.state, ConnectionState::Active, "{seen:?}");
    let channel = shop.channels().connect(channel(None)).await.unwrap();
    House { clock, fake, engine, shop, connection, channel }
}

fn channel(secret_ref: Option<String>) -> ConnectChannel {
    ConnectChannel {
        name: "Online".into(),
        kind: KIND.into(),
        external_account: String::new(),
        currency: None,
        secret_ref,
        buffer_qty: 0,
        settings: serde_json::Value::Null,
        fees: Vec::new(),
    }
}

impl House {
    pub(super) async fn stocked(&self, sku: &str, units: i64) -> VariantId {
        let variant = NewVariant::stocked(sku, Money::new(2_000, Currency::GBP));
        let product =
            CreateProduct { title: sku.into(), variants: vec![variant], ..CreateProduct::default() };
        let view = self.shop.catalog().create_product(product).await.unwrap();
        let variant_id = view.variants[0].variant.id;
        self.adjust(variant_id, units).await;
        variant_id
    }

    async fn adjust(&self, variant_id: VariantId, change: i64) {
        let cost = Some(Money::new(500 * change, Currency::GBP));
        let adjust = AdjustStock { variant_id, location_id: None, change, reason: MoveReason::Opening, cost };
        self.shop.inventory().adjust(adjust).await.unwrap();
    }

    /// How many listings stand so.
    async fn count(&self, state: ListingState) -> usize {
        let filter = ListingFilter { state: Some(state), ..ListingFilter::default() };
        let mut request = ListListings { filter, page: PageRequest::first(200) };
        let mut count = 0;
        loop {
            let page = self.shop.listings().list(request.clone()).await.unwrap();
            count += page.items.len();
            let Some(next) = page.next_cursor else { return count };
            request.page.cursor = Some(next);
        }
    }

    pub(super) async fn list(&self, variant_id: VariantId) -> ListingId {
        let listing = CreateListing {
            channel_id: self.channel.id,
            variant_id,
            title: None,
            description: None,
            price: None,
            min_price: None,
            draft: false,
        };
        self.shop.listings().create(listing).await.unwrap().id
    }

    pub(super) async fn buy_here(&self, sku: &str, qty: i64) {
        self.shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku(sku, qty)])).await.unwrap();
    }

    pub(super) async fn work(&self, minutes: u64) {
        for _ in 0..minutes {
            self.engine.settle().await.unwrap();
            self.clock.advance(Duration::from_mins(1));
        }
        self.engine.settle().await.unwrap();
    }

    /// How many a product offers at Shopify.
    pub(super) fn offered(&self, sku: &str) -> i64 {
        self.fake.look(|state| state.products.values().find(|product| product.sku == sku).unwrap().available)
    }

    pub(super) fn id_of(&self, sku: &str) -> String {
        self.fake.look(|state| {
            let (id, _) = state.products.iter().find(|(_, product)| product.sku == sku).unwrap();
            format!("gid://shopify/Product/{id}")
        })
    }

    pub(super) async fn orders(&self) -> usize {
        self.shop.orders().list(ListOrders::default()).await.unwrap().items.len()
    }

    pub(super) async fn prove(&self) {
        let verdict = self.engine.verify(&|_| ()).await.unwrap();
        assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
    }
}

async fn sold_here_and_there(url: &str) -> House {
    let house = house(url).await;
    assert_eq!(house.channel.connection(), Some(house.connection), "the only connection there is");
    assert_eq!(house.channel.external_account, "gid://shopify/Shop/1");
    house.fake.server.plan(bad_day());
    let mut listings = Vec::new();
    for number in 0..8 {
        let variant = house.stocked(&format!("MUG-{number}"), 6).await;
        listings.push(house.list(variant).await);
    }
    house.work(90).await;
    for number in 0..8 {
        let sku = format!("MUG-{number}");
        house.fake.sell(&house.id_of(&sku), 1 + number % 3);
        house.buy_here(&sku, 2).await;
    }
    house.work(90).await;
    house.fake.server.forgive();
    house.work(30).await;
    for (number, listing_id) in (0..).zip(&listings) {
        assert_eq!(house.offered(&format!("MUG-{number}")), 6 - 2 - (1 + number % 3), "MUG-{number}");
        let listing = house.shop.listings().get(GetListing { listing_id: *listing_id }).await.unwrap();
        assert_eq!(listing.state, ListingState::Live, "{listing:?}");
    }
    assert_eq!(house.orders().await, 16);
    assert_eq!(house.fake.look(|state| state.products.len()), 8, "each is there once");
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
    hidden(
        &[TOKEN.trim_start_matches("shpat_"), SECRET.trim_start_matches("shpss_")],
        &said,
        room.path(),
        "MUG-1",
    );
}

#[tokio::test]
async fn a_picture_that_is_attached_is_shown_there_and_one_that_is_detached_no_more() {
    let house = house("memory:").await;
    let variant = house.stocked("BOWL", 5).await;
    house.list(variant).await;
    house.work(1).await;
    let catalog = house.shop.catalog();
    let product_id = catalog.products(ListProducts::default()).await.unwrap().items[0].product.id;
    let shown = || {
        house.fake.look(|state| {
            let product = state.products.values().next().unwrap();
            let urls: Vec<_> = product.pictures.iter().map(|(url, _)| url.clone()).collect();
            (urls, product.fetched)
        })
    };
    let url = |name: &str| format!("https://pictures.example/{name}.jpg");
    let mut attached = Vec::new();
    for (sort, name) in [(2, "back"), (1, "front"), (3, "chip")] {
        let picture = AttachMedia {
            product_id,
            content_hash: format!("{sort:064x}"),
            url: Some(url(name)),
            sort,
            alt: name.into(),
        };
        attached.push(catalog.attach_media(picture).await.unwrap().id);
    }
    house.work(1).await;
    assert_eq!(shown(), (vec![url("front"), url("back"), url("chip")], 3), "in one go");
    catalog.detach_media(DetachMedia { media_id: attached[0] }).await.unwrap();
    house.work(1).await;
    assert_eq!(shown(), (vec![url("front"), url("chip")], 5));

    let named = UpdateProduct {
        product_id,
        title: None,
        brand: Some("Falcon".into()),
        category: None,
        description: None,
        attributes: None,
        status: None,
        expected_version: None,
    };
    catalog.update_product(named).await.unwrap();
    house.work(60).await;
    let seen = house.fake.look(|state| state.products.values().next().unwrap().named[0].clone());
    assert_eq!(seen.as_deref(), Some("Falcon"));
    assert_eq!(shown().1, 7, "and nothing is shown again for nothing");
    house.prove().await;
}

#[tokio::test]
async fn what_was_sold_there_is_heard_before_more_is_offered() {
    let house = house("memory:").await;
    let variant = house.stocked("BOWL", 5).await;
    house.list(variant).await;
    house.work(1).await;
    assert_eq!(house.offered("BOWL"), 5);
    // Its search does not know of the order yet, and the shelf is filled up meanwhile.
    house.fake.look(|state| state.lag = Duration::from_secs(3));
    house.fake.sell(&house.id_of("BOWL"), 2);
    house.adjust(variant, 1).await;
    house.engine.settle().await.unwrap();
    assert_eq!(house.offered("BOWL"), 3, "nothing is put on offer before it is known what became of the two");
    house.clock.advance(Duration::from_secs(10));
    house.engine.settle().await.unwrap();
    assert_eq!((house.offered("BOWL"), house.orders().await), (4, 1));
    // What somebody counted anew over there is no sale: what the shop knows goes before it, after a while.
    house.fake.look(|state| state.products.values_mut().for_each(|product| product.available = 40));
    house.adjust(variant, 1).await;
    house.work(5).await;
    assert_eq!(house.offered("BOWL"), 5);
    house.prove().await;
}

#[tokio::test]
async fn what_left_is_told_once_however_many_answers_are_lost() {
    let house = house("memory:").await;
    for number in 0..6 {
        let variant = house.stocked(&format!("CUP-{number}"), 9).await;
        house.list(variant).await;
    }
    house.work(2).await;
    let bought: Vec<_> =
        (0..6).map(|number| house.fake.sell(&house.id_of(&format!("CUP-{number}")), 3)).collect();
    house.work(10).await;
    house.fake.server.plan(bad_day());
    // Half of them leave in two parcels, the second before the first was told of.
    for view in house.shop.orders().list(ListOrders::default()).await.unwrap().items {
        let order = view.order;
        let split = bought.iter().position(|id| order.external_id.as_ref() == Some(id)).unwrap() % 2 == 1;
        let mut parcels = vec![FulfilOrder::all_of(order.id)];
        if split {
            let part = ParcelLine { order_line_id: view.lines[0].id, qty: 1 };
            parcels.insert(0, FulfilOrder { lines: vec![part], ..FulfilOrder::all_of(order.id) });
        }
        for (number, parcel) in parcels.into_iter().enumerate() {
            let (carrier, tracking) = (Some("Swift".into()), Some(format!("T{number}")));
            house.shop.shipping().fulfil(FulfilOrder { carrier, tracking, ..parcel }).await.unwrap();
            house.clock.advance(Duration::from_secs(1));
        }
    }
    house.work(90).await;
    for (number, id) in bought.iter().enumerate() {
        let told = house.fake.parcels(id);
        let once = [(3, "T0".to_owned())];
        let twice = [(1, "T0".to_owned()), (2, "T1".to_owned())];
        assert_eq!(told, if number % 2 == 1 { &twice[..] } else { &once[..] }, "{id}");
    }
    house.prove().await;
}

#[tokio::test]
async fn what_shopify_holds_back_or_knows_already_is_not_told() {
    let house = house("memory:").await;
    for sku in ["BOWL", "DISH"] {
        let variant = house.stocked(sku, 5).await;
        house.list(variant).await;
    }
    house.work(2).await;
    let known = house.fake.sell(&house.id_of("BOWL"), 1);
    let held = house.fake.sell(&house.id_of("DISH"), 2);
    house.work(10).await;
    house.fake.look(|state| {
        let by_hand = serde_json::json!([{
            "id": "gid://shopify/Fulfillment/7",
            "status": "SUCCESS",
            "fulfillmentLineItems": {
                "nodes": [{"quantity": 1, "lineItem": state.orders[0]["lines"][0]}],
                "pageInfo": {"hasNextPage": false, "endCursor": null},
            },
        }]);
        state.change(&known, |order| order["fulfillments"] = by_hand);
        state.change(&held, |order| order["held"] = true.into());
    });
    for view in house.shop.orders().list(ListOrders::default()).await.unwrap().items {
        house.shop.shipping().fulfil(FulfilOrder::all_of(view.order.id)).await.unwrap();
    }
    house.work(5).await;
    assert_eq!(house.fake.parcels(&known).len(), 1);
    assert_eq!(house.fake.parcels(&held), []);
    let events = house.shop.journal().events(ListEvents::default()).await.unwrap().items;
    let given_up: Vec<_> = events.iter().filter(|event| event.kind == "job.given_up").collect();
    let told = format!("{given_up:?}");
    assert!(
        given_up.len() == 1 && told.contains("2 of DISH left, which Shopify does not want sent"),
        "{told}"
    );
    house.prove().await;
}

#[tokio::test]
async fn a_delivery_has_the_orders_fetched_at_once() {
    let house = house("memory:").await;
    let variant = house.stocked("JUG", 3).await;
    house.list(variant).await;
    house.work(1).await;
    house.fake.sell(&house.id_of("JUG"), 1);
    let body = r#"{"id":1}"#;
    let id = house.connection.to_string();
    for _ in 0..3 {
        let headers = headers(body, SHOP, "orders/create", "event-1");
        house.engine.receive(KIND, &id, &headers, body.as_bytes()).await.unwrap();
    }
    house.engine.settle().await.unwrap();
    assert_eq!(house.orders().await, 1);
    let forged = headers("{}", SHOP, "orders/create", "event-2");
    let refused = house.engine.receive(KIND, &id, &forged, body.as_bytes()).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Unauthenticated);
    house.prove().await;
}

#[tokio::test]
async fn what_was_heard_long_ago_is_forgotten() {
    let room = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/shop.db", room.path().display());
    let house = house(&url).await;
    let (id, body) = (house.connection.to_string(), r#"{"id":1}"#);
    let deliver = async |event: &str| {
        let headers = headers(body, SHOP, "orders/create", event);
        house.engine.receive(KIND, &id, &headers, body.as_bytes()).await.unwrap();
        house.engine.settle().await.unwrap();
    };
    let storage = baddie_storage::connect(&url, SystemClock.now()).await.unwrap();
    let known = async || {
        let mut look = storage.read(Scope::Shop(house.shop.id())).await.unwrap();
        look.connections().heard(house.connection, &["first", "second"]).await.unwrap()
    };
    deliver("first").await;
    house.clock.advance(Duration::from_hours(89 * 24));
    deliver("second").await;
    assert_eq!(known().await, ["first", "second"]);
    house.clock.advance(Duration::from_hours(2 * 24));
    house.engine.settle().await.unwrap();
    assert_eq!(known().await, ["second"]);
}

#[tokio::test]
async fn a_channel_names_a_connection_that_fits() {
    let house = house("memory:").await;
    let odd = ConnectChannel {
        name: "Odd".into(),
        kind: "sandbox".into(),
        ..channel(Some(house.connection.to_string()))
    };
    let refused = house.shop.channels().connect(odd).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("channels.no_channel", Some("secret_ref")));
    let unknown = ConnectChannel { name: "Odd".into(), kind: "nowhere".into(), ..channel(None) };
    assert_eq!(house.shop.channels().connect(unknown).await.unwrap_err().code(), "listings.unknown_kind");
}

/// Many things are listed at once. However many points that takes, nobody hears of it; and what was cut off goes on.
#[tokio::test]
async fn a_first_sync_of_many_things_keeps_within_its_points_and_outlives_a_kill() {
    let many = if std::env::var("BADDIE_TIER").as_deref() == Ok("n") { 10_000 } else { 120 };
    let room = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/shop.db", room.path().display());
    let mut house = house(&url).await;
    for number in 0..many {
        let variant = house.stocked(&format!("MUG-{number}"), 2).await;
        house.list(variant).await;
    }
    let begun = house.clock.now();
    let shown = || house.fake.look(|state| state.products.values().filter(|product| product.shown).count());
    while shown() * 2 < many {
        assert_eq!(house.engine.tick().await.unwrap().given_up, 0);
    }
    // Cut off in the middle of its calls, and begun anew by another process.
    for millis in [1, 3, 5, 7] {
        let _ = tokio::time::timeout(Duration::from_millis(millis), house.engine.tick()).await;
    }
    let shop = house.shop.id();
    house.engine = engine(&url, &house.clock, &house.fake).await;
    house.shop = house.engine.shop(Actor::System, shop);
    let mut told = Vec::new();
    for _ in 0..many {
        house.engine.settle().await.unwrap();
        told.push(house.count(ListingState::Live).await);
        if told.last() == Some(&many) {
            break;
        }
        house.clock.advance(Duration::from_mins(1));
    }
    assert!(told.is_sorted() && told.last() == Some(&many), "{told:?}");
    let (products, offered, throttled) = house.fake.look(|state| {
        let offered: i64 = state.products.values().map(|product| product.available).sum();
        (state.products.len(), offered, state.throttled)
    });
    assert_eq!((products, offered), (many, 2 * i64::try_from(many).unwrap()));
    let calls = house.fake.server.heard().len();
    println!(
        "{many} things listed in {} min of Shopify's time, {calls} calls, {throttled} of them refused for want of points",
        house.clock.now().since(begun).as_secs() / 60
    );
    house.prove().await;
}
