//! Money of Shopify's orders that goes back: asked for here, or given back there; each once, and known on both sides.

use baddie_core::engine::journal::ListEvents;
use baddie_core::engine::listings::UpdateChannel;
use baddie_core::engine::orders::{CancelLine, CancelOrder, GetOrder, ListOrders};
use baddie_core::engine::payments::{GetPayment, ListPayments, MovePayment, PaymentStep};
use baddie_core::ids::{OrderId, PaymentId};
use baddie_core::listings::ChannelStatus;
use baddie_core::money::{Currency, Money};
use baddie_core::payments::{Payment, PaymentTxn, TxnKind, TxnState};

use super::channel::bad_day;
use super::engine::{House, house};

impl House {
    /// So many of a thing, each sold over there; the orders' names there.
    async fn sold(&self, count: usize) -> Vec<String> {
        let mut orders = Vec::new();
        for number in 0..count {
            let sku = format!("CUP-{number}");
            let variant = self.stocked(&sku, 9).await;
            self.list(variant).await;
            self.work(1).await;
            orders.push(self.fake.sell(&self.id_of(&sku), 2));
        }
        self.work(5).await;
        orders
    }

    /// Our name for an order, and for what was paid for it.
    async fn paid(&self, external: &str) -> (OrderId, PaymentId) {
        let orders = self.shop.orders().list(ListOrders::default()).await.unwrap().items;
        let order = orders.iter().find(|view| view.order.external_id.as_deref() == Some(external)).unwrap();
        let payments = self.shop.payments().list(ListPayments::default()).await.unwrap().items;
        let payment = payments.iter().find(|payment| payment.order_id == order.order.id).unwrap();
        (order.order.id, payment.id)
    }

    async fn payment(&self, external: &str) -> (Payment, Vec<PaymentTxn>) {
        let (_, payment_id) = self.paid(external).await;
        let view = self.shop.payments().get(GetPayment { payment_id }).await.unwrap();
        (view.payment, view.txns)
    }

    async fn refund(&self, external: &str, minor: i64) {
        let (_, payment_id) = self.paid(external).await;
        let amount = Some(Money::new(minor, Currency::GBP));
        let refund =
            MovePayment { payment_id, step: PaymentStep::Refund, amount, reason: Some("a chip".into()) };
        self.shop.payments().shift(refund).await.unwrap();
    }

    fn back(&self, external: &str) -> Vec<i64> {
        self.fake.look(|state| state.refunds_of(external))
    }
}

#[tokio::test]
async fn what_is_given_back_here_goes_back_there_once_however_many_answers_are_lost() {
    let house = house("memory:").await;
    let orders = house.sold(8).await;
    house.fake.server.plan(bad_day());
    for order in &orders {
        house.refund(order, 500).await;
        house.refund(order, 250).await;
    }
    house.work(120).await;
    for order in &orders {
        let mut back = house.back(order);
        back.sort_unstable();
        assert_eq!(back, [250, 500], "{order}");
        let (payment, txns) = house.payment(order).await;
        assert_eq!(payment.refunded.minor(), 750);
        let known: Vec<_> = txns.iter().filter(|txn| txn.kind == TxnKind::Refund).collect();
        assert_eq!(known.len(), 2, "what Shopify tells of it is no third: {known:#?}");
        assert!(known.iter().all(|txn| txn.state == TxnState::Succeeded), "{known:#?}");
    }
    house.prove().await;
}

#[tokio::test]
async fn what_is_given_back_there_is_known_here_once() {
    let house = house("memory:").await;
    let [order] = &house.sold(1).await[..] else { unreachable!() };
    house.fake.look(|state| state.refund_there(order, "7.5"));
    house.work(10).await;
    assert_eq!(house.payment(order).await.0.refunded.minor(), 750);
    house.refund(order, 1_000).await;
    house.work(10).await;
    house.fake.look(|state| state.refund_there(order, "1.00"));
    house.work(10).await;
    assert_eq!(house.back(order), [750, 1_000, 100]);
    let (payment, txns) = house.payment(order).await;
    assert_eq!((payment.refunded.minor(), txns.len()), (1_850, 4), "{txns:#?}");
    house.prove().await;
}

#[tokio::test]
async fn more_than_shopify_has_left_is_not_given_back() {
    let house = house("memory:").await;
    let [order] = &house.sold(1).await[..] else { unreachable!() };
    // Somebody gives most of it back over there, and it was not heard of yet.
    house.fake.look(|state| state.refund_there(order, "40.00"));
    house.refund(order, 1_000).await;
    house.work(10).await;
    assert_eq!(house.back(order), [4_000]);
    let (payment, txns) = house.payment(order).await;
    let states: Vec<_> = txns
        .iter()
        .filter(|txn| txn.kind == TxnKind::Refund)
        .map(|txn| (txn.amount.minor(), txn.state))
        .collect();
    assert!(states.contains(&(1_000, TxnState::Failed)), "{states:?}");
    assert_eq!(payment.refunded.minor(), 4_000, "{states:?}");
    house.prove().await;
}

#[tokio::test]
async fn a_channel_that_is_paused_gives_nothing_back_until_it_is_active() {
    let house = house("memory:").await;
    let [order] = &house.sold(1).await[..] else { unreachable!() };
    let turn = async |status: ChannelStatus| {
        let turned = UpdateChannel {
            channel_id: house.channel.id,
            status: Some(status),
            buffer_qty: None,
            expected_version: None,
        };
        house.shop.channels().update(turned).await.unwrap();
    };
    turn(ChannelStatus::Paused).await;
    house.refund(order, 500).await;
    house.work(5).await;
    assert!(house.back(order).is_empty());
    turn(ChannelStatus::Active).await;
    house.work(20).await;
    assert_eq!(house.back(order), [500]);
    house.prove().await;
}

#[tokio::test]
async fn an_order_that_is_called_off_here_is_called_off_and_paid_back_there() {
    let house = house("memory:").await;
    let orders = house.sold(6).await;
    house.fake.server.plan(bad_day());
    for order in &orders {
        let (order_id, _) = house.paid(order).await;
        let cancel = CancelOrder { order_id, lines: Vec::new(), reason: "broken".into() };
        house.shop.orders().cancel(cancel).await.unwrap();
    }
    house.work(120).await;
    for order in &orders {
        assert!(house.fake.look(|state| state.is_called_off(order)), "{order}");
        assert_eq!(house.back(order), [4_395], "the goods and the shipping");
    }
    let events = house.shop.journal().events(ListEvents::default()).await.unwrap().items;
    let odd = |kind: &str| ["order.differs", "job.given_up"].contains(&kind);
    assert!(events.iter().all(|event| !odd(&event.kind)), "{events:#?}");
    let called_off = events.iter().filter(|event| event.kind == "order.cancelled").count();
    assert_eq!(called_off, orders.len(), "what Shopify tells of it is no news");
    house.prove().await;
}

#[tokio::test]
async fn an_order_of_which_some_is_called_off_stays_open_there() {
    let house = house("memory:").await;
    let [order] = &house.sold(1).await[..] else { unreachable!() };
    let (order_id, _) = house.paid(order).await;
    let view = house.shop.orders().get(GetOrder { order_id }).await.unwrap();
    let lines = vec![CancelLine { order_line_id: view.lines[0].id, qty: 1 }];
    let cancel = CancelOrder { order_id, lines, reason: "one is broken".into() };
    house.shop.orders().cancel(cancel).await.unwrap();
    house.work(10).await;
    assert!(!house.fake.look(|state| state.is_called_off(order)));
    assert_eq!(house.back(order).len(), 1);
    house.prove().await;
}
