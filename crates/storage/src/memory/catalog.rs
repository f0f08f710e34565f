use async_trait::async_trait;
use baddie_core::catalog::{
    BundleComponent, CatalogStore, Item, ItemStatus, Media, Product, ProductFilter, Variant,
};
use baddie_core::error::Result;
use baddie_core::ids::{MediaId, VariantId};
use baddie_core::page::{Page, PageRequest};

use super::MemoryTransaction;
use crate::search;

/// The words of a text, in small letters without accents, as a search sees them.
fn words(text: &str) -> impl Iterator<Item = String> {
    search::words(text).map(search::fold)
}

impl MemoryTransaction {
    fn holds_words(&self, product: &Product, wanted: &[String]) -> bool {
        let parts = [product.brand.as_deref(), product.category.as_deref(), Some(&product.description)];
        let skus = self.all::<Variant>().filter(|variant| variant.product_id == product.id);
        let mut held: Vec<String> = words(&product.title).collect();
        held.extend(parts.into_iter().flatten().flat_map(words));
        held.extend(skus.flat_map(|variant| words(&variant.sku).collect::<Vec<_>>()));
        !wanted.is_empty() && wanted.iter().all(|word| held.iter().any(|other| other.starts_with(word)))
    }
}

#[async_trait]
impl CatalogStore for MemoryTransaction {
    async fn products(&mut self, filter: &ProductFilter, page: &PageRequest) -> Result<Page<Product>> {
        let wanted: Option<Vec<_>> = filter.search.as_deref().map(|search| words(search).collect());
        self.page_of(page, |product: &Product| {
            filter.status.is_none_or(|status| product.status == status)
                && wanted.as_ref().is_none_or(|words| self.holds_words(product, words))
        })
    }

    async fn variants_by_sku(&mut self, skus: &[&str]) -> Result<Vec<Variant>> {
        Ok(self.some(|variant: &Variant| skus.contains(&variant.sku.as_str())))
    }

    async fn bundles_holding(&mut self, variants: &[VariantId]) -> Result<Vec<BundleComponent>> {
        Ok(self.some(|part: &BundleComponent| variants.contains(&part.variant_id)))
    }

    async fn items(&mut self, status: Option<ItemStatus>, page: &PageRequest) -> Result<Page<Item>> {
        self.page_of(page, |item: &Item| status.is_none_or(|status| item.status == status))
    }

    async fn remove_media(&mut self, media: MediaId) -> Result<bool> {
        self.remove::<Media>(media)
    }
}
