//! Sites that are connected: whose token it is, what it may do, and which deliveries are believed.

use std::collections::BTreeMap;
use std::sync::Arc;

use baddie_core::clock::{Clock, Timestamp};
use baddie_core::connections::{Consent, Credentials, Delivery, OpenAccount, Service, ServiceError, WayBack};
use baddie_core::hosting::Showcase;
use baddie_core::ids::hex;
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::site::exhibit;
use baddie_integrations::secret::Secret;
use baddie_integrations::webflow::access::App;
use baddie_integrations::webflow::{SCOPES, WebflowService};
use ring::hmac;
use serde_json::json;

use super::fake::{Fake, SITE, TOKEN};
use crate::kit::canary::hidden;
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

pub(super) const SECRET: &str = "whs_canary88e1";

fn open(clock: &FixedClock, fake: &Fake, token: &str) -> Result<Arc<dyn OpenAccount>, ServiceError> {
    let credentials: BTreeMap<_, _> =
        [("token", token), ("webhook_secret", SECRET)].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    WebflowService::new(http(clock), Some(&fake.base())).open(&credentials.into())
}

#[tokio::test]
async fn whose_site_it_is_and_what_may_be_done_there() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let account = open(&clock, &fake, TOKEN).unwrap();
    // A site's own token: Webflow says nothing of it, so the site is looked at.
    let seen = account.probe().await.unwrap();
    assert_eq!((seen.account.as_str(), seen.live), (SITE, true));
    let read: Vec<_> =
        seen.abilities.iter().map(|ability| (ability.name.as_str(), ability.allowed)).collect();
    assert_eq!(read, [("sites:read", true), ("cms:read", true), ("ecommerce:read", true)]);
    fake.server.plan([Fault::None, Fault::None, Fault::None, Fault::Instead(Reply::new(403, "{}"))]);
    assert!(!account.probe().await.unwrap().abilities[2].allowed);
    // One that a program was granted, for a workspace: the same account, whatever sites it has.
    let granted = |places: serde_json::Value| {
        json!({"authorization": {"id": "a1", "scope": "sites:read sites:write, CMS:read", "authorizedTo": places},
            "application": {"id": "b1"}})
    };
    let workspace = json!({"siteIds": [], "workspaceIds": ["w1"], "userIds": []});
    fake.look(|state| state.granted = Some(granted(workspace)));
    let first = account.probe().await.unwrap();
    fake.look(|state| state.others.push("780e63e98c9a982ac9b8b741"));
    let second = account.probe().await.unwrap();
    assert_eq!((first.account.as_str(), &first), ("w1", &second));
    let allowed: Vec<_> =
        first.abilities.iter().filter(|one| one.allowed).map(|one| one.name.as_str()).collect();
    assert_eq!(
        (allowed, first.abilities.len()),
        (vec!["sites:read", "sites:write", "cms:read"], SCOPES.len())
    );
    // And for two sites, named in either order.
    for sites in [["s2", "s1"], ["s1", "s2"]] {
        fake.look(|state| state.granted = Some(granted(json!({ "siteIds": sites }))));
        assert_eq!(account.probe().await.unwrap().account, "s1,s2");
    }
}

#[tokio::test]
async fn a_token_that_opens_nothing_is_refused_and_never_shown() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let refused = open(&clock, &fake, "wf_canary_other").unwrap().probe().await.unwrap_err();
    assert!(matches!(refused, ServiceError::Refused { .. }), "{refused:?}");
    assert!(matches!(open(&clock, &fake, "").err(), Some(ServiceError::Refused { .. })));
    fake.server.plan(std::iter::repeat_n(Fault::Instead(Reply::new(503, format!("the token {TOKEN}"))), 8));
    let down = open(&clock, &fake, TOKEN).unwrap().probe().await.unwrap_err();
    assert!(matches!(down, ServiceError::Unavailable { .. }), "{down:?}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plain"), "second spring").unwrap();
    hidden(
        &["wf_canary_other", TOKEN, SECRET],
        &format!("{refused} {refused:?} {down} {down:?}"),
        folder.path(),
        "second",
    );
}

#[tokio::test]
async fn an_account_is_good_for_a_channel_and_a_showcase() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let account = open(&clock, &fake, TOKEN).unwrap();
    let ports = account.ports();
    assert!(ports.channel.is_some() && ports.payments.is_none() && ports.domains.is_none());
    let at = Showcase { site: None, collection: "Things".into() };
    ports.site.unwrap().publish(&at, &[exhibit(1)]).await.unwrap();
    assert_eq!(fake.look(|state| state.visible("Things").len()), 1);
}

/// The headers of a delivery.
pub(super) fn headers(time: i64, body: &str) -> Vec<(String, String)> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let signature = hex(hmac::sign(&key, format!("{time}:{body}").as_bytes()).as_ref());
    [("x-webflow-timestamp", time.to_string()), ("x-webflow-signature", signature)]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

#[tokio::test]
async fn a_delivery_is_believed_that_is_signed_and_of_now() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let account = open(&clock, &fake, TOKEN).unwrap();
    let at: Timestamp = clock.now();
    let now = at.as_micros() / 1_000;
    let hear = |headers: &[(String, String)], body: &str| {
        account.read_delivery(&Delivery { headers, body: body.as_bytes(), at })
    };
    let told = |kind: &str| format!(r#"{{"triggerType":"{kind}","payload":{{"orderId":"fc7-1"}}}}"#);
    let mut names = Vec::new();
    for kind in ["ecomm_new_order", "ecomm_order_changed", "ecomm_inventory_changed"] {
        let body = told(kind);
        let heard = hear(&headers(now, &body), &body).unwrap().unwrap();
        assert_eq!((heard.kind.as_str(), heard.topic.as_str()), (kind, "orders"));
        assert_eq!(
            hear(&headers(now, &body), &body).unwrap().unwrap().name,
            heard.name,
            "told twice it is one"
        );
        names.push(heard.name);
    }
    names.dedup();
    assert_eq!(names.len(), 3);
    for kind in ["site_publish", "a_new_one"] {
        assert_eq!(hear(&headers(now, &told(kind)), &told(kind)).unwrap(), None);
    }
    let good = told("ecomm_new_order");
    for (headers, body) in [
        (headers(now, &good), "{\"triggerType\":\"ecomm_new_order\"}"),
        (headers(now - 301_000, &good), good.as_str()),
        (headers(now + 301_000, &good), good.as_str()),
        (headers(now, "[]"), "[]"),
        (headers(now, "ecomm_new_order"), "ecomm_new_order"),
        (headers(now, &good)[..1].to_vec(), good.as_str()),
        (headers(now, &good)[1..].to_vec(), good.as_str()),
        (Vec::new(), good.as_str()),
    ] {
        assert!(hear(&headers, body).is_err(), "{headers:?} {body}");
    }
}

#[tokio::test]
async fn an_owner_lets_a_program_in_that_webflow_knows() {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    let unknown = WebflowService::new(http(&clock), Some(&fake.base()));
    assert!(unknown.consent().is_none(), "of a program that Webflow does not know nobody is asked");
    let app = App { client_id: "b1".into(), client_secret: Secret::new("app_canary61d0") };
    let service = WebflowService::new(http(&clock), Some(&fake.base())).app(app);
    let consent: &dyn Consent = service.consent().unwrap();
    let way = WayBack { state: "con_1.secret", return_url: "https://shop.example/back" };
    let known = Credentials::default();
    let address = consent.address(&known, &way).unwrap();
    assert!(
        address.starts_with("https://webflow.com/oauth/authorize?response_type=code&client_id=b1&scope=")
    );
    assert!(address.contains("sites%3Aread%20sites%3Awrite"), "{address}");
    assert!(
        address.ends_with("redirect_uri=https%3A%2F%2Fshop%2Eexample%2Fback&state=con%5F1%2Esecret"),
        "{address}"
    );

    let back =
        |code: &str| vec![("code".to_owned(), code.to_owned()), ("state".to_owned(), way.state.to_owned())];
    fake.look(|state| state.code = Some("code-1".into()));
    let given = consent.redeem(&known, &way, &back("code-1")).await.unwrap();
    assert_eq!(given.get("webhook_secret").unwrap().expose(), "app_canary61d0", "it signs deliveries");
    let account = service.open(&given).unwrap();
    assert_eq!(account.probe().await.unwrap().account, SITE);
    // A code is good once, and none is none.
    for code in ["code-1", ""] {
        let refused = consent.redeem(&known, &way, &back(code)).await;
        assert!(matches!(refused, Err(ServiceError::Refused { .. })), "{refused:?}");
    }
    fake.look(|state| state.code = Some("code-2".into()));
    fake.server.plan([Fault::DropAfter]);
    let lost = consent.redeem(&known, &way, &back("code-2")).await;
    assert!(matches!(lost, Err(ServiceError::Unavailable { .. })), "{lost:?}");
}
