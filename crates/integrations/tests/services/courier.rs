//! Deliveries to endpoints of every kind: signed as Standard Webhooks has it, and never sent where they have no business.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use baddie_core::clock::{Clock as _, SystemClock, Timestamp, Zone};
use baddie_core::engine::catalog::{CreateProduct, NewVariant};
use baddie_core::engine::journal::ListEvents;
use baddie_core::engine::webhooks::{
    CreateEndpoint, EndpointSecret, GetEndpoint, ListDeliveries, ReplayDelivery, ReplayFailed, RotateSecret,
    UpdateEndpoint,
};
use baddie_core::engine::{Engine, Found, Shop};
use baddie_core::ids::{EntityId as _, EventId};
use baddie_core::money::{Currency, Money};
use baddie_core::page::PageRequest;
use baddie_core::testing::FixedClock;
use baddie_core::webhooks::{
    Courier as _, Delivery, DeliveryState, Endpoint, EndpointState, Parcel, Receipt,
};
use baddie_integrations::courier::Post;
use baddie_integrations::http::{Http, Means, Settings};
use baddie_integrations::secret::Secret;
use baddie_integrations::vault::Envelope;
use baddie_integrations::webhook::standard;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::kit::http;
use crate::kit::server::{Fault, Heard, Reply, Server};

const BODY: &str = r#"{"type":"order.placed","timestamp":"2026-01-01T00:00:00Z","data":{}}"#;

fn secrets() -> [Secret; 2] {
    [
        Secret::new("whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXI="),
        Secret::new("whsec_YW5vdGhlcmFub3RoZXJhbm90aGVyYW5vdGhlcmE="),
    ]
}

fn parcel<'a>(url: &'a str, secrets: &'a [Secret], at: Timestamp) -> Parcel<'a> {
    Parcel { url, secrets, id: EventId::from_u128(7), at, body: BODY }
}

/// The status of a delivery that was lost; 0 where there was no answer.
fn lost(receipt: &Receipt) -> Option<u16> {
    match receipt {
        Receipt::Lost { status, .. } => Some(status.unwrap_or(0)),
        _ => None,
    }
}

#[tokio::test]
async fn s46_a_delivery_is_signed_by_each_secret() {
    let clock = FixedClock::default();
    let server = Server::start(|_: &Heard| Reply::new(204, ""));
    let post = Post::new(http(&clock));
    let (url, secrets, now) = (format!("{}/hook?for=us", server.base()), secrets(), clock.now());
    post.admit(&url).unwrap();
    assert_eq!(post.carry(&parcel(&url, &secrets, now)).await, Receipt::Taken { status: 204 });
    let heard = server.heard().pop().unwrap();
    let header = |name| heard.header(name).unwrap();
    assert_eq!((heard.method.as_str(), heard.path.as_str()), ("POST", "/hook?for=us"));
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(
        (header("webhook-id"), &heard.body[..]),
        (&*EventId::from_u128(7).to_string(), BODY.as_bytes())
    );
    let check = |secret: &Secret, body: &[u8]| {
        let signatures = header("webhook-signature");
        standard(secret, header("webhook-id"), header("webhook-timestamp"), signatures, body, now)
    };
    for secret in &secrets {
        check(secret, &heard.body).unwrap();
        assert!(check(secret, b"{}").is_err());
    }
    assert!(check(&Secret::new("whsec_b3RoZXI="), &heard.body).is_err());
}

#[tokio::test]
async fn s45_a_delivery_goes_to_public_addresses_alone() {
    let shut = Post::new(Http::new(&Settings::default(), Means::default()).unwrap());
    let (secrets, now) = (secrets(), SystemClock.now());
    for url in [
        "https://127.0.0.1/hook",
        "https://10.1.2.3/hook",
        "https://192.168.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/hook",
        "https://0.0.0.0/hook",
        "https://2130706433/hook",
        "https://0x7f.1/hook",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[64:ff9b::7f00:1]/hook",
        "https://[fd00::1]/hook",
        "https://[fe80::1]/hook",
        "http://8.8.8.8/hook",
        "http://example.org/hook",
        "ftp://example.org/hook",
        "file:///etc/passwd",
        "https://user:word@example.org/hook",
        "https://example.org/hook#part",
        "nonsense",
        "",
    ] {
        assert!(shut.admit(url).is_err(), "{url}");
        assert_eq!(lost(&shut.carry(&parcel(url, &secrets, now)).await), Some(0), "{url}");
    }
    shut.admit("https://example.org/hook").unwrap();
    // A name is judged by what it leads to, when it is called.
    shut.admit("https://localhost/hook").unwrap();
    assert_eq!(lost(&shut.carry(&parcel("https://localhost/hook", &secrets, now)).await), Some(0));
}

#[tokio::test]
async fn a_hostile_endpoint_costs_little_and_is_told_apart() {
    let clock = FixedClock::default();
    let server = Server::start(|_: &Heard| Reply::new(200, "well"));
    let post = Post::new(http(&clock)).within(Duration::from_millis(500));
    let (url, secrets, now) = (format!("{}/hook", server.base()), secrets(), clock.now());
    let says = |status, name, value: &str| Fault::Instead(Reply::new(status, "no").header(name, value));
    for (fault, expected) in [
        (Fault::DropBefore, 0),
        (Fault::DropAfter, 0),
        (Fault::HangBefore, 0),
        (Fault::HangAfter, 0),
        (Fault::Truncated, 0),
        (Fault::Giant, 0),
        (says(500, "x-y", "z"), 500),
        (says(302, "location", "http://127.0.0.1:1/inside"), 302),
        (says(308, "location", "/elsewhere"), 308),
        (says(404, "x-y", "z"), 404),
    ] {
        server.plan([fault.clone()]);
        let receipt = post.carry(&parcel(&url, &secrets, now)).await;
        assert_eq!(lost(&receipt), Some(expected), "{fault:?}: {receipt:?}");
    }
    assert_eq!(server.heard().len(), 10, "each is one call, and no redirect is followed");
    server.plan([says(429, "retry-after", "90")]);
    let receipt = post.carry(&parcel(&url, &secrets, now)).await;
    assert!(matches!(receipt, Receipt::Lost { wait: Some(wait), .. } if wait == Duration::from_secs(90)));
    server.plan([says(410, "x-y", "z")]);
    assert_eq!(post.carry(&parcel(&url, &secrets, now)).await, Receipt::Gone);
    assert_eq!(post.carry(&parcel(&url, &secrets, now)).await, Receipt::Taken { status: 200 });
}

/// A shop whose engine tells a server on this machine what happens.
struct Place {
    clock: FixedClock,
    server: Server,
    engine: Engine,
    shop: Shop,
    endpoint: EndpointSecret,
}

async fn place(events: &[&str]) -> Place {
    let clock = FixedClock::default();
    let server = Server::start(|_: &Heard| Reply::new(200, "well, thank you"));
    let storage = baddie_storage::connect("memory:", SystemClock.now()).await.unwrap();
    let vault = Envelope::new(&Secret::new(STANDARD.encode([1; 32]))).unwrap();
    let engine = Engine::builder(storage)
        .clock(Arc::new(clock.clone()))
        .vault(Arc::new(vault))
        .courier(Arc::new(Post::new(http(&clock)).within(Duration::from_millis(500))))
        .build();
    let found = Found {
        name: "here".into(),
        email: "here@example.org".into(),
        currency: Currency::GBP,
        time_zone: "Europe/London".parse::<Zone>().unwrap(),
    };
    let shop = engine.found(found).await.unwrap().shop;
    let events = events.iter().map(|&name| name.to_owned()).collect();
    let request = CreateEndpoint { url: format!("{}/hook", server.base()), events };
    let endpoint = shop.webhooks().create(request).await.unwrap();
    Place { clock, server, engine, shop, endpoint }
}

impl Place {
    async fn happen(&self, title: &str) {
        let variants = vec![NewVariant::stocked(title.to_uppercase(), Money::new(2_000, Currency::GBP))];
        let product = CreateProduct { title: title.into(), variants, ..CreateProduct::default() };
        self.shop.catalog().create_product(product).await.unwrap();
    }

    /// What was said by the outbox, oldest first.
    async fn happened(&self) -> Vec<String> {
        let page = PageRequest::first(200);
        let page = self.shop.journal().events(ListEvents { page }).await.unwrap();
        page.items.iter().rev().map(|event| event.id.to_string()).collect()
    }

    fn told(&self) -> Vec<String> {
        self.server.heard().iter().map(|heard| heard.header("webhook-id").unwrap().to_owned()).collect()
    }

    async fn later(&self, time: Duration) {
        self.clock.advance(time);
        self.engine.settle().await.unwrap();
    }

    async fn endpoint(&self) -> Endpoint {
        let endpoint_id = self.endpoint.endpoint.id;
        self.shop.webhooks().get(GetEndpoint { endpoint_id }).await.unwrap()
    }

    async fn deliveries(&self, state: Option<DeliveryState>) -> Vec<Delivery> {
        let (endpoint_id, page) = (self.endpoint.endpoint.id, PageRequest::first(200));
        self.shop.webhooks().deliveries(ListDeliveries { endpoint_id, state, page }).await.unwrap().items
    }
}

#[tokio::test]
async fn p06_what_happened_is_told_until_it_is_taken() {
    let place = place(&["*"]).await;
    place.server.plan([Fault::DropAfter, Fault::HangBefore, Fault::Truncated]);
    for title in ["Mug", "Cup", "Jar"] {
        place.happen(title).await;
    }
    let refused = CreateProduct::default();
    place.shop.catalog().create_product(refused).await.unwrap_err();
    place.engine.settle().await.unwrap();
    for _ in 0..4 {
        place.later(Duration::from_mins(10)).await;
    }
    let (happened, told) = (place.happened().await, place.told());
    assert!(happened.len() >= 3);
    let once: BTreeSet<_> = told.iter().collect();
    assert_eq!(once, happened.iter().collect(), "what happened is told, and nothing else");
    assert_eq!(told.len(), happened.len() + 3, "what was lost is told again, under the same id");
    assert_eq!(place.deliveries(Some(DeliveryState::Waiting)).await, []);
    let secret = Secret::new(place.endpoint.secret.clone());
    for heard in place.server.heard() {
        let header = |name| heard.header(name).unwrap();
        let at = Timestamp::from_micros(header("webhook-timestamp").parse::<i64>().unwrap() * 1_000_000);
        let (id, signature) = (header("webhook-id"), header("webhook-signature"));
        standard(&secret, id, header("webhook-timestamp"), signature, &heard.body, at).unwrap();
    }
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_told_nothing_more_until_it_is_back() {
    let place = place(&["product.*"]).await;
    place.server.plan([Fault::Instead(Reply::new(410, ""))]);
    place.happen("Mug").await;
    place.engine.settle().await.unwrap();
    assert_eq!(place.endpoint().await.state, EndpointState::Disabled);
    place.happen("Cup").await;
    place.later(Duration::from_hours(1)).await;
    assert_eq!(place.told().len(), 1, "it was told once, and not again");
    let failed = place.deliveries(Some(DeliveryState::Failed)).await;
    assert_eq!(failed.len(), 1);
    let endpoint_id = place.endpoint.endpoint.id;
    let back = UpdateEndpoint { endpoint_id, url: None, events: None, active: Some(true) };
    place.shop.webhooks().update(back).await.unwrap();
    let replay = ReplayFailed { endpoint_id, since: failed[0].created_at };
    assert_eq!(place.shop.webhooks().replay_failed(replay).await.unwrap().deliveries, 1);
    place.engine.settle().await.unwrap();
    let told = place.told();
    assert_eq!((told.len(), &told[0]), (2, &told[1]), "the same again, under the same id");
    let replay = ReplayDelivery { delivery_id: failed[0].id };
    place.shop.webhooks().replay(replay).await.unwrap();
    place.engine.settle().await.unwrap();
    assert_eq!(place.told().len(), 3);
}

#[tokio::test]
async fn a_secret_is_shown_once_and_two_are_good_while_one_follows_the_other() {
    let place = place(&["*"]).await;
    let endpoint_id = place.endpoint.endpoint.id;
    let old = place.endpoint.secret.clone();
    let shown = serde_json::to_string(&place.endpoint().await).unwrap();
    assert!(old.starts_with("whsec_") && !shown.contains(&old) && !shown.contains("sealed"), "{shown}");
    let new = place.shop.webhooks().rotate_secret(RotateSecret { endpoint_id }).await.unwrap().secret;
    assert_ne!(old, new);
    for (title, rotated, signatures) in
        [("Mug", Duration::from_hours(1), 2), ("Cup", Duration::from_hours(24), 1)]
    {
        place.clock.advance(rotated);
        place.happen(title).await;
        place.engine.settle().await.unwrap();
        let heard = place.server.heard().pop().unwrap();
        assert_eq!(heard.header("webhook-signature").unwrap().split(' ').count(), signatures);
    }
}
