//! The channel against its port's contract, on good days and bad ones.

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::channel_conformance;
use baddie_core::ids::{EntityId, ListingId, PaymentTxnId};
use baddie_core::listings::{
    Channel, ChannelError, ChannelRefund, EndReason, Offer, Picture, Presentation, SalesChannel,
};
use baddie_core::money::{Currency, Money};
use baddie_core::payments::PaymentError;
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::channel::{ChannelRig, connect, offer};
use baddie_integrations::http::Limits;
use baddie_integrations::secret::Secret;
use baddie_integrations::webflow::{Config, KIND, Webflow};
use serde_json::{Value, json};

use super::fake::{Fake, TOKEN};
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

pub(crate) struct Rig {
    pub(crate) clock: FixedClock,
    pub(crate) fake: Fake,
    pub(crate) webflow: Webflow,
    pub(crate) at: Channel,
}

pub(crate) fn rig(faults: impl IntoIterator<Item = Fault>) -> Rig {
    rig_within(Duration::from_secs(1), faults)
}

/// A rig that waits no longer than this for an answer.
pub(crate) fn rig_within(attempt: Duration, faults: impl IntoIterator<Item = Fault>) -> Rig {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    fake.server.plan(faults);
    let mut config = config(&fake);
    config.limits.attempt = attempt;
    let webflow = Webflow::new(http(&clock), &config).unwrap();
    let at = connect(1, KIND, &webflow, Value::Null);
    Rig { clock, fake, webflow, at }
}

pub(crate) fn config(fake: &Fake) -> Config {
    let limits = Limits { attempt: Duration::from_secs(1), answer: 1 << 20, ..Limits::default() };
    Config { base: fake.base(), limits, ..Config::new(Secret::new(TOKEN)) }
}

/// A day on which two calls of three go astray, each in its way.
pub(crate) fn bad_day() -> impl Iterator<Item = Fault> {
    let wait = Fault::Instead(Reply::new(429, "{}").header("retry-after", "2"));
    let says = |status| Fault::Instead(Reply::new(status, "<html>"));
    let round = [
        Fault::DropAfter,
        Fault::None,
        says(500),
        Fault::DropBefore,
        Fault::None,
        Fault::Truncated,
        wait,
        Fault::None,
        says(503),
        Fault::Giant,
        Fault::None,
        says(429),
    ];
    std::iter::repeat_n(round, 60).flatten()
}

#[async_trait]
impl ChannelRig for Rig {
    fn port(&self) -> &dyn SalesChannel {
        &self.webflow
    }

    fn at(&self) -> &Channel {
        &self.at
    }

    async fn sell(&self, external_id: &str, qty: i64) -> String {
        self.fake.look(|state| state.sell(external_id, qty))
    }

    async fn count(&self, key: ListingId) -> usize {
        let slug = key.to_string().replace('_', "-");
        self.fake.look(|state| {
            let ours =
                |product: &&super::fake::Product| product.fields["slug"] == *slug && product.shown.is_some();
            state.products.values().filter(ours).count()
        })
    }

    async fn given_back(&self, order: &str) -> i64 {
        self.fake.look(|state| {
            let order = state.orders.iter().find(|known| known["orderId"] == order).unwrap();
            let paid: i64 = order["customerPaid"]["value"].as_str().unwrap().parse().unwrap();
            if order["status"] == "refunded" { paid } else { 0 }
        })
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

// Webflow knows an order as all on its way or not at all, so it cannot be told of one parcel after the other:
// `a_parcel_told_again_is_told_once` is not among these, and what it is told is tried beside the orders.
channel_conformance!([tokio::test] a_good_day, || rig([]), [
    what_is_published_is_found
    each_key_has_one_listing
    an_unknown_key_is_not_found
    unfit_content_is_rejected
    a_revision_shows
    what_never_was_cannot_be_revised
    ending_twice_succeeds
    what_has_ended_stays_ended
    a_sale_lowers_what_is_offered
    every_sale_is_told
    notices_told_again_say_the_same
    a_channel_pulled_dry_is_silent
    a_refund_asked_again_is_given_once
]);
channel_conformance!([tokio::test] a_bad_day, || rig(bad_day()), [
    what_is_published_is_found
    each_key_has_one_listing
    an_unknown_key_is_not_found
    unfit_content_is_rejected
    a_revision_shows
    what_never_was_cannot_be_revised
    ending_twice_succeeds
    what_has_ended_stays_ended
    a_sale_lowers_what_is_offered
    every_sale_is_told
    notices_told_again_say_the_same
    a_channel_pulled_dry_is_silent
    a_refund_asked_again_is_given_once
]);

pub(crate) async fn published(rig: &Rig, qty: i64) -> String {
    rig.webflow.publish(&rig.at, &Offer { qty, ..offer(1) }).await.unwrap().external_id
}

fn product(rig: &Rig) -> super::fake::Product {
    rig.fake.look(|state| state.products.values().next().unwrap().clone())
}

#[tokio::test]
async fn a_listing_is_a_product_that_is_counted_before_it_is_seen() {
    let rig = rig([]);
    let shown = rig.webflow.publish(&rig.at, &Offer { qty: 3, ..offer(1) }).await.unwrap();
    let product = product(&rig);
    let slug = offer(1).key.to_string().replace('_', "-");
    assert_eq!(shown.url, Some(format!("https://shop.example.com/product/{slug}")));
    assert_eq!((product.quantity, product.draft, product.archived), (Some(3), false, false));
    assert_eq!(product.sku["price"], json!({"value": 1251, "unit": "GBP", "currency": "GBP"}));
    assert_eq!(
        (&product.sku["sku"], &product.fields["description"]),
        (&json!("MUG-1"), &json!(offer(1).description))
    );
    // Made ready, counted, shown: in this order.
    let heard = rig.fake.server.heard();
    let at = |method: &str, end: &str| {
        heard.iter().position(|heard| heard.method == method && heard.path.ends_with(end))
    };
    assert!(at("POST", "/products") < at("PATCH", "/inventory"), "{heard:?}");
    assert!(
        at("PATCH", "/inventory") < at("PATCH", &format!("/products/{}", shown.external_id)),
        "{heard:?}"
    );
}

/// An offer of the first thing with this picture, after that one was confirmed.
fn pictured(name: &str, last: Option<&Offer>) -> Offer {
    let url = format!("https://pictures.example/{name}.jpg");
    let pictures = vec![Picture { url, alt: String::new() }];
    let shows = Presentation { pictures, ..Presentation::default() };
    Offer { shows, shown: last.map(|last| last.shows.hash()), ..offer(1) }
}

/// The picture of the only product, and how often Webflow was told of one.
fn picture(rig: &Rig) -> (Value, usize) {
    let heard = rig.fake.server.heard();
    let told = heard.iter().filter(|heard| heard.body.windows(10).any(|part| part == b"main-image"));
    (product(rig).sku["main-image"].clone(), told.count())
}

#[tokio::test]
async fn the_foremost_picture_is_shown_and_told_once() {
    let rig = rig([]);
    let front = pictured("front", None);
    let id = rig.webflow.publish(&rig.at, &front).await.unwrap().external_id;
    assert_eq!(picture(&rig), (json!("https://pictures.example/front.jpg"), 1));
    let dearer = Offer { price: Money::new(1500, Currency::GBP), ..pictured("front", Some(&front)) };
    rig.webflow.revise(&rig.at, &id, &dearer).await.unwrap();
    assert_eq!(picture(&rig).1, 1, "it is not fetched again, whatever else changes");
    let back = pictured("back", Some(&front));
    rig.webflow.revise(&rig.at, &id, &back).await.unwrap();
    assert_eq!(picture(&rig), (json!("https://pictures.example/back.jpg"), 2));
    // Where the shop has none to show, the one that is there stays.
    rig.webflow.revise(&rig.at, &id, &offer(1)).await.unwrap();
    assert_eq!(picture(&rig), (json!("https://pictures.example/back.jpg"), 2));
    // A product that is gone and made anew shows it again.
    rig.fake.look(|state| state.products.clear());
    rig.webflow.publish(&rig.at, &pictured("back", Some(&back))).await.unwrap();
    assert_eq!(picture(&rig), (json!("https://pictures.example/back.jpg"), 3));
}

#[tokio::test]
async fn a_picture_arrives_whatever_is_lost_on_the_way() {
    for lost in 0..6 {
        for fault in [Fault::DropBefore, Fault::DropAfter, Fault::Truncated] {
            let rig = rig(std::iter::repeat_n(Fault::None, lost).chain([fault]));
            // It was another one when it was asked for first.
            let first = rig.webflow.publish(&rig.at, &pictured("front", None)).await;
            let back = pictured("back", None);
            while first.is_err() && rig.webflow.publish(&rig.at, &back).await.is_err() {}
            let id = match &first {
                Ok(first) => first.external_id.clone(),
                Err(_) => rig.fake.look(|state| state.products.keys().next().unwrap().clone()),
            };
            while rig.webflow.revise(&rig.at, &id, &back).await.is_err() {}
            assert_eq!(picture(&rig).0, "https://pictures.example/back.jpg", "{lost}");
        }
    }
}

#[tokio::test]
async fn what_was_sold_meanwhile_is_not_offered_again() {
    let rig = rig([]);
    let id = published(&rig, 5).await;
    rig.fake.look(|state| state.sell(&id, 1));
    let told = |qty, seen| Offer { qty, seen: Some(seen), ..offer(1) };
    let refused = rig.webflow.revise(&rig.at, &id, &told(6, 5)).await;
    assert_eq!(refused, Err(ChannelError::Moved { qty: 4 }));
    let shown = rig.webflow.revise(&rig.at, &id, &told(4, 5)).await.unwrap();
    assert_eq!(shown.qty, 4, "what it is told is what it has: there is nothing to change");
    assert_eq!(rig.webflow.revise(&rig.at, &id, &told(7, 4)).await.unwrap().qty, 7);
}

#[tokio::test]
async fn a_quantity_whose_answer_was_lost_is_not_set_again() {
    let rig = rig([]);
    let id = published(&rig, 5).await;
    // The product and the quantity are looked at, the words are as they were; then the answer is lost.
    rig.fake.server.plan([Fault::None, Fault::None, Fault::DropAfter]);
    let answer = rig.webflow.revise(&rig.at, &id, &Offer { qty: 9, seen: Some(5), ..offer(1) }).await;
    assert!(matches!(answer, Err(ChannelError::Unknown { .. })), "{answer:?}");
    rig.fake.look(|state| state.sell(&id, 2));
    let seen = rig.webflow.look_up(&rig.at, offer(1).key, None).await.unwrap().unwrap();
    assert_eq!(seen.qty, 7, "two of nine were sold, and are not there again");
}

#[tokio::test]
async fn what_nobody_counts_is_counted() {
    let rig = rig([]);
    let id = published(&rig, 5).await;
    rig.fake.look(|state| state.products.get_mut(&id).unwrap().quantity = None);
    let seen = rig.webflow.look_up(&rig.at, offer(1).key, None).await.unwrap().unwrap();
    assert!(seen.qty > 1_000_000, "it sells without end: {}", seen.qty);
    let shown = rig.webflow.revise(&rig.at, &id, &Offer { qty: 5, seen: Some(5), ..offer(1) }).await.unwrap();
    assert_eq!((shown.qty, product(&rig).quantity), (5, Some(5)));
}

#[tokio::test]
async fn an_ended_listing_has_nothing_left_and_is_put_away() {
    let rig = rig([]);
    let id = published(&rig, 5).await;
    rig.webflow.end(&rig.at, &id).await.unwrap();
    let gone = product(&rig);
    assert_eq!((gone.quantity, gone.archived), (Some(0), true));
    let seen = rig.webflow.look_up(&rig.at, offer(1).key, None).await.unwrap().unwrap();
    assert_eq!(seen.ended, Some(EndReason::Channel));
    for strange in ["no-such-listing", "", "../orders", "a/b"] {
        assert_eq!(rig.webflow.end(&rig.at, strange).await, Err(ChannelError::NotThere), "{strange}");
    }
}

#[tokio::test]
async fn what_was_begun_is_finished_and_not_begun_again() {
    let rig = rig([]);
    published(&rig, 1).await;
    // A product that was made, and of which nobody heard more.
    rig.fake.look(|state| {
        let product = state.products.values_mut().next().unwrap();
        (product.shown, product.draft, product.quantity) = (None, true, None);
        product.fields.insert("name".into(), "Half a mug".into());
    });
    assert_eq!(rig.webflow.look_up(&rig.at, offer(1).key, None).await, Ok(None));
    let shown = rig.webflow.publish(&rig.at, &Offer { qty: 2, ..offer(1) }).await.unwrap();
    let there = product(&rig);
    assert_eq!((shown.qty, there.quantity, there.draft), (2, Some(2), false));
    assert_eq!(
        (rig.fake.look(|state| state.products.len()), &there.fields["name"]),
        (1, &json!(offer(1).title))
    );
}

#[tokio::test]
async fn products_that_are_no_items_are_looked_through() {
    let rig = rig([]);
    rig.fake.look(|state| (state.as_items, state.most) = (false, 3));
    for number in 1..=7 {
        rig.webflow.publish(&rig.at, &offer(number)).await.unwrap();
        rig.webflow.publish(&rig.at, &offer(number)).await.unwrap();
    }
    assert_eq!(rig.fake.look(|state| state.products.len()), 7);
    assert!(rig.webflow.look_up(&rig.at, offer(7).key, None).await.unwrap().is_some());
    assert_eq!(rig.webflow.look_up(&rig.at, offer(8).key, None).await, Ok(None));
}

#[tokio::test]
async fn a_slug_that_turns_out_to_be_taken_is_ours() {
    let rig = rig([]);
    let id = published(&rig, 1).await;
    // The site and where it keeps things are known by now; the index of its items is late.
    rig.fake.server.plan([Fault::Instead(Reply::new(200, r#"{"items":[],"pagination":{"total":0}}"#))]);
    let shown = rig.webflow.publish(&rig.at, &Offer { qty: 2, ..offer(1) }).await.unwrap();
    assert_eq!((shown.external_id, shown.qty), (id, 2));
}

#[tokio::test]
async fn words_change_alone() {
    let rig = rig([]);
    let id = published(&rig, 1).await;
    let before = rig.fake.server.heard().len();
    let worded = Offer { description: "Blue & white, <b>5</b> \"cm\"".into(), ..offer(1) };
    rig.webflow.revise(&rig.at, &id, &worded).await.unwrap();
    let changes: Vec<_> =
        rig.fake.server.heard()[before..].iter().filter(|heard| heard.method == "PATCH").cloned().collect();
    assert_eq!(changes.len(), 1, "neither its price nor its quantity was touched: {changes:?}");
    assert_eq!(product(&rig).fields["description"], "Blue & white, <b>5</b> \"cm\"");
}

#[tokio::test]
async fn a_site_that_sells_otherwise_is_not_sold_in() {
    let rig = rig([]);
    let euros = Channel { currency: Currency::EUR, ..rig.at.clone() };
    let offer_in = Offer { price: Money::new(100, Currency::EUR), ..offer(1) };
    let answer = rig.webflow.publish(&euros, &offer_in).await;
    let Err(ChannelError::Rejected { reason }) = answer else { panic!("{answer:?}") };
    assert!(reason.contains("sells in GBP, the channel in EUR"), "{reason}");
    let wrong = |settings: Value| Channel { settings, ..rig.at.clone() };
    for (settings, why) in
        [(json!({"place": 1}), "place"), (json!({"site": "elsewhere"}), "does not open the site")]
    {
        let answer = rig.webflow.pull(&wrong(settings), None).await;
        assert!(
            matches!(&answer, Err(ChannelError::Rejected { reason }) if reason.contains(why)),
            "{answer:?}"
        );
    }
    rig.fake.look(|state| state.others.push("780e63e98c9a982ac9b8b741"));
    let named = wrong(json!({"site": super::fake::SITE}));
    assert!(rig.webflow.publish(&named, &offer(1)).await.is_ok());

    let quiet = self::rig([]);
    quiet.fake.look(|state| state.sells = false);
    let answer = quiet.webflow.publish(&quiet.at, &offer(1)).await;
    assert!(matches!(answer, Err(ChannelError::Refused { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_token_that_is_withdrawn_is_waited_for_and_never_shown() {
    let rig = rig([]);
    let token = Secret::new("wf_canary_withdrawn");
    let config = Config { token: token.clone(), ..config(&rig.fake) };
    let webflow = Webflow::new(http(&rig.clock), &config).unwrap();
    let answer = webflow.publish(&rig.at, &offer(1)).await.unwrap_err();
    assert!(matches!(&answer, ChannelError::Unavailable { .. }), "{answer:?}");
    let repeated = Reply::new(401, format!(r#"{{"message":"the token {} is wrong"}}"#, token.expose()));
    rig.fake.server.plan([Fault::Instead(repeated)]);
    let tattled = webflow.publish(&rig.at, &offer(1)).await.unwrap_err();
    assert!(!format!("{answer} {answer:?} {tattled} {tattled:?} {config:?}").contains(token.expose()));
}

#[tokio::test]
async fn an_order_goes_back_whole_or_not_at_all() {
    let rig = rig([]);
    let shown = rig.webflow.publish(&rig.at, &offer(1)).await.unwrap();
    let order = rig.fake.look(|state| state.sell(&shown.external_id, 1));
    let part = ChannelRefund {
        key: PaymentTxnId::from_u128(1),
        order: order.clone(),
        amount: Money::new(500, Currency::GBP),
    };
    let Err(PaymentError::Declined { reason }) = rig.webflow.refund(&rig.at, &part).await else {
        panic!("it gives parts back")
    };
    assert!(reason.contains("gives an order back whole"), "{reason}");
    assert_eq!(rig.given_back(&order).await, 0);
}
