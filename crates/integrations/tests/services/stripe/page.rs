//! A customer pays on a page of Stripe's: whatever is lost on the way there is one page, one payment, and an order that knows
//! how it ended.

use std::time::Duration;

use baddie_core::engine::orders::{CancelOrder, GetOrder, PlaceLine, PlaceOrder};
use baddie_core::engine::payments::{GetPayment, MovePayment, OpenPaymentPage, PaymentStep, PaymentView};
use baddie_core::error::Kind;
use baddie_core::ids::{OrderId, PaymentId};
use baddie_core::orders::OrderState;
use baddie_core::payments::{PaymentError, PaymentPage, PaymentProvider, PaymentRequest, TxnKind, TxnState};
use baddie_integrations::stripe::KIND;

use super::connections::prove;
use super::events::{Place, place};
use super::fake::{GOOD, SLOW};
use super::provider::{Rig, bad_day, movement, rig};

const BACK: &str = "https://shop.example/thanks";

/// Money to be set aside on a page.
fn asked(number: u32) -> PaymentRequest {
    let page = PaymentPage { title: "Order 7".into(), return_url: BACK.into() };
    PaymentRequest { page: Some(page), method: None, ..movement(number, TxnKind::Auth, 2_000, None) }
}

fn pages(rig: &Rig) -> usize {
    rig.fake.look(|state| state.pages.len())
}

#[tokio::test]
async fn a_page_is_opened_once_and_paid_once() {
    let rig = rig(GOOD, []);
    let opened = rig.stripe.execute(&asked(1)).await.unwrap();
    assert!(!opened.settled);
    assert_eq!(opened.page.as_deref(), Some("https://checkout.stripe.example/pay/cs_1"));
    assert_eq!(rig.stripe.execute(&asked(1)).await, Ok(opened.clone()), "asked again it is the same page");
    assert_eq!(pages(&rig), 1);

    let known = PaymentRequest { known_as: Some(opened.provider_ref.clone()), ..asked(1) };
    assert_eq!(rig.stripe.look_up(&known).await, Ok(Some(opened)), "nobody has paid yet");
    rig.fake.look(|state| state.pay("cs_1", SLOW)).unwrap();
    let paying = rig.stripe.look_up(&known).await.unwrap().unwrap();
    assert_eq!((paying.settled, paying.page, &*paying.provider_ref), (false, None, "pi_1"));
    rig.clock.advance(Duration::from_hours(2));
    let known = PaymentRequest { known_as: Some("pi_1".into()), ..asked(1) };
    let paid = rig.stripe.look_up(&known).await.unwrap().unwrap();
    assert_eq!((paid.settled, &*paid.provider_ref), (true, "pi_1"));
}

#[tokio::test]
async fn a_page_that_nobody_paid_is_shut_and_stays_so() {
    let rig = rig(GOOD, []);
    let opened = rig.stripe.execute(&asked(1)).await.unwrap();
    let known = PaymentRequest { known_as: Some(opened.provider_ref), ..asked(1) };
    rig.stripe.shut_page(&known).await.unwrap();
    rig.stripe.shut_page(&known).await.unwrap();
    assert_eq!(rig.fake.look(|state| state.pay("cs_1", GOOD)), None);
    let declined = rig.stripe.look_up(&known).await;
    assert!(matches!(declined, Err(PaymentError::Declined { .. })), "{declined:?}");

    // One that nobody shuts is shut by its time; one that could not be opened in time is not opened any more.
    rig.stripe.execute(&asked(2)).await.unwrap();
    rig.clock.advance(Duration::from_hours(12));
    let known = PaymentRequest { known_as: Some("cs_2".into()), ..asked(2) };
    for late in [rig.stripe.look_up(&known).await, rig.stripe.execute(&asked(3)).await.map(Some)] {
        assert!(matches!(late, Err(PaymentError::Declined { .. })), "{late:?}");
    }
    assert_eq!(pages(&rig), 2);
}

#[tokio::test]
async fn a_page_of_another_order_or_amount_is_none_of_ours() {
    let rig = rig(GOOD, []);
    let opened = rig.stripe.execute(&asked(1)).await.unwrap();
    let other = PaymentRequest {
        known_as: Some(opened.provider_ref),
        amount: asked(1).amount.times(2).unwrap(),
        ..asked(1)
    };
    let seen = rig.stripe.look_up(&other).await;
    assert!(matches!(seen, Err(PaymentError::Unavailable { .. })), "{seen:?}");
}

impl Place {
    async fn place_order(&self) -> OrderId {
        let order = PlaceOrder::of(vec![PlaceLine::sku("MUG", 1)]);
        self.shop.orders().place(order).await.unwrap().order.id
    }

    async fn open_page(&self, order_id: OrderId) -> PaymentId {
        let request =
            OpenPaymentPage { order_id, provider: KIND.into(), amount: None, return_url: BACK.into() };
        self.shop.payments().open_page(request).await.unwrap().payment.id
    }

    async fn view(&self, payment_id: PaymentId) -> PaymentView {
        self.shop.payments().get(GetPayment { payment_id }).await.unwrap()
    }

    async fn work(&self, minutes: u64) {
        for _ in 0..minutes {
            self.engine.settle().await.unwrap();
            self.clock.advance(Duration::from_mins(1));
        }
        self.engine.settle().await.unwrap();
    }
}

#[tokio::test]
async fn an_order_is_paid_on_a_page_and_hears_of_it_at_once() {
    let place = place().await;
    let order_id = place.place_order().await;
    let payment_id = place.open_page(order_id).await;
    place.engine.settle().await.unwrap();
    let view = place.view(payment_id).await;
    assert_eq!(view.txns[0].page_url.as_deref(), Some("https://checkout.stripe.example/pay/cs_1"));
    assert_eq!(view.txns[0].state, TxnState::Pending);
    // A long while later the customer pays; Stripe's word of it does not wait for the next look.
    place.work(60).await;
    let told = place.fake.look(|state| state.pay("cs_1", GOOD)).unwrap();
    place.deliver(&told).await;
    place.engine.settle().await.unwrap();
    let view = place.view(payment_id).await;
    assert_eq!((view.txns[0].state, view.txns[0].page_url.clone()), (TxnState::Succeeded, None));
    place.deliver(&told).await;
    let capture = MovePayment { payment_id, step: PaymentStep::Capture, amount: None, reason: None };
    place.shop.payments().shift(capture).await.unwrap();
    place.work(30).await;
    let order = place.shop.orders().get(GetOrder { order_id }).await.unwrap().order;
    assert_eq!(order.state, OrderState::Confirmed);
    assert_eq!(place.view(payment_id).await.payment.captured.minor(), 2_000);
    prove(&place.engine).await;
}

#[tokio::test]
async fn without_deliveries_it_is_heard_of_all_the_same() {
    let place = place().await;
    let payment_id = place.open_page(place.place_order().await).await;
    place.work(1).await;
    place.fake.look(|state| state.pay("cs_1", GOOD)).unwrap();
    place.work(20).await;
    assert_eq!(place.view(payment_id).await.txns[0].state, TxnState::Succeeded);
}

#[tokio::test]
async fn a_page_is_shut_when_its_order_is_called_off_or_its_time_is_over() {
    let place = place().await;
    let order_id = place.place_order().await;
    let payment_id = place.open_page(order_id).await;
    place.work(1).await;
    let cancel = CancelOrder { order_id, lines: Vec::new(), reason: "sold out".into() };
    place.shop.orders().cancel(cancel).await.unwrap();
    place.work(20).await;
    assert_eq!(place.fake.look(|state| state.pay("cs_1", GOOD)), None, "it is shut");
    assert_eq!(place.view(payment_id).await.txns[0].state, TxnState::Failed);

    let order_id = place.place_order().await;
    let payment_id = place.open_page(order_id).await;
    for _ in 0..13 {
        place.work(1).await;
        place.clock.advance(Duration::from_hours(1));
    }
    place.work(20).await;
    let view = place.view(payment_id).await;
    assert_eq!((view.txns[0].state, view.payment.authorised.minor()), (TxnState::Failed, 0));
    // The order can be paid another time.
    place.open_page(order_id).await;
    place.work(1).await;
    assert_eq!(place.fake.look(|state| state.pages.len()), 3);
    prove(&place.engine).await;
}

#[tokio::test]
async fn a_customer_who_pays_while_the_order_is_called_off_has_the_money_again() {
    let place = place().await;
    let order_id = place.place_order().await;
    place.open_page(order_id).await;
    place.work(1).await;
    let cancel = CancelOrder { order_id, lines: Vec::new(), reason: "sold out".into() };
    place.shop.orders().cancel(cancel).await.unwrap();
    place.fake.look(|state| state.pay("cs_1", GOOD)).unwrap();
    place.work(60).await;
    let held = place.fake.look(|state| state.intents[0]["amount_capturable"].clone());
    assert_eq!(held, 0);
    prove(&place.engine).await;
}

#[tokio::test]
async fn on_a_bad_day_each_order_has_one_page_and_one_payment() {
    let place = place().await;
    place.fake.server.plan(bad_day());
    let mut payments = Vec::new();
    for _ in 0..12 {
        payments.push(place.open_page(place.place_order().await).await);
    }
    place.work(90).await;
    assert_eq!(place.fake.look(|state| state.pages.len()), 12);
    for number in 1..=12 {
        let told = place.fake.look(|state| state.pay(&format!("cs_{number}"), GOOD)).unwrap();
        if number % 2 == 0 {
            place.deliver(&told).await;
        }
    }
    place.work(120).await;
    for payment in payments {
        assert_eq!(place.view(payment).await.txns[0].state, TxnState::Succeeded);
    }
    assert_eq!(place.fake.look(|state| state.intents.len()), 12);
    prove(&place.engine).await;
}

#[tokio::test]
async fn customers_are_sent_back_to_the_shop_alone() {
    let place = place().await;
    let order_id = place.place_order().await;
    let request = OpenPaymentPage {
        order_id,
        provider: KIND.into(),
        amount: None,
        return_url: "javascript:alert(1)".into(),
    };
    let refused = place.shop.payments().open_page(request).await.unwrap_err();
    assert_eq!((refused.kind(), refused.field()), (Kind::Invalid, Some("return_url")), "{refused}");
    assert_eq!(place.fake.look(|state| state.pages.len()), 0);
}
