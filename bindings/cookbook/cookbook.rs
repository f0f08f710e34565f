//! Ten tasks of a reseller, in Rust.

use std::error::Error;

use baddie::catalog::{Condition, CreateItem, CreateProduct, NewVariant};
use baddie::clock::Zone;
use baddie::inventory::{AdjustStock, MoveReason};
use baddie::orders::{CancelOrder, PlaceLine, PlaceOrder};
use baddie::shipping::FulfilOrder;
use baddie::{Currency, Engine, Found, Kind, Money, operations};

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(tasks())
}

async fn tasks() -> Result<(), Box<dyn Error>> {
    let engine = Engine::open("memory:").await?;
    let pounds = |pence| Money::new(pence, Currency::GBP);

    // 1. Found a shop.
    let found = Found {
        name: "Corner shop".to_owned(),
        email: "owner@example.com".to_owned(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;

    // 2. Note down something one of a kind.
    let jacket = CreateItem {
        title: "Waxed jacket".to_owned(),
        brand: None,
        category: None,
        description: String::new(),
        attributes: [].into(),
        sku: "JACKET".to_owned(),
        price: Some(pounds(6_500)),
        weight_g: None,
        condition: Condition::Good,
        condition_notes: String::new(),
        grade: None,
        serial: None,
        unit_cost: pounds(1_250),
        location_id: None,
        bin: None,
    };
    shop.catalog().create_item(jacket).await?;

    // 3. Take in twelve of something, and what they cost together.
    let mug = CreateProduct {
        title: "Mug".to_owned(),
        variants: vec![NewVariant::stocked("MUG", pounds(899))],
        ..CreateProduct::default()
    };
    let variant_id = shop.catalog().create_product(mug).await?.variants[0].variant.id;
    let twelve = AdjustStock {
        variant_id,
        location_id: None,
        change: 12,
        reason: MoveReason::Opening,
        cost: Some(pounds(3_000)),
    };
    shop.inventory().adjust(twelve).await?;

    // 4. Sell, so that a lost answer does no harm.
    let till = shop.clone().with_key("receipt-1");
    let two = PlaceOrder::of(vec![PlaceLine::sku("MUG", 2)]).paid();
    let order = till.orders().place(two.clone()).await?;
    assert_eq!(till.orders().place(two).await?.order.id, order.order.id);

    // 5. Hear that something is sold out.
    let refused = shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku("JACKET", 2)])).await;
    assert_eq!(refused.map_err(|error| error.kind()), Err(Kind::Conflict));

    // 6. Send a parcel.
    let parcel = FulfilOrder {
        carrier: Some("Post".to_owned()),
        tracking: Some("AB123".to_owned()),
        ..FulfilOrder::all_of(order.order.id)
    };
    shop.shipping().fulfil(parcel).await?;

    // 7. Call an order off.
    let second = shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku("JACKET", 1)])).await?;
    let reason = "changed their mind".to_owned();
    let off = CancelOrder { order_id: second.order.id, lines: Vec::new(), reason };
    println!("{}", shop.orders().cancel(off).await?.order.state);

    // 8. See what lies where.
    let level =
        operations::call(&shop, "inventory.levels", &format!(r#"{{"variant_id":"{variant_id}"}}"#)).await?;
    println!("{level}");

    // 9. See what was earned.
    println!("{}", operations::call(&shop, "reports.profit", "{}").await?);

    // 10. Give out the sales for a spreadsheet.
    println!("{}", operations::call(&shop, "exports.sales", r#"{"limit":50}"#).await?);
    Ok(())
}
