//! What runs at Railway against the port's contract, on good days and bad ones.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::{Clock, Timestamp};
use baddie_core::deploy_conformance;
use baddie_core::hosting::{
    DeployHost, DeployPlan, DeploySource, DeployState, DeployTarget, HostError, ZoneRecord,
};
use baddie_core::testing::FixedClock;
use baddie_core::testing::ports::deploys::{CANARY, DeployRig, plan};
use baddie_integrations::http::{Cause, Limits};
use baddie_integrations::railway::{ApiToken, Config, Key, Railway, calls};
use baddie_integrations::secret::Secret;
use serde_json::{Value, json};

use super::fake::{Fake, OF_PROJECT, TOKEN};
use crate::kit::http;
use crate::kit::server::{Fault, Reply};

pub(crate) struct Rig {
    pub(crate) clock: FixedClock,
    pub(crate) fake: Fake,
    pub(crate) railway: Railway,
}

pub(crate) fn rig(faults: impl IntoIterator<Item = Fault>) -> Rig {
    rig_within(Duration::from_secs(1), faults)
}

/// A rig that waits no longer than this for an answer.
pub(crate) fn rig_within(attempt: Duration, faults: impl IntoIterator<Item = Fault>) -> Rig {
    let clock = FixedClock::default();
    let fake = Fake::start(&clock);
    fake.server.plan(faults);
    let key = Key::Account(Secret::new(TOKEN));
    let railway = Railway::new(http(&clock), &config(&fake, key, attempt)).unwrap();
    Rig { clock, fake, railway }
}

fn config(fake: &Fake, key: Key, attempt: Duration) -> Config {
    let config = Config::new(key);
    let limits = Limits { attempt, answer: 1 << 20, ..config.limits };
    Config { base: fake.server.base().to_owned(), limits, ..config }
}

pub(crate) fn inside(message: &str) -> Fault {
    let error = json!({"data": null, "errors": [{"message": message}]});
    Fault::Instead(Reply::new(200, error.to_string()))
}

/// A day on which two calls of three go astray, each in its way.
fn bad_day() -> impl Iterator<Item = Fault> {
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
        inside(&format!("Problem processing request: SHOP_SECRET={CANARY}")),
        Fault::Giant,
        Fault::None,
        says(429),
    ];
    std::iter::repeat_n(round, 60).flatten()
}

#[async_trait]
impl DeployRig for Rig {
    fn port(&self) -> &dyn DeployHost {
        &self.railway
    }

    fn database(&self) -> String {
        "postgres".to_owned()
    }

    async fn made(&self) -> Vec<String> {
        self.fake.look(super::fake::State::names)
    }

    async fn variables(&self, target: &DeployTarget) -> BTreeMap<String, String> {
        let text = |(name, value): (&String, &Value)| (name.clone(), value.as_str().unwrap().to_owned());
        self.fake.look(|state| state.known(&target.service).variables.iter().map(text).collect())
    }

    async fn set_variable(&self, target: &DeployTarget, name: &str, value: &str) {
        self.fake.look(|state| {
            state.known(&target.service).variables.insert(name.to_owned(), value.into());
        });
    }

    async fn deployments(&self, target: &DeployTarget) -> usize {
        self.fake.look(|state| state.deployed.iter().filter(|one| one.service == target.service).count())
    }

    async fn finish(&self) {
        self.fake.look(super::fake::State::finish);
    }

    async fn running(&self, target: &DeployTarget) -> Option<String> {
        self.fake.look(|state| state.running(&target.service))
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

deploy_conformance!([tokio::test] a_good_day, || rig([]));
deploy_conformance!([tokio::test] a_bad_day, || rig(bad_day()));

#[tokio::test]
async fn a_service_is_as_the_plan_says() {
    let rig = rig([]);
    let target = rig.railway.prepare(&plan(&rig)).await.unwrap().target;
    let instance = rig.fake.look(|state| state.known(&target.service).instance.clone());
    let wanted = json!({
        "source": {"image": "registry.example.com/shop:1"}, "numReplicas": 2, "healthcheckPath": "/healthz",
    });
    assert_eq!(json!(instance), wanted);
    let source = DeploySource::Repository("second-spring/shop".into());
    let other = DeployPlan { source, replicas: None, health_path: None, ..plan(&rig) };
    rig.railway.prepare(&other).await.unwrap();
    let instance = rig.fake.look(|state| state.known(&target.service).instance.clone());
    let wanted =
        json!({"source": {"repo": "second-spring/shop"}, "numReplicas": 2, "healthcheckPath": "/healthz"});
    assert_eq!(json!(instance), wanted, "what is not said stays");
}

#[tokio::test]
async fn what_a_domain_needs_is_told() {
    let rig = rig([]);
    let own = DeployPlan { domain: Some("shop.example.com".into()), ..plan(&rig) };
    let prepared = rig.railway.prepare(&own).await.unwrap();
    let record = |name: &str, kind: &str, value: &str| ZoneRecord {
        name: name.into(),
        kind: kind.into(),
        ttl: 3_600,
        values: vec![value.into()],
    };
    let wanted = [
        record("shop", "CNAME", "x1.up.railway.app"),
        record("_railway-verify.shop", "TXT", "railway-verify=1"),
    ];
    assert_eq!((prepared.hostnames, prepared.records), (vec!["shop.example.com".to_owned()], wanted.into()));
}

#[tokio::test]
async fn a_project_is_found_among_many_and_two_of_a_name_are_not_guessed_at() {
    let rig = rig([]);
    for number in 0..5 {
        rig.fake.look(|state| state.add_project(&format!("other-{number}")));
    }
    rig.fake.look(|state| state.add_project("second-spring"));
    let usual = DeployPlan { environment: None, database: None, ..plan(&rig) };
    rig.railway.prepare(&usual).await.unwrap();
    let found = |name: &str| rig.fake.look(|state| state.names().iter().filter(|one| *one == name).count());
    assert_eq!((found("second-spring"), found("shop"), found("live")), (1, 1, 0), "in its usual environment");
    rig.railway.prepare(&plan(&rig)).await.unwrap();
    assert_eq!((found("second-spring"), found("shop"), found("live")), (1, 1, 1));
    rig.fake.look(|state| state.add_project("second-spring"));
    let answer = rig.railway.prepare(&usual).await;
    assert!(
        matches!(&answer, Err(HostError::Refused { reason }) if reason.contains("several")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_token_of_a_project_makes_no_other() {
    let rig = rig([]);
    rig.railway.prepare(&plan(&rig)).await.unwrap();
    let before = rig.fake.look(super::fake::State::names);
    let key = Key::Project(Secret::new(OF_PROJECT));
    let narrow = Railway::new(http(&rig.clock), &config(&rig.fake, key, Duration::from_secs(1))).unwrap();
    narrow.prepare(&plan(&rig)).await.unwrap();
    assert_eq!(rig.fake.look(super::fake::State::names), before);
    for wrong in [
        DeployPlan { project: "another".into(), ..plan(&rig) },
        DeployPlan { environment: Some("another".into()), ..plan(&rig) },
    ] {
        let answer = narrow.prepare(&wrong).await;
        assert!(matches!(answer, Err(HostError::Refused { .. })), "{answer:?}");
    }
    let sent = rig.fake.server.heard();
    let last = sent.last().unwrap();
    assert!(last.header("authorization").is_none() && last.header("project-access-token").is_some());
}

#[tokio::test]
async fn a_database_that_cannot_be_made_is_told() {
    let rig = rig([]);
    rig.fake.look(|state| state.broken = Some("no room"));
    let answer = rig.railway.prepare(&plan(&rig)).await;
    assert!(
        matches!(&answer, Err(HostError::Refused { reason }) if reason.contains("no room")),
        "{answer:?}"
    );
    let unknown = DeployPlan { database: Some("no-such".into()), ..plan(&rig) };
    assert!(matches!(rig.railway.prepare(&unknown).await, Err(HostError::NotThere { .. })));
    // One that takes long is waited for, and not made twice.
    rig.fake.look(|state| (state.broken, state.lag) = (None, Duration::from_mins(10)));
    assert!(matches!(rig.railway.prepare(&plan(&rig)).await, Err(HostError::Unknown { .. })));
    assert!(matches!(rig.railway.prepare(&plan(&rig)).await, Err(HostError::Unknown { .. })));
    rig.clock.advance(Duration::from_mins(10));
    rig.railway.prepare(&plan(&rig)).await.unwrap();
    let databases = rig.fake.look(|state| state.services.iter().filter(|one| one.name == "Postgres").count());
    assert_eq!(databases, 1);
}

#[tokio::test]
async fn every_status_is_understood_and_so_are_new_ones() {
    let rig = rig([]);
    for (status, state) in [
        ("INITIALIZING", DeployState::Waiting),
        ("QUEUED", DeployState::Waiting),
        ("WAITING", DeployState::Waiting),
        ("NEEDS_APPROVAL", DeployState::Waiting),
        ("A_NEW_ONE", DeployState::Waiting),
        ("BUILDING", DeployState::Building),
        ("DEPLOYING", DeployState::Building),
        ("SUCCESS", DeployState::Done),
        ("SLEEPING", DeployState::Done),
        ("FAILED", DeployState::Failed),
        ("CRASHED", DeployState::Failed),
        ("SKIPPED", DeployState::Removed),
        ("REMOVING", DeployState::Removed),
        ("REMOVED", DeployState::Removed),
    ] {
        let said = json!({"data": {"deployment": {"id": "d", "status": status, "staticUrl": "a.example.com", "new": [1]}}});
        rig.fake.server.plan([Fault::Instead(Reply::new(200, said.to_string()))]);
        let seen = rig.railway.deployment("d").await.unwrap();
        assert_eq!((seen.state, seen.said.as_str()), (state, status));
        assert_eq!(seen.url.as_deref(), Some("https://a.example.com"));
    }
}

#[tokio::test]
async fn a_deployment_that_was_lost_is_not_repeated_by_itself() {
    let rig = rig([]);
    let target = rig.railway.prepare(&plan(&rig)).await.unwrap().target;
    for fault in [Fault::DropAfter, Fault::Truncated, inside("Problem processing request")] {
        rig.fake.server.plan([fault]);
        let answer = rig.railway.deploy(&target, Some("abc")).await;
        assert!(matches!(answer, Err(HostError::Unknown { .. })), "{answer:?}");
    }
    assert_eq!(rig.deployments(&target).await, 2, "two of them were done, and none twice");
    let id = rig.fake.look(|state| state.deployed[0].of.clone());
    rig.fake.server.plan([Fault::DropAfter]);
    assert!(matches!(rig.railway.roll_back(&id).await, Err(HostError::Unknown { .. })));
    assert_eq!(rig.deployments(&target).await, 3);
}

#[tokio::test]
async fn questions_that_are_used_up_are_waited_for() {
    let rig = rig([]);
    let ask = async || rig.railway.ask::<ApiToken>(&calls::api_token()).await;
    let left = |reset: String| rig.fake.look(|state| state.left = Some((0, reset)));
    // A short wait is waited for, a long one is the caller's.
    left("10".into());
    ask().await.unwrap();
    let before = rig.clock.now();
    ask().await.unwrap();
    assert!(rig.clock.now().since(before).as_secs() >= 10);
    rig.clock.advance(Duration::from_secs(10));
    let in_a_while = || rig.clock.now().plus(Duration::from_mins(15));
    for write in [
        |_: Timestamp| "900".to_owned(),
        |at: Timestamp| (at.as_micros() / 1_000_000).to_string(),
        |at: Timestamp| (at.as_micros() / 1_000).to_string(),
        |at: Timestamp| at.to_string(),
    ] {
        left(write(in_a_while()));
        ask().await.unwrap();
        let heard = rig.fake.server.heard().len();
        let cause = ask().await.unwrap_err().cause;
        let Cause::RateLimited { retry_after: Some(wait) } = cause else { panic!("{cause:?}") };
        assert!((898..=900).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(rig.fake.server.heard().len(), heard, "nobody is asked");
        rig.clock.advance(Duration::from_mins(15));
    }
    // What makes no sense shuts nobody away.
    for odd in ["", "soon", "-5", "99999999999999999999", "2099-01-01T00:00:00Z"] {
        left(odd.into());
        ask().await.unwrap();
        ask().await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_is_withdrawn_is_told_and_never_shown() {
    let rig = rig([]);
    let token = Secret::new("canary08b6-withdrawn");
    let config = config(&rig.fake, Key::Account(token.clone()), Duration::from_secs(1));
    let railway = Railway::new(http(&rig.clock), &config).unwrap();
    let answer = railway.prepare(&plan(&rig)).await.unwrap_err();
    assert!(matches!(&answer, HostError::Refused { .. }), "{answer:?}");
    rig.fake.server.plan([inside(&format!("no such token: {}", token.expose()))]);
    let echoed = railway.deployment("d").await.unwrap_err();
    let said = format!("{answer} {answer:?} {echoed} {echoed:?} {config:?}");
    assert!(!said.contains(token.expose()) && said.contains("(hidden)"), "{said}");
    // Neither is a value in what a request looks like to a programmer.
    let ask = calls::set_variables("p", "e", "s", &plan(&rig).variables, true);
    assert!(!format!("{ask:?}").contains(CANARY));
}
