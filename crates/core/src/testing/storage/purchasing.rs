//! What suppliers ask, and what was ordered.

use std::sync::Arc;

use super::{Stage, numbers, walk};
use crate::catalog::Variant;
use crate::purchasing::{PurchaseOrder, PurchaseOrderState, Supplier, SupplierOffer};
use crate::storage::Storage;
use crate::testing::builders::{Sample, id, lay, pence};

/// The offers for a variant come cheapest first; a supplier has one of them.
pub async fn offers_are_found_cheapest_first(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Supplier>(&mut *tx, 3).await.unwrap();
    lay::<Variant>(&mut *tx, 2).await.unwrap();
    let offer = |n, supplier, variant, cost| SupplierOffer {
        supplier_id: id(supplier),
        variant_id: id(variant),
        unit_cost: pence(cost, 0),
        ..SupplierOffer::number(n)
    };
    let offers = [offer(1, 1, 1, 9), offer(2, 2, 1, 4), offer(3, 3, 1, 4), offer(4, 1, 2, 1)];
    tx.add_all(&offers).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let found = tx.purchasing().offers_for(id(1)).await.unwrap();
    assert_eq!(numbers(found.iter().map(|offer| offer.id)), [2, 3, 1]);
    assert_eq!(tx.purchasing().offer(id(1), id(2)).await.unwrap(), Some(offers[3].clone()));
    assert_eq!(tx.purchasing().offer(id(2), id(2)).await.unwrap(), None);
    assert_eq!(stage.read_there().await.purchasing().offers_for(id(1)).await.unwrap(), []);
}

/// Pages of purchase orders hold those in the state asked for.
pub async fn purchase_orders_are_found_by_state(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    PurchaseOrder::ground(&mut *tx, 6).await.unwrap();
    let orders: Vec<_> = (1..=6).map(PurchaseOrder::number).collect();
    tx.add_all(&orders).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (state, expected) in [
        (None, vec![6, 5, 4, 3, 2, 1]),
        (Some(PurchaseOrderState::Draft), vec![6, 3]),
        (Some(PurchaseOrderState::PartReceived), vec![5, 4, 2, 1]),
        (Some(PurchaseOrderState::Closed), vec![]),
    ] {
        let found = walk(2, async |page| tx.purchasing().purchase_orders(state, &page).await.unwrap()).await;
        assert_eq!(numbers(found.iter().map(|order| order.id)), expected, "{state:?}");
    }
}
