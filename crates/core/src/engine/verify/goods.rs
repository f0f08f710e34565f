//! Products, variants, things, bundles, places.

use super::{Checker, Pages, Seen, SeenItem, SeenVariant};
use crate::catalog::{BundleComponent, Item, Product, Variant, VariantKind};
use crate::error::Result;
use crate::insights::Forecast;
use crate::storage::Tx;

pub(super) async fn check(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen) -> Result<()> {
    for place in tx.inventory().locations().await? {
        seen.locations.insert(place.id, place.sellable);
    }
    let mut pages = Pages::new();
    while let Some(products) = pages.next::<Product>(tx).await? {
        seen.products.extend(products.iter().map(|product| product.id));
    }
    let mut pages = Pages::new();
    while let Some(variants) = pages.next::<Variant>(tx).await? {
        for variant in variants {
            let known = SeenVariant { kind: variant.kind, safety_stock: variant.safety_stock };
            seen.variants.insert(variant.id, known);
        }
    }
    let mut pages = Pages::new();
    while let Some(items) = pages.next::<Item>(tx).await? {
        for item in items {
            let known =
                SeenItem { variant: item.variant_id, status: item.status, location: item.location_id };
            let unique = seen
                .variants
                .get(&item.variant_id)
                .is_some_and(|variant| variant.kind == VariantKind::Unique);
            checker.check("I7", unique, item.id, || "its variant is not one of a kind".into());
            seen.items.insert(item.id, known);
        }
    }
    let mut pages = Pages::new();
    while let Some(parts) = pages.next::<BundleComponent>(tx).await? {
        for part in parts {
            let kind = |id| seen.variants.get(id).map(|variant| variant.kind);
            let fine = kind(&part.bundle_id) == Some(VariantKind::Bundle)
                && kind(&part.variant_id).is_some_and(|kind| kind != VariantKind::Bundle)
                && part.qty > 0;
            checker.check("I8", fine, part.id, || {
                format!("{} holds {} of {}", part.bundle_id, part.qty, part.variant_id)
            });
            seen.bundles.entry(part.bundle_id).or_default().push((part.variant_id, part.qty));
        }
    }
    forecasts(tx, checker).await
}

async fn forecasts(tx: &mut Tx, checker: &mut Checker) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(forecasts) = pages.next::<Forecast>(tx).await? {
        for forecast in forecasts {
            let rises = forecast.steps.iter().all(|step| {
                let quantiles = [0, step.q05, step.q25, step.q50, step.q75, step.q95];
                quantiles.is_sorted()
            });
            checker.check("A3", rises, forecast.id, || "its quantiles do not rise from nothing".into());
        }
    }
    Ok(())
}
