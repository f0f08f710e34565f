//! Orders, as they come in.

use std::time::Duration;

use baddie_core::listings::{Channel, ChannelError, ChannelNotice, ImportedOrder, Offer, SalesChannel, Told};
use baddie_core::money::{Currency, Money, Ppm};
use baddie_core::testing::ports::channel::offer;
use serde_json::{Value, json};

use super::channel::{Rig, rig};

fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

/// Everything there is to tell since the cursor.
async fn pull(rig: &Rig, cursor: &mut Option<String>) -> Vec<ChannelNotice> {
    let mut notices = Vec::new();
    loop {
        let page = rig.shopify.pull(&rig.at, cursor.as_deref()).await.unwrap();
        notices.extend(page.notices);
        *cursor = page.cursor;
        if !page.more {
            return notices;
        }
    }
}

fn order(notice: &ChannelNotice) -> &ImportedOrder {
    let Told::Order(order) = &notice.told else { panic!("{notice:?}") };
    order
}

fn money(amount: &str) -> Value {
    json!({"shopMoney": {"amount": amount, "currencyCode": "GBP"}})
}

fn line(qty: i64, total: &str, taxes: &[Value]) -> Value {
    json!({
        "id": "gid://shopify/LineItem/1", "sku": "MUG", "quantity": qty, "product": null,
        "discountedTotalSet": money(total), "taxLines": taxes,
    })
}

#[tokio::test]
async fn an_order_comes_in_as_it_is() {
    let rig = rig([]);
    let vat =
        json!({"title": "VAT", "ratePercentage": 20.0, "channelLiable": null, "priceSet": money("2.00")});
    let theirs =
        json!({"title": "State", "ratePercentage": 8.25, "channelLiable": true, "priceSet": money("0.5")});
    let id = rig.fake.look(|state| {
        let id = state.order(&[line(3, "10.00", &[vat]), line(1, "5.0", &[theirs])]);
        state.change(&id, |order| order["displayFinancialStatus"] = "PARTIALLY_REFUNDED".into());
        id
    });
    let notices = pull(&rig, &mut None).await;
    let told = order(&notices[0]);
    assert_eq!((notices.len(), told.external_id.as_str()), (1, id.as_str()));
    assert_eq!((told.paid, told.cancelled, told.shipping), (true, false, gbp(395)));
    assert_eq!((told.buyer.as_deref(), told.fees), (Some("Ada Byron"), None));
    let lines: Vec<_> = told.lines.iter().map(|line| (line.qty, line.unit_price, line.taxes.len())).collect();
    assert_eq!(lines, [(2, gbp(333), 1), (1, gbp(334), 0), (1, gbp(500), 1)], "no penny is lost");
    let tax = &told.lines[2].taxes[0];
    assert_eq!((tax.rate, tax.amount, tax.facilitator), (Ppm(82_500), gbp(50), true));
}

#[tokio::test]
async fn prices_that_hold_their_tax_are_told_without_it() {
    let rig = rig([]);
    let vat =
        json!({"title": "VAT", "ratePercentage": 20.0, "channelLiable": false, "priceSet": money("4.00")});
    rig.fake.look(|state| {
        let id = state.order(&[line(2, "24.00", &[vat])]);
        state.change(&id, |order| order["taxesIncluded"] = true.into());
    });
    let notices = pull(&rig, &mut None).await;
    let line = &order(&notices[0]).lines[0];
    assert_eq!((line.unit_price, line.taxes[0].amount), (gbp(1_000), gbp(400)));
}

#[tokio::test]
async fn an_order_of_many_lines_comes_in_whole() {
    let rig = rig([]);
    let lines: Vec<_> = (1..=137).map(|number| line(number, "137.00", &[])).collect();
    rig.fake.look(|state| state.order(&lines));
    let notices = pull(&rig, &mut None).await;
    let sold: i64 = order(&notices[0]).lines.iter().map(|line| line.qty).sum();
    assert_eq!(sold, (1..=137).sum::<i64>());
}

#[tokio::test]
async fn what_changed_is_told_again_and_what_did_not_is_not() {
    let rig = rig([]);
    let mut cursor = None;
    let ids: Vec<_> = (0..12).map(|_| rig.fake.look(|state| state.order(&[line(1, "1.00", &[])]))).collect();
    assert_eq!(pull(&rig, &mut cursor).await.len(), 12);
    assert_eq!(pull(&rig, &mut cursor).await, []);
    rig.clock.advance(Duration::from_secs(1));
    let cancelled = rig.clock.clone();
    rig.fake.look(|state| {
        let now = baddie_core::clock::Clock::now(&cancelled).to_string();
        state.change(&ids[3], |order| order["cancelledAt"] = now.into());
    });
    let notices = pull(&rig, &mut cursor).await;
    assert_eq!(notices.len(), 1);
    assert!(order(&notices[0]).cancelled && order(&notices[0]).external_id == ids[3]);
}

#[tokio::test]
async fn what_the_search_finds_late_is_not_missed() {
    let rig = rig([]);
    rig.fake.look(|state| state.lag = Duration::from_secs(90));
    let mut cursor = None;
    let mut told = 0;
    for _ in 0..40 {
        rig.fake.look(|state| state.order(&[line(1, "1.00", &[])]));
        told += pull(&rig, &mut cursor).await.len();
        rig.clock.advance(Duration::from_secs(17));
    }
    rig.clock.advance(Duration::from_mins(5));
    told += pull(&rig, &mut cursor).await.len();
    assert_eq!((told, pull(&rig, &mut cursor).await.len()), (40, 0));
    // What is remembered does not grow with the shop.
    assert!(cursor.unwrap().len() < 2_000);
}

#[tokio::test]
async fn who_bought_is_asked_where_it_may_be_seen() {
    let rig = rig([]);
    rig.fake.look(|state| state.people = false);
    rig.fake.look(|state| state.order(&[line(1, "1.00", &[])]));
    let refused = rig.shopify.pull(&rig.at, None).await;
    assert!(
        matches!(&refused, Err(ChannelError::Unavailable { reason }) if reason.contains("approved")),
        "{refused:?}"
    );
    let unseen = Channel { settings: json!({"people": false}), ..rig.at.clone() };
    let told = rig.shopify.pull(&unseen, None).await.unwrap();
    assert_eq!(order(&told.notices[0]).buyer, None);
}

#[tokio::test]
async fn orders_that_make_no_sense_are_errors_and_no_panics() {
    for (qty, total) in [(-1, "1.00"), (1, "1.001"), (1, "much"), (1, "-1.00")] {
        let rig = rig([]);
        rig.fake.look(|state| state.order(&[line(qty, total, &[])]));
        let answer = rig.shopify.pull(&rig.at, None).await;
        assert!(matches!(answer, Err(ChannelError::Unavailable { .. })), "{qty} {total}: {answer:?}");
    }
    let rig = rig([]);
    rig.fake.look(|state| state.order(&[line(0, "0.00", &[]), line(1, "1.00", &[])]));
    let told = rig.shopify.pull(&rig.at, None).await.unwrap();
    assert_eq!(order(&told.notices[0]).lines.len(), 1, "what was taken out again is not there");
    let odd = rig.shopify.pull(&rig.at, Some("{}")).await;
    assert!(matches!(odd, Err(ChannelError::Rejected { .. })), "{odd:?}");
    rig.clock.advance(Duration::from_secs(1));
    let before = Channel { created_at: baddie_core::clock::Clock::now(&rig.clock), ..rig.at.clone() };
    rig.clock.advance(Duration::from_secs(1));
    let shown = rig.shopify.publish(&before, &Offer { qty: 1, ..offer(1) }).await.unwrap();
    rig.fake.sell(&shown.external_id, 1);
    assert_eq!(rig.shopify.pull(&before, None).await.unwrap().notices.len(), 1);
}
