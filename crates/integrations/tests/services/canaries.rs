//! What opens an account is in no answer, event, audit row, job or file, whichever service it is for and whatever that says,
//! be it what it was told.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use baddie_core::clock::{Clock, Zone};
use baddie_core::connections::{ConnectionState, Credentials, Service, WayBack};
use baddie_core::engine::connections::{ConnectService, GetConnection};
use baddie_core::engine::journal::{ListAudit, ListEvents};
use baddie_core::engine::{Engine, Found};
use baddie_core::money::Currency;
use baddie_core::testing::FixedClock;
use baddie_integrations::http::Http;
use baddie_integrations::secret::Secret;
use baddie_integrations::vault::Envelope;
use baddie_integrations::{framer, hostinger, openai, railway, shopify, stripe, webflow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::kit::canary::hidden;
use crate::kit::http;
use crate::kit::server::{Heard, Reply, Server};

const CANARIES: [&str; 3] = ["canary4Zq9opens", "canary7Xw2signs", "canary1Kd6renews"];

/// Every service, and what opens an account there.
fn services(http: &Http, base: &str) -> Vec<(&'static str, Arc<dyn Service>, Value)> {
    let (own, client) = (Some(base), || http.clone());
    let [opens, signs, renews] = CANARIES;
    vec![
        (
            stripe::KIND,
            Arc::new(stripe::StripeService::new(client(), own)),
            json!({"key": format!("sk_test_{opens}"), "webhook_secret": signs}),
        ),
        (
            shopify::KIND,
            Arc::new(shopify::ShopifyService::new(client(), own)),
            json!({
                "shop": "second-spring.myshopify.com", "token": opens, "webhook_secret": signs,
                "client_id": "an-app", "refresh_token": renews
            }),
        ),
        (
            webflow::KIND,
            Arc::new(webflow::WebflowService::new(client(), own)),
            json!({"token": opens, "webhook_secret": signs}),
        ),
        (
            framer::KIND,
            Arc::new(framer::FramerService::new(client(), own)),
            json!({"project": "AbCdEfGhIjKlMnOpQrSt", "key": opens}),
        ),
        (hostinger::KIND, Arc::new(hostinger::HostingerService::new(client(), own)), json!({"token": opens})),
        (railway::KIND, Arc::new(railway::RailwayService::new(client(), own)), json!({"token": opens})),
        (
            openai::KIND,
            Arc::new(openai::OpenAiService::new(client())),
            json!({"model": "small-1", "key": opens, "base": format!("{base}/v1")}),
        ),
    ]
}

/// A service that repeats what it was told, wherever an adapter might read it.
fn parrot(status: u16, told: impl Fn(&Heard) -> String + Send + Sync + 'static) -> Server {
    Server::start(move |heard: &Heard| {
        let told = told(heard);
        let error = json!({"message": told, "code": told, "type": told});
        let said = json!({"error": error, "errors": [error], "message": told, "error_description": told});
        Reply::new(status, said.to_string()).header("x-request-id", told.replace(['"', '\\'], " "))
    })
}

#[tokio::test]
async fn what_opens_an_account_is_nowhere_to_be_read() {
    for status in [401, 403, 429, 500, 200] {
        let (clock, server) =
            (FixedClock::default(), parrot(status, |heard| format!("{:?} {:?}", heard.headers, heard.body)));
        let room = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/shop.db", room.path().display());
        let storage = baddie_storage::connect(&url, clock.now()).await.unwrap();
        let master = Secret::new(STANDARD.encode([7; 32]));
        let all = services(&http(&clock), server.base());
        let engine = Engine::builder(storage).clock(Arc::new(clock.clone()));
        let engine = engine.vault(Arc::new(Envelope::new(&master).unwrap()));
        let engine =
            all.iter().fold(engine, |engine, (kind, service, _)| engine.service(*kind, service.clone()));
        let engine = engine.build();
        let found = Found {
            name: "Second Spring".into(),
            email: "owner@example.org".into(),
            currency: Currency::GBP,
            time_zone: "Europe/London".parse::<Zone>().unwrap(),
        };
        let shop = engine.found(found).await.unwrap().shop;
        let mut told = String::new();
        let mut connections = Vec::new();
        for (kind, _, given) in all {
            let given: BTreeMap<String, String> = serde_json::from_value(given).unwrap();
            let credentials = Credentials::from(given);
            let request = ConnectService { service: kind.into(), credentials, connection_id: None };
            let _ = write!(told, "{request:?} {}", json!(request));
            connections.push(shop.integrations().connect(request).await.unwrap().id);
        }
        for _ in 0..20 {
            engine.settle().await.unwrap();
            clock.advance(Duration::from_mins(5));
        }
        for connection_id in connections {
            let seen = shop.integrations().get(GetConnection { connection_id }).await.unwrap();
            assert!(seen.state != ConnectionState::Active, "{status}: {seen:?}");
            let again = engine.check_connection(shop.id(), connection_id).await;
            let _ = write!(told, "{seen:?} {} {again:?}", json!(seen));
        }
        let audit = shop.journal().audit(ListAudit::default()).await.unwrap();
        let events = shop.journal().events(ListEvents::default()).await.unwrap();
        let _ = write!(told, "{} {audit:?} {} {events:?}", json!(audit), json!(events));
        let heard: Vec<String> =
            server.heard().iter().map(|one| format!("{} {}", one.method, one.path)).collect();
        assert!(heard.len() >= 7, "everybody was asked: {status} {heard:?}");
        drop((engine, shop));
        hidden(&CANARIES, &told, room.path(), "Second Spring");
    }
}

/// What goes along in the body of a call, and not as its credential, is not read either: what the program proves itself with, what
/// an owner brings back, and what the next token is had for.
#[tokio::test]
async fn what_tokens_are_had_for_is_nowhere_to_be_read() {
    let [opens, signs, renews] = CANARIES;
    for status in [400, 401, 403, 429, 500, 200] {
        let (clock, server) = (FixedClock::default(), parrot(status, |heard| format!("{:?}", heard.body)));
        let credentials = |given: &[(&str, &str)]| -> Credentials {
            let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
            given.iter().map(owned).collect::<BTreeMap<_, _>>().into()
        };
        let given = credentials(&[
            ("shop", "second-spring.myshopify.com"),
            ("token", opens),
            ("webhook_secret", signs),
            ("client_id", "an-app"),
            ("refresh_token", renews),
        ]);
        let shop = shopify::ShopifyService::new(http(&clock), Some(server.base())).open(&given).unwrap();
        let renewed = shop.ports().renewal.unwrap().renew().await;
        let app = webflow::access::App { client_id: "an-app".into(), client_secret: Secret::new(signs) };
        let site = webflow::WebflowService::new(http(&clock), Some(server.base())).app(app);
        let way = WayBack { state: "state", return_url: "https://here.example/oauth/return" };
        let query = [("code".to_owned(), opens.to_owned()), ("state".to_owned(), "state".to_owned())];
        let granted = site.consent().unwrap().redeem(&credentials(&[]), &way, &query).await;
        let asked = server.heard();
        assert!(
            asked.iter().any(|heard| heard.body.windows(renews.len()).any(|part| part == renews.as_bytes()))
        );
        assert!(asked.iter().any(|heard| heard.path.ends_with("/oauth/access_token")), "{status}");
        let room = tempfile::tempdir().unwrap();
        let told = format!("{:?} {:?} told", renewed.unwrap_err(), granted.unwrap_err());
        hidden(&CANARIES, &told, room.path(), "told");
    }
}
