//! A shop from nothing to its first sale: one thing comes in, is sold and sent, and the books know what was earned.
//!
//! `cargo run --example sell_one_thing`

use std::error::Error;

use baddie::catalog::{Condition, CreateItem};
use baddie::clock::Zone;
use baddie::insights::GetItemProfit;
use baddie::orders::{PlaceLine, PlaceOrder};
use baddie::shipping::FulfilOrder;
use baddie::{Currency, Engine, Found, Money};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // `sqlite://shop.db` keeps the shop in a file; this one is forgotten at the end.
    let engine = Engine::open("memory:").await?;
    let found = Found {
        name: "Corner shop".to_owned(),
        email: "owner@example.com".to_owned(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;

    let pounds = |pence| Money::new(pence, Currency::GBP);
    let jacket = CreateItem {
        title: "Waxed jacket".to_owned(),
        brand: Some("Barbour".to_owned()),
        category: None,
        description: "Worn, but not worn out.".to_owned(),
        attributes: [("colour".to_owned(), "olive".to_owned())].into(),
        sku: "JACKET-1".to_owned(),
        price: Some(pounds(6_500)),
        weight_g: Some(1_400),
        condition: Condition::Good,
        condition_notes: "A small tear in the lining.".to_owned(),
        grade: None,
        serial: None,
        unit_cost: pounds(1_250),
        location_id: None,
        bin: Some("Rail 3".to_owned()),
    };
    let item = shop.catalog().create_item(jacket).await?.item;

    // The key makes the command safe to repeat: however often it is sent, there is one order.
    let till = shop.clone().with_key("receipt-0001");
    let order = PlaceOrder::of(vec![PlaceLine::sku("JACKET-1", 1)]).paid();
    let sold = till.orders().place(order.clone()).await?;
    assert_eq!(till.orders().place(order).await?, sold);
    println!("Order {} over {} is {}.", sold.order.number, sold.order.total, sold.order.state);

    let again = shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku("JACKET-1", 1)])).await;
    println!("A second buyer hears: {}", again.err().ok_or("it was sold twice")?.message());

    shop.shipping().fulfil(FulfilOrder::all_of(sold.order.id)).await?;
    let asked = GetItemProfit { item_id: Some(item.id), order_line_id: None };
    let profit = shop.insights().item_profit(asked).await?;
    println!("Earned with it: {} ({} less {}).", profit.profit, profit.revenue, profit.cost_of_goods);

    let verdict = engine.verify(&|_| {}).await?;
    println!("{} facts checked, {} of them wrong.", verdict.checks, verdict.violations);
    Ok(())
}
