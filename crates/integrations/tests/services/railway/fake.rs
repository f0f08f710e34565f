//! A pretend Railway that keeps state: projects with environments and services, what they are given, what is deployed of them.
//! What it made of a template is seen a while later, as at the real one.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use baddie_core::clock::{Clock, Timestamp};
use baddie_core::testing::FixedClock;
use serde_json::{Value, json};

use crate::kit::graphql::{Graph, projected};
use crate::kit::server::{Heard, Reply, Server};

/// A token of a workspace that it takes.
pub(crate) const TOKEN: &str = "canary91f0-workspace";
/// A token of a person with two workspaces.
pub(crate) const WIDE: &str = "canary52c7-person";
/// A token of one environment of one project.
pub(crate) const OF_PROJECT: &str = "canaryd1e4-project";
/// The workspace.
pub(crate) const WORKSPACE: &str = "ws-1";

/// Railway's own schema, where it is at hand.
pub(crate) fn graph() -> Option<&'static Graph> {
    static OPEN: LazyLock<Option<Graph>> = LazyLock::new(|| Graph::open("railway/schema.graphql"));
    OPEN.as_ref()
}

/// A deployment.
pub(crate) struct Deployed {
    id: String,
    pub(crate) service: String,
    status: String,
    /// The deployment whose work it is: its own, or an earlier one's.
    pub(crate) of: String,
}

/// A service.
#[derive(Default)]
pub(crate) struct Service {
    id: String,
    project: String,
    pub(crate) name: String,
    template: Option<String>,
    pub(crate) variables: BTreeMap<String, Value>,
    pub(crate) instance: BTreeMap<String, Value>,
    domains: Vec<String>,
    own_domains: Vec<String>,
}

/// What the fake holds.
pub(crate) struct State {
    now: Timestamp,
    count: usize,
    projects: Vec<(String, String)>,
    environments: Vec<(String, String, String)>,
    pub(crate) services: Vec<Service>,
    pub(crate) deployed: Vec<Deployed>,
    /// Services of templates that are not seen yet.
    coming: Vec<(Timestamp, Service)>,
    /// How long it takes until they are.
    pub(crate) lag: Duration,
    /// Why templates cannot be made.
    pub(crate) broken: Option<&'static str>,
    /// What is said of how many questions are left.
    pub(crate) left: Option<(i64, String)>,
}

/// The pretend Railway.
pub(crate) struct Fake {
    pub(crate) server: Server,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) fn start(clock: &FixedClock) -> Self {
        // Read before any clock of a call begins.
        let _ = graph();
        let state = State {
            now: clock.now(),
            count: 0,
            projects: Vec::new(),
            environments: Vec::new(),
            services: Vec::new(),
            deployed: Vec::new(),
            coming: Vec::new(),
            lag: Duration::from_secs(5),
            broken: None,
            left: None,
        };
        let state = Arc::new(Mutex::new(state));
        let (serving, telling) = (state.clone(), clock.clone());
        let server = Server::start(move |heard| {
            let mut state = serving.lock().unwrap();
            state.now = telling.now();
            state.ripen();
            let reply = state.answer(heard).header("x-railway-request-id", "req-fake");
            match &state.left {
                Some((left, reset)) => reply
                    .header("x-ratelimit-remaining", left.to_string())
                    .header("x-ratelimit-reset", reset.clone()),
                None => reply,
            }
        });
        Self { server, state }
    }

    /// Looks at what it holds.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap())
    }
}

fn root(query: &str) -> String {
    let inside = query.split_once('{').map_or("", |(_, inside)| inside);
    inside.trim_start().chars().take_while(|letter| letter.is_alphanumeric()).collect()
}

fn failed(message: &str) -> Result<Value, String> {
    Err(message.to_owned())
}

/// A page of a list, of two at a time.
fn page(all: &[Value], vars: &Value) -> Value {
    let skip: usize = vars["after"].as_str().map_or(0, |after| after.parse().unwrap());
    let edges: Vec<Value> = all.iter().skip(skip).take(2).map(|node| json!({"node": node})).collect();
    let end = skip + edges.len();
    json!({"edges": edges, "pageInfo": {"hasNextPage": end < all.len(), "endCursor": end.to_string()}})
}

fn named((id, name): &(String, String)) -> Value {
    json!({"id": id, "name": name})
}

fn own_domain(name: &str) -> Value {
    let (label, zone) = name.split_once('.').unwrap();
    json!({"id": format!("cd-{name}"), "domain": name, "status": {
        "verified": false, "verificationDnsHost": format!("_railway-verify.{name}"), "verificationToken": "railway-verify=1",
        "dnsRecords": [{"hostlabel": label, "recordType": "DNS_RECORD_TYPE_CNAME", "requiredValue": "x1.up.railway.app", "zone": zone}],
    }})
}

impl State {
    fn answer(&mut self, heard: &Heard) -> Reply {
        let bearer = heard.header("authorization").and_then(|given| given.strip_prefix("Bearer "));
        let project = heard.header("project-access-token");
        let said = |data: Value| Reply::new(200, data.to_string());
        let wrong = |message: &str| {
            let error = json!({"message": message, "extensions": {"code": "INTERNAL_SERVER_ERROR"}});
            said(json!({"data": null, "errors": [error]}))
        };
        if heard.method != "POST" || heard.path != "/graphql/v2" {
            return Reply::new(404, "not found");
        }
        match (bearer, project) {
            (Some(TOKEN | WIDE), None) | (None, Some(OF_PROJECT)) => {}
            (None, Some(_)) => return wrong("Project Token not found"),
            _ => return wrong("Not Authorized"),
        }
        let body: Value = serde_json::from_slice(&heard.body).unwrap();
        if let Some(graph) = graph() {
            graph.check_request(&body).unwrap();
        }
        assert!(!body["variables"].to_string().contains("null"), "null takes away what was there: {body}");
        let name = root(body["query"].as_str().unwrap());
        let allowed =
            project.is_none() || !["projects", "apiToken", "projectCreate"].contains(&name.as_str());
        let answer = if allowed {
            self.act(&name, &body["variables"], bearer == Some(WIDE))
        } else {
            failed("Not Authorized")
        };
        match answer {
            Err(message) => wrong(&message),
            Ok(value) => {
                let data = projected(graph(), &body, json!({ name: value }));
                if let Some(graph) = graph() {
                    graph.check_answer(&body, &data).unwrap();
                }
                said(json!({ "data": data }))
            }
        }
    }

    fn next(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}-{}", self.count)
    }

    fn ripen(&mut self) {
        let now = self.now;
        let (seen, coming) = std::mem::take(&mut self.coming).into_iter().partition(|(at, _)| *at <= now);
        self.coming = coming;
        self.services.extend(seen.into_iter().map(|(_, service): (_, Service)| service));
    }

    #[expect(clippy::too_many_lines, reason = "it is a list")]
    fn act(&mut self, name: &str, vars: &Value, wide: bool) -> Result<Value, String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let input = &vars["input"];
        Ok(match name {
            "apiToken" => {
                let more = wide.then(|| json!({"id": "ws-2", "name": "Another"}));
                let all: Vec<_> =
                    std::iter::once(json!({"id": WORKSPACE, "name": "Second Spring"})).chain(more).collect();
                json!({"workspaces": all})
            }
            "projectToken" => {
                let project = self.projects.first().ok_or("Project Token not found")?;
                let (id, _, name) = self.environments.first().ok_or("Project Token not found")?;
                json!({"project": named(project), "environment": {"id": id, "name": name}})
            }
            "projects" if vars["workspaceId"] != WORKSPACE => return failed("Workspace not found"),
            "projects" => page(&self.projects.iter().map(named).collect::<Vec<_>>(), vars),
            "project" => {
                let (id, name) = self
                    .projects
                    .iter()
                    .find(|(id, _)| *id == vars["id"])
                    .cloned()
                    .ok_or("Project not found")?;
                let mut environments = self.environments.iter().filter(|(_, of, _)| *of == id);
                let primary = environments.clone().next().map(|(id, ..)| id.clone());
                let environments: Vec<_> =
                    environments.by_ref().map(|(id, _, name)| json!({"id": id, "name": name})).collect();
                let services = self.services.iter().filter(|one| one.project == id);
                let services: Vec<_> = services
                    .map(|one| json!({"id": one.id, "name": one.name, "templateId": one.template}))
                    .collect();
                json!({
                    "id": id, "name": name, "workspaceId": WORKSPACE, "primaryEnvironmentId": primary,
                    "environments": page(&environments, vars), "services": page(&services, vars),
                })
            }
            "projectCreate" => {
                let project = (self.next("prj"), text(&input["name"]));
                let environment = input["defaultEnvironmentName"].as_str().unwrap_or("production").to_owned();
                let id = self.next("env");
                self.environments.push((id, project.0.clone(), environment));
                self.projects.push(project.clone());
                named(&project)
            }
            "environmentCreate" => {
                let (id, name) = (self.next("env"), text(&input["name"]));
                self.environments.push((id.clone(), text(&input["projectId"]), name.clone()));
                json!({"id": id, "name": name})
            }
            "serviceCreate" => {
                let service = Service {
                    id: self.next("svc"),
                    project: text(&input["projectId"]),
                    name: text(&input["name"]),
                    ..Service::default()
                };
                let told = json!({"id": service.id, "name": service.name});
                self.services.push(service);
                told
            }
            "variableCollectionUpsert" => {
                assert_eq!((&input["replace"], &input["skipDeploys"]), (&json!(false), &json!(true)));
                let given = input["variables"].as_object().unwrap().clone();
                self.service(&input["serviceId"])?.variables.extend(given);
                json!(true)
            }
            "serviceInstanceUpdate" => {
                let given = input.as_object().unwrap().clone();
                self.service(&vars["serviceId"])?.instance.extend(given);
                json!(true)
            }
            "template" if vars["code"] == "postgres" => {
                json!({"id": "tpl-pg", "name": "Postgres", "serializedConfig": {"services": {"a": {"name": "Postgres"}}}})
            }
            "template" => return failed("Template not found"),
            "templateDeployV2" => {
                assert_eq!(input["serializedConfig"]["services"]["a"]["name"], "Postgres");
                let service = Service {
                    id: self.next("svc"),
                    project: text(&input["projectId"]),
                    name: "Postgres".into(),
                    template: Some(text(&input["templateId"])),
                    ..Service::default()
                };
                if self.broken.is_none() {
                    self.coming.push((self.now.plus(self.lag), service));
                }
                json!({"projectId": input["projectId"], "workflowId": "wf-1"})
            }
            "workflowStatus" => {
                let status = if self.broken.is_some() { "Error" } else { "Running" };
                json!({"status": status, "error": self.broken})
            }
            "domains" => {
                let service = self.service(&vars["serviceId"])?;
                let theirs: Vec<_> = service.domains.iter().map(|name| json!({"domain": name})).collect();
                let own: Vec<_> = service.own_domains.iter().map(|name| own_domain(name)).collect();
                json!({"serviceDomains": theirs, "customDomains": own})
            }
            "serviceDomainCreate" => {
                let name = format!("{}.up.railway.app", self.next("shop"));
                self.service(&input["serviceId"])?.domains.push(name.clone());
                json!({"domain": name})
            }
            "customDomainCreate" => {
                let name = text(&input["domain"]);
                let service = self.service(&input["serviceId"])?;
                if service.own_domains.contains(&name) {
                    return failed("This domain already exists");
                }
                service.own_domains.push(name.clone());
                own_domain(&name)
            }
            "serviceInstanceDeployV2" => {
                self.service(&vars["serviceId"])?;
                let id = self.next("dep");
                let service = text(&vars["serviceId"]);
                self.deployed.push(Deployed {
                    id: id.clone(),
                    service,
                    status: "BUILDING".into(),
                    of: id.clone(),
                });
                json!(id)
            }
            "deployment" => {
                let one = self.deployment(&vars["id"])?;
                json!({"id": one.id, "status": one.status, "url": null, "staticUrl": "shop.up.railway.app", "canRollback": true})
            }
            "deploymentRollback" => {
                let one = self.deployment(&vars["id"])?;
                let (service, of) = (one.service.clone(), one.of.clone());
                let id = self.next("dep");
                self.deployed.push(Deployed { id, service, status: "DEPLOYING".into(), of });
                json!(true)
            }
            "buildLogs" => self.lines(&vars["deploymentId"], vars, 0)?,
            "deploymentLogs" => self.lines(&vars["deploymentId"], vars, 10)?,
            other => panic!("the fake knows no {other}"),
        })
    }

    fn service(&mut self, id: &Value) -> Result<&mut Service, String> {
        self.services.iter_mut().find(|one| one.id == *id).ok_or_else(|| "Service not found".to_owned())
    }

    fn deployment(&self, id: &Value) -> Result<&Deployed, String> {
        self.deployed.iter().find(|one| one.id == *id).ok_or_else(|| "Deployment not found".to_owned())
    }

    fn lines(&self, id: &Value, vars: &Value, from: usize) -> Result<Value, String> {
        self.deployment(id)?;
        let line = |number: usize| json!({"timestamp": format!("2026-11-20T10:00:{number:02}Z"), "severity": "info", "message": format!("line {number}")});
        let most = usize::try_from(vars["limit"].as_u64().unwrap()).unwrap();
        let all: Vec<Value> = (from..from + 8).map(line).collect();
        Ok(all[all.len().saturating_sub(most)..].into())
    }

    /// The names of everything that there is.
    pub(crate) fn names(&mut self) -> Vec<String> {
        self.ripen();
        let mut names: Vec<String> = self.projects.iter().map(|(_, name)| name.clone()).collect();
        names.extend(self.environments.iter().map(|(_, _, name)| name.clone()));
        for service in self.services.iter().chain(self.coming.iter().map(|(_, service)| service)) {
            names.push(service.name.clone());
            names.extend(service.domains.iter().chain(&service.own_domains).cloned());
        }
        names.sort();
        names
    }

    /// A service by Railway's name for it.
    pub(crate) fn known(&mut self, id: &str) -> &mut Service {
        self.services.iter_mut().find(|one| one.id == id).unwrap()
    }

    /// Whatever is being deployed is done.
    pub(crate) fn finish(&mut self) {
        for number in 0..self.deployed.len() {
            if ["BUILDING", "DEPLOYING"].contains(&self.deployed[number].status.as_str()) {
                let service = self.deployed[number].service.clone();
                for earlier in self.deployed[..number].iter_mut().filter(|one| one.service == service) {
                    earlier.status = "REMOVED".into();
                }
                self.deployed[number].status = "SUCCESS".into();
            }
        }
    }

    /// The deployment whose work runs.
    pub(crate) fn running(&self, service: &str) -> Option<String> {
        let running = |one: &&Deployed| one.service == service && one.status == "SUCCESS";
        self.deployed.iter().rev().find(running).map(|one| one.of.clone())
    }

    /// Somebody makes a project by hand.
    pub(crate) fn add_project(&mut self, name: &str) {
        let id = self.next("prj");
        let environment = self.next("env");
        self.environments.push((environment, id.clone(), "production".into()));
        self.projects.push((id, name.to_owned()));
    }
}
