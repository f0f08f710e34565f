//! The showcase against its port's contract, on good days and bad ones.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Clock;
use baddie_core::hosting::{Exhibit, HostError, Showcase, SitePublisher};
use baddie_core::money::{Currency, Money};
use baddie_core::site_conformance;
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::site::{SiteRig, exhibit};
use baddie_integrations::framer::{Config, Framer};
use baddie_integrations::http::{Http, Limits, Settings};
use baddie_integrations::secret::Secret;
use serde_json::{Value, json};

use super::fake::{Door, Fake, KEY, PROJECT, Slip};
use crate::kit::{http, means};

const NAME: &str = "Second Spring Things";

pub(crate) struct Rig {
    pub(crate) clock: FixedClock,
    pub(crate) fake: Fake,
    pub(crate) framer: Framer,
}

/// Where things are shown.
pub(crate) fn at() -> Showcase {
    Showcase { site: None, collection: NAME.into() }
}

pub(crate) fn config(fake: &Fake, attempt: Duration) -> Config {
    let limits = Limits { attempt, answer: 1 << 20, attempts: 3, ..Limits::default() };
    Config { base: fake.base().to_owned(), limits, ..Config::new(PROJECT, Secret::new(KEY)) }
}

pub(crate) fn rig_within(attempt: Duration, slips: impl IntoIterator<Item = Slip>) -> Rig {
    let clock = FixedClock::default();
    let fake = Fake::start();
    fake.plan(slips);
    let framer = Framer::new(http(&clock), &config(&fake, attempt)).unwrap();
    Rig { clock, fake, framer }
}

pub(crate) fn rig(slips: impl IntoIterator<Item = Slip>) -> Rig {
    rig_within(Duration::from_secs(2), slips)
}

/// A day on which a session goes astray again and again, each time in another way and at another place.
fn bad_day() -> impl Iterator<Item = Slip> {
    let slips = [
        Slip::CloseAfter,
        Slip::Fail("PROJECT_CLOSED", true),
        Slip::CloseBefore,
        Slip::Cut,
        Slip::Chatter,
        Slip::Fail("POOL_EXHAUSTED", true),
        Slip::Garbage,
        Slip::Giant,
        Slip::Fail("TIMEOUT", true),
    ];
    let calm = [3, 7, 1, 16, 5, 9, 22, 4];
    slips
        .into_iter()
        .cycle()
        .zip(calm.into_iter().cycle())
        .take(400)
        .flat_map(|(slip, calm)| std::iter::repeat_n(Slip::None, calm).chain([slip]))
}

/// The thing that visitors see, read back.
fn read(id: &str, item: &Value) -> Option<Exhibit> {
    let key = id.strip_prefix("baddie-")?.to_owned();
    let held = |field: &str| item["fieldData"][field]["value"].clone();
    let text = |field: &str| held(field).as_str().unwrap_or_default().to_owned();
    let price = text("price");
    let (amount, currency) = price.split_once(' ').unwrap();
    let price: Money = currency.parse::<Currency>().unwrap().parse_amount(amount).unwrap();
    let url = held("link").as_str().map(str::to_owned);
    let slug = item["slug"].as_str().unwrap().to_owned();
    let qty = held("quantity").as_i64().unwrap();
    Some(Exhibit { key, slug, title: text("title"), description: text("description"), price, qty, url })
}

#[async_trait]
impl SiteRig for Rig {
    fn port(&self) -> &dyn SitePublisher {
        &self.framer
    }

    fn at(&self) -> Showcase {
        at()
    }

    async fn seen(&self) -> Vec<Exhibit> {
        let items: BTreeMap<_, _> = self.fake.look(|state| state.seen.get(NAME).cloned().unwrap_or_default());
        items.iter().filter_map(|(id, item)| read(id, item)).collect()
    }

    async fn intrude(&self, slug: &str) {
        self.fake.look(|state| {
            let item = json!({"id": format!("theirs-{slug}"), "slug": slug, "draft": false, "fieldData": {}});
            state.collections[0].items.insert(format!("theirs-{slug}"), item.clone());
            state.seen.entry(NAME.to_owned()).or_default().insert(format!("theirs-{slug}"), item);
        });
    }

    async fn others(&self) -> Vec<String> {
        self.fake.look(|state| {
            let items = state.seen[NAME].iter().filter(|(id, item)| read(id, item).is_none());
            items.map(|(_, item)| item["slug"].as_str().unwrap().to_owned()).collect()
        })
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

site_conformance!([tokio::test] a_good_day, || rig([]));
site_conformance!([tokio::test] a_bad_day, || rig(bad_day()));

#[tokio::test]
async fn a_session_begins_and_ends_as_that_of_the_library() {
    let rig = rig([]);
    rig.framer.publish(&at(), &[exhibit(1)]).await.unwrap();
    rig.framer.shown(&at()).await.unwrap();
    let (visits, goodbyes, called) =
        rig.fake.look(|state| (state.visits.clone(), state.goodbyes, state.called.clone()));
    let path = "/channel/headless-plugin?projectId=AbCdEfGhIjKlMnOpQrSt&sdkVersion=5.0.0&clientId=framer-api%2F5.0.0";
    assert_eq!(visits[0], (path.to_owned(), format!("Token {KEY}")));
    assert_eq!((visits.len(), goodbyes), (2, 2));
    let wanted = [
        "getManagedCollections",
        "createManagedCollection",
        "setManagedCollectionFields",
        "getCollectionItems3",
        "addManagedCollectionItems2",
        "publish",
        "deploy",
        "getManagedCollections",
        "getManagedCollectionItemIds",
    ];
    assert_eq!(called, wanted);
}

#[tokio::test]
async fn a_project_is_spoken_for_by_one_at_a_time() {
    let rig = rig([]);
    let things = [exhibit(1)];
    let place = at();
    let all = futures_util::future::join_all((0..6).map(|_| rig.framer.publish(&place, &things))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let added: u64 = all.into_iter().map(|published| published.unwrap().added).sum();
    assert_eq!((added, rig.fake.look(|state| state.collections.len())), (1, 1));
}

#[tokio::test]
async fn who_waits_long_says_that_it_is_still_there() {
    let rig = rig([Slip::None, Slip::Late(Duration::from_millis(200))]);
    let config = Config { ping: Duration::from_millis(20), ..config(&rig.fake, Duration::from_secs(5)) };
    let framer = Framer::new(http(&rig.clock), &config).unwrap();
    assert_eq!(framer.shown(&at()).await, Ok(Vec::new()));
    assert!(rig.fake.look(|state| state.pings) >= 3);
}

#[tokio::test]
async fn a_door_that_does_not_open_leaves_no_doubt() {
    for (doors, opens) in [
        (vec![Door::Slam, Door::Refuse(503)], true),
        (vec![Door::Silent, Door::Open], true),
        (vec![Door::Slam, Door::Slam, Door::Slam], false),
        (vec![Door::Silent, Door::Refuse(500), Door::Silent], false),
    ] {
        let rig = rig_within(Duration::from_millis(100), []);
        rig.fake.look(|state| state.doors.extend(doors.clone()));
        let answer = rig.framer.publish(&at(), &[exhibit(1)]).await;
        assert_eq!(answer.is_ok(), opens, "{doors:?}: {answer:?}");
        if !opens {
            assert!(matches!(answer, Err(HostError::Unavailable { .. })), "{doors:?}: {answer:?}");
        }
    }
    let rig = rig([]);
    rig.fake.look(|state| state.doors.push_back(Door::Refuse(401)));
    assert!(matches!(rig.framer.shown(&at()).await, Err(HostError::Refused { .. })));
    rig.fake.look(|state| state.doors.push_back(Door::Refuse(429)));
    assert!(matches!(rig.framer.shown(&at()).await, Err(HostError::RateLimited { .. })));
}

#[tokio::test]
async fn what_is_not_public_is_not_called() {
    let fake = Fake::start();
    let clock = FixedClock::default();
    let guarded = Http::new(&Settings::default(), means(&clock)).unwrap();
    let port = fake.base().rsplit(':').next().unwrap();
    for base in [
        fake.base().to_owned(),
        format!("https://localhost:{port}"),
        format!("https://127.0.0.1:{port}"),
        "http://example.com".into(),
    ] {
        let config = Config { base: base.clone(), ..config(&fake, Duration::from_secs(2)) };
        let answer = Framer::new(guarded.clone(), &config).unwrap().shown(&at()).await;
        assert!(matches!(answer, Err(HostError::Refused { .. })), "{base}: {answer:?}");
    }
    assert_eq!(fake.look(|state| state.visits.len()), 0);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = Config { base: format!("http://{free}"), ..config(&fake, Duration::from_secs(2)) };
    let before = clock.now();
    let answer = Framer::new(http(&clock), &config).unwrap().shown(&at()).await;
    assert!(matches!(answer, Err(HostError::Unavailable { .. })), "{answer:?}");
    assert!(clock.now() > before, "it was tried again, after a while");
}

#[tokio::test]
async fn a_collection_of_somebody_else_is_not_ours() {
    let rig = rig([]);
    rig.fake.look(|state| {
        state.collections.push(super::fake::Collection {
            name: NAME.into(),
            managed_by: "user",
            ..Default::default()
        });
    });
    assert_eq!(rig.framer.shown(&at()).await, Ok(Vec::new()));
    rig.framer.publish(&at(), &[exhibit(1)]).await.unwrap();
    rig.fake.look(|state| {
        assert_eq!((state.collections.len(), state.collections[0].items.len()), (2, 0));
        assert_eq!(state.collections[1].fields.as_array().unwrap().len(), 5);
    });
}

#[tokio::test]
async fn a_slug_of_somebody_else_and_another_project_are_refused() {
    let rig = rig([]);
    rig.framer.publish(&at(), &[]).await.unwrap();
    rig.intrude("enamel-mug-1").await;
    let refused = rig.framer.publish(&at(), &[exhibit(1)]).await;
    assert!(
        matches!(&refused, Err(HostError::Refused { reason }) if reason.contains("Slug is already")),
        "{refused:?}"
    );
    let elsewhere = Showcase { site: Some("another".into()), ..at() };
    assert!(matches!(rig.framer.shown(&elsewhere).await, Err(HostError::Refused { .. })));
    let named = Showcase { site: Some(PROJECT.into()), ..at() };
    assert_eq!(rig.framer.shown(&named).await, Ok(Vec::new()));
}
