//! Putting things on the shelf of a shop in this process.

use baddie::catalog::{CreateProduct, NewVariant};
use baddie::ids::VariantId;
use baddie::inventory::{AdjustStock, MoveReason};
use baddie::{Currency, Money, Shop};

/// Makes a product with one variant of this SKU at 10.00, and puts so many of it on the shelf.
pub(crate) async fn stock(shop: &Shop, sku: &str, qty: i64) -> Result<VariantId, baddie::Error> {
    let product = CreateProduct {
        title: sku.to_owned(),
        variants: vec![NewVariant::stocked(sku, Money::new(1_000, Currency::GBP))],
        ..CreateProduct::default()
    };
    let variant_id = shop.catalog().create_product(product).await?.variants[0].variant.id;
    let adjust = AdjustStock {
        variant_id,
        location_id: None,
        change: qty,
        reason: MoveReason::Opening,
        cost: Some(Money::new(qty, Currency::GBP)),
    };
    shop.inventory().adjust(adjust).await?;
    Ok(variant_id)
}
