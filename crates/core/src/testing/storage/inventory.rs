//! Stock: what is there, what is promised, what it cost.

use std::sync::Arc;

use futures_util::future::join_all;

use super::{Stage, numbers};
use crate::catalog::{Product, ProductStatus, Variant, VariantKind};
use crate::inventory::{
    CostLayer, DayUnits, HoldOwner, LevelChange, Location, MoveReason, Reservation, ReservationState,
    StockLevel, StockMove,
};
use crate::storage::{Storage, Tx};
use crate::testing::builders::{Sample, at, day, id, lay};

fn level(n: u128, variant: u128, place: u128, counts: [i64; 4]) -> StockLevel {
    let [on_hand, reserved, incoming, backorder_limit] = counts;
    let (variant_id, location_id) = (id(variant), id(place));
    StockLevel { id: id(n), variant_id, location_id, on_hand, reserved, incoming, backorder_limit }
}

fn change(variant: u128, place: u128, [on_hand, reserved, incoming]: [i64; 3]) -> LevelChange {
    LevelChange { variant_id: id(variant), location_id: id(place), on_hand, reserved, incoming }
}

/// Places come by priority, then by name.
pub async fn places_stand_in_order(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let place = |n, name: &str, priority| Location { name: name.into(), priority, ..Location::number(n) };
    let mut tx = stage.write().await;
    tx.add_all(&[place(1, "shed", 1), place(2, "attic", 1), place(3, "zoo", -5), place(4, "bank", 2)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let places = stage.read().await.inventory().locations().await.unwrap();
    assert_eq!(numbers(places.iter().map(|place| place.id)), [3, 2, 1, 4]);
    assert_eq!(stage.read_there().await.inventory().locations().await.unwrap(), []);
}

/// Variants come with the titles of their products and with all their stock, whichever way they are asked for.
pub async fn what_can_be_sold_comes_with_its_stock(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Location>(&mut *tx, 3).await.unwrap();
    lay::<Variant>(&mut *tx, 4).await.unwrap();
    let levels = [level(1, 2, 3, [5, 1, 0, 0]), level(2, 2, 1, [1, 0, 9, 4]), level(3, 4, 1, [0, 0, 0, 0])];
    tx.add_all(&levels).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let by_id = tx.inventory().sellable(&[id(4), id(9), id(2), id(1)]).await.unwrap();
    assert_eq!(numbers(by_id.iter().map(|good| good.variant.id)), [1, 2, 4]);
    for good in &by_id {
        assert_eq!(Some(&good.variant), tx.find::<Variant>(good.variant.id).await.unwrap().as_ref());
        let product = tx.load::<Product>(good.variant.product_id).await.unwrap();
        assert_eq!(good.title, product.title);
    }
    assert_eq!(by_id[0].stock, []);
    let stock = by_id[1].stock.iter().map(|here| here.level.clone()).collect::<Vec<_>>();
    assert_eq!(stock, levels[..2]);
    let places: Vec<_> = by_id[1].stock.iter().map(|here| here.place.clone()).collect();
    assert_eq!(places, [Location::sample(3, 3, false), Location::sample(1, 1, false)]);
    let by_sku = tx.inventory().sellable_by_sku(&["SKU-4", "none", "SKU-1", "SKU-2"]).await.unwrap();
    assert_eq!(by_sku, by_id);
    // The variants with even numbers are of the first product, the others of the second.
    let of_products = tx.inventory().sellable_of(&[id(2), id(1)]).await.unwrap();
    assert_eq!(numbers(of_products.iter().map(|good| good.variant.id)), [1, 2, 3, 4]);
    let of_first = tx.inventory().sellable_of(&[id(1)]).await.unwrap();
    assert_eq!(of_first, by_id[1..]);
    assert_eq!(tx.inventory().sellable(&[]).await.unwrap(), []);
    assert_eq!(tx.inventory().sellable_by_sku(&[]).await.unwrap(), []);
    assert_eq!(tx.inventory().sellable_of(&[]).await.unwrap(), []);
    assert_eq!(stage.read_there().await.inventory().sellable(&[id(2)]).await.unwrap(), []);
}

async fn one_level(tx: &mut Tx, counts: [i64; 4]) {
    lay::<Location>(tx, 2).await.unwrap();
    lay::<Variant>(tx, 2).await.unwrap();
    tx.add(&level(1, 1, 1, counts)).await.unwrap();
}

/// A level is opened empty, and an open one stays as it is.
pub async fn a_level_is_opened_once(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    one_level(&mut *tx, [5, 2, 1, 0]).await;
    let variant = tx.load::<Variant>(id(1)).await.unwrap();
    tx.inventory().open_level(id(7), &variant, id(1)).await.unwrap();
    tx.inventory().open_level(id(8), &variant, id(2)).await.unwrap();
    let levels = tx.parts::<StockLevel>(id(1)).await.unwrap();
    assert_eq!(levels, [level(1, 1, 1, [5, 2, 1, 0]), level(8, 1, 2, [0, 0, 0, 0])]);
}

/// A change that would break a level's limits is not made, and nothing of it.
pub async fn a_level_gives_no_more_than_it_has(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    one_level(&mut *tx, [5, 2, 1, 3]).await;
    for (asked, left) in [
        ([0, 7, 0], None),
        ([0, 6, 0], Some([5, 8, 1, 3])),
        ([0, 1, 0], None),
        ([1, 1, 0], Some([6, 9, 1, 3])),
        ([-1, 0, 0], None),
        ([-1, -1, 0], Some([5, 8, 1, 3])),
        ([0, -9, 0], None),
        ([0, 0, -2], None),
        ([0, -8, -1], Some([5, 0, 0, 3])),
        ([-6, 0, 0], None),
        ([-6, 0, 5], None),
        ([-5, 3, 5], Some([0, 3, 5, 3])),
        ([-1, -1, 0], None),
        ([10, -3, 0], Some([10, 0, 5, 3])),
    ] {
        let before = tx.parts::<StockLevel>(id(1)).await.unwrap();
        let expected = left.map(|counts| level(1, 1, 1, counts));
        assert_eq!(tx.inventory().change(change(1, 1, asked)).await.unwrap(), expected, "{asked:?}");
        let after = tx.parts::<StockLevel>(id(1)).await.unwrap();
        assert_eq!(after, expected.map_or(before, |level| vec![level]));
    }
    assert_eq!(tx.inventory().change(change(1, 2, [1, 0, 0])).await.unwrap(), None, "no such level");
    tx.commit().await.unwrap();
    let mut tx = stage.0.begin(crate::storage::Scope::Shop(super::there())).await.unwrap();
    assert_eq!(tx.inventory().change(change(1, 1, [1, 0, 0])).await.unwrap(), None, "another shop");
}

/// However many want units at once, as many get one as there are.
pub async fn two_takers_cannot_have_the_same_unit(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    one_level(&mut *tx, [7, 0, 0, 0]).await;
    tx.commit().await.unwrap();
    let take = async || {
        let mut tx = stage.write().await;
        let got = tx.inventory().change(change(1, 1, [0, 1, 0])).await.unwrap().is_some();
        tx.commit().await.unwrap();
        got
    };
    let got = join_all((0..40).map(|_| take())).await;
    assert_eq!(got.iter().filter(|got| **got).count(), 7);
    assert_eq!(stage.read().await.parts::<StockLevel>(id(1)).await.unwrap(), [level(1, 1, 1, [7, 7, 0, 0])]);
}

/// What may be promised beyond stock can be changed down to what is promised already.
pub async fn promises_beyond_stock_are_bounded(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    one_level(&mut *tx, [2, 5, 0, 4]).await;
    for (limit, kept) in [(2, None), (3, Some(3)), (9, Some(9)), (0, None)] {
        let level = tx.inventory().set_backorder(id(1), id(1), limit).await.unwrap();
        assert_eq!(level.map(|level| level.backorder_limit), kept, "{limit}");
    }
    assert_eq!(tx.inventory().set_backorder(id(1), id(2), 1).await.unwrap(), None, "no such level");
    assert_eq!(tx.parts::<StockLevel>(id(1)).await.unwrap(), [level(1, 1, 1, [2, 5, 0, 9])]);
}

/// Promises that hold are found by whom they hold for, and by when they let go.
pub async fn holds_are_found_by_owner_and_time(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Location>(&mut *tx, 6).await.unwrap();
    lay::<Variant>(&mut *tx, 2).await.unwrap();
    let promise = |n, owner, owner_id: &str, state, expires: Option<u128>| Reservation {
        owner,
        owner_id: owner_id.into(),
        state,
        expires_at: expires.map(|n| at(n, 0)),
        item_id: None,
        ..Reservation::number(n)
    };
    let (holds, line, checkout) = (ReservationState::Held, HoldOwner::OrderLine, HoldOwner::Checkout);
    let promises = [
        promise(1, line, "a", holds, None),
        promise(2, checkout, "a", holds, Some(9)),
        promise(3, line, "b", holds, Some(5)),
        promise(4, line, "a", ReservationState::Released, Some(1)),
        promise(5, line, "a", holds, Some(7)),
        promise(6, checkout, "c", holds, Some(5)),
    ];
    tx.add_all(&promises).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let owned = tx.inventory().held(line, &["b".into(), "a".into(), "x".into()]).await.unwrap();
    assert_eq!(numbers(owned.iter().map(|hold| hold.id)), [1, 3, 5]);
    assert_eq!(tx.inventory().held(line, &[]).await.unwrap(), []);
    for (now, limit, expected) in
        [(4, 9, vec![]), (5, 9, vec![3, 6]), (8, 2, vec![3, 6]), (99, 9, vec![3, 6, 5, 2])]
    {
        let out = tx.inventory().run_out(at(now, 0), limit).await.unwrap();
        assert_eq!(numbers(out.iter().map(|hold| hold.id)), expected, "at {now}");
    }
    let mut tx = stage.read_there().await;
    assert_eq!(tx.inventory().held(line, &["a".into()]).await.unwrap(), []);
    assert_eq!(tx.inventory().run_out(at(99, 0), 9).await.unwrap(), []);
}

/// Layers that are not used up are found oldest first: of a variant in the order in which they were made, of all by
/// when they came in.
pub async fn layers_are_found_oldest_first(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Variant>(&mut *tx, 2).await.unwrap();
    let layer = |n, variant, item: Option<u128>, left, received| CostLayer {
        variant_id: id(variant),
        item_id: item.map(id),
        received_at: at(received, 0),
        ..CostLayer::sample(n, n, left)
    };
    let layers = [
        layer(1, 1, None, true, 9),
        layer(2, 1, Some(5), true, 8),
        layer(3, 1, None, false, 1),
        layer(4, 2, None, true, 2),
        layer(5, 1, None, true, 8),
    ];
    tx.add_all(&layers).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let of = |layers: Vec<CostLayer>| numbers(layers.into_iter().map(|layer| layer.id));
    assert_eq!(of(tx.inventory().layers_left(id(1), None).await.unwrap()), [1, 2, 5]);
    assert_eq!(of(tx.inventory().layers_left(id(1), Some(id(5))).await.unwrap()), [2]);
    assert_eq!(of(tx.inventory().oldest_layers(9).await.unwrap()), [4, 2, 5, 1]);
    assert_eq!(of(tx.inventory().oldest_layers(2).await.unwrap()), [4, 2]);
    assert_eq!(of(stage.read_there().await.inventory().oldest_layers(9).await.unwrap()), [0; 0]);
}

/// What left by shipment is summed by variant and business day; other moves are not.
pub async fn shipments_are_summed_by_day(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Location>(&mut *tx, 1).await.unwrap();
    lay::<Variant>(&mut *tx, 2).await.unwrap();
    let step = |n, variant, on: u128, units: i64, reason| StockMove {
        variant_id: id(variant),
        location_id: id(1),
        d_on_hand: -units,
        reason,
        business_date: day(on, 0),
        ..StockMove::number(n)
    };
    let (shipped, lost) = (MoveReason::Shipment, MoveReason::Loss);
    let steps = [
        step(1, 1, 10, 2, shipped),
        step(2, 1, 10, 3, shipped),
        step(3, 1, 10, 50, lost),
        step(4, 2, 10, 7, shipped),
        step(5, 1, 12, 1, shipped),
        step(6, 1, 13, 9, shipped),
    ];
    tx.add_all(&steps).await.unwrap();
    tx.commit().await.unwrap();
    let units = |variant, on: u128, units| DayUnits { variant_id: id(variant), day: day(on, 0), units };
    let mut tx = stage.read().await;
    let all = tx.inventory().shipped_by_day(None, day(10, 0), day(12, 0)).await.unwrap();
    assert_eq!(all, [units(1, 10, 5), units(1, 12, 1), units(2, 10, 7)]);
    let one = tx.inventory().shipped_by_day(Some(id(1)), day(11, 0), day(13, 0)).await.unwrap();
    assert_eq!(one, [units(1, 12, 1), units(1, 13, 9)]);
    let moved = tx.inventory().moved_by_day(&[id(1)], day(12, 0)).await.unwrap();
    assert_eq!(moved, [units(1, 10, -55), units(1, 12, -1)], "every move counts, and only up to that day");
    let mut there = stage.read_there().await;
    assert_eq!(there.inventory().shipped_by_day(None, day(1, 0), day(99, 0)).await.unwrap(), []);
    assert_eq!(there.inventory().moved_by_day(&[id(1)], day(99, 0)).await.unwrap(), []);
}

/// Active stocked variants at or below their safety stock are found, fewest first, by what lies where it sells.
pub async fn what_runs_out_is_found(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    tx.add_all(&[Location::sample(1, 1, true), Location::sample(2, 2, false)]).await.unwrap();
    let product = |n, status| Product { status, ..Product::number(n) };
    tx.add_all(&[product(1, ProductStatus::Active), product(2, ProductStatus::Archived)]).await.unwrap();
    let variant = |n, product, kind, safety_stock| Variant {
        product_id: id(product),
        kind,
        safety_stock,
        backorder_limit: 0,
        ..Variant::number(n)
    };
    let stocked = VariantKind::Stocked;
    let variants = [
        variant(1, 1, stocked, 3),
        variant(2, 1, stocked, 3),
        variant(3, 1, stocked, 3),
        variant(4, 2, stocked, 3),
        variant(5, 1, VariantKind::Unique, 0),
        variant(6, 1, stocked, 3),
        variant(7, 1, stocked, 3),
    ];
    tx.add_all(&variants).await.unwrap();
    let levels = [
        level(1, 1, 1, [5, 2, 0, 0]),
        level(2, 2, 1, [4, 0, 0, 0]),
        level(3, 3, 1, [2, 2, 9, 0]),
        level(4, 3, 2, [50, 0, 0, 0]),
        level(5, 4, 1, [0, 0, 0, 0]),
        level(6, 5, 1, [0, 0, 0, 0]),
        level(7, 6, 1, [2, 1, 0, 9]),
    ];
    tx.add_all(&levels).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    assert_eq!(numbers(tx.inventory().low(9).await.unwrap()), [3, 1]);
    assert_eq!(numbers(tx.inventory().low(1).await.unwrap()), [3]);
    assert_eq!(numbers(stage.read_there().await.inventory().low(9).await.unwrap()), [0; 0]);
}
