//! Orders, as they come in; and the word that they are on their way.

use std::time::Duration;

use baddie_core::clock::Clock;
use baddie_core::listings::{
    Channel, ChannelError, ChannelNotice, ImportedOrder, SalesChannel, SentGoods, SentParcel, Told,
};
use baddie_core::money::{Currency, Money};
use serde_json::{Value, json};

use super::channel::{Rig, published, rig};
use super::fake::{extra, money};

fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

/// Everything there is to tell since the cursor.
async fn pull(rig: &Rig, cursor: &mut Option<String>) -> Vec<ChannelNotice> {
    let mut notices = Vec::new();
    loop {
        let page = rig.webflow.pull(&rig.at, cursor.as_deref()).await.unwrap();
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

fn line(qty: i64, total: i64) -> Value {
    json!({"count": qty, "rowTotal": money(total), "productId": "p1", "variantSKU": "MUG"})
}

fn place(rig: &Rig, lines: Vec<Value>, extras: &[Value], total: i64) -> String {
    rig.fake.look(|state| state.place(lines, extras, total))
}

fn one(rig: &Rig) -> String {
    place(rig, vec![line(1, 100)], &[], 100)
}

/// The lines of the one order that is told: how many, for how much, with how many taxes.
async fn lines_told(rig: &Rig) -> (ImportedOrder, Vec<(i64, Money, Vec<i64>)>) {
    let notices = pull(rig, &mut None).await;
    assert_eq!(notices.len(), 1);
    let told = order(&notices[0]).clone();
    let taxes = |line: &baddie_core::listings::ImportedLine| {
        line.taxes.iter().map(|tax| tax.amount.minor()).collect()
    };
    let lines = told.lines.iter().map(|line| (line.qty, line.unit_price, taxes(line))).collect();
    (told, lines)
}

/// What an order comes to as it was told.
fn sum(told: &ImportedOrder) -> i64 {
    let line = |line: &baddie_core::listings::ImportedLine| {
        let taxes: i64 = line.taxes.iter().map(|tax| tax.amount.minor()).sum();
        line.unit_price.minor() * line.qty + taxes
    };
    told.shipping.minor() + told.lines.iter().map(line).sum::<i64>()
}

#[tokio::test]
async fn an_order_comes_in_as_it_is() {
    let rig = rig([]);
    let extras = [
        extra("tax", "State Taxes", 60),
        extra("tax", "City Taxes", 31),
        extra("shipping", "Flat", 395),
        extra("discount", "Spring", -100),
        extra("something-new", "?", 7),
    ];
    rig.fake.look(|state| state.newer = true);
    let id = place(&rig, vec![line(3, 1_000), line(1, 500)], &extras, 1_886);
    let (told, lines) = lines_told(&rig).await;
    assert_eq!((told.external_id.as_str(), told.paid, told.cancelled), (id.as_str(), true, false));
    assert_eq!(
        (told.shipping, told.fees, told.buyer.as_deref()),
        (gbp(395), Some(gbp(40)), Some("Ada Byron"))
    );
    // A hundred less: 67 and 33; no penny is lost.
    assert_eq!(lines, [(3, gbp(311), vec![40, 21]), (1, gbp(467), vec![20, 10])]);
    assert_eq!((sum(&told), told.lines[0].sku.as_deref()), (1_886, Some("MUG")));
    assert_eq!(told.lines[0].taxes[1].jurisdiction, "City Taxes");
}

#[tokio::test]
async fn what_cannot_be_shared_evenly_makes_two_lines() {
    let rig = rig([]);
    place(&rig, vec![line(3, 1_000)], &[], 1_000);
    let (_, lines) = lines_told(&rig).await;
    assert_eq!(lines, [(2, gbp(333), vec![]), (1, gbp(334), vec![])]);
}

#[tokio::test]
async fn prices_that_hold_their_tax_are_told_without_it() {
    let rig = rig([]);
    let extras =
        [extra("tax", "VAT", 400), extra("shipping", "Flat", 395), extra("discount-shipping", "Free", -395)];
    place(&rig, vec![line(2, 2_400)], &extras, 2_400);
    let (told, lines) = lines_told(&rig).await;
    assert_eq!((lines, told.shipping, sum(&told)), (vec![(2, gbp(1_000), vec![400])], gbp(0), 2_400));
}

#[tokio::test]
async fn what_costs_nothing_is_sold_for_nothing() {
    let rig = rig([]);
    let free = [extra("discount", "All of it", 500), extra("tax", "Odd", 1)];
    place(&rig, vec![line(1, 300), line(1, 200), line(0, 0)], &free, 1);
    let (told, lines) = lines_told(&rig).await;
    assert_eq!((lines.len(), sum(&told)), (2, 1));
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_not_made_up() {
    for spoil in [
        |order: &mut Value| order["totals"]["total"]["unit"] = "pounds".into(),
        |order: &mut Value| order["purchasedItems"][0]["rowTotal"]["unit"] = "USD".into(),
        |order: &mut Value| order["purchasedItems"][0]["rowTotal"]["value"] = "12.5".into(),
        |order: &mut Value| order["purchasedItems"][0]["count"] = (-1).into(),
    ] {
        let rig = rig([]);
        let id = one(&rig);
        rig.fake.look(|state| state.change(&id, |order, _| spoil(order)));
        let answer = rig.webflow.pull(&rig.at, None).await;
        assert!(matches!(answer, Err(ChannelError::Unavailable { .. })), "{answer:?}");
    }
}

#[tokio::test]
async fn what_changed_is_told_again_and_what_did_not_is_not() {
    let rig = rig([]);
    let mut cursor = None;
    let ids: Vec<_> = (0..12).map(|_| one(&rig)).collect();
    assert_eq!(pull(&rig, &mut cursor).await.len(), 12);
    assert_eq!(pull(&rig, &mut cursor).await, []);
    // Months later, long behind the others.
    rig.fake.look(|state| state.most = 3);
    rig.clock.advance(Duration::from_hours(24 * 90));
    for _ in 0..3 {
        one(&rig);
    }
    assert_eq!(pull(&rig, &mut cursor).await.len(), 3);
    for (id, status, stamp) in [
        (&ids[3], "refunded", "refundedOn"),
        (&ids[5], "disputed", "disputedOn"),
        (&ids[7], "fulfilled", "fulfilledOn"),
    ] {
        rig.fake.look(|state| {
            state.change(id, |order, now| {
                order["status"] = status.into();
                order[stamp] = json!(now);
            });
        });
    }
    let notices = pull(&rig, &mut cursor).await;
    let told: Vec<_> =
        notices.iter().map(|notice| (order(notice).external_id.as_str(), order(notice).cancelled)).collect();
    // What was sent over there is nothing to the books; what was given back unsent was called off.
    assert_eq!(told, [(ids[3].as_str(), true), (ids[5].as_str(), false)]);
    assert_eq!(pull(&rig, &mut cursor).await, []);
    // The dispute is lost, later.
    rig.clock.advance(Duration::from_hours(24 * 30));
    rig.fake.look(|state| {
        state.change(&ids[5], |order, now| {
            order["status"] = "dispute-lost".into();
            order["disputeUpdatedOn"] = json!(now);
        });
    });
    let lost = pull(&rig, &mut cursor).await;
    assert!(order(&lost[0]).external_version > order(&notices[1]).external_version && order(&lost[0]).paid);
    assert_eq!((lost.len(), pull(&rig, &mut cursor).await), (1, vec![]));
}

#[tokio::test]
async fn an_order_grows_in_version_however_it_goes() {
    let rig = rig([]);
    let id = one(&rig);
    let mut versions = Vec::new();
    let now = rig.clock.now();
    for (status, stamp) in [
        ("pending", None),
        ("unfulfilled", None),
        ("fulfilled", Some("fulfilledOn")),
        ("disputed", Some("disputedOn")),
        ("refunded", Some("refundedOn")),
    ] {
        // All within one moment.
        rig.fake.look(|state| {
            state.change(&id, |order, _| {
                order["status"] = status.into();
                if let Some(stamp) = stamp {
                    order[stamp] = json!(now);
                }
            });
        });
        let notices = pull(&rig, &mut None).await;
        versions.push(order(&notices[0]).external_version);
    }
    assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
}

#[tokio::test]
async fn who_waits_for_money_is_asked_after_each_time() {
    let rig = rig([]);
    let ids: Vec<_> = (0..25).map(|_| one(&rig)).collect();
    let turn = |id: &str, status: &str| {
        rig.fake.look(|state| state.change(id, |order, _| order["status"] = status.into()));
    };
    for id in &ids {
        turn(id, "pending");
    }
    rig.fake.look(|state| state.newer = true);
    turn(&ids[0], "a_new_word");
    rig.fake.look(|state| state.change(&ids[1], |order, _| order["acceptedOn"] = Value::Null));
    let mut cursor = None;
    let told = pull(&rig, &mut cursor).await;
    assert!(
        told.len() == 23 && told.iter().all(|notice| !order(notice).paid),
        "the others stand as nobody knows"
    );
    // Nothing but their word changes, and it is long ago that they were placed.
    rig.clock.advance(Duration::from_hours(48));
    assert_eq!(pull(&rig, &mut cursor).await, []);
    for id in [&ids[0], &ids[4], &ids[24]] {
        turn(id, "unfulfilled");
    }
    let paid = pull(&rig, &mut cursor).await;
    let mut names: Vec<_> = paid.iter().map(|notice| order(notice).external_id.clone()).collect();
    names.sort();
    let mut wanted = vec![ids[0].clone(), ids[4].clone(), ids[24].clone()];
    wanted.sort();
    assert_eq!(names, wanted);
    assert!(paid.iter().all(|notice| order(notice).paid));
    rig.fake.look(|state| state.change(&ids[1], |order, now| order["acceptedOn"] = json!(now)));
    assert_eq!(pull(&rig, &mut cursor).await.len(), 1);
    assert_eq!(pull(&rig, &mut cursor).await, []);
}

#[tokio::test]
async fn pages_are_gone_through_however_many_there_are() {
    for (most, count) in [(5, 0), (5, 4), (5, 5), (5, 6), (5, 10), (30, 30), (30, 31), (30, 95), (100, 250)] {
        let rig = rig([]);
        rig.fake.look(|state| state.most = most);
        for _ in 0..count {
            one(&rig);
        }
        let mut cursor = None;
        let told = pull(&rig, &mut cursor).await;
        assert_eq!((told.len(), pull(&rig, &mut cursor).await.len()), (count, 0), "{count} by {most}");
    }
}

#[tokio::test]
async fn orders_that_come_while_a_list_is_read_are_not_missed() {
    let rig = rig([]);
    rig.fake.look(|state| state.most = 25);
    let mut wanted: Vec<String> = (0..60).map(|_| one(&rig)).collect();
    let mut names = Vec::new();
    let mut cursor = None;
    for round in 0..60 {
        let page = rig.webflow.pull(&rig.at, cursor.as_deref()).await.unwrap();
        cursor = page.cursor;
        names.extend(page.notices.iter().map(|notice| order(notice).external_id.clone()));
        if round < 40 {
            wanted.push(one(&rig));
            rig.clock.advance(Duration::from_mins(7));
            // One of the others is given back in the middle of it.
            let id = wanted[round].clone();
            rig.fake.look(|state| {
                state.change(&id, |order, now| {
                    order["status"] = "refunded".into();
                    order["refundedOn"] = json!(now);
                });
            });
        }
    }
    for (index, id) in wanted.iter().enumerate() {
        let told = names.iter().filter(|name| *name == id).count();
        assert!(told >= 1, "{index} was missed");
        assert!(told <= 2, "{index} was told {told} times");
    }
    let last = rig.fake.look(|state| state.orders.clone());
    assert_eq!(last.iter().filter(|order| order["status"] == "refunded").count(), 40);
    // What is remembered does not grow with the shop.
    assert!(cursor.unwrap().len() < 3_000);
}

#[tokio::test]
async fn what_was_sold_before_the_site_was_connected_stays_out() {
    let mut rig = rig([]);
    let before = one(&rig);
    rig.clock.advance(Duration::from_secs(1));
    rig.at = Channel { created_at: rig.clock.now(), ..rig.at };
    let after = one(&rig);
    let mut cursor = None;
    let told = pull(&rig, &mut cursor).await;
    assert_eq!((told.len(), &order(&told[0]).external_id), (1, &after));
    rig.fake.look(|state| {
        state.change(&before, |order, now| {
            order["status"] = "refunded".into();
            order["refundedOn"] = json!(now);
        });
    });
    assert_eq!(pull(&rig, &mut cursor).await, []);
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused() {
    let rig = rig([]);
    for wrong in ["", "{}", "42", "[]", "\u{0}"] {
        let answer = rig.webflow.pull(&rig.at, Some(wrong)).await;
        assert!(matches!(answer, Err(ChannelError::Rejected { .. })), "{wrong}: {answer:?}");
    }
}

fn parcel(number: u32, listing: Option<&str>, qty: i64) -> SentParcel {
    SentParcel {
        carrier: Some("Swift Post".into()),
        tracking: Some(format!("SP-{number}")),
        goods: vec![SentGoods { listing_external_id: listing.map(str::to_owned), sku: "MUG-1".into(), qty }],
    }
}

#[tokio::test]
async fn an_order_is_on_its_way_when_all_of_it_left() {
    let rig = rig([]);
    let id = published(&rig, 6).await;
    let sold = rig.fake.look(|state| state.sell(&id, 6));
    let parcels = [parcel(1, Some(&id), 1), parcel(2, None, 2), parcel(3, Some(&id), 3)];
    for left in [1, 2, 3, 3] {
        rig.webflow.tell_parcels(&rig.at, &sold, &parcels[..left]).await.unwrap();
        let (status, letters) = rig.fake.look(|state| (state.orders[0]["status"].clone(), state.letters));
        let expected = if left == 3 { ("fulfilled", 1) } else { ("unfulfilled", 0) };
        assert_eq!((status.as_str().unwrap(), letters), expected);
    }
    let order = rig.fake.look(|state| state.orders[0].clone());
    assert_eq!(
        (&order["shippingProvider"], &order["shippingTracking"]),
        (&json!("Swift Post"), &json!("SP-1, SP-2, SP-3"))
    );
}

#[tokio::test]
async fn what_somebody_marked_over_there_is_not_told_again() {
    let rig = rig([]);
    let id = published(&rig, 1).await;
    let sold = rig.fake.look(|state| state.sell(&id, 1));
    rig.fake.look(|state| state.change(&sold, |order, _| order["status"] = "fulfilled".into()));
    rig.webflow.tell_parcels(&rig.at, &sold, &[parcel(1, Some(&id), 1)]).await.unwrap();
    assert_eq!(rig.fake.look(|state| state.letters), 0);
    for strange in ["fc7-999", "../x", ""] {
        let told = rig.webflow.tell_parcels(&rig.at, strange, &[parcel(1, Some(&id), 1)]).await;
        assert_eq!(told, Err(ChannelError::NotThere), "{strange}");
    }
}

#[tokio::test]
async fn what_left_although_its_money_went_back_is_somebodys_to_look_at() {
    let rig = rig([]);
    let id = published(&rig, 1).await;
    let sold = rig.fake.look(|state| state.sell(&id, 1));
    rig.fake.look(|state| state.change(&sold, |order, _| order["status"] = "refunded".into()));
    let told = rig.webflow.tell_parcels(&rig.at, &sold, &[parcel(1, Some(&id), 1)]).await;
    assert!(
        matches!(&told, Err(ChannelError::Refused { reason }) if reason.contains("refunded")),
        "{told:?}"
    );
}
