//! The channel against its port's contract, on good days and bad ones.

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::channel_conformance;
use baddie_core::ids::ListingId;
use baddie_core::listings::{Channel, ChannelError, Offer, Picture, Presentation, SalesChannel};
use baddie_core::money::{Currency, Money};
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::channel::{ChannelRig, connect, offer};
use baddie_integrations::http::Limits;
use baddie_integrations::secret::Secret;
use baddie_integrations::shopify::{Config, KIND, Shopify};
use serde_json::{Value, json};

use super::fake::{Fake, SHOP, TOKEN};
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

pub(crate) struct Rig {
    pub(crate) clock: FixedClock,
    pub(crate) fake: Fake,
    pub(crate) shopify: Shopify,
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
    let shopify = Shopify::new(http(&clock), &config).unwrap();
    let at = connect(1, KIND, &shopify, Value::Null);
    Rig { clock, fake, shopify, at }
}

pub(crate) fn config(fake: &Fake) -> Config {
    let limits = Limits { attempt: Duration::from_secs(1), answer: 1 << 20, ..Limits::default() };
    Config { base: Some(fake.server.base().to_owned()), limits, ..Config::new(SHOP, Secret::new(TOKEN)) }
}

/// A day on which two calls of three go astray, each in its way.
pub(crate) fn bad_day() -> impl Iterator<Item = Fault> {
    let wait = Fault::Instead(Reply::new(429, "{}").header("retry-after", "2"));
    let says = |status| Fault::Instead(Reply::new(status, "<html>"));
    let inside = json!({"errors": [{"message": "oh", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]});
    let round = [
        Fault::DropAfter,
        Fault::None,
        says(500),
        Fault::DropBefore,
        Fault::None,
        Fault::Truncated,
        wait,
        Fault::None,
        Fault::Instead(Reply::new(200, inside.to_string())),
        Fault::Giant,
        Fault::None,
        says(429),
    ];
    std::iter::repeat_n(round, 60).flatten()
}

#[async_trait]
impl ChannelRig for Rig {
    fn port(&self) -> &dyn SalesChannel {
        &self.shopify
    }

    fn at(&self) -> &Channel {
        &self.at
    }

    async fn sell(&self, external_id: &str, qty: i64) -> String {
        self.fake.sell(external_id, qty)
    }

    async fn count(&self, key: ListingId) -> usize {
        let key = key.to_string();
        self.fake.look(|state| {
            let ours = |product: &&super::fake::Product| product.key.as_ref() == Some(&key) && product.shown;
            state.products.values().filter(ours).count()
        })
    }

    async fn sent(&self, order: &str) -> Vec<i64> {
        self.fake.parcels(order).into_iter().map(|(units, _)| units).collect()
    }

    async fn given_back(&self, order: &str) -> i64 {
        self.fake.look(|state| state.refunds_of(order).iter().sum())
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

channel_conformance!([tokio::test] a_good_day, || rig([]));
channel_conformance!([tokio::test] a_bad_day, || rig(bad_day()));

async fn published(rig: &Rig, qty: i64) -> String {
    rig.shopify.publish(&rig.at, &Offer { qty, ..offer(1) }).await.unwrap().external_id
}

#[tokio::test]
async fn what_was_sold_meanwhile_is_not_offered_again() {
    let rig = rig([]);
    let id = published(&rig, 5).await;
    rig.fake.sell(&id, 1);
    let told = |qty, seen| Offer { qty, seen: Some(seen), ..offer(1) };
    let refused = rig.shopify.revise(&rig.at, &id, &told(6, 5)).await;
    assert_eq!(refused, Err(ChannelError::Moved { qty: 4 }));
    let shown = rig.shopify.revise(&rig.at, &id, &told(4, 5)).await.unwrap();
    assert_eq!(shown.qty, 4, "what it is told is what it has: there is nothing to change");
    assert_eq!(rig.shopify.revise(&rig.at, &id, &told(7, 4)).await.unwrap().qty, 7);
}

#[tokio::test]
async fn a_sale_between_looking_and_setting_is_seen() {
    let rig = rig([]);
    let id = published(&rig, 5).await;
    let stale = json!({"data": {"inventorySetQuantities": {"userErrors": [
        {"code": "CHANGE_FROM_QUANTITY_STALE", "field": ["input"], "message": "no"},
    ]}}});
    rig.fake.server.plan([Fault::None, Fault::Instead(Reply::new(200, stale.to_string()))]);
    let refused = rig.shopify.revise(&rig.at, &id, &Offer { qty: 9, seen: Some(5), ..offer(1) }).await;
    assert_eq!(refused, Err(ChannelError::Moved { qty: 5 }));
}

#[tokio::test]
async fn words_are_written_out_and_change_alone() {
    let rig = rig([]);
    let id = published(&rig, 1).await;
    let before = rig.fake.server.heard().len();
    let worded = Offer { description: "Blue & white,\n5 < 6 \"cm\"".into(), ..offer(1) };
    rig.shopify.revise(&rig.at, &id, &worded).await.unwrap();
    let said: Vec<Value> = rig.fake.server.heard()[before..]
        .iter()
        .map(|heard| serde_json::from_slice(&heard.body).unwrap())
        .collect();
    let update = said.iter().find(|body| body["variables"]["product"].is_object()).unwrap();
    let html = &update["variables"]["product"]["descriptionHtml"];
    assert_eq!(html, "Blue &amp; white,<br>\n5 &lt; 6 &quot;cm&quot;");
    assert_eq!(said.len(), 3, "neither its price nor its quantity was touched: {said:?}");
}

#[tokio::test]
async fn a_shop_of_another_currency_is_not_sold_in() {
    let rig = rig([]);
    let at = Channel { currency: Currency::EUR, ..rig.at.clone() };
    let offer = Offer { price: Money::new(100, Currency::EUR), ..offer(1) };
    let answer = rig.shopify.publish(&at, &offer).await;
    let Err(ChannelError::Rejected { reason }) = answer else { panic!("{answer:?}") };
    assert!(reason.contains("sells in GBP, the channel in EUR"), "{reason}");
    let wrong = Channel { settings: json!({"place": 1}), ..rig.at.clone() };
    let answer = rig.shopify.pull(&wrong, None).await;
    assert!(
        matches!(&answer, Err(ChannelError::Rejected { reason }) if reason.contains("place")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn questions_wait_for_their_points() {
    let rig = rig([]);
    for number in 1..=120 {
        rig.shopify.publish(&rig.at, &offer(number)).await.unwrap();
    }
    assert_eq!(rig.fake.look(|state| state.throttled), 0, "no question was sent in vain");
    // Another program of the same shop takes all of them: it is waited for, and nobody hears of it.
    rig.fake.look(|state| state.points = 0.0);
    rig.shopify.publish(&rig.at, &offer(121)).await.unwrap();
    assert!(rig.fake.look(|state| state.throttled) <= 2);
}

#[tokio::test]
async fn what_can_still_be_bought_has_not_ended() {
    let rig = rig([]);
    let id = published(&rig, 2).await;
    for (status, ended) in [("UNLISTED", false), ("A_NEW_ONE", false), ("DRAFT", true), ("ARCHIVED", true)] {
        rig.fake.look(|state| {
            let product = state.products.values_mut().next().unwrap();
            status.clone_into(&mut product.status);
        });
        // The schema knows no new word; Shopify may.
        if status == "A_NEW_ONE" && super::fake::graph().is_some() {
            continue;
        }
        let seen = rig.shopify.look_up(&rig.at, offer(1).key, None).await.unwrap().unwrap();
        assert_eq!((seen.external_id.as_str(), seen.ended.is_some()), (id.as_str(), ended), "{status}");
    }
}

#[tokio::test]
async fn a_token_that_is_withdrawn_is_waited_for_and_never_shown() {
    let rig = rig([]);
    let token = Secret::new("shpat_canary_withdrawn");
    let config = Config { token: token.clone(), ..config(&rig.fake) };
    let shopify = Shopify::new(http(&rig.clock), &config).unwrap();
    let answer = shopify.publish(&rig.at, &offer(1)).await.unwrap_err();
    assert!(matches!(&answer, ChannelError::Unavailable { .. }), "{answer:?}");
    assert!(!format!("{answer} {answer:?} {config:?}").contains(token.expose()));
}

/// An offer of the first thing with these pictures.
fn pictured(pictures: &[&str]) -> Offer {
    let picture = |name: &&str| Picture {
        url: format!("https://pictures.example/{name}.jpg"),
        alt: format!("The mug, {name}"),
    };
    let shows = Presentation {
        brand: Some("Falcon".into()),
        category: Some("hg-11-10-4".into()),
        pictures: pictures.iter().map(picture).collect(),
    };
    Offer { shows, ..offer(1) }
}

/// Where the pictures of the only product came from, and how often one was fetched.
fn pictures(rig: &Rig) -> (Vec<String>, usize) {
    rig.fake.look(|state| {
        let product = state.products.values().next().unwrap();
        (product.pictures.iter().map(|(url, _)| url.clone()).collect(), product.fetched)
    })
}

#[tokio::test]
async fn pictures_brand_and_category_are_shown_and_fetched_once() {
    let rig = rig([]);
    let urls = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("https://pictures.example/{name}.jpg")).collect()
    };
    let shown = rig.shopify.publish(&rig.at, &pictured(&["front", "back"])).await.unwrap();
    assert_eq!(pictures(&rig), (urls(&["front", "back"]), 2));
    let named = rig.fake.look(|state| state.products.values().next().unwrap().named.clone());
    let category = "gid://shopify/TaxonomyCategory/hg-11-10-4";
    assert_eq!(named, [Some("Falcon".into()), None, Some(category.into())]);

    // The same again is not fetched again, whatever else changes; other pictures take the place of these.
    let dearer = Offer { price: Money::new(1500, Currency::GBP), ..pictured(&["front", "back"]) };
    rig.shopify.revise(&rig.at, &shown.external_id, &dearer).await.unwrap();
    assert_eq!(pictures(&rig).1, 2);
    rig.shopify.revise(&rig.at, &shown.external_id, &pictured(&["chip"])).await.unwrap();
    assert_eq!(pictures(&rig), (urls(&["chip"]), 3));

    // Where the shop has none to show, those that somebody put there stay.
    rig.shopify.revise(&rig.at, &shown.external_id, &offer(1)).await.unwrap();
    assert_eq!(pictures(&rig), (urls(&["chip"]), 3));
    let word = Offer {
        shows: Presentation { category: Some("Mugs".into()), ..Presentation::default() },
        ..offer(1)
    };
    rig.shopify.revise(&rig.at, &shown.external_id, &word).await.unwrap();
    let named = rig.fake.look(|state| state.products.values().next().unwrap().named.clone());
    assert_eq!(named[1].as_deref(), Some("Mugs"));
    assert_eq!(pictures(&rig), (urls(&["chip"]), 3));
}

#[tokio::test]
async fn pictures_arrive_whatever_is_lost_on_the_way() {
    for lost in 0..6 {
        for fault in [Fault::DropBefore, Fault::DropAfter, Fault::Truncated] {
            let rig = rig(std::iter::repeat_n(Fault::None, lost).chain([fault]));
            let offer = pictured(&["front", "back"]);
            let shown = loop {
                if let Ok(shown) = rig.shopify.publish(&rig.at, &offer).await {
                    break shown;
                }
            };
            let other = pictured(&["chip"]);
            while rig.shopify.revise(&rig.at, &shown.external_id, &other).await.is_err() {}
            assert_eq!(pictures(&rig).0, ["https://pictures.example/chip.jpg"], "{lost}");
        }
    }
}
