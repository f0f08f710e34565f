use serde::Serialize;
use serde_json::json;

use super::{Page, step, with, with_query};
use crate::http::Call;

/// What something costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Price {
    /// In the smallest unit of its currency.
    pub value: i64,
    /// ISO 4217.
    pub unit: String,
    /// The same again; Webflow's own library sends both.
    pub currency: String,
}

/// A word of an option, such as a size.
#[derive(Debug, Clone, Serialize)]
pub struct OptionWord {
    /// Its name in the product.
    pub id: String,
    /// How it is called.
    pub name: String,
    /// Its part of an address.
    pub slug: String,
}

/// In what the SKUs of a product differ.
#[derive(Debug, Clone, Serialize)]
pub struct ProductOption {
    /// Its name in the product.
    pub id: String,
    /// How it is called.
    pub name: String,
    /// Its words.
    #[serde(rename = "enum")]
    pub words: Vec<OptionWord>,
}

/// What a product holds.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProductInput {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its part of an address; no two products share one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// More of it, in plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shippable: Option<bool>,
    /// In what its SKUs differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku_properties: Option<Vec<ProductOption>>,
}

/// What a SKU holds.
#[derive(Debug, Clone, Serialize)]
pub struct SkuInput {
    /// Its name.
    pub name: String,
    /// Its part of an address; no two SKUs share one.
    pub slug: String,
    /// What it costs.
    pub price: Price,
    /// The shop's own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Where its picture is fetched; the one that is there stays when absent.
    #[serde(rename = "main-image", skip_serializing_if = "Option::is_none")]
    pub main_image: Option<String>,
}

/// Looks through the products of a site, with their SKUs.
pub fn list_products(site: &str, page: Page) -> Call {
    Call::get(with_query(&format!("/sites/{}/products", step(site)), page.query()))
}

/// Makes a product with its first SKU; `publish` is `staging` or `live`.
pub fn create_product(site: &str, publish: &str, product: &ProductInput, sku: &SkuInput) -> Call {
    let body = json!({
        "publishStatus": publish,
        "product": {"fieldData": product},
        "sku": {"fieldData": sku},
    });
    with(Call::post(format!("/sites/{}/products", step(site))), &body)
}

/// Looks at a product with its SKUs.
pub fn get_product(site: &str, product: &str) -> Call {
    Call::get(format!("/sites/{}/products/{}", step(site), step(product)))
}

/// How a product shall be.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductChange {
    /// Whether it is put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// Whether it waits to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_draft: Option<bool>,
    /// What it holds; what is `None` stays.
    pub field_data: ProductInput,
}

/// Changes a product; `publish` is `staging` or `live`.
pub fn update_product(site: &str, product: &str, publish: &str, change: &ProductChange) -> Call {
    let body = json!({"publishStatus": publish, "product": change});
    with(Call::patch(format!("/sites/{}/products/{}", step(site), step(product))), &body)
}

/// Gives a product further SKUs.
pub fn create_skus(site: &str, product: &str, publish: &str, skus: &[SkuInput]) -> Call {
    let skus: Vec<_> = skus.iter().map(|sku| json!({ "fieldData": sku })).collect();
    let body = json!({"publishStatus": publish, "skus": skus});
    with(Call::post(format!("/sites/{}/products/{}/skus", step(site), step(product))), &body)
}

/// Changes a SKU.
pub fn update_sku(site: &str, product: &str, sku: &str, publish: &str, change: &SkuInput) -> Call {
    let path = format!("/sites/{}/products/{}/skus/{}", step(site), step(product), step(sku));
    with(Call::patch(path), &json!({"publishStatus": publish, "sku": {"fieldData": change}}))
}
