//! Products and how they are found.

use std::sync::Arc;

use super::{Stage, numbers, walk};
use crate::catalog::{
    BundleComponent, Item, ItemStatus, Media, Product, ProductFilter, ProductStatus, Variant,
};
use crate::page::PageRequest;
use crate::storage::{Storage, Tx};
use crate::testing::builders::{Sample, id, lay};

/// Pages of products hold those in the state asked for, newest first.
pub async fn products_are_found_by_status(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let products: Vec<_> = (1..=9).map(Product::number).collect();
    tx.add_all(&products).await.unwrap();
    lay::<Variant>(&mut *tx, 2).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (status, expected) in [
        (None, vec![9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (Some(ProductStatus::Active), vec![8, 7, 5, 4, 2, 1]),
        (Some(ProductStatus::Archived), vec![9, 6, 3]),
        (Some(ProductStatus::Draft), vec![]),
    ] {
        let filter = ProductFilter { status, search: None };
        let found = walk(2, async |page| tx.catalog().products(&filter, &page).await.unwrap()).await;
        assert_eq!(numbers(found.iter().map(|product| product.id)), expected, "{status:?}");
    }
    let items = [(None, 2), (Some(ItemStatus::InStock), 0), (Some(ItemStatus::WrittenOff), 2)];
    drop(tx);
    let mut tx = stage.write().await;
    lay::<Item>(&mut *tx, 2).await.unwrap();
    for (status, count) in items {
        let page = tx.catalog().items(status, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items.len(), count, "{status:?}");
    }
}

async fn search(tx: &mut Tx, words: &str) -> Vec<u128> {
    let filter = ProductFilter { status: None, search: Some(words.into()) };
    let found = walk(1, async |page| tx.catalog().products(&filter, &page).await.unwrap()).await;
    numbers(found.iter().map(|product| product.id))
}

fn product(n: u128, title: &str, description: &str) -> Product {
    Product {
        title: title.into(),
        brand: (n == 1).then(|| "Größer & Söhne".into()),
        category: (n == 2).then(|| "Home / Kitchen".into()),
        description: description.into(),
        ..Product::number(n)
    }
}

/// A search finds products that hold words beginning like all that were typed, whatever their case and accents; what
/// looks like an operator is a word or nothing.
pub async fn products_are_found_by_their_words(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let products = [
        product(1, "Café Crème Teapot", "Holds 1.5 litres; not for the dishwasher"),
        product(2, "Teaspoons, set of six", "Silver-plated NEAR mint"),
        product(3, "Naïve painting 100%", "Ångström's \"rose\" and dust*"),
        product(4, "Żółta łyżka 壺", "re\u{301}sume\u{301} of a spoon"),
    ];
    tx.add_all(&products).await.unwrap();
    let variant = |n: u128, sku: &str| Variant { sku: sku.into(), product_id: id(n), ..Variant::number(n) };
    let variants = [variant(1, "POT-01/red"), variant(2, "SPOON-6"), variant(3, "ART_3")];
    tx.add_all(&variants).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (typed, expected) in [
        ("tea", vec![2, 1]),
        ("TEAPOT", vec![1]),
        ("teapot tea", vec![1]),
        ("teapot spoon", vec![]),
        ("apot", vec![]),
        ("cafe creme", vec![1]),
        ("CAFÉ", vec![1]),
        ("grosser", vec![]),
        ("größ söhne", vec![1]),
        ("Gros sohn", vec![]),
        ("kitchen", vec![2]),
        ("pot-01", vec![1]),
        ("POT 01 red", vec![1]),
        ("spoon-6", vec![2]),
        ("art_3", vec![3]),
        ("naive", vec![3]),
        ("angstrom", vec![3]),
        ("100%", vec![3]),
        ("1.5", vec![1]),
        ("not for", vec![1]),
        ("near", vec![2]),
        ("NOT teapot", vec![1]),
        ("tea OR dust", vec![]),
        ("dust*", vec![3]),
        ("\"rose\"", vec![3]),
        ("\"rose", vec![3]),
        ("title:tea", vec![]),
        ("tea)", vec![2, 1]),
        ("^tea", vec![2, 1]),
        ("zołta", vec![4]),
        ("żółta", vec![4]),
        ("resume", vec![4]),
        ("résumé", vec![4]),
        ("re\u{301}sume\u{301}", vec![4]),
        ("壺", vec![4]),
        ("", vec![]),
        (" * \" -- ", vec![]),
    ] {
        assert_eq!(search(&mut *tx, typed).await, expected, "{typed:?}");
    }
    let filter =
        ProductFilter { status: Some(ProductStatus::Archived), search: Some("naive painting".into()) };
    let found = tx.catalog().products(&filter, &PageRequest::default()).await.unwrap();
    assert_eq!(numbers(found.items.iter().map(|product| product.id)), [3]);
    assert_eq!(search(&mut *stage.read_there().await, "tea").await, [0; 0], "of another shop");
}

/// A search knows what products and their variants say now.
pub async fn what_is_searched_follows_what_is_edited(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let mut lamp = product(1, "Lamp", "bright");
    tx.add(&lamp).await.unwrap();
    tx.add(&Variant { product_id: id(1), ..Variant::number(1) }).await.unwrap();
    lamp.title = "Lantern".into();
    tx.save(&mut lamp).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    assert_eq!(search(&mut *tx, "lamp").await, [0; 0]);
    assert_eq!(search(&mut *tx, "lantern bright SKU-1").await, [1]);
    tx.add(&Variant { product_id: id(1), sku: "LATER".into(), ..Variant::number(2) }).await.unwrap();
    assert_eq!(search(&mut *tx, "lantern later sku-1").await, [1]);
    drop(tx);
    assert_eq!(search(&mut *stage.read().await, "later").await, [0; 0], "undone");
}

/// Variants are found by their SKUs, to the letter.
pub async fn skus_are_found(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Variant>(&mut *tx, 3).await.unwrap();
    let odd = Variant { sku: "a'b\"c [%]".into(), ..Variant::number(4) };
    tx.add(&odd).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let mut found =
        tx.catalog().variants_by_sku(&["SKU-3", "sku-1", "SKU-2", "none", "a'b\"c [%]"]).await.unwrap();
    found.sort_by_key(|variant| variant.id);
    assert_eq!(numbers(found.iter().map(|variant| variant.id)), [2, 3, 4]);
    assert_eq!(tx.catalog().variants_by_sku(&[]).await.unwrap(), []);
    assert_eq!(stage.read_there().await.catalog().variants_by_sku(&["SKU-1"]).await.unwrap(), []);
}

/// Whoever holds a variant is found by it.
pub async fn bundles_are_found_by_what_they_hold(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Variant>(&mut *tx, 6).await.unwrap();
    let part = |n, bundle, variant| BundleComponent {
        id: id(n),
        bundle_id: id(bundle),
        variant_id: id(variant),
        qty: 2,
    };
    tx.add_all(&[part(1, 5, 1), part(2, 5, 2), part(3, 6, 2), part(4, 6, 3)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (held, expected) in
        [(vec![1], vec![1]), (vec![2], vec![2, 3]), (vec![3, 1], vec![1, 4]), (vec![], vec![])]
    {
        let held: Vec<_> = held.into_iter().map(id).collect();
        let found = tx.catalog().bundles_holding(&held).await.unwrap();
        assert_eq!(numbers(found.iter().map(|part| part.id)), expected, "{held:?}");
    }
}

/// A picture is removed once, by its own shop.
pub async fn media_can_be_removed(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Media>(&mut *tx, 2).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.0.begin(crate::storage::Scope::Shop(super::there())).await.unwrap();
    assert!(!tx.catalog().remove_media(id(1)).await.unwrap(), "of another shop");
    drop(tx);
    let mut tx = stage.write().await;
    assert!(tx.catalog().remove_media(id(1)).await.unwrap());
    assert!(!tx.catalog().remove_media(id(1)).await.unwrap(), "it is gone");
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    assert_eq!(tx.find::<Media>(id(1)).await.unwrap(), None);
    assert!(tx.find::<Media>(id(2)).await.unwrap().is_some());
}
