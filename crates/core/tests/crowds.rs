//! Many at the same instant want what there are few of: exactly so many get it.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use baddie_core::engine::Command;
use baddie_core::engine::orders::{CancelLine, CancelOrder, PlaceLine, PlaceOrder};
use baddie_core::engine::payments::{MovePayment, PaymentStep, RecordPayment};
use baddie_core::engine::shipping::{FulfilOrder, RequestReturn};
use baddie_core::shipping::{ParcelLine, ReturnLine};
use support::{House, gbp, on_every_backend};

const CROWD: usize = 16;
const UNITS: usize = 5;

/// Lets the whole crowd do the same at once; how many may.
async fn winners<C: Command + Clone>(house: &House, command: &C) -> usize {
    let calls: Vec<_> = (0..CROWD)
        .map(|_| {
            let (shop, command) = (house.shop.clone(), command.clone());
            tokio::spawn(async move { shop.run(command).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for call in calls {
        won += usize::from(call.await.unwrap());
    }
    won
}

#[test]
fn what_is_limited_on_an_order_goes_to_exactly_so_many() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        house.stocked("MUG", 1000, 100, 10_000).await;
        let qty = i64::try_from(UNITS).unwrap();

        let order = house.place(&[("MUG", qty)]).await.unwrap();
        let line = order.lines[0].id;
        let part = ParcelLine { order_line_id: line, qty: 1 };
        let send = FulfilOrder { lines: vec![part], ..FulfilOrder::all_of(order.order.id) };
        assert_eq!(winners(&house, &send).await, UNITS, "{backend}: sent");
        let back = ReturnLine { order_line_id: line, qty: 1, reason: "chipped".into(), disposition: None };
        let back = RequestReturn { order_id: order.order.id, lines: vec![back] };
        assert_eq!(winners(&house, &back).await, UNITS, "{backend}: coming back");
        let refund = MovePayment {
            payment_id: order.payments[0].id,
            step: PaymentStep::Refund,
            amount: Some(gbp(1000)),
            reason: None,
        };
        assert_eq!(winners(&house, &refund).await, UNITS, "{backend}: given back");

        let order = house.place(&[("MUG", qty)]).await.unwrap();
        let part = CancelLine { order_line_id: order.lines[0].id, qty: 1 };
        let cancel = CancelOrder { order_id: order.order.id, lines: vec![part], reason: "enough".into() };
        assert_eq!(winners(&house, &cancel).await, UNITS, "{backend}: called off");

        let unpaid = PlaceOrder::of(vec![PlaceLine::sku("MUG", qty)]);
        let order = house.shop.orders().place(unpaid).await.unwrap();
        let pay = RecordPayment { order_id: order.order.id, amount: Some(gbp(1000)), note: None };
        assert_eq!(winners(&house, &pay).await, UNITS, "{backend}: paid");
        house.prove().await;
    });
}
