use async_trait::async_trait;
use baddie_core::catalog::{
    BundleComponent, CatalogStore, Item, ItemStatus, Product, ProductFilter, Variant,
};
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::ids::{MediaId, VariantId};
use baddie_core::page::{Page, PageRequest};

use super::SqlTransaction;
use crate::seam::{Connection, Param};

const PRODUCTS: &str = "
    AND id < $2 AND ($4::text IS NULL OR status = $4)
    ORDER BY id DESC LIMIT $3";

#[async_trait]
impl<C: Connection> CatalogStore for SqlTransaction<C> {
    async fn products(&mut self, filter: &ProductFilter, page: &PageRequest) -> Result<Page<Product>> {
        let status = Param::from(filter.status.map(Word::as_str));
        match filter.search.as_deref().map(C::search_words) {
            Some(words) if words.is_empty() => Ok(Page { items: Vec::new(), next_cursor: None }),
            Some(words) => self.page_of(C::FOUND_PRODUCTS, page, [status, Param::Text(words.into())]).await,
            None => self.page_of(PRODUCTS, page, [status]).await,
        }
    }

    async fn variants_by_sku(&mut self, skus: &[&str]) -> Result<Vec<Variant>> {
        self.rows("AND sku = ANY($2::text[])", [Param::Words(skus.to_vec())]).await
    }

    async fn bundles_holding(&mut self, variants: &[VariantId]) -> Result<Vec<BundleComponent>> {
        self.rows("AND variant_id = ANY($2::uuid[]) ORDER BY id", [Param::ids(variants)]).await
    }

    async fn items(&mut self, status: Option<ItemStatus>, page: &PageRequest) -> Result<Page<Item>> {
        const ITEMS: &str = "
            AND id < $2 AND ($4::text IS NULL OR status = $4)
            ORDER BY id DESC LIMIT $3";
        self.page_of(ITEMS, page, [status.map(Word::as_str).into()]).await
    }

    async fn remove_media(&mut self, media: MediaId) -> Result<bool> {
        Ok(self.change("DELETE FROM media WHERE shop_id = $1 AND id = $2", [Param::id(media)]).await? == 1)
    }
}
