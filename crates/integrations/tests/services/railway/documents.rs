//! Every document against Railway's own schema.

use std::collections::{BTreeMap, BTreeSet};

use baddie_core::secret::Credentials;
use baddie_integrations::railway::calls::*;
use serde_json::{Value, json};

use super::fake::graph;

/// What is asked of this adapter, by the names of Railway's own.
pub(crate) const OPERATIONS: [&str; 33] = [
    "projectCreate",
    "environmentCreate",
    "projects",
    "project",
    "serviceCreate",
    "serviceConnect",
    "serviceDelete",
    "variableCollectionUpsert",
    "variables",
    "variableDelete",
    "serviceInstanceDeployV2",
    "deployment",
    "deployments",
    "deploymentRedeploy",
    "deploymentRollback",
    "deploymentCancel",
    "deploymentStop",
    "buildLogs",
    "deploymentLogs",
    "serviceInstanceUpdate",
    "serviceInstanceLimitsUpdate",
    "template",
    "templateDeployV2",
    "volumeCreate",
    "volumeInstanceBackupCreate",
    "domains",
    "serviceDomainCreate",
    "customDomainCreate",
    "customDomain",
    "customDomainIssueCertificate",
    "environmentStageChanges",
    "environmentPatchCommitStaged",
    "projectToken",
];

fn variables_of() -> Credentials {
    BTreeMap::from([("KEY".to_owned(), "canary".to_owned())]).into()
}

/// Each of the calls once, filled with something of everything, and once with as little as it takes.
fn asks() -> Vec<Ask> {
    let text = || "x".to_owned();
    let some = || Some("x".to_owned());
    let new_project =
        NewProject { name: text(), workspace_id: some(), default_environment_name: Some("live".into()) };
    let new_environment = NewEnvironment {
        project_id: text(),
        name: text(),
        source_environment_id: some(),
        skip_initial_deploys: true,
    };
    let image = || Source::Image("registry.example.com/shop:1".into());
    let new_service = NewService {
        project_id: text(),
        environment_id: some(),
        name: text(),
        source: Some(Source::Repo("a/b".into())),
        branch: Some("main".into()),
    };
    let least = NewService { environment_id: None, source: None, branch: None, ..new_service.clone() };
    let instance = Instance {
        source: Some(image()),
        num_replicas: Some(2),
        region: some(),
        multi_region_config: Some(json!({"europe-west4": {"numReplicas": 2}})),
        healthcheck_path: Some("/".into()),
        start_command: some(),
    };
    let volume = NewVolume {
        project_id: text(),
        environment_id: some(),
        service_id: some(),
        mount_path: "/data".into(),
    };
    let which = Kind { project_id: some(), environment_id: some(), service_id: some() };
    let own = NewCustomDomain {
        domain: "a.example.com".into(),
        project_id: text(),
        environment_id: text(),
        service_id: text(),
        target_port: Some(8_080),
    };
    vec![
        api_token(),
        project_token(),
        projects(Some("x"), Some("x")),
        projects(None, None),
        project("x"),
        environments("x", None),
        services("x", Some("x")),
        create_project(&new_project),
        create_project(&NewProject { name: text(), ..NewProject::default() }),
        create_environment(&new_environment),
        create_service(&new_service),
        create_service(&least),
        connect_service("x", &image(), Some("main")),
        delete_service("x", Some("x")),
        set_variables("x", "x", "x", &variables_of(), true),
        variables("x", "x", "x"),
        delete_variable("x", "x", "x", "KEY"),
        update_instance("x", "x", &instance),
        update_instance("x", "x", &Instance::default()),
        set_limits("x", "x", Some(1_500), Some(512)),
        deploy("x", "x", Some("abc")),
        deploy("x", "x", None),
        deployment("x"),
        deployments(&which, Some("x")),
        redeploy("x"),
        roll_back("x"),
        cancel("x"),
        stop("x"),
        build_logs("x", 100),
        deployment_logs("x", 5_000),
        template("postgres"),
        deploy_template("x", &json!({"services": {}}), "x", "x", Some("x")),
        deploy_template("x", &json!({}), "x", "x", None),
        workflow("x"),
        create_volume(&volume),
        back_up_volume("x", Some("before")),
        domains("x", "x", "x"),
        create_service_domain("x", "x", Some(80)),
        create_service_domain("x", "x", None),
        create_custom_domain(&own),
        custom_domain("x", "x"),
        issue_certificate("x"),
        stage_changes("x", &json!({"services": {}}), true),
        commit_staged("x", Some("Both"), false),
        commit_staged("x", None, true),
    ]
}

fn body(ask: &Ask) -> Value {
    serde_json::from_slice(ask.call().body_bytes()).unwrap()
}

/// How many calls fit the schema, and which of its fields they ask for; nothing without the schema.
pub(crate) fn validated() -> Option<(usize, BTreeSet<String>)> {
    let graph = graph()?;
    let mut names = BTreeSet::new();
    for ask in asks() {
        graph.check_request(&body(&ask)).unwrap_or_else(|wrong| panic!("{}: {wrong}", ask.document.name));
        names.extend(graph.asked(ask.document.text).into_iter().map(|asked| asked.name));
    }
    Some((asks().len(), names))
}

#[test]
fn every_document_is_as_railway_has_it_and_nothing_is_missing() {
    let Some((calls, names)) = validated() else { return };
    let missing: Vec<_> = OPERATIONS.iter().filter(|name| !names.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(calls, 45);
}

#[test]
fn nothing_on_its_way_out_is_asked_for() {
    let Some(graph) = graph() else { return };
    for ask in asks() {
        let old: Vec<_> =
            graph.asked(ask.document.text).into_iter().filter(|asked| asked.deprecated).collect();
        assert!(old.is_empty(), "{}: {old:?}", ask.document.name);
    }
}

#[test]
fn what_is_not_said_is_left_out() {
    for ask in asks() {
        assert!(!body(&ask)["variables"].to_string().contains("null"), "{ask:?}");
        assert!(!format!("{ask:?}").contains("canary"), "values are never shown");
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let Some(graph) = graph() else { return };
    let good = body(&deploy("x", "x", None));
    for (name, value) in [("bogus", json!(1)), ("serviceId", Value::Null), ("commitSha", json!(7))] {
        let mut wrong = good.clone();
        wrong["variables"][name] = value;
        assert!(graph.check_request(&wrong).is_err(), "{name}");
    }
}
