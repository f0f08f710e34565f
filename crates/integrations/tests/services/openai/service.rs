//! Models that shops connect by themselves: at which host, and whether it has the one that is meant.

use std::collections::BTreeMap;
use std::sync::Arc;

use baddie_core::clock::Clock;
use baddie_core::connections::{Credentials, Delivery, OpenAccount, Service, ServiceError};
use baddie_core::testing::FixedClock;
use baddie_integrations::http::{Http, Settings};
use baddie_integrations::openai::OpenAiService;
use serde_json::{Value, json};

use super::{KEY, good, task};
use crate::kit::server::{Fault, Heard, Reply, Server};
use crate::kit::{http, means};

/// The models of the pretend host.
pub(super) fn list() -> Value {
    let model =
        |id: &str| json!({"id": id, "object": "model", "created": 1_790_000_000, "owned_by": "system"});
    json!({"object": "list", "data": [model("small-1"), model("large-1")]})
}

/// A host that knows one key, and a path for its version.
fn host() -> Server {
    Server::start(|heard: &Heard| {
        let known = heard.header("authorization") == Some(&format!("Bearer {KEY}"));
        match heard.path.as_str() {
            _ if !known => Reply::new(401, r#"{"error":{"message":"Incorrect API key provided"}}"#),
            "/v1/models" => Reply::new(200, list().to_string()).header("openai-organization", "org-7"),
            "/v1/chat/completions" => Reply::new(200, good().to_string()),
            _ => Reply::new(404, "{}"),
        }
    })
}

fn open(server: &Server, given: &[(&str, &str)]) -> Result<Arc<dyn OpenAccount>, ServiceError> {
    let base = format!("{}/v1", server.base());
    let mut all = BTreeMap::from([("base", base.as_str()), ("key", KEY), ("model", "small-1")]);
    all.extend(given.iter().copied());
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let credentials: Credentials = all.into_iter().map(owned).collect::<BTreeMap<_, _>>().into();
    OpenAiService::new(http(&FixedClock::default())).open(&credentials)
}

fn refusal<T>(answer: Result<T, ServiceError>) -> String {
    match answer {
        Err(ServiceError::Refused { reason }) => reason,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was taken"),
    }
}

#[tokio::test]
async fn which_host_it_is_and_whether_it_has_the_model() {
    let server = host();
    let here = server.base().trim_start_matches("http://").to_owned();
    for (model, there) in [("small-1", true), ("huge-9", false)] {
        let account = open(&server, &[("model", model)]).unwrap();
        let seen = account.probe().await.unwrap();
        assert_eq!(seen.account, format!("{here}/v1/org-7"));
        let told: Vec<_> = seen.abilities.iter().map(|one| (one.name.as_str(), one.allowed)).collect();
        assert_eq!(told, [(model, there)]);
        let delivery = Delivery { headers: &[], body: b"{}", at: FixedClock::default().now() };
        assert!(account.read_delivery(&delivery).is_err());
    }
    // A host need not name an organization.
    server.plan([Fault::Instead(Reply::new(200, list().to_string()))]);
    assert_eq!(open(&server, &[]).unwrap().probe().await.unwrap().account, format!("{here}/v1"));
}

#[tokio::test]
async fn what_is_connected_writes_within_its_budget() {
    let server = host();
    let texts = open(&server, &[("tokens_per_month", "9000")]).unwrap().ports().texts.unwrap();
    assert_eq!((texts.model.name().as_str(), texts.tokens_per_month), ("small-1", 9_000));
    let answer = texts.model.write(&task(Vec::new())).await.unwrap();
    assert_eq!(answer.title, "Barbour Bedale wax jacket");
    let usual = open(&server, &[]).unwrap().ports();
    assert_eq!(usual.texts.unwrap().tokens_per_month, 500_000);
    assert!(usual.payments.is_none() && usual.channel.is_none());
}

#[tokio::test]
async fn what_opens_nothing_is_refused_and_what_may_pass_is_not() {
    let server = host();
    let wrong = refusal(open(&server, &[("key", "sk-canary-other")]).unwrap().probe().await);
    assert!(wrong.contains("Incorrect API key") && !wrong.contains("canary"), "{wrong}");
    let elsewhere = refusal(open(&server, &[("base", server.base())]).unwrap().probe().await);
    assert!(elsewhere.contains("up to the version"), "{elsewhere}");
    server.plan([Fault::Instead(Reply::new(403, r#"{"error":{"message":"missing scope: models.read"}}"#))]);
    assert!(refusal(open(&server, &[]).unwrap().probe().await).contains("models.read"));
    server.plan([Fault::Instead(Reply::new(200, "<html>"))]);
    assert_eq!(refusal(open(&server, &[]).unwrap().probe().await), elsewhere, "a page is no list");
    for fault in [Fault::DropBefore, Fault::Giant, Fault::Truncated, Fault::Instead(Reply::new(500, ""))] {
        server.plan([fault.clone(), fault.clone()]);
        let later = open(&server, &[]).unwrap().probe().await;
        assert!(matches!(later, Err(ServiceError::Unavailable { .. })), "{fault:?}: {later:?}");
        server.forgive();
    }
    for given in [
        ("tokens_per_month", "0"),
        ("tokens_per_month", "many"),
        ("model", " "),
        ("base", "nonsense"),
        ("base", "https://user:word@example.org"),
    ] {
        assert!(!refusal(open(&server, &[given])).is_empty(), "{given:?}");
    }
    // OpenAI itself asks for a key; others need not.
    assert!(refusal(open(&server, &[("key", ""), ("base", "")])).contains("asks for a key"));
    assert!(open(&server, &[("key", "")]).is_ok());
}

#[tokio::test]
async fn s45_a_shop_names_no_host_inside() {
    let http = Http::new(&Settings::default(), means(&FixedClock::default())).unwrap();
    for base in ["http://127.0.0.1:8000/v1", "https://169.254.169.254/v1", "https://localhost/v1"] {
        let given = [("model", "m"), ("base", base)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let account = OpenAiService::new(http.clone()).open(&BTreeMap::from(given).into()).unwrap();
        let refused = refusal(account.probe().await);
        assert!(refused.contains("public internet"), "{base}: {refused}");
    }
}
