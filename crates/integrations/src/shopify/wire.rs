//! Shopify's objects, as far as we read them.

use baddie_core::clock::Timestamp;
use serde::{Deserialize, Deserializer};

/// A page of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
pub struct Page<T> {
    /// What is on it.
    pub nodes: Vec<T>,
    /// Whether there is more.
    #[serde(default)]
    pub page_info: PageInfo,
}

/// Where a page ends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether there is more.
    pub has_next_page: bool,
    /// Where it begins.
    #[serde(default)]
    pub end_cursor: Option<String>,
}

impl PageInfo {
    /// Where the next page begins, if there is one.
    pub fn next(self) -> Option<String> {
        self.end_cursor.filter(|_| self.has_next_page)
    }
}

/// Something of which only the name is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Node {
    /// `gid://shopify/…`.
    pub id: String,
}

/// Money in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShopifyMoney {
    /// Decimal text.
    pub amount: String,
    /// ISO 4217.
    pub currency_code: String,
}

/// Money in the shop's currency; what the buyer saw is not read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Moneys {
    /// In the shop's currency.
    pub shop_money: ShopifyMoney,
}

/// Whose shop it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShopSeen {
    /// Shopify's name for it.
    pub id: String,
    /// Its own address.
    pub myshopify_domain: String,
    /// What it sells in.
    pub currency_code: String,
    /// What it pays Shopify for.
    pub plan: Plan,
}

/// What a shop pays Shopify for.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Whether it is a shop to try things in.
    pub partner_development: bool,
}

/// What is delivered where.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Hook {
    /// About what.
    pub(super) topic: String,
    /// Where to.
    pub(super) uri: String,
}

/// What a token may do.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Installation {
    /// Scopes that were granted.
    pub(super) access_scopes: Vec<Scope>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Scope {
    pub(super) handle: String,
}

/// Where goods lie.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) id: String,
    pub(super) fulfills_online_orders: bool,
}

/// Where products can be shown.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Publication {
    pub(super) id: String,
    #[serde(default)]
    pub(super) catalog: Option<Catalog>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Catalog {
    pub(super) title: String,
}

/// What came of setting a product.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ProductSet {
    pub(super) product: Option<Product>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// `gid://shopify/Product/…`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Description, in HTML.
    #[serde(default)]
    pub description_html: String,
    /// `ACTIVE`, `ARCHIVED`, `DRAFT`, `UNLISTED`, or a word that is new.
    pub status: String,
    /// Where buyers see it.
    #[serde(default)]
    pub online_store_url: Option<String>,
    /// What it was last shown with: our note on its pictures, brand and category.
    #[serde(default)]
    pub shown: Option<Note>,
    /// Whether it is shown where we show things.
    pub published_on_publication: bool,
    /// Its variants.
    #[serde(deserialize_with = "nodes")]
    pub variants: Vec<Variant>,
}

/// A note of ours on a product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Note {
    /// What it says.
    pub value: String,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// `gid://shopify/ProductVariant/…`.
    pub id: String,
    /// The SKU.
    #[serde(default)]
    pub sku: Option<String>,
    /// What it costs in the shop's currency, as decimal text.
    pub price: String,
    /// What lies on the shelf.
    pub inventory_item: InventoryItem,
}

/// A variant that was asked for by itself.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Alone {
    #[serde(flatten)]
    variant: Variant,
    product: Family,
}

/// The product of a variant that was asked for by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Family {
    id: String,
    title: String,
    #[serde(default)]
    description_html: String,
    status: String,
    #[serde(default)]
    online_store_url: Option<String>,
    published_on_publication: bool,
}

impl From<Alone> for Product {
    fn from(Alone { variant, product }: Alone) -> Self {
        Self {
            id: product.id,
            title: product.title,
            description_html: product.description_html,
            status: product.status,
            online_store_url: product.online_store_url,
            shown: None,
            published_on_publication: product.published_on_publication,
            variants: vec![variant],
        }
    }
}

/// What lies on the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryItem {
    /// `gid://shopify/InventoryItem/…`.
    pub id: String,
    /// How many there are at the place that was asked for, if it is counted there.
    #[serde(default)]
    pub inventory_level: Option<Level>,
}

/// How many there are at a place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Level {
    /// When that changed last.
    pub updated_at: String,
    /// How many there are.
    pub quantities: Vec<Available>,
}

/// How many can be sold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Available {
    /// So many; fewer than none when too many were sold.
    pub quantity: i64,
}

impl Level {
    /// How many can be sold.
    pub fn available(&self) -> i64 {
        self.quantities.first().map_or(0, |available| available.quantity)
    }
}

/// An order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// `gid://shopify/Order/…`.
    pub id: String,
    /// When it was placed.
    pub processed_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
    /// When it was called off.
    #[serde(default)]
    pub cancelled_at: Option<Timestamp>,
    /// Whether prices hold their taxes.
    pub taxes_included: bool,
    /// `PAID`, `PENDING`, `REFUNDED` …, or a word that is new.
    #[serde(default)]
    pub display_financial_status: Option<String>,
    /// What went back of it.
    #[serde(default)]
    pub total_refunded_set: Option<Moneys>,
    /// What Shopify thinks of it.
    pub risk: Risk,
    /// What the buyer pays for shipping.
    pub total_shipping_price_set: Moneys,
    /// To whom it goes, where it was asked for and may be seen.
    #[serde(default)]
    pub shipping_address: Option<Address>,
    /// Who bought, where it was asked for and may be seen.
    #[serde(default)]
    pub customer: Option<Customer>,
    /// What was bought; perhaps not all of it.
    pub line_items: Page<Line>,
}

/// What Shopify thinks of an order.
#[derive(Debug, Clone, Deserialize)]
pub struct Risk {
    /// `ACCEPT`, `INVESTIGATE`, `CANCEL`, `NONE`, or a word that is new.
    pub recommendation: String,
    /// Who thinks so.
    #[serde(default)]
    pub assessments: Vec<Assessment>,
}

/// What somebody thinks of an order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    /// `HIGH`, `MEDIUM`, `LOW`, `NONE`, `PENDING`, or a word that is new.
    pub risk_level: String,
}

/// To whom something goes.
#[derive(Debug, Clone, Deserialize)]
pub struct Address {
    /// Their name.
    #[serde(default)]
    pub name: Option<String>,
}

/// Who bought.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// Their name, or their address for mail.
    pub display_name: String,
}

/// A line of an order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The SKU.
    #[serde(default)]
    pub sku: Option<String>,
    /// How many.
    pub quantity: i64,
    /// The product, if it is still there.
    #[serde(default)]
    pub product: Option<Node>,
    /// What all of them cost, after every reduction.
    pub discounted_total_set: Moneys,
    /// Taxes on all of them.
    #[serde(default)]
    pub tax_lines: Vec<Tax>,
}

/// A tax.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tax {
    /// Its name.
    pub title: String,
    /// Its rate, in hundredths.
    #[serde(default)]
    pub rate_percentage: Option<f64>,
    /// Whether the channel through which it was sold pays it.
    #[serde(default)]
    pub channel_liable: Option<bool>,
    /// How much.
    pub price_set: Moneys,
}

/// More lines of an order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MoreLines {
    pub(super) updated_at: Timestamp,
    pub(super) line_items: Page<Line>,
}

/// What Shopify wants done for an order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    pub(super) fulfillment_orders: Page<Errand>,
}

/// A thing that Shopify wants done: goods to be sent from one place.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Errand {
    pub(super) id: String,
    /// `OPEN`, `IN_PROGRESS`, `ON_HOLD`, `CLOSED` …, or a word that is new.
    pub(super) status: String,
    pub(super) line_items: Page<ErrandLine>,
}

/// Units of a line of an order that are to be sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErrandLine {
    pub(super) id: String,
    pub(super) remaining_quantity: i64,
    pub(super) line_item: Sold,
}

/// What of an order is on its way.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sent {
    pub(super) fulfillments: Vec<Fulfillment>,
}

/// Goods on their way together.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Fulfillment {
    pub(super) id: String,
    /// `SUCCESS`, `CANCELLED` …, or a word that is new.
    pub(super) status: String,
}

/// The goods.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FulfillmentLines {
    pub(super) fulfillment_line_items: Page<FulfillmentLine>,
}

/// Units of a line of an order that are on their way.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FulfillmentLine {
    #[serde(default)]
    pub(super) quantity: Option<i64>,
    pub(super) line_item: Sold,
}

/// What a line of an order is of.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sold {
    #[serde(default)]
    pub(super) sku: Option<String>,
    #[serde(default)]
    pub(super) product: Option<Node>,
}

fn nodes<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Page::deserialize(deserializer).map(|page: Page<T>| page.nodes)
}
