//! Orders, coupons, checkouts, payouts.

use std::sync::Arc;

use futures_util::future::join_all;

use super::{Stage, numbers, walk};
use crate::listings::Channel;
use crate::orders::{
    CheckoutSession, CheckoutState, Coupon, Customer, CustomerPii, Order, OrderFilter, OrderState,
};
use crate::payments::Payout;
use crate::storage::Storage;
use crate::testing::builders::{Sample, at, day, id, lay};

/// Whoever holds an order sees what the last one who held it has done, so nobody's edit is refused.
pub async fn an_order_is_held_by_one_at_a_time(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Order>(&mut *tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    let edit = async || {
        let mut tx = stage.write().await;
        let mut order = tx.hold::<Order>(id(1)).await.unwrap();
        tx.save(&mut order).await.unwrap();
        tx.commit().await.unwrap();
        order.version
    };
    let mut versions = join_all((0..8).map(|_| edit())).await;
    versions.sort_unstable();
    assert_eq!(versions, [2, 3, 4, 5, 6, 7, 8, 9]);
}

/// Orders are found by state, channel, customer and business day, in all combinations.
pub async fn orders_are_found_by_every_filter(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use OrderState::{Cancelled, Confirmed};
    let stage = Stage::set(open).await;
    let order = |n, state, channel: Option<u128>, customer: Option<u128>, on: u128| Order {
        state,
        channel_id: channel.map(id),
        external_id: channel.map(|_| format!("theirs {n}")),
        customer_id: customer.map(id),
        business_date: day(on, 0),
        ..Order::number(n)
    };
    let orders = [
        order(1, Confirmed, Some(1), Some(1), 3),
        order(2, Cancelled, Some(1), None, 4),
        order(3, Confirmed, None, Some(1), 5),
        order(4, Confirmed, Some(2), Some(2), 5),
    ];
    let mut tx = stage.write().await;
    lay::<Channel>(&mut *tx, 2).await.unwrap();
    lay::<Customer>(&mut *tx, 2).await.unwrap();
    tx.add_all(&orders).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let any = OrderFilter::default();
    for (filter, expected) in [
        (any.clone(), vec![4, 3, 2, 1]),
        (OrderFilter { state: Some(Confirmed), ..any.clone() }, vec![4, 3, 1]),
        (OrderFilter { channel_id: Some(id(1)), ..any.clone() }, vec![2, 1]),
        (OrderFilter { customer_id: Some(id(1)), ..any.clone() }, vec![3, 1]),
        (OrderFilter { from: Some(day(4, 0)), ..any.clone() }, vec![4, 3, 2]),
        (OrderFilter { to: Some(day(4, 0)), ..any.clone() }, vec![2, 1]),
        (OrderFilter { from: Some(day(4, 0)), to: Some(day(4, 0)), ..any.clone() }, vec![2]),
        (
            OrderFilter { state: Some(Confirmed), channel_id: Some(id(1)), customer_id: Some(id(1)), ..any },
            vec![1],
        ),
    ] {
        let found = walk(2, async |page| tx.orders().find_orders(&filter, &page).await.unwrap()).await;
        assert_eq!(numbers(found.iter().map(|order| order.id)), expected, "{filter:?}");
    }
    let named = tx.orders().order_by_external(id(1), "theirs 2").await.unwrap();
    assert_eq!(named, Some(orders[1].clone()));
    assert_eq!(tx.orders().order_by_external(id(2), "theirs 2").await.unwrap(), None);
    assert_eq!(tx.orders().count_orders(Confirmed).await.unwrap(), 3);
    let mut tx = stage.read_there().await;
    assert_eq!(tx.orders().count_orders(Confirmed).await.unwrap(), 0);
    assert_eq!(tx.orders().order_by_external(id(1), "theirs 2").await.unwrap(), None);
}

/// However many want to use a coupon at once, it is used as often as it may be.
pub async fn a_coupon_is_used_no_oftener_than_it_may_be(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    Coupon::ground(&mut *tx, 2).await.unwrap();
    tx.add(&Coupon { max_uses: 5, used: 2, ..Coupon::number(1) }).await.unwrap();
    tx.commit().await.unwrap();
    let take = async || {
        let mut tx = stage.write().await;
        let used = tx.orders().use_coupon(id(1)).await.unwrap();
        tx.commit().await.unwrap();
        used
    };
    let used = join_all((0..20).map(|_| take())).await;
    assert_eq!(used.iter().filter(|used| **used).count(), 3);
    let mut tx = stage.write().await;
    assert!(!tx.orders().use_coupon(id(9)).await.unwrap(), "there is none");
    let coupon = tx.orders().coupon_by_code("CODE-1").await.unwrap().unwrap();
    assert_eq!((coupon.used, coupon.version), (5, 4));
    assert_eq!(tx.orders().coupon_by_code("code-1").await.unwrap(), None, "to the letter");
    drop(tx);
    assert_eq!(stage.read_there().await.orders().coupon_by_code("CODE-1").await.unwrap(), None);
}

/// What identifies a customer can be forgotten, once; the customer stays.
pub async fn a_customer_is_forgotten(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<CustomerPii>(&mut *tx, 2).await.unwrap();
    assert!(tx.orders().forget(id(1)).await.unwrap());
    assert!(!tx.orders().forget(id(1)).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    assert_eq!(tx.find::<CustomerPii>(id(1)).await.unwrap(), None);
    assert!(tx.find::<Customer>(id(1)).await.unwrap().is_some());
    assert!(tx.find::<CustomerPii>(id(2)).await.unwrap().is_some());
}

/// Open checkouts that have run out are found, the longest ago first.
pub async fn checkouts_run_out_in_order(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use CheckoutState as S;
    let stage = Stage::set(open).await;
    let session = |n, state, expires: u128| CheckoutSession {
        state,
        expires_at: at(expires, 0),
        ..CheckoutSession::number(n)
    };
    let sessions = [
        session(1, S::Ready, 5),
        session(2, S::Incomplete, 3),
        session(3, S::RequiresEscalation, 5),
        session(4, S::Completed, 1),
        session(5, S::Expired, 1),
        session(6, S::Ready, 9),
    ];
    let mut tx = stage.write().await;
    tx.add_all(&sessions).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (now, limit, expected) in
        [(2, 9, vec![]), (5, 9, vec![2, 1, 3]), (9, 9, vec![2, 1, 3, 6]), (9, 2, vec![2, 1])]
    {
        let out = tx.orders().checkouts_run_out(at(now, 0), limit).await.unwrap();
        assert_eq!(numbers(out.iter().map(|session| session.id)), expected, "at {now}");
    }
    assert_eq!(stage.read_there().await.orders().checkouts_run_out(at(99, 0), 9).await.unwrap(), []);
}

/// A payout is known by its channel and its name there.
pub async fn payouts_are_found_by_name(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    lay::<Payout>(&mut *tx, 3).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let found = tx.payments().payout_by_external(id(2), "payout 3").await.unwrap();
    assert_eq!(found, Some(Payout::sample(3, 3, false)));
    assert_eq!(tx.payments().payout_by_external(id(1), "payout 3").await.unwrap(), None);
    assert_eq!(
        stage.read_there().await.payments().payout_by_external(id(2), "payout 3").await.unwrap(),
        None
    );
}
