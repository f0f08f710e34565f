//! Looking at products, with their stock and offers.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::catalog::{BundleComponent, Product, ProductFilter, Variant, VariantKind, bundle_available};
use crate::engine::{Look, Query};
use crate::error::{Error, Result};
use crate::ids::{ChannelId, ListingId, ProductId, VariantId};
use crate::inventory::{Sellable, available};
use crate::listings::ListingState;
use crate::money::Money;
use crate::page::{Page, PageRequest};
use crate::storage::Tx;

/// A product with its variants, their stock and their offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProductView {
    /// The product.
    #[serde(flatten)]
    pub product: Product,
    /// Its variants, oldest first.
    pub variants: Vec<VariantView>,
}

/// A variant with its stock and its offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VariantView {
    /// The variant.
    #[serde(flatten)]
    pub variant: Variant,
    /// How many lie here.
    pub on_hand: i64,
    /// How many of them are promised.
    pub reserved: i64,
    /// How many an order can take.
    pub available: i64,
    /// Where it is offered.
    pub offers: Vec<OfferedAt>,
}

/// An offer of a variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfferedAt {
    /// The listing.
    pub listing_id: ListingId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// What was last seen of it.
    pub state: ListingState,
    /// What it costs there.
    pub price: Money,
}

/// Gathers what belongs to products, in at most three statements, four where bundles are among them.
pub(super) async fn product_views(tx: &mut Tx, products: Vec<Product>) -> Result<Vec<ProductView>> {
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    let goods = tx.inventory().sellable_of(&ids).await?;
    let variants: Vec<_> = goods.iter().map(|good| good.variant.id).collect();
    let listings = tx.listings().open_of(&variants).await?;
    let bundles = bundle_stock(tx, &goods).await?;
    let mut by_product: BTreeMap<ProductId, Vec<VariantView>> = BTreeMap::new();
    for good in goods {
        let offers = listings.iter().filter(|listing| listing.variant_id == good.variant.id).map(|listing| {
            OfferedAt {
                listing_id: listing.id,
                channel_id: listing.channel_id,
                state: listing.state,
                price: listing.price,
            }
        });
        let view = VariantView {
            on_hand: good.stock.iter().map(|here| here.level.on_hand).sum(),
            reserved: good.stock.iter().map(|here| here.level.reserved).sum(),
            available: bundles.get(&good.variant.id).copied().unwrap_or_else(|| available(&good.stock)),
            offers: offers.collect(),
            variant: good.variant,
        };
        by_product.entry(view.variant.product_id).or_default().push(view);
    }
    let view = |product: Product| {
        let variants = by_product.remove(&product.id).unwrap_or_default();
        ProductView { product, variants }
    };
    Ok(products.into_iter().map(view).collect())
}

async fn bundle_stock(tx: &mut Tx, goods: &[Sellable]) -> Result<BTreeMap<VariantId, i64>> {
    let bundles: Vec<_> = goods
        .iter()
        .filter(|good| good.variant.kind == VariantKind::Bundle)
        .map(|good| good.variant.id)
        .collect();
    if bundles.is_empty() {
        return Ok(BTreeMap::new());
    }
    let parts = tx.parts_of_all::<BundleComponent>(&bundles).await?;
    let mut ids: Vec<_> = parts.iter().map(|part| part.variant_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let stock = tx.inventory().sellable(&ids).await?;
    let of = |id| stock.iter().find(|good| good.variant.id == id).map_or(0, |good| available(&good.stock));
    let count = |bundle| {
        let parts: Vec<_> = parts.iter().filter(|part| part.bundle_id == bundle).cloned().collect();
        (bundle, bundle_available(&parts, of))
    };
    Ok(bundles.into_iter().map(count).collect())
}

/// Look at a product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetProduct {
    /// The product.
    pub product_id: ProductId,
}

#[async_trait]
impl Query for GetProduct {
    const NAME: &'static str = "products.get";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = ProductView;

    async fn run(self, look: &mut Look) -> Result<ProductView> {
        let product = look.tx.load::<Product>(self.product_id).await?;
        let view = product_views(&mut *look.tx, vec![product]).await?.pop();
        view.ok_or_else(|| Error::not_found("product", self.product_id))
    }
}

/// Look through the products, newest first, or search them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListProducts {
    /// Which ones.
    #[serde(flatten)]
    pub filter: ProductFilter,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListProducts {
    const NAME: &'static str = "products.list";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = Page<ProductView>;

    async fn run(self, look: &mut Look) -> Result<Page<ProductView>> {
        let page = look.tx.catalog().products(&self.filter, &self.page).await?;
        let items = product_views(&mut *look.tx, page.items).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }
}
