//! Selling: from an order to the books, and back again.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use baddie_core::engine::accounts::UpdateShop;
use baddie_core::engine::inventory::{ListLevels, ListMoves};
use baddie_core::engine::ledger::GetBalances;
use baddie_core::engine::orders::{
    CancelLine, CancelOrder, GetOrder, ListOrders, PlaceLine, PlaceOrder, TaxRate,
};
use baddie_core::engine::shipping::FulfilOrder;
use baddie_core::error::Kind;
use baddie_core::ledger::{Account, AccountCode};
use baddie_core::money::{Currency, Money, Ppm, Rounding};
use baddie_core::orders::{FulfilmentStatus, OrderState, PaymentStatus};
use support::{House, gbp, on_every_backend};

#[test]
fn a_tax_is_rounded_as_the_shop_rounds() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("PIN", 20, 5, 50).await;
        // An eighth of 20 pence falls between 2 and 3.
        for (rounding, tax) in [(Rounding::HalfUp, 3), (Rounding::HalfEven, 2)] {
            let rounds = UpdateShop { rounding: Some(rounding), ..UpdateShop::default() };
            house.shop.run(rounds).await.unwrap();
            let taxes = vec![TaxRate { jurisdiction: "GB".into(), rate: Ppm(125_000) }];
            let order = PlaceOrder::of(vec![PlaceLine { taxes, ..PlaceLine::sku("PIN", 1) }]);
            assert_eq!(house.shop.orders().place(order).await.unwrap().order.tax, gbp(tax), "{rounding:?}");
        }
    });
}

#[test]
fn an_order_is_placed_paid_and_sent_and_the_books_follow() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let mug = house.stocked("MUG", 1250, 5, 2000).await;
        let order = PlaceOrder::of(vec![PlaceLine::sku("MUG", 2)]).paid();
        let order = house.shop.orders().place(order).await.unwrap();
        assert_eq!((order.order.number, order.order.state), (1, OrderState::Confirmed));
        assert_eq!((order.due, order.payment_status), (gbp(2500), PaymentStatus::Captured));
        assert_eq!(house.balance(Account::CustomerDeposits).await, -2500);
        let variant_id = mug.variants[0].variant.id;
        let levels = house.shop.inventory().levels(ListLevels { variant_id }).await.unwrap();
        assert_eq!((levels[0].on_hand, levels[0].reserved), (5, 2));
        house.prove().await;

        house.shop.shipping().fulfil(FulfilOrder::all_of(order.order.id)).await.unwrap();
        let sent = house.shop.orders().get(GetOrder { order_id: order.order.id }).await.unwrap();
        assert_eq!(
            (sent.order.state, sent.fulfilment_status),
            (OrderState::Completed, FulfilmentStatus::Fulfilled)
        );
        assert_eq!(sent.lines[0].cost_at_sale, gbp(800));
        for (account, minor) in [
            (Account::CustomerDeposits, 0),
            (Account::Sales, -2500),
            (Account::CostOfGoods, 800),
            (Account::Inventory, 1200),
            (Account::Cash, 2500),
        ] {
            assert_eq!(house.balance(account).await, minor, "{account}");
        }
        let moves = house.shop.inventory().moves(ListMoves::default()).await.unwrap();
        assert_eq!(moves.items[0].d_on_hand, -2);
        house.prove().await;
    });
}

#[test]
fn what_is_not_there_is_not_sold() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 5, 2000).await;
        let place = |sku: &str, qty| house.shop.run(PlaceOrder::of(vec![PlaceLine::sku(sku, qty)]));
        let error = place("MUG", 6).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "inventory.insufficient_stock"));
        assert!(error.message().contains('5') && error.message().contains('6'), "{error}");
        let error = place("CUP", 1).await.unwrap_err();
        assert_eq!((error.code(), error.field()), ("catalog.unknown_sku", Some("lines[0]")));
        for qty in [0, -1, i64::MAX] {
            let error = place("MUG", qty).await.unwrap_err();
            assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some("lines[0].qty")), "{qty}");
        }
        assert_eq!(house.shop.orders().list(ListOrders::default()).await.unwrap().items, []);
        house.prove().await;
    });
}

#[test]
fn a_cancelled_order_lets_go_of_stock_and_money() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let only = house.item("LAMP", 4000, 900).await;
        let order = PlaceOrder::of(vec![PlaceLine::sku("LAMP", 1)]).paid();
        let order = house.shop.orders().place(order).await.unwrap();
        assert_eq!(order.lines[0].item_id, Some(only.item.id));
        let again = PlaceOrder::of(vec![PlaceLine::sku("LAMP", 1)]);
        assert_eq!(house.shop.orders().place(again.clone()).await.unwrap_err().kind(), Kind::Conflict);
        let cancel =
            CancelOrder { order_id: order.order.id, lines: Vec::new(), reason: "changed my mind".into() };
        let order = house.shop.orders().cancel(cancel.clone()).await.unwrap();
        assert_eq!((order.order.state, order.due), (OrderState::Cancelled, gbp(0)));
        assert_eq!(order.payment_status, PaymentStatus::Refunded);
        assert_eq!(house.balance(Account::Cash).await, 0);
        assert_eq!(house.shop.orders().cancel(cancel).await.unwrap_err().code(), "state.illegal_step");
        house.shop.orders().place(again).await.unwrap();
        house.prove().await;
    });
}

#[test]
fn a_smaller_order_lets_go_of_as_much() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 6, 2000).await;
        let order = house.place(&[("MUG", 5)]).await.unwrap();
        let cancel = |qty| {
            let part = CancelLine { order_line_id: order.lines[0].id, qty };
            house.shop.run(CancelOrder {
                order_id: order.order.id,
                lines: vec![part],
                reason: "too many".into(),
            })
        };
        assert_eq!(cancel(2).await.unwrap().lines[0].cancelled, 2);
        assert_eq!((house.stock("MUG").await, house.available("MUG").await), ((6, 3), 3));
        house.prove().await;
        let gone = cancel(3).await.unwrap();
        assert_eq!((gone.order.state, house.stock("MUG").await), (OrderState::Cancelled, (6, 0)));
        house.prove().await;
    });
}

#[test]
fn one_key_has_one_effect_and_one_answer() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 5, 2000).await;
        let keyed = house.shop.clone().with_key("k1");
        let order = PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)]);
        let first = keyed.run_json(order.clone()).await.unwrap();
        assert_eq!(keyed.run_json(order).await.unwrap(), first);
        let other = PlaceOrder::of(vec![PlaceLine::sku("MUG", 2)]);
        assert_eq!(keyed.run(other).await.unwrap_err().code(), "idempotency.conflict");
        let refused = house.shop.clone().with_key("k2");
        let much = PlaceOrder::of(vec![PlaceLine::sku("MUG", 50)]);
        let error = refused.run(much.clone()).await.unwrap_err();
        let again = refused.run(much).await.unwrap_err();
        assert_eq!((error.code(), error.message()), (again.code(), again.message()));
        assert_eq!(house.shop.orders().list(ListOrders::default()).await.unwrap().items.len(), 1);
        house.prove().await;
    });
}

#[test]
fn what_is_sold_abroad_costs_what_it_cost_at_home() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1250, 4, 2000).await;
        let euros = Money::new(1_500, Currency::EUR);
        let line = PlaceLine { unit_price: Some(euros), ..PlaceLine::sku("MUG", 2) };
        let shipping = Some(Money::new(400, Currency::EUR));
        let order = PlaceOrder { shipping, ..PlaceOrder::of(vec![line]).paid() };
        let sold = house.shop.orders().place(order).await.unwrap();
        assert_eq!(sold.order.total, Money::new(3_400, Currency::EUR));
        house.shop.shipping().fulfil(FulfilOrder::all_of(sold.order.id)).await.unwrap();
        let sent = house.shop.orders().get(GetOrder { order_id: sold.order.id }).await.unwrap();
        assert_eq!((sent.order.state, sent.lines[0].cost_at_sale), (OrderState::Completed, gbp(1000)));
        let rows = house.shop.ledger().balances(GetBalances::default()).await.unwrap();
        let of = |account: Account| {
            let code = AccountCode::from(account);
            let rows = rows.iter().filter(|row| row.balance.account == code);
            rows.map(|row| row.balance.balance).collect::<Vec<_>>()
        };
        assert_eq!(of(Account::CostOfGoods), [gbp(1000)]);
        assert_eq!(of(Account::Sales), [Money::new(-3_000, Currency::EUR)]);
        house.prove().await;
    });
}
