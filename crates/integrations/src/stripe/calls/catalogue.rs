use serde::Serialize;

use super::{Call, Expand, Listing, Metadata, get, post};
use crate::stripe::form::segment;

/// A product, as Stripe's pages and invoices name it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Product {
    /// Its name.
    pub name: Option<String>,
    /// A description.
    pub description: Option<String>,
    /// Whether it can be bought.
    pub active: Option<bool>,
    /// Our notes.
    pub metadata: Metadata,
}

/// Makes a product.
pub fn create_product(key: &str, product: &Product) -> Call {
    post("/v1/products".into(), key, product)
}

/// Changes a product.
pub fn update_product(key: &str, id: &str, product: &Product) -> Call {
    post(format!("/v1/products/{}", segment(id)), key, product)
}

/// Looks at a product.
pub fn get_product(id: &str) -> Call {
    get(format!("/v1/products/{}", segment(id)), &Expand::default())
}

/// Looks through products.
pub fn list_products(listing: &Listing) -> Call {
    get("/v1/products".into(), listing)
}

/// A price. It is never changed: a new one takes its lookup key over.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewPrice {
    /// Of which product.
    pub product: String,
    /// The currency in small letters.
    pub currency: String,
    /// How much.
    pub unit_amount: i64,
    /// How often, for a subscription.
    pub recurring: Option<Recurring>,
    /// Our name for it.
    pub lookup_key: Option<String>,
    /// Whether to take that name from the price that has it.
    pub transfer_lookup_key: Option<bool>,
}

/// How often a price is due.
#[derive(Debug, Clone, Serialize)]
pub struct Recurring {
    /// `day`, `week`, `month` or `year`.
    pub interval: &'static str,
}

/// Which prices.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListPrices {
    /// Our names for them, up to ten.
    pub lookup_keys: Vec<String>,
    /// Whether they can be used.
    pub active: Option<bool>,
    /// Which page.
    #[serde(flatten)]
    pub listing: Listing,
}

/// Makes a price.
pub fn create_price(key: &str, new: &NewPrice) -> Call {
    post("/v1/prices".into(), key, new)
}

/// Looks through prices.
pub fn list_prices(which: &ListPrices) -> Call {
    get("/v1/prices".into(), which)
}
