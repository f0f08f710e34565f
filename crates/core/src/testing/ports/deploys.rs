//! What every place must keep where things run.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use super::{PATIENCE, PAUSE};
use crate::hosting::{
    DeployHost, DeployPlan, DeploySource, DeployState, DeployTarget, Deployment, HostError, Prepared,
};

/// A value of a variable that must be found nowhere.
pub const CANARY: &str = "canary-6a1c-value";

/// How long to wait before looking at what became of an answer that was lost.
const DOUBT: Duration = Duration::from_mins(10);

/// An adapter together with what stands in for the place.
#[async_trait]
pub trait DeployRig: Send + Sync {
    /// The adapter.
    fn port(&self) -> &dyn DeployHost;
    /// The name of a database that is to be had there.
    fn database(&self) -> String;
    /// The names of everything that there is: projects, environments, services, domains; each as often as it is there.
    async fn made(&self) -> Vec<String>;
    /// The variables of something.
    async fn variables(&self, target: &DeployTarget) -> BTreeMap<String, String>;
    /// Somebody else gives something a variable.
    async fn set_variable(&self, target: &DeployTarget, name: &str, value: &str);
    /// How many deployments of something there ever were.
    async fn deployments(&self, target: &DeployTarget) -> usize;
    /// Whatever is being deployed is done.
    async fn finish(&self);
    /// The deployment whose work runs now.
    async fn running(&self, target: &DeployTarget) -> Option<String>;
    /// Lets time pass.
    async fn wait(&self, time: Duration);
}

/// Stamps the suite on a rig: `deploy_conformance!([tokio::test] module, || rig())`, and with a list of cases at the end
/// only those.
#[macro_export]
macro_rules! deploy_conformance {
    ($attribute:tt $module:ident, $make:expr) => {
        $crate::deploy_conformance!($attribute $module, $make, [
            what_a_plan_names_is_made_once
            a_plan_deploys_nothing
            variables_that_are_not_named_stay
            variables_are_never_said
            what_is_deployed_runs_in_the_end
            the_last_lines_are_told_in_order
            what_ran_before_runs_again
            what_is_missing_is_not_there
        ]);
    };
    ($attribute:tt $module:ident, $make:expr, [$($case:ident)+]) => {
        $crate::stamp_cases!($attribute $module, $crate::testing::ports::deploys, $make, [$($case)+]);
    };
}

/// The plan that the suite carries out.
pub fn plan(rig: &dyn DeployRig) -> DeployPlan {
    let variables = [("SHOP_MODE", "live"), ("SHOP_SECRET", CANARY)];
    let variables: BTreeMap<String, String> =
        variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    DeployPlan {
        project: "second-spring".to_owned(),
        environment: Some("live".to_owned()),
        service: "shop".to_owned(),
        source: DeploySource::Image("registry.example.com/shop:1".to_owned()),
        variables: variables.into(),
        database: Some(rig.database()),
        replicas: Some(2),
        domain: None,
        health_path: Some("/healthz".to_owned()),
    }
}

/// Persists with what may be repeated whatever was answered.
async fn persist<T>(
    rig: &dyn DeployRig,
    mut call: impl AsyncFnMut() -> Result<T, HostError>,
) -> Result<T, HostError> {
    for _ in 0..PATIENCE {
        match call().await {
            Err(HostError::Unavailable { .. }) => rig.wait(PAUSE).await,
            Err(HostError::Unknown { .. }) => rig.wait(DOUBT).await,
            Err(HostError::RateLimited { wait }) => rig.wait(wait.max(PAUSE)).await,
            answer => return answer,
        }
    }
    panic!("there was no answer in {PATIENCE} calls");
}

async fn prepare(rig: &dyn DeployRig, plan: &DeployPlan) -> Prepared {
    persist(rig, async || rig.port().prepare(plan).await).await.expect("an ordinary plan is carried out")
}

/// Deploys, and once more where it is not known whether it did: the newest of the same takes its own place.
async fn deploy(rig: &dyn DeployRig, target: &DeployTarget) -> Deployment {
    let deployed = persist(rig, async || rig.port().deploy(target, None).await).await;
    deployed.expect("what was prepared can be deployed")
}

async fn look(rig: &dyn DeployRig, id: &str) -> Result<Deployment, HostError> {
    persist(rig, async || rig.port().deployment(id).await).await
}

async fn done(rig: &dyn DeployRig, target: &DeployTarget) -> String {
    let id = deploy(rig, target).await.id;
    rig.finish().await;
    assert_eq!(look(rig, &id).await.map(|one| one.state), Ok(DeployState::Done));
    id
}

/// Whatever answers are lost and however often it is carried out, what a plan names is there once; and a plan that changes
/// something makes nothing anew.
pub async fn what_a_plan_names_is_made_once(rig: &dyn DeployRig) {
    let first = prepare(rig, &plan(rig)).await;
    let made = rig.made().await;
    assert!(!first.hostnames.is_empty() && first.records.is_empty(), "{first:?}");
    for name in ["second-spring", "live", "shop"] {
        assert_eq!(made.iter().filter(|one| *one == name).count(), 1, "{name}: {made:?}");
    }
    for replicas in [2, 3] {
        let again = prepare(rig, &DeployPlan { replicas: Some(replicas), ..plan(rig) }).await;
        assert_eq!((&again, rig.made().await), (&first, made.clone()));
    }
    let own = DeployPlan { domain: Some("shop.example.com".to_owned()), ..plan(rig) };
    let named = prepare(rig, &own).await;
    assert!(named.hostnames.iter().any(|name| name == "shop.example.com"), "{named:?}");
    assert!(!named.records.is_empty(), "a domain of one's own needs something in its zone");
    assert_eq!(prepare(rig, &own).await, named);
    assert_eq!(rig.made().await.len(), made.len() + 1);
}

/// A plan prepares, and deploys nothing of the service.
pub async fn a_plan_deploys_nothing(rig: &dyn DeployRig) {
    let target = prepare(rig, &plan(rig)).await.target;
    prepare(rig, &plan(rig)).await;
    assert_eq!((rig.deployments(&target).await, rig.running(&target).await), (0, None));
}

/// Variables that the plan names are as it says; others are left alone.
pub async fn variables_that_are_not_named_stay(rig: &dyn DeployRig) {
    let target = prepare(rig, &plan(rig)).await.target;
    rig.set_variable(&target, "THEIRS", "kept").await;
    rig.set_variable(&target, "SHOP_MODE", "test").await;
    prepare(rig, &plan(rig)).await;
    let variables = rig.variables(&target).await;
    let value = |name: &str| variables.get(name).map(String::as_str);
    assert_eq!(value("THEIRS"), Some("kept"));
    assert_eq!(value("SHOP_MODE"), Some("live"));
    assert_eq!(value("SHOP_SECRET"), Some(CANARY));
}

/// No value of a variable is in anything that is answered, good or bad.
pub async fn variables_are_never_said(rig: &dyn DeployRig) {
    let plan = plan(rig);
    let mut said = vec![format!("{plan:?}")];
    let mut prepared = 0;
    for _ in 0..PATIENCE {
        let answer = rig.port().prepare(&plan).await;
        said.push(format!("{answer:?}"));
        match answer {
            Ok(_) => prepared += 1,
            Err(error) => said.push(error.to_string()),
        }
        if prepared == 10 {
            break;
        }
        rig.wait(DOUBT).await;
    }
    assert_eq!(prepared, 10);
    let said = said.concat();
    assert!(!said.contains(CANARY) && said.contains("SHOP_SECRET"), "{said}");
}

/// What is deployed is done when the place says so.
pub async fn what_is_deployed_runs_in_the_end(rig: &dyn DeployRig) {
    let target = prepare(rig, &plan(rig)).await.target;
    let begun = deploy(rig, &target).await;
    assert!(matches!(begun.state, DeployState::Waiting | DeployState::Building), "{begun:?}");
    rig.finish().await;
    let seen = look(rig, &begun.id).await.expect("it is there");
    assert_eq!((seen.id.as_str(), seen.state), (begun.id.as_str(), DeployState::Done));
    assert!(!seen.said.is_empty());
    assert_eq!(rig.running(&target).await, Some(begun.id));
}

/// Lines are told the oldest first, the last of them, and no more than were asked for.
pub async fn the_last_lines_are_told_in_order(rig: &dyn DeployRig) {
    let target = prepare(rig, &plan(rig)).await.target;
    let id = done(rig, &target).await;
    let logs = async |most| persist(rig, async || rig.port().logs(&id, most).await).await;
    let all = logs(100_000).await.expect("something was said");
    assert!(all.len() > 3 && all.is_sorted_by(|a, b| a.at <= b.at), "{all:?}");
    for most in [0, 1, 3, all.len()] {
        let some = logs(most).await.expect("something was said");
        assert_eq!(some, all[all.len() - most..], "{most}");
    }
}

/// What ran before runs again.
pub async fn what_ran_before_runs_again(rig: &dyn DeployRig) {
    let target = prepare(rig, &plan(rig)).await.target;
    let first = done(rig, &target).await;
    let second = done(rig, &target).await;
    assert_eq!(rig.running(&target).await, Some(second));
    persist(rig, async || rig.port().roll_back(&first).await).await.expect("it ran before");
    rig.finish().await;
    assert_eq!(rig.running(&target).await, Some(first));
}

/// What was never made is not there.
pub async fn what_is_missing_is_not_there(rig: &dyn DeployRig) {
    let target = prepare(rig, &plan(rig)).await.target;
    let missing = |answer: Result<(), HostError>| {
        assert!(matches!(answer, Err(HostError::NotThere { .. })), "{answer:?}");
    };
    missing(look(rig, "no-such").await.map(drop));
    missing(persist(rig, async || rig.port().logs("no-such", 5).await).await.map(drop));
    missing(persist(rig, async || rig.port().roll_back("no-such").await).await);
    let gone = DeployTarget { service: "no-such".to_owned(), ..target };
    missing(persist(rig, async || rig.port().deploy(&gone, None).await).await.map(drop));
}
