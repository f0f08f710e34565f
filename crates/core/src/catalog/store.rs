use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BundleComponent, Item, ItemStatus, Media, Product, ProductStatus, Variant};
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::ids::VariantId;
use crate::page::{Page, PageRequest};

/// Which products are wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProductFilter {
    /// Only those in this state.
    pub status: Option<ProductStatus>,
    /// Only those whose title, brand, category, description or SKU hold words beginning like all of these.
    pub search: Option<String>,
}

/// Keeps the catalog.
#[async_trait]
pub trait CatalogStore:
    Keep<Product>
    + Keep<Variant>
    + Parts<Variant>
    + Parts<BundleComponent>
    + Parts<Media>
    + Keep<Item>
    + Parts<Item>
{
    /// A page of the products that pass the filter, newest first.
    async fn products(&mut self, filter: &ProductFilter, page: &PageRequest) -> Result<Page<Product>>;
    /// The variants with these SKUs, in no particular order; unknown SKUs are passed over.
    async fn variants_by_sku(&mut self, skus: &[&str]) -> Result<Vec<Variant>>;
    /// The bundles that hold any of these variants.
    async fn bundles_holding(&mut self, variants: &[VariantId]) -> Result<Vec<BundleComponent>>;
    /// A page of items in a state, newest first.
    async fn items(&mut self, status: Option<ItemStatus>, page: &PageRequest) -> Result<Page<Item>>;
    /// Removes a product's medium; says whether it was there.
    async fn remove_media(&mut self, media: crate::ids::MediaId) -> Result<bool>;
}
