//! The models behind the engine: what a shop that has sold things is told, in the JSON of every door.
#![cfg(all(feature = "ai", feature = "memory"))]
#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use baddie::clock::{Clock, Timestamp, Zone};
use baddie::integrations::manual;
use baddie::{Currency, Engine, Found, Shop, operations, storage};
use serde_json::{Value, json};

const DAY: i64 = 86_400_000_000;

/// Noon on 5 January 2026, and days after it.
#[derive(Clone, Default)]
struct Days(Arc<AtomicI64>);

impl Clock for Days {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(1_767_614_400_000_000 + DAY * self.0.load(Ordering::Relaxed))
    }
}

struct House {
    engine: Engine,
    shop: Shop,
    days: Days,
}

impl House {
    async fn build() -> Self {
        let days = Days::default();
        let store = storage::connect("memory:", days.now()).await.unwrap();
        let builder = Engine::builder(store).clock(Arc::new(days.clone())).models();
        let engine = builder.channel(manual::KIND, Arc::new(manual::Manual)).build();
        let found = Found {
            name: "Attic".into(),
            email: "owner@example.org".into(),
            currency: Currency::GBP,
            time_zone: Zone::utc(),
        };
        let token = engine.found(found).await.unwrap().token;
        let shop = engine.enter(&engine.authenticate(&token).await.unwrap());
        Self { engine, shop, days }
    }

    async fn call(&self, name: &str, request: Value) -> Value {
        let answer = operations::find(name).unwrap().call(&self.shop, &request.to_string()).await;
        serde_json::from_str(&answer.unwrap_or_else(|error| panic!("{name}: {error}"))).unwrap()
    }

    /// A product, with its stock on offer at a channel that keeps a tenth.
    async fn sell(&self, title: &str, sku: &str, price: i64) -> (Value, Value) {
        let price = gbp(price);
        let variants = json!([{"sku": sku, "price": price}]);
        let product = self.call("products.create", json!({"title": title, "variants": variants})).await;
        let variant = product["variants"][0]["id"].clone();
        let stock = json!({"variant_id": variant, "change": 900, "reason": "found", "cost": gbp(900 * 600)});
        self.call("inventory.adjust", stock).await;
        let fees = json!([{"kind": "final_value", "base": "total", "rate": 100_000}]);
        let channel =
            self.call("channels.connect", json!({"name": "Fair", "kind": "manual", "fees": fees})).await;
        let new = json!({"channel_id": channel["id"], "variant_id": variant});
        let listing = self.call("listings.create", new).await;
        self.engine.settle().await.unwrap();
        (variant, listing["id"].clone())
    }
}

fn gbp(minor: i64) -> Value {
    json!({"minor": minor, "currency": "GBP"})
}

#[tokio::test]
async fn prices_follow_how_demand_answered_to_them() {
    let house = House::build().await;
    let (_, listing) = house.sell("Enamel mug", "MUG", 1_000).await;
    // Four weeks at eight pounds, four at ten, in turn: a quarter dearer sells less than half.
    for week in 0..24 {
        let (price, qty) = if week / 4 % 2 == 0 { (800, 30) } else { (1_000, 13) };
        let lines = json!([{"sku": "MUG", "qty": qty, "unit_price": gbp(price)}]);
        let order = house.call("orders.place", json!({"lines": lines, "paid": true})).await;
        house.call("orders.fulfil", json!({"order_id": order["id"]})).await;
        house.days.0.fetch_add(7, Ordering::Relaxed);
    }
    house.call("forecasts.refresh", json!({})).await;
    house.engine.settle().await.unwrap();
    let forecasts = house.call("forecasts.list", json!({})).await;
    let response = &forecasts["items"][0]["response"];
    let elasticity = response["elasticity"].as_i64().unwrap();
    assert!((-4_500..=-2_000).contains(&elasticity), "{response}");

    let said = house.call("price_proposals.optimize", json!({"strategy": "maximize_profit"})).await;
    let proposal = &said["proposals"][0];
    let price = proposal["proposed"]["minor"].as_i64().unwrap();
    // Cost and fees leave nothing below 6.67; with an elasticity of about -3.5, two fifths more than that earn most.
    assert!((800..=990).contains(&price), "{said}");
    assert!(proposal["explanation"].as_str().unwrap().contains("elasticity"), "{proposal}");
    let clear = json!({"strategy": "clear_stock", "listing_ids": [listing], "days": 7, "ending": 99});
    let cleared = house.call("price_proposals.optimize", clear).await;
    let clear = cleared["proposals"][0]["proposed"]["minor"].as_i64().unwrap();
    assert!(clear < price && clear % 100 == 99 && clear >= 667, "{cleared}");
    let decide = json!({"price_proposal_id": cleared["proposals"][0]["id"], "decision": "approve"});
    assert_eq!(house.call("price_proposals.decide", decide).await["state"], "executed");
    let listing = house.call("listings.get", json!({"listing_id": listing})).await;
    assert_eq!(listing["price"]["minor"], clear);

    let market = house.call("market.look", json!({})).await;
    let mugs = &market["categories"][0];
    assert_eq!((mugs["sold"].as_i64(), mugs["sold_before"].as_i64()), (Some(52), Some(120)), "{market}");
    let kinds: Vec<_> =
        market["opportunities"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
    assert!(kinds.contains(&json!("reprice")) && kinds.contains(&json!("clear")), "{market}");
    assert!(!kinds.contains(&json!("refill")) && !kinds.contains(&json!("crosslist")), "{market}");
    assert_eq!(market["opportunities"][0]["sku"], "MUG");

    let quote = house.call("pricing.quote", json!({"cost": gbp(400), "title": "enamel mug"})).await;
    let fair = &quote["channels"][0];
    assert_eq!((fair["channel"].as_str(), quote["comparables"].as_i64()), (Some("Fair"), Some(24)));
    let (low, high) = (&fair["worth"]["low"]["minor"], &fair["worth"]["high"]["minor"]);
    assert!(
        low.as_i64() < high.as_i64() && fair["quote"]["highest_cost"]["minor"].as_i64() > Some(400),
        "{quote}"
    );
}

#[tokio::test]
async fn listings_are_written_from_facts_and_examined_by_them() {
    let house = House::build().await;
    let (variant, _) = house.sell("Green wax jacket", "JACKET", 9_000).await;
    let attributes = json!({"size": "C40", "condition": "Worn twice"});
    let ask = json!({"variant_id": variant, "rules": "ebay", "attributes": attributes});
    let draft = house.call("listings.draft", ask.clone()).await;
    let title = draft["text"]["title"].as_str().unwrap();
    assert!(title.starts_with("Green wax jacket") && title.contains("C40") && title.len() <= 80, "{title}");
    assert_eq!((&draft["faults"], &draft["found"]["Color"]), (&json!([]), &json!("Green")), "{draft}");
    assert!(draft["categories"].to_string().contains("Clothing > Outerwear > Coats & Jackets\""), "{draft}");
    assert!(draft["advice"].as_array().unwrap().iter().any(|why| why.as_str().unwrap().contains("brand")));

    let mut boast = ask;
    boast["title"] = json!("Vintage Barbour wax jacket");
    let faults = house.call("listings.draft", boast).await["faults"].to_string();
    assert!(faults.contains("vintage") && faults.contains("barbour"), "{faults}");
    let unknown = json!({"variant_id": variant, "rules": "bazaar"}).to_string();
    let error = operations::find("listings.draft").unwrap().call(&house.shop, &unknown).await.unwrap_err();
    assert!(error.field() == Some("rules") && error.message().contains("etsy"), "{error}");
}
