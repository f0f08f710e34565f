//! Stock: what can be had, what is promised, where it lies, and what it cost to the penny.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::time::Duration;

use baddie_core::clock::Clock;
use baddie_core::engine::catalog::{CreateProduct, NewVariant, UpdateVariant};
use baddie_core::engine::inventory::{
    AdjustStock, CreateLocation, HoldStock, ListLevels, ListMoves, ReleaseHold, TransferStock,
};
use baddie_core::engine::journal::ListEvents;
use baddie_core::engine::orders::{
    BeginCheckout, CompleteCheckout, GetCheckout, ListOrders, PlaceLine, PlaceOrder,
};
use baddie_core::engine::shipping::{AdvanceReturn, InspectReturn, RequestReturn, ReturnStep, Verdict};
use baddie_core::inventory::{Location, LocationKind, MoveReason, StockMove};
use baddie_core::ledger::Account;
use baddie_core::orders::{CheckoutLine, CheckoutState};
use baddie_core::page::PageRequest;
use baddie_core::shipping::{Disposition, ReturnLine};
use baddie_integrations::sandbox::Config;
use support::{House, gbp, on_every_backend};

async fn place(house: &House, name: &str, kind: LocationKind, sellable: bool) -> Location {
    let new = CreateLocation { name: name.into(), kind, sellable, priority: 1 };
    house.shop.inventory().create_location(new).await.unwrap()
}

async fn newest_moves(house: &House, count: u32) -> Vec<StockMove> {
    house.shop.inventory().moves(ListMoves { page: PageRequest::first(count) }).await.unwrap().items
}

async fn events(house: &House) -> Vec<String> {
    let all = house.shop.journal().events(ListEvents { page: PageRequest::first(200) }).await.unwrap();
    all.items.into_iter().map(|event| event.kind).collect()
}

#[test]
fn two_lines_for_one_thing_take_from_two_places() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let variant_id = house.stocked("MUG", 1250, 6, 600).await.variants[0].variant.id;
        let home = house.shop.inventory().levels(ListLevels { variant_id }).await.unwrap()[0].location_id;
        let store = place(&house, "Store", LocationKind::Storage, true).await.id;
        house.shop.run(TransferStock { variant_id, from: home, to: store, qty: 3 }).await.unwrap();
        house.place(&[("MUG", 3), ("MUG", 3)]).await.unwrap();
        let levels = house.shop.inventory().levels(ListLevels { variant_id }).await.unwrap();
        assert!(levels.iter().all(|level| (level.on_hand, level.reserved) == (3, 3)), "{levels:?}");
        house.prove().await;
    });
}

#[test]
fn the_oldest_lot_leaves_first_and_no_penny_is_lost() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 3, 1000).await;
        house.restock("MUG", 2, 501).await;
        let mut costs = Vec::new();
        for qty in [1, 1, 2, 1] {
            let order = house.place(&[("MUG", qty)]).await.unwrap();
            costs.push(house.send(order.order.id).await.lines[0].cost_at_sale.minor());
        }
        // 10.00 over three: 3.33, then half of 6.67 to even, then what is left of it with the first of 5.01 over two.
        assert_eq!(costs, [333, 334, 333 + 250, 251]);
        assert_eq!(costs.iter().sum::<i64>(), 1501);
        let last = newest_moves(&house, 1).await.remove(0);
        assert_eq!((last.d_on_hand, last.d_reserved, last.reason), (-1, -1, MoveReason::Shipment));
        let lines = house.shop.orders().list(ListOrders::default()).await.unwrap().items;
        let line = house.order(lines[0].order.id).await.lines[0].id;
        assert_eq!(last.reference, Some(line.to_string()));
        assert_eq!(
            (house.balance(Account::Inventory).await, house.balance(Account::CostOfGoods).await),
            (0, 1501)
        );
        house.prove().await;
    });
}

#[test]
fn a_bundle_is_as_many_as_its_scarcest_part() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("CUP", 500, 7, 700).await;
        house.stocked("POT", 2000, 2, 1001).await;
        house.bundle("TEA", 3500, &[("CUP", 2), ("POT", 1)]).await;
        assert_eq!(house.available("TEA").await, 2);
        let order = house.place(&[("TEA", 1), ("CUP", 3)]).await.unwrap();
        assert_eq!((house.stock("CUP").await, house.stock("POT").await), ((7, 5), (2, 1)));
        assert_eq!(house.available("TEA").await, 1);
        let error = house.place(&[("TEA", 2)]).await.unwrap_err();
        assert_eq!(error.code(), "inventory.insufficient_stock");
        assert!(error.message().contains("CUP") && error.message().contains("only 2"), "{error}");
        let sent = house.send(order.order.id).await;
        assert_eq!((sent.lines[0].cost_at_sale, sent.lines[1].cost_at_sale), (gbp(200 + 500), gbp(300)));
        assert_eq!((house.stock("CUP").await, house.stock("POT").await), ((2, 0), (1, 0)));
        house.prove().await;
    });
}

#[test]
fn a_bundle_that_comes_back_is_its_parts_again() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("CUP", 500, 4, 400).await;
        house.stocked("POT", 2000, 2, 1001).await;
        house.bundle("TEA", 3500, &[("CUP", 2), ("POT", 1)]).await;
        let order = house.place(&[("TEA", 2)]).await.unwrap();
        let sent = house.send(order.order.id).await;
        assert_eq!((sent.lines[0].cost_at_sale, house.balance(Account::Inventory).await), (gbp(1401), 0));
        let lines = vec![ReturnLine {
            order_line_id: sent.lines[0].id,
            qty: 1,
            reason: "too many".into(),
            disposition: None,
        }];
        let request = RequestReturn { order_id: order.order.id, lines };
        let case = house.shop.shipping().request_return(request).await.unwrap();
        let here = AdvanceReturn { return_id: case.id, step: ReturnStep::Receive, expected_version: None };
        house.shop.shipping().advance_return(here).await.unwrap();
        let verdict = Verdict { order_line_id: sent.lines[0].id, qty: 1, disposition: Disposition::Restock };
        let inspect = InspectReturn { return_id: case.id, verdicts: vec![verdict] };
        house.shop.shipping().inspect(inspect).await.unwrap();
        assert_eq!((house.stock("CUP").await, house.stock("POT").await), ((2, 0), (1, 0)));
        assert_eq!((house.available("TEA").await, house.stock("TEA").await), (1, (0, 0)));
        assert_eq!(house.balance(Account::Inventory).await, 700, "half of 14.01, to even");
        house.prove().await;
        let again = house.place(&[("TEA", 1)]).await.unwrap();
        assert_eq!(house.send(again.order.id).await.lines[0].cost_at_sale, gbp(700));
        house.prove().await;
    });
}

#[test]
fn what_may_be_promised_ahead_is_promised_and_waits() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let variant = NewVariant { backorder_limit: 2, ..NewVariant::stocked("PRINT", gbp(900)) };
        let product =
            CreateProduct { title: "Print".into(), variants: vec![variant], ..CreateProduct::default() };
        house.shop.catalog().create_product(product).await.unwrap();
        assert_eq!(house.available("PRINT").await, 2);
        let order = house.place(&[("PRINT", 2)]).await.unwrap();
        assert_eq!((house.stock("PRINT").await, house.available("PRINT").await), ((0, 2), 0));
        assert_eq!(house.place(&[("PRINT", 1)]).await.unwrap_err().code(), "inventory.insufficient_stock");
        let early = house.shop.run(baddie_core::engine::shipping::FulfilOrder::all_of(order.order.id)).await;
        let early = early.unwrap_err();
        assert_eq!(early.code(), "inventory.insufficient_stock");
        assert!(early.to_string().contains("only 0 of \"PRINT\" can be had, 2 were asked for"), "{early}");
        let less = UpdateVariant {
            variant_id: house.variant("PRINT").await.id,
            price: None,
            gtin: None,
            weight_g: None,
            backorder_limit: Some(1),
            safety_stock: None,
            expected_version: None,
        };
        let error = house.shop.catalog().update_variant(less).await.unwrap_err();
        assert_eq!(error.field(), Some("backorder_limit"));
        house.prove().await;
        house.restock("PRINT", 2, 100).await;
        house.send(order.order.id).await;
        assert_eq!((house.stock("PRINT").await, house.available("PRINT").await), ((0, 0), 2));
        house.prove().await;
    });
}

#[test]
fn a_checkout_holds_for_a_quarter_of_an_hour() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 2, 800).await;
        let variant_id = house.variant("MUG").await.id;
        let begin = BeginCheckout {
            lines: vec![CheckoutLine { variant_id, qty: 2 }],
            customer_id: None,
            shipping: Some(gbp(395)),
            coupon: None,
        };
        let first = house.shop.run(begin.clone()).await.unwrap();
        assert_eq!((first.total, house.stock("MUG").await), (gbp(2895), (2, 2)));
        assert_eq!(house.place(&[("MUG", 1)]).await.unwrap_err().code(), "inventory.insufficient_stock");
        clock.advance(Duration::from_secs(899));
        house.engine.settle().await.unwrap();
        assert_eq!(house.available("MUG").await, 0);
        clock.advance(Duration::from_secs(1));
        let late = CompleteCheckout { checkout_id: first.id, paid: true };
        assert_eq!(house.shop.run(late).await.unwrap_err().code(), "checkouts.expired");
        house.engine.settle().await.unwrap();
        let first = house.shop.ask(GetCheckout { checkout_id: first.id }).await.unwrap();
        assert_eq!((first.state, house.stock("MUG").await), (CheckoutState::Expired, (2, 0)));
        assert!(!events(&house).await.contains(&"hold.expired".to_owned()), "it was no hold by hand");

        let second = house.shop.run(begin).await.unwrap();
        let done = house.shop.run(CompleteCheckout { checkout_id: second.id, paid: true }).await.unwrap();
        assert_eq!((done.due, house.stock("MUG").await), (gbp(2895), (2, 2)));
        clock.advance(Duration::from_hours(1));
        house.engine.settle().await.unwrap();
        assert_eq!(house.stock("MUG").await, (2, 2), "what was bought does not run out");
        house.prove().await;
    });
}

#[test]
fn a_hold_that_has_run_out_gives_way_to_an_order() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        house.stocked("MUG", 1250, 3, 900).await;
        let variant_id = house.variant("MUG").await.id;
        let hold = |qty, expires_at| {
            house.shop.run(HoldStock { variant_id, qty, note: "for Ann".into(), expires_at })
        };
        hold(2, Some(clock.now().plus(Duration::from_mins(10)))).await.unwrap();
        let long = hold(1, None).await.unwrap().remove(0);
        assert_eq!(house.stock("MUG").await, (3, 3));
        clock.advance(Duration::from_mins(10));
        let order = house.place(&[("MUG", 2)]).await;
        assert!(order.is_ok(), "nobody waits for a sweep: {order:?}");
        house.engine.settle().await.unwrap();
        assert!(events(&house).await.contains(&"hold.expired".to_owned()));
        assert_eq!(house.stock("MUG").await, (3, 3));
        house.shop.inventory().release(ReleaseHold { reservation_id: long.id }).await.unwrap();
        assert_eq!(house.stock("MUG").await, (3, 2));
        let twice =
            house.shop.inventory().release(ReleaseHold { reservation_id: long.id }).await.unwrap_err();
        assert_eq!(twice.code(), "state.illegal_step");
        house.prove().await;
    });
}

#[test]
fn stock_moves_between_places_with_its_cost() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 5, 2003).await;
        let store = place(&house, "Store", LocationKind::Storage, true).await;
        let apart = place(&house, "Apart", LocationKind::Quarantine, false).await;
        let variant_id = house.variant("MUG").await.id;
        let levels = house.shop.inventory().levels(ListLevels { variant_id }).await.unwrap();
        let home = levels[0].location_id;
        let carry = |from, to, qty| house.shop.run(TransferStock { variant_id, from, to, qty });
        carry(home, store.id, 2).await.unwrap();
        carry(home, apart.id, 1).await.unwrap();
        assert_eq!((house.stock("MUG").await, house.available("MUG").await), ((5, 0), 4));
        assert_eq!(house.balance(Account::Inventory).await, 2003);
        let error = carry(home, store.id, 3).await.unwrap_err();
        assert_eq!(error.code(), "inventory.insufficient_stock");
        assert!(error.message().contains("only 2 of \"MUG\" can be had, 3 were asked for"), "{error}");
        let lines = vec![PlaceLine::sku("MUG", 4)];
        let whole = house.shop.orders().place(PlaceOrder::of(lines.clone())).await.unwrap_err();
        assert_eq!(whole.code(), "inventory.insufficient_stock");
        let split = PlaceOrder { split: true, ..PlaceOrder::of(lines).paid() };
        let order = house.shop.orders().place(split).await.unwrap();
        assert!(carry(store.id, home, 1).await.is_err(), "what is promised stays where it is");
        assert_eq!(house.send(order.order.id).await.lines[0].cost_at_sale.minor(), 1602);
        assert_eq!((house.stock("MUG").await, house.balance(Account::Inventory).await), ((1, 0), 401));
        house.prove().await;
    });
}

#[test]
fn what_is_lacking_says_how_much_there_is_where() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let variant_id = house.stocked("MUG", 1250, 6, 600).await.variants[0].variant.id;
        let home = house.shop.inventory().levels(ListLevels { variant_id }).await.unwrap()[0].location_id;
        let store = place(&house, "Store", LocationKind::Storage, true).await.id;
        let apart = place(&house, "Apart", LocationKind::Storage, true).await.id;
        house.shop.run(TransferStock { variant_id, from: home, to: store, qty: 1 }).await.unwrap();
        house.place(&[("MUG", 2)]).await.unwrap();
        let take = |location_id, change: i64| AdjustStock {
            variant_id,
            location_id: Some(location_id),
            change,
            reason: MoveReason::Loss,
            cost: None,
        };
        for (location, wanted, there) in [(home, 4, 3), (store, 2, 1), (apart, 1, 0)] {
            let error = house.shop.run(take(location, -wanted)).await.unwrap_err();
            let said = format!("only {there} of \"MUG\" can be had, {wanted} were asked for");
            assert!(error.message().contains(&said), "{error}");
        }
        house.shop.run(take(home, -3)).await.unwrap();
        let error = house.shop.run(take(home, -1)).await.unwrap_err();
        assert!(error.message().contains("only 0 of"), "what is promised cannot be had: {error}");
        house.prove().await;
    });
}

#[test]
fn moves_say_what_changed_and_why() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let variant_id = house.stocked("MUG", 1250, 6, 600).await.variants[0].variant.id;
        let from = house.shop.inventory().levels(ListLevels { variant_id }).await.unwrap()[0].location_id;
        let to = place(&house, "Store", LocationKind::Storage, true).await.id;
        house.shop.run(TransferStock { variant_id, from, to, qty: 2 }).await.unwrap();
        let reason = MoveReason::Loss;
        house
            .shop
            .run(AdjustStock { variant_id, location_id: None, change: -1, reason, cost: None })
            .await
            .unwrap();
        let moves = newest_moves(&house, 4).await;
        let changes: Vec<_> = moves.iter().map(|one| (one.reason, one.d_on_hand, one.d_reserved)).collect();
        assert_eq!(
            changes,
            [
                (MoveReason::Loss, -1, 0),
                (MoveReason::Transfer, 2, 0),
                (MoveReason::Transfer, -2, 0),
                (MoveReason::Opening, 6, 0),
            ]
        );
        assert!(moves[0].reference.is_some() && moves[3].reference.is_some(), "{moves:?}");
    });
}

#[test]
fn two_bundles_of_one_order_take_each_its_own_parts() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        for (sku, units) in [("CUP", 9), ("POT", 9), ("JUG", 9)] {
            house.stocked(sku, 500, units, units * 100).await;
        }
        house.bundle("TEA", 3500, &[("CUP", 2), ("POT", 1)]).await;
        house.bundle("MILK", 2500, &[("CUP", 1), ("JUG", 1)]).await;
        house.place(&[("TEA", 2), ("MILK", 1)]).await.unwrap();
        let promised = [house.stock("CUP").await.1, house.stock("POT").await.1, house.stock("JUG").await.1];
        assert_eq!(promised, [5, 2, 1]);
        house.prove().await;
    });
}

#[test]
fn a_thing_is_followed_where_it_goes() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let only = house.item("LAMP", 4000, 900).await;
        let store = place(&house, "Store", LocationKind::Storage, true).await.id;
        let (variant_id, from) = (only.variant.id, only.item.location_id);
        house.shop.run(TransferStock { variant_id, from, to: store, qty: 1 }).await.unwrap();
        let moves = newest_moves(&house, 2).await;
        assert!(moves.iter().all(|one| one.item_id == Some(only.item.id)), "{moves:?}");
        assert_eq!((moves[1].location_id, moves[0].location_id), (from, store));
        house.prove().await;
    });
}

#[test]
fn a_count_is_booked_as_found_or_lost() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 3, 1000).await;
        let only = house.item("LAMP", 4000, 900).await;
        let adjust = |variant_id, change, reason, cost: Option<i64>| {
            house.shop.run(AdjustStock { variant_id, location_id: None, change, reason, cost: cost.map(gbp) })
        };
        let mug = house.variant("MUG").await.id;
        adjust(mug, -1, MoveReason::Damage, None).await.unwrap();
        assert_eq!(
            (house.balance(Account::Shrinkage).await, house.balance(Account::Inventory).await),
            (333, 1567)
        );
        adjust(mug, 2, MoveReason::Count, Some(500)).await.unwrap();
        assert_eq!(house.balance(Account::Shrinkage).await, -167);
        assert_eq!(
            adjust(mug, -5, MoveReason::Loss, None).await.unwrap_err().code(),
            "inventory.insufficient_stock"
        );
        adjust(only.variant.id, -1, MoveReason::Loss, None).await.unwrap();
        assert_eq!(newest_moves(&house, 1).await[0].item_id, Some(only.item.id));
        assert_eq!((house.stock("LAMP").await, house.balance(Account::Shrinkage).await), ((0, 0), 733));
        assert_eq!(
            adjust(only.variant.id, 1, MoveReason::Found, Some(1)).await.unwrap_err().field(),
            Some("variant_id")
        );
        assert_eq!((house.stock("MUG").await, house.balance(Account::Inventory).await), ((4, 0), 1167));
        house.prove().await;
    });
}
