//! Orders, coupons, checkouts, payouts.

use std::sync::Arc;

use futures_util::future::join_all;

use super::{Stage, numbers, walk};
use crate::catalog::{Item, Product, Variant};
use crate::listings::{Channel, Listing};
use crate::money::{Currency, Money};
use crate::orders::{
    CheckoutSession, CheckoutState, Coupon, Customer, CustomerPii, Order, OrderFilter, OrderLine, OrderState,
    SoldDay, SoldThing,
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

/// A line of so many units at a price in pence, less a discount; bare otherwise.
fn line(n: u128, order: u128, variant: u128, qty: i64, price: i64, off: i64) -> OrderLine {
    OrderLine {
        order_id: id(order),
        variant_id: id(variant),
        item_id: None,
        listing_id: None,
        qty,
        fulfilled: 0,
        cancelled: 0,
        returned: 0,
        unit_price: Money::new(price, Currency::GBP),
        discount: Money::new(off, Currency::GBP),
        ..OrderLine::number(n)
    }
}

/// What sold is summed by variant and day, and the last things sold are found with what is known of them.
pub async fn what_sold_is_known_with_its_price(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    use OrderState::{Cancelled, Completed, Confirmed, Draft, Oversold, Placed};
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    Order::ground(&mut *tx, 6).await.unwrap();
    let order = |n, state, on: u128| Order { state, business_date: day(on, 0), ..Order::number(n) };
    let orders = [
        order(1, Confirmed, 3),
        order(2, Completed, 3),
        order(3, Placed, 4),
        order(4, Cancelled, 4),
        order(5, Oversold, 4),
        order(6, Draft, 4),
    ];
    tx.add_all(&orders).await.unwrap();
    tx.add_all(&[Product::number(1), Product::number(2)]).await.unwrap();
    tx.add_all(&[1, 2].map(Variant::number)).await.unwrap();
    Listing::ground(&mut *tx, 2).await.unwrap();
    tx.add(&Listing::number(2)).await.unwrap();
    Item::ground(&mut *tx, 2).await.unwrap();
    tx.add(&Item::number(2)).await.unwrap();
    let lines = [
        line(1, 1, 1, 2, 500, 50),
        line(2, 2, 1, 3, 400, 0),
        line(3, 3, 1, 1, 450, 0),
        OrderLine { listing_id: Some(id(2)), item_id: Some(id(2)), ..line(4, 3, 2, 1, 700, 0) },
        line(5, 4, 1, 9, 999, 0),
        line(6, 5, 1, 9, 999, 0),
        line(7, 6, 1, 9, 999, 0),
        OrderLine { cancelled: 1, ..line(8, 1, 2, 5, 999, 0) },
        OrderLine {
            unit_price: Money::new(300, Currency::EUR),
            discount: Currency::EUR.zero(),
            ..line(9, 3, 1, 1, 0, 0)
        },
    ];
    tx.add_all(&lines).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let sold = |variant: u128, on: u128, units, paid| SoldDay {
        variant_id: id(variant),
        day: day(on, 0),
        units,
        paid,
    };
    let pounds = |minor| Money::new(minor, Currency::GBP);
    let euros = Money::new(300, Currency::EUR);
    let all = tx.orders().sold_by_day(day(3, 0), day(4, 0)).await.unwrap();
    assert_eq!(
        all,
        [
            sold(1, 3, 5, pounds(2_150)),
            sold(1, 4, 1, euros),
            sold(1, 4, 1, pounds(450)),
            sold(2, 4, 1, pounds(700))
        ]
    );
    assert_eq!(tx.orders().sold_by_day(day(4, 0), day(4, 0)).await.unwrap(), all[1..]);
    let last = tx.orders().sold_last(None, false, Currency::GBP, 3).await.unwrap();
    assert_eq!(last.iter().map(|thing| thing.price.minor()).collect::<Vec<_>>(), [700, 450, 400]);
    let product = tx.load::<Product>(Variant::number(2).product_id).await.unwrap();
    let (item, listing) = (Item::number(2), Listing::number(2));
    assert!(product.category.is_some() && listing.live_since.is_some());
    assert_eq!(
        last[0],
        SoldThing {
            title: lines[3].title.clone(),
            brand: product.brand,
            category: product.category.clone(),
            condition: Some(item.condition),
            price: pounds(700),
            listed_at: listing.live_since,
            sold_at: orders[2].placed_at,
        }
    );
    assert_eq!((last[1].condition, last[1].listed_at), (None, None));
    let alike = tx.orders().sold_last(product.category.as_deref(), false, Currency::GBP, 9).await.unwrap();
    assert!(alike.len() < 4 && alike.contains(&last[0]), "only what is of the category: {alike:?}");
    assert_eq!(
        tx.orders().sold_last(None, true, Currency::GBP, 9).await.unwrap(),
        last[..1],
        "one of a kind"
    );
    assert_eq!(tx.orders().sold_last(Some("nothing"), false, Currency::GBP, 9).await.unwrap(), []);
    assert_eq!(tx.orders().sold_last(None, false, Currency::EUR, 9).await.unwrap().len(), 1);
    let mut there = stage.read_there().await;
    assert_eq!(there.orders().sold_by_day(day(1, 0), day(99, 0)).await.unwrap(), []);
    assert_eq!(there.orders().sold_last(None, false, Currency::GBP, 9).await.unwrap(), []);
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
