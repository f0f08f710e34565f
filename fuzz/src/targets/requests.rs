//! Requests of operations, and what channels tell.

use baddie::accounts::GetShop;
use baddie::clock::Zone;
use baddie::operations::{self, Operation};
use baddie::{Currency, Engine, Found, Shop};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::{no_defect, text};
use crate::Target;

/// A shop with something in it.
struct House {
    runtime: Runtime,
    shop: Shop,
}

impl House {
    fn open(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let shop = runtime.block_on(async {
            let engine = Engine::open(url).await.expect("a fresh store");
            let found = Found {
                name: "Corner shop".into(),
                email: "owner@example.com".into(),
                currency: Currency::GBP,
                time_zone: Zone::utc(),
            };
            engine.found(found).await.expect("a first shop").shop
        });
        let house = Self { runtime, shop };
        for (name, request) in beginnings() {
            house
                .call(operations::find(name).expect("an operation"), &request.to_string())
                .expect("a beginning");
        }
        house
    }

    fn call(&self, operation: &Operation, request: &str) -> baddie::Result<String> {
        self.runtime.block_on(operation.call(&self.shop, request))
    }
}

fn gbp(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "GBP" })
}

fn beginnings() -> Vec<(&'static str, Value)> {
    vec![
        ("products.create", json!({ "title": "Mug", "variants": [{ "sku": "MUG", "price": gbp(900) }] })),
        ("suppliers.create", json!({ "name": "Potteries", "kind": "wholesale" })),
        ("channels.connect", json!({ "name": "Stall", "kind": "manual" })),
        (
            "promotions.create",
            json!({ "name": "Spring", "kind": "percent", "rate": 100_000, "coupons": [{ "code": "SPRING", "max_uses": 5 }] }),
        ),
    ]
}

/// Requests as they should be: what a schema says, filled in.
fn example(root: &Value, schema: &Value, depth: usize) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
        return example(root, &root["$defs"][name], depth);
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|all| all.first()) {
            return example(root, first, depth);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or("null"),
        kind => kind.as_str().unwrap_or("object"),
    };
    match kind {
        "string" => json!("MUG"),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        "array" if depth < 4 => json!([example(root, &schema["items"], depth + 1)]),
        "array" => json!([]),
        "object" => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), example(root, field, depth + 1))).collect()
        }
        _ => Value::Null,
    }
}

pub(super) fn targets() -> Vec<Target> {
    let all: Vec<&'static Operation> = operations::all().collect();
    let requests: Vec<String> = all
        .iter()
        .map(|operation| {
            let schema = (operation.request)().to_value();
            format!("{} {}", operation.name, example(&schema, &schema, 0))
        })
        .collect();
    let texts: Vec<&str> = requests.iter().map(String::as_str).collect();
    let house = House::open("memory:");
    let operations = text("operations", &texts, move |input| {
        // Whatever the name has become, something is called.
        let (name, request) = input.split_once(' ').unwrap_or((input, ""));
        let operation = operations::find(name).unwrap_or(all[input.len() % all.len()]);
        no_defect(house.call(operation, request))?;
        // What was let in can be told again.
        no_defect(house.runtime.block_on(house.shop.accounts().get(GetShop {})))
    });
    let room = tempfile::tempdir().expect("a folder for a database");
    let kept = House::open(&format!("sqlite://{}", room.path().join("shop.db").display()));
    let search = operations::find("products.list").expect("an operation");
    let found = text(
        "search",
        &["mug", "blue mug", "M-1", "\"tea pot\"", "mug*", "a OR b", "NEAR(a b)"],
        move |input| {
            let _ = &room;
            no_defect(kept.call(search, &json!({ "search": input }).to_string()))
        },
    );
    let notices = House::open("memory:");
    let receive = operations::find("channels.receive").expect("an operation");
    let channel: Value = notices
        .call(operations::find("channels.list").expect("an operation"), "{}")
        .ok()
        .and_then(|answer| serde_json::from_str(&answer).ok())
        .unwrap_or_default();
    let id = channel.pointer("/0/id").or(channel.pointer("/items/0/id")).cloned().unwrap_or_default();
    let order = json!({
        "external_id": "A-1", "external_version": 1, "placed_at": "2026-01-05T12:00:00Z", "shipping": gbp(350),
        "lines": [{ "sku": "MUG", "qty": 1, "unit_price": gbp(900), "taxes": [], "listing_external_id": null }],
        "fees": gbp(90), "paid": true, "cancelled": false, "buyer": null,
    });
    let schema = (receive.request)().to_value();
    let told = example(&schema, &schema, 0);
    let told_order =
        json!({ "channel_id": id, "notice": { "external_id": "n-1", "told": { "order": order } } });
    let mut told = told;
    told["channel_id"] = id;
    let notices = text("notices", &[&told.to_string(), &told_order.to_string()], move |input| {
        no_defect(notices.call(receive, input))
    });
    vec![Target { cost: 20, ..operations }, Target { cost: 50, ..found }, Target { cost: 20, ..notices }]
}
