use baddie_core::clock::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{Call, again, asked, get, once, page_of, segment, with};

const STORES: &str = "/api/ecommerce/v1/stores";

fn of(store: &str, part: &str) -> String {
    format!("{STORES}/{}{part}", segment(store))
}

/// Lists a page of the account's shops.
pub fn stores(page: u32) -> Call {
    page_of(STORES, page)
}

/// Opens a shop.
pub fn create_store(name: &str, country: &str, company: &str, email: &str) -> Call {
    let body =
        json!({ "name": name, "country_code": country, "company_name": company, "company_email": email });
    once(STORES, &body)
}

/// Lists a page of what a shop sells.
pub fn products(store: &str, page: u32) -> Call {
    page_of(&of(store, "/products"), page)
}

/// Sells a thing, at a price in minor units of the shop's currency or this one.
pub fn create_product(
    store: &str,
    name: &str,
    description: Option<&str>,
    price: i64,
    currency: Option<&str>,
) -> Call {
    let body = json!({ "name": name, "description": description, "price": price, "currency": currency });
    once(&of(store, "/products/physical"), &body)
}

fn of_product(store: &str, product: &str, part: &str) -> String {
    of(store, &format!("/products/{}{part}", segment(product)))
}

/// Lists a page of the variants of a thing.
pub fn variants(store: &str, product: &str, page: u32) -> Call {
    page_of(&of_product(store, product, "/variants"), page)
}

/// What a variant shall be; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VariantChange {
    /// Which.
    pub variant_id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory_quantity: Option<i64>,
    /// Whether they are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manage_inventory: Option<bool>,
    /// All its prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prices: Option<Vec<PriceChange>>,
}

/// What a variant shall cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PriceChange {
    /// In minor units.
    pub amount: i64,
    /// While it is on sale, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale_amount: Option<i64>,
    /// In which currency; the shop's where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// Changes up to a hundred variants of a thing at once.
pub fn change_variants(store: &str, product: &str, changes: &[VariantChange]) -> Call {
    with(Call::patch(of_product(store, product, "/variants/batch")), &json!({ "variants": changes }))
}

/// Lists a page of a shop's orders from then on, the newest first. Hostinger delivers no word of them: they are asked for.
pub fn shop_orders(store: &str, since: Option<Timestamp>, page: u32) -> Call {
    let query = [("created_at_from", since.map(|since| since.to_string())), ("page", Some(page.to_string()))];
    get(&asked(&of(store, "/orders"), &query))
}

/// Looks at an order.
pub fn shop_order(store: &str, order: &str) -> Call {
    get(&of(store, &format!("/orders/{}", segment(order))))
}

/// Goods of an order that are on their way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fulfilled {
    /// Which, and how many of each; all that is left when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<FulfilledLine>,
    /// The carrier's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// Where to follow them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_url: Option<String>,
    /// Whether the buyer is told.
    pub notify_customer: bool,
}

/// Units of a line that are on their way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FulfilledLine {
    /// The line.
    pub line_item_id: String,
    /// How many.
    pub quantity: i64,
}

/// Says that goods are on their way.
pub fn fulfill(store: &str, order: &str, what: &Fulfilled) -> Call {
    once(&of(store, &format!("/orders/{}/fulfill", segment(order))), what)
}

/// Calls an order off. It is called off once: the second time Hostinger says that it was.
pub fn cancel_order(store: &str, order: &str, notify: bool) -> Call {
    let path = of(store, &format!("/orders/{}/cancel", segment(order)));
    with(again(&path), &json!({ "notify_customer": notify }))
}

/// Lists where a shop sells.
pub fn sales_channels(store: &str) -> Call {
    get(&of(store, "/sales-channels"))
}
