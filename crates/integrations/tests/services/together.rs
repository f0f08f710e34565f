//! One shop, three places: what is sold at one ends at the others, on a good day and on a bad one. How long the others went
//! on offering it is measured on the pretend services' own clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baddie_core::clock::{Clock, SystemClock, Zone};
use baddie_core::connections::ConnectionState;
use baddie_core::engine::catalog::{CreateProduct, NewVariant};
use baddie_core::engine::connections::{ConnectService, GetConnection};
use baddie_core::engine::inventory::AdjustStock;
use baddie_core::engine::listings::{
    ConnectChannel, CreateListing, GetListing, GetOversellWindows, OversellWindow,
};
use baddie_core::engine::orders::ListOrders;
use baddie_core::engine::{Engine, Found, Shop};
use baddie_core::ids::{ChannelId, ListingId};
use baddie_core::inventory::MoveReason;
use baddie_core::listings::{Listing, ListingState};
use baddie_core::money::{Currency, Money};
use baddie_core::orders::OrderState;
use baddie_core::testing::FixedClock;
use baddie_integrations::sandbox::{self, Sandbox};
use baddie_integrations::secret::Secret;
use baddie_integrations::vault::Envelope;
use baddie_integrations::{shopify, webflow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::kit::http;
use crate::shopify::channel::bad_day as shopifys_bad_day;
use crate::shopify::fake as shopify_fake;
use crate::webflow::channel::bad_day as webflows_bad_day;
use crate::webflow::fake as webflow_fake;

/// How many things are sold, one after the other, each at one of the three places.
const THINGS: usize = 12;
/// How far time goes between two looks of the worker.
const STEP: Duration = Duration::from_secs(5);

struct House {
    clock: FixedClock,
    shopify: shopify_fake::Fake,
    webflow: webflow_fake::Fake,
    world: Sandbox,
    engine: Engine,
    shop: Shop,
    /// Shopify, Webflow, the pretend marketplace.
    channels: Vec<ChannelId>,
}

impl House {
    async fn build(url: &str) -> Self {
        let clock = FixedClock::default();
        let (shopify, webflow) = (shopify_fake::Fake::start(&clock), webflow_fake::Fake::start(&clock));
        let world = Sandbox::new(sandbox::Config::default(), Arc::new(clock.clone()));
        let vault = Envelope::new(&Secret::new(STANDARD.encode([1; 32]))).unwrap();
        let storage = baddie_storage::connect(url, SystemClock.now()).await.unwrap();
        let to_shopify = shopify::ShopifyService::new(http(&clock), Some(shopify.server.base()));
        let to_webflow = webflow::WebflowService::new(http(&clock), Some(&webflow.base()));
        let engine = Engine::builder(storage)
            .clock(Arc::new(clock.clone()))
            .service(shopify::KIND, Arc::new(to_shopify))
            .service(webflow::KIND, Arc::new(to_webflow))
            .channel(sandbox::KIND, Arc::new(world.marketplaces()))
            .vault(Arc::new(vault))
            .build();
        let found = Found {
            name: "Second Spring".into(),
            email: "owner@example.org".into(),
            currency: Currency::GBP,
            time_zone: "Europe/London".parse::<Zone>().unwrap(),
        };
        let shop = engine.found(found).await.unwrap().shop;
        let mut house = Self { clock, shopify, webflow, world, engine, shop, channels: Vec::new() };
        house.connect(shopify::KIND, &[("shop", shopify_fake::SHOP), ("token", shopify_fake::TOKEN)]).await;
        house.connect(webflow::KIND, &[("token", webflow_fake::TOKEN)]).await;
        for (kind, settings) in [
            (shopify::KIND, Value::Null),
            (webflow::KIND, Value::Null),
            (sandbox::KIND, json!({ "market": "multi_quantity" })),
        ] {
            let connect = ConnectChannel {
                name: kind.into(),
                kind: kind.into(),
                external_account: String::new(),
                currency: None,
                secret_ref: None,
                buffer_qty: 0,
                settings,
                fees: Vec::new(),
            };
            house.channels.push(house.shop.channels().connect(connect).await.unwrap().id);
        }
        house
    }

    async fn connect(&self, service: &str, credentials: &[(&str, &str)]) {
        let given = credentials.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let credentials = given.collect::<BTreeMap<_, _>>().into();
        let request = ConnectService { service: service.into(), credentials, connection_id: None };
        let connection_id = self.shop.integrations().connect(request).await.unwrap().id;
        self.engine.settle().await.unwrap();
        let seen = self.shop.integrations().get(GetConnection { connection_id }).await.unwrap();
        assert_eq!(seen.state, ConnectionState::Active, "{seen:?}");
    }

    /// One of a thing, on offer at all three places.
    async fn offer(&self, sku: &str) -> Vec<ListingId> {
        let variant = NewVariant::stocked(sku, Money::new(2_000, Currency::GBP));
        let product =
            CreateProduct { title: sku.into(), variants: vec![variant], ..CreateProduct::default() };
        let view = self.shop.catalog().create_product(product).await.unwrap();
        let variant_id = view.variants[0].variant.id;
        let cost = Some(Money::new(500, Currency::GBP));
        let reason = MoveReason::Opening;
        let adjust = AdjustStock { variant_id, location_id: None, change: 1, reason, cost };
        self.shop.inventory().adjust(adjust).await.unwrap();
        let mut listings = Vec::new();
        for &channel_id in &self.channels {
            let (title, description, price, min_price) = (None, None, None, None);
            let listing =
                CreateListing { channel_id, variant_id, title, description, price, min_price, draft: false };
            listings.push(self.shop.listings().create(listing).await.unwrap().id);
        }
        listings
    }

    async fn listing(&self, listing_id: ListingId) -> Listing {
        self.shop.listings().get(GetListing { listing_id }).await.unwrap()
    }

    /// From now on two calls of three go astray at both services.
    fn go_astray(&self) {
        self.shopify.server.plan(shopifys_bad_day());
        self.webflow.server.plan(webflows_bad_day());
    }

    /// Lets time pass until all of these listings stand so, for an hour at most; whatever goes astray does so for ten minutes.
    async fn until(&self, listings: &[ListingId], state: impl Fn(&Listing) -> bool) {
        for step in 0..720 {
            if step == 120 {
                self.shopify.server.forgive();
                self.webflow.server.forgive();
            }
            self.engine.settle().await.unwrap();
            let mut all = true;
            for id in listings {
                all &= state(&self.listing(*id).await);
            }
            if all {
                return;
            }
            self.clock.advance(STEP);
        }
        for id in listings {
            println!("{:?}", self.listing(*id).await);
        }
        panic!("an hour went by");
    }

    /// Somebody buys it at one of the places.
    async fn sell_at(&self, place: usize, listing: ListingId) {
        let external_id = self.listing(listing).await.external_id.unwrap();
        match place {
            0 => drop(self.shopify.sell(&external_id, 1)),
            1 => drop(self.webflow.look(|state| state.sell(&external_id, 1))),
            _ => drop(self.world.buy(self.channels[2], &external_id, 1).unwrap()),
        }
    }

    /// Whether buyers can have it at a place.
    async fn is_offered_at(&self, place: usize, listing: ListingId) -> bool {
        let id = self.listing(listing).await.external_id.unwrap();
        match place {
            0 => self.shopify.look(|state| {
                let product = &state.products[&shopify_fake::number(&id)];
                product.status == "ACTIVE" && product.available > 0
            }),
            1 => self.webflow.look(|state| {
                let product = &state.products[&id];
                !product.archived && product.quantity != Some(0)
            }),
            _ => {
                let shown = self.world.listings(self.channels[2]).unwrap();
                shown.iter().any(|shown| shown.external_id == id && shown.ended.is_none() && shown.qty > 0)
            }
        }
    }
}

/// Sells each thing at one place, and sees to it that nobody can have it at any other.
async fn sold_once(url: &str, bad: bool) -> Vec<(&'static str, OversellWindow)> {
    let house = House::build(url).await;
    for number in 0..THINGS {
        let listings = house.offer(&format!("ONE-{number}")).await;
        house.until(&listings, |listing| listing.state == ListingState::Live).await;
        let place = number % 3;
        for (other, listing) in listings.iter().enumerate() {
            assert!(house.is_offered_at(other, *listing).await, "ONE-{number} is on offer at {other}");
        }
        if bad {
            house.go_astray();
        }
        house.sell_at(place, listings[place]).await;
        let others: Vec<_> = (0..3).filter(|other| *other != place).collect();
        let ends: Vec<_> = others.iter().map(|other| listings[*other]).collect();
        house.until(&ends, |listing| listing.state == ListingState::Ended).await;
        house.shopify.server.forgive();
        house.webflow.server.forgive();
        for other in others {
            assert!(!house.is_offered_at(other, listings[other]).await, "ONE-{number} is gone at {other}");
        }
    }
    let orders = house.shop.orders().list(ListOrders::default()).await.unwrap().items;
    assert_eq!(orders.len(), THINGS);
    assert!(orders.iter().all(|view| view.order.state == OrderState::Confirmed), "nothing was sold twice");
    let verdict = house.engine.verify(&|_| ()).await.unwrap();
    assert_eq!(verdict.violations, 0, "{:#?}", verdict.details);
    let windows = house.shop.channels().oversell_windows(GetOversellWindows {}).await.unwrap();
    assert_eq!(windows.iter().map(|window| (window.ended, window.pending)).collect::<Vec<_>>(), [(8, 0); 3]);
    let name = |id| house.channels.iter().position(|channel| *channel == id).unwrap();
    let names = [shopify::KIND, webflow::KIND, sandbox::KIND];
    windows.into_iter().map(|window| (names[name(window.channel_id)], window)).collect()
}

#[tokio::test]
async fn what_is_sold_at_one_place_ends_at_the_others() {
    sold_once("memory:", false).await;
}

#[tokio::test]
async fn what_is_sold_at_one_place_ends_at_the_others_on_a_bad_day() {
    let room = tempfile::tempdir().unwrap();
    sold_once(&format!("sqlite://{}/shop.db", room.path().display()), true).await;
}

/// Prints for how long each place went on offering what was sold at another: from the moment at which the sale was heard of,
/// in the time of the pretend services.
pub(crate) async fn print_windows() {
    println!("\n{:<18}{:>8}{:>12}{:>12}{:>12}", "oversell window", "day", "sales", "p50", "p95");
    for (day, bad) in [("good", false), ("bad", true)] {
        for (name, window) in sold_once("memory:", bad).await {
            let seconds = |millis: Option<i64>| {
                let millis = Duration::from_millis(millis.unwrap_or_default().unsigned_abs());
                format!("{:.1} s", millis.as_secs_f64())
            };
            let (p50, p95) = (seconds(window.p50_ms), seconds(window.p95_ms));
            println!("{name:<18}{day:>8}{:>12}{p50:>12}{p95:>12}", window.ended);
        }
    }
}
