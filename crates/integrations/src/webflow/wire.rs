//! Webflow's objects, as far as we read them.

use baddie_core::clock::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// What a token may do, and where.
#[derive(Debug, Clone, Deserialize)]
pub struct Introspection {
    /// What was granted.
    pub authorization: Authorization,
}

/// What was granted.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorization {
    /// Scopes, one after the other.
    #[serde(default)]
    pub scope: Option<String>,
    /// Where.
    #[serde(default)]
    pub authorized_to: Places,
}

/// Where a token may do what it may.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Places {
    /// At these sites …
    pub site_ids: Vec<String>,
    /// … or at all of these workspaces.
    pub workspace_ids: Vec<String>,
}

/// The sites that a token opens.
#[derive(Debug, Clone, Deserialize)]
pub struct Sites {
    /// Each of them.
    #[serde(default)]
    pub sites: Vec<Site>,
}

/// A site.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// Webflow's name for it.
    pub id: String,
    /// Whose it is.
    #[serde(default)]
    pub workspace_id: Option<String>,
    /// The first part of the address that Webflow gave it.
    #[serde(default)]
    pub short_name: Option<String>,
    /// When it was last made public.
    #[serde(default)]
    pub last_published: Option<Timestamp>,
}

/// The domains of a site's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Domains {
    /// Each of them.
    #[serde(default)]
    pub custom_domains: Vec<SiteDomain>,
}

/// A domain of a site's own.
#[derive(Debug, Clone, Deserialize)]
pub struct SiteDomain {
    /// Webflow's name for it.
    pub id: String,
    /// The domain.
    #[serde(default)]
    pub url: Option<String>,
}

/// How a site sells.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShopSettings {
    /// What it sells in.
    pub default_currency: String,
}

/// The collections of a site.
#[derive(Debug, Clone, Deserialize)]
pub struct Collections {
    /// Each of them, without its fields.
    #[serde(default)]
    pub collections: Vec<Collection>,
}

/// A collection.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection {
    /// Webflow's name for it.
    pub id: String,
    /// How it is called.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Its part of an address.
    #[serde(default)]
    pub slug: Option<String>,
    /// When its fields last changed.
    #[serde(default)]
    pub last_updated: Option<Timestamp>,
    /// Its fields, where they are told.
    #[serde(default)]
    pub fields: Vec<Field>,
}

/// A field of a collection.
#[derive(Debug, Clone, Deserialize)]
pub struct Field {
    /// Under which name items hold it.
    #[serde(default)]
    pub slug: Option<String>,
    /// `PlainText`, `Number`, `Link` …
    #[serde(default)]
    pub r#type: String,
}

/// Which part of a list was told.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct Paging {
    /// How many there are in all.
    pub total: Option<u64>,
}

/// Items of a collection.
#[derive(Debug, Clone, Deserialize)]
pub struct Items {
    /// Each of them.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Which they are.
    #[serde(default)]
    pub pagination: Paging,
}

/// An item of a collection.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Webflow's name for it.
    pub id: String,
    /// When it was last shown as it stood then.
    #[serde(default)]
    pub last_published: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default)]
    pub last_updated: Option<Timestamp>,
    /// Whether it waits to be shown.
    #[serde(default)]
    pub is_draft: bool,
    /// Whether it is put away.
    #[serde(default)]
    pub is_archived: bool,
    /// What it holds.
    #[serde(default)]
    pub field_data: Map<String, Value>,
}

/// What came of showing items.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ItemsPublished {
    /// What was not shown, and why.
    #[serde(default)]
    pub(super) errors: Vec<Value>,
}

/// Products of a site.
#[derive(Debug, Clone, Deserialize)]
pub struct Products {
    /// Each of them.
    #[serde(default)]
    pub items: Vec<Stocked>,
    /// Which they are.
    #[serde(default)]
    pub pagination: Paging,
}

/// A product with what can be bought of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Stocked {
    /// The product.
    pub product: Product,
    /// What can be bought of it.
    #[serde(default)]
    pub skus: Vec<Sku>,
}

/// A product.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Webflow's name for it.
    pub id: String,
    /// When it was last shown.
    #[serde(default)]
    pub last_published: Option<Timestamp>,
    /// Whether it waits to be shown.
    #[serde(default)]
    pub is_draft: bool,
    /// Whether it is put away.
    #[serde(default)]
    pub is_archived: bool,
    /// What it holds.
    #[serde(default)]
    pub field_data: ProductFields,
}

/// What a product holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ProductFields {
    /// Its name.
    pub name: Option<String>,
    /// Its part of an address.
    pub slug: Option<String>,
    /// More of it.
    pub description: Option<String>,
}

/// What can be bought of a product.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sku {
    /// Webflow's name for it.
    pub id: String,
    /// What it holds.
    pub field_data: SkuFields,
}

/// What a SKU holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SkuFields {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its part of an address.
    #[serde(default)]
    pub slug: Option<String>,
    /// What it costs.
    #[serde(default)]
    pub price: Option<Amount>,
    /// The shop's own name for it.
    #[serde(default)]
    pub sku: Option<String>,
}

/// How many there are of a SKU.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inventory {
    /// `finite`, or `infinite` where nobody counts.
    #[serde(default)]
    pub inventory_type: String,
    /// How many.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub quantity: Option<i64>,
}

/// An amount in the smallest unit of its currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Amount {
    /// ISO 4217.
    pub unit: String,
    /// How much; Webflow writes it as a number of products and as a text of orders.
    #[serde(deserialize_with = "whole")]
    pub value: i64,
}

/// Orders of a site.
#[derive(Debug, Clone, Deserialize)]
pub struct Orders {
    /// Each of them.
    #[serde(default)]
    pub orders: Vec<Order>,
    /// Which they are.
    #[serde(default)]
    pub pagination: Paging,
}

/// An order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Webflow's name for it.
    pub order_id: String,
    /// `pending`, `unfulfilled`, `fulfilled`, `disputed`, `dispute-lost`, `refunded`, or a word that is new.
    #[serde(default)]
    pub status: String,
    /// When it was placed.
    #[serde(default)]
    pub accepted_on: Option<Timestamp>,
    /// When it was said to be on its way.
    #[serde(default)]
    pub fulfilled_on: Option<Timestamp>,
    /// When the money was given back.
    #[serde(default)]
    pub refunded_on: Option<Timestamp>,
    /// When the buyer's bank took the money.
    #[serde(default)]
    pub disputed_on: Option<Timestamp>,
    /// When that last moved.
    #[serde(default)]
    pub dispute_updated_on: Option<Timestamp>,
    /// What the buyer paid.
    #[serde(default)]
    pub customer_paid: Option<Amount>,
    /// What of it reaches the shop.
    #[serde(default)]
    pub net_amount: Option<Amount>,
    /// Where it goes.
    #[serde(default)]
    pub shipping_address: Option<Address>,
    /// Who bought.
    #[serde(default)]
    pub customer_info: Option<CustomerInfo>,
    /// What was bought.
    #[serde(default)]
    pub purchased_items: Vec<Bought>,
    /// What it comes to.
    #[serde(default)]
    pub totals: Option<Totals>,
}

/// Where an order goes.
#[derive(Debug, Clone, Deserialize)]
pub struct Address {
    /// Whose address it is.
    #[serde(default)]
    pub addressee: Option<String>,
}

/// Who bought.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerInfo {
    /// The buyer's name.
    #[serde(default)]
    pub full_name: Option<String>,
}

/// A line of an order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bought {
    /// How many.
    #[serde(deserialize_with = "whole")]
    pub count: i64,
    /// What all of them cost.
    pub row_total: Amount,
    /// The product.
    #[serde(default)]
    pub product_id: Option<String>,
    /// The shop's own name for it.
    #[serde(default, rename = "variantSKU")]
    pub variant_sku: Option<String>,
}

/// What an order comes to.
#[derive(Debug, Clone, Deserialize)]
pub struct Totals {
    /// What is added to the goods, and taken off.
    #[serde(default)]
    pub extras: Vec<ExtraAmount>,
    /// All of it.
    pub total: Amount,
}

/// What is added to the goods of an order, or taken off.
#[derive(Debug, Clone, Deserialize)]
pub struct ExtraAmount {
    /// `discount`, `discount-shipping`, `shipping`, `tax`, or a word that is new.
    #[serde(default)]
    pub r#type: String,
    /// Which.
    #[serde(default)]
    pub name: Option<String>,
    /// How much.
    pub price: Amount,
}

/// A whole number, written as a number or as a text.
fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    whole_if_any(from)?.ok_or_else(|| serde::de::Error::custom("there is no number"))
}

/// The same, where there may be none.
fn whole_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(from)?;
    if value.is_null() {
        return Ok(None);
    }
    whole_of(&value).map(Some).ok_or_else(|| serde::de::Error::custom("it is no whole number"))
}

/// The whole number that this is, if it is one.
pub(super) fn whole_of(value: &Value) -> Option<i64> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    // JSON knows no whole numbers: some write 5.0.
    let digits = text
        .split_once('.')
        .map_or(&*text, |(digits, rest)| if rest.bytes().all(|byte| byte == b'0') { digits } else { &text });
    digits.parse().ok()
}
