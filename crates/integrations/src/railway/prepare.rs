//! How a plan comes to be: each thing that it names is looked for by its name, and made where it is not there.

use std::sync::PoisonError;
use std::time::Duration;

use baddie_core::hosting::{DeployPlan, DeploySource, DeployTarget, HostError, Prepared, ZoneRecord};

use super::calls::{self, Ask, Instance, NewCustomDomain, NewEnvironment, NewProject, NewService, Source};
use super::wire::{
    ApiToken, CustomDomain, Domains, Environments, Named, Page, Project, ProjectToken, ServiceDomain,
    ServiceSeen, Services, Template, TemplateDeployed, Workflow,
};
use super::{Railway, told};
use crate::http::Failure;

/// How long to wait before looking for what may have been made.
const GLANCE: Duration = Duration::from_secs(2);
/// How often to look at a template that is being deployed.
const LOOKS: usize = 15;
/// So long after an answer was lost, nothing that it began can still be on its way.
const SETTLED: Duration = Duration::from_mins(15);
/// How long what a domain of one's own needs may be remembered.
const TTL: u32 = 3_600;

/// Where in Railway a plan is carried out.
struct Ground {
    project: String,
    environment: String,
    workspace: Option<String>,
}

impl Railway {
    /// Makes what the plan names, as far as it is not there. Nothing is deployed but the database: a service is made without
    /// what it is made of, and told of it afterwards, which takes effect with its next deployment.
    pub(super) async fn make(&self, plan: &DeployPlan) -> Result<Prepared, HostError> {
        let ground = if self.of_project { self.own_ground(plan).await? } else { self.ground(plan).await? };
        let service = self.service(plan, &ground).await?;
        let (project, environment) = (ground.project.as_str(), ground.environment.as_str());
        if plan.variables.iter().next().is_some() {
            let set = calls::set_variables(project, environment, &service, &plan.variables, true);
            self.ask::<bool>(&set).await.map_err(told)?;
        }
        if let Some(code) = &plan.database {
            self.database(code, &ground).await?;
        }
        let source = match &plan.source {
            DeploySource::Image(image) => Source::Image(image.clone()),
            DeploySource::Repository(name) => Source::Repo(name.clone()),
        };
        let instance = Instance {
            source: Some(source),
            num_replicas: plan.replicas,
            healthcheck_path: plan.health_path.clone(),
            ..Instance::default()
        };
        let update = calls::update_instance(&service, environment, &instance);
        self.ask::<bool>(&update).await.map_err(told)?;
        let (hostnames, records) = self.reach(plan, &ground, &service).await?;
        let target = DeployTarget { project: ground.project, environment: ground.environment, service };
        Ok(Prepared { target, hostnames, records })
    }

    /// Makes something with a name once, and tells Railway's name for it. When the answer is lost, what was made is looked for.
    async fn once<F>(&self, ask: &Ask, look: impl Fn() -> F) -> Result<String, HostError>
    where
        F: Future<Output = Result<Option<String>, HostError>>,
    {
        match self.ask::<Named>(ask).await {
            Ok(made) => Ok(made.id),
            Err(failure) if failure.may_have_happened => self.glance(failure, look).await,
            Err(failure) => Err(told(failure)),
        }
    }

    /// Looks for what may have been made.
    async fn glance<T, F>(&self, failure: Failure, look: impl Fn() -> F) -> Result<T, HostError>
    where
        F: Future<Output = Result<Option<T>, HostError>>,
    {
        self.http.rest(GLANCE).await;
        match look().await {
            Ok(Some(found)) => Ok(found),
            _ => Err(told(failure)),
        }
    }

    /// The ground of a token that opens one environment of one project, and makes neither.
    async fn own_ground(&self, plan: &DeployPlan) -> Result<Ground, HostError> {
        let own: ProjectToken = self.ask(&calls::project_token()).await.map_err(told)?;
        let other = |what: &str, wanted: &str, own: &str| {
            let reason = format!("the token opens the {what} {own:?}, not {wanted:?}");
            Err(HostError::Refused { reason })
        };
        if own.project.name != plan.project {
            return other("project", &plan.project, &own.project.name);
        }
        if let Some(wanted) = plan.environment.as_ref().filter(|wanted| **wanted != own.environment.name) {
            return other("environment", wanted, &own.environment.name);
        }
        Ok(Ground { project: own.project.id, environment: own.environment.id, workspace: None })
    }

    async fn ground(&self, plan: &DeployPlan) -> Result<Ground, HostError> {
        let workspace = self.workspace().await?;
        let name = plan.project.as_str();
        let look = async || -> Result<Option<String>, HostError> {
            let ask = |after: Option<&str>| calls::projects(Some(&workspace), after);
            let all = self.every(ask, |page: Page<Named>| page).await.map_err(told)?;
            named(&all, "project", name)
        };
        let project = if let Some(project) = look().await? {
            project
        } else {
            let new = NewProject {
                name: name.to_owned(),
                workspace_id: Some(workspace.clone()),
                default_environment_name: plan.environment.clone(),
            };
            self.once(&calls::create_project(&new), look).await?
        };
        let environment = self.environment(plan, &project).await?;
        Ok(Ground { project, environment, workspace: Some(workspace) })
    }

    /// The workspace that is meant: the one that was named, or the only one.
    async fn workspace(&self) -> Result<String, HostError> {
        if let Some(workspace) = &self.workspace {
            return Ok(workspace.clone());
        }
        let token: ApiToken = self.ask(&calls::api_token()).await.map_err(told)?;
        match &token.workspaces[..] {
            [only] => Ok(only.id.clone()),
            many => {
                let reason = format!("the token opens {} workspaces: name the one that is meant", many.len());
                Err(HostError::Refused { reason })
            }
        }
    }

    async fn environment(&self, plan: &DeployPlan, project: &str) -> Result<String, HostError> {
        let all = async || -> Result<Vec<Named>, HostError> {
            let ask = |after: Option<&str>| calls::environments(project, after);
            self.every(ask, |page: Environments| page.environments).await.map_err(told)
        };
        let Some(name) = &plan.environment else {
            let usual: Project = self.ask(&calls::project(project)).await.map_err(told)?;
            let first = match usual.primary_environment_id {
                Some(primary) => Some(primary),
                None => all().await?.into_iter().next().map(|first| first.id),
            };
            let none = || HostError::NotThere { reason: "the project has no environment".into() };
            return first.ok_or_else(none);
        };
        let look = async || named(&all().await?, "environment", name);
        if let Some(environment) = look().await? {
            return Ok(environment);
        }
        let new = NewEnvironment {
            project_id: project.to_owned(),
            name: name.clone(),
            source_environment_id: None,
            skip_initial_deploys: true,
        };
        self.once(&calls::create_environment(&new), look).await
    }

    async fn services(&self, project: &str) -> Result<Vec<ServiceSeen>, HostError> {
        let ask = |after: Option<&str>| calls::services(project, after);
        self.every(ask, |page: Services| page.services).await.map_err(told)
    }

    async fn service(&self, plan: &DeployPlan, ground: &Ground) -> Result<String, HostError> {
        let look = async || -> Result<Option<String>, HostError> {
            let all = self.services(&ground.project).await?;
            let all: Vec<Named> = all.into_iter().map(|one| Named { id: one.id, name: one.name }).collect();
            named(&all, "service", &plan.service)
        };
        if let Some(service) = look().await? {
            return Ok(service);
        }
        let new = NewService {
            project_id: ground.project.clone(),
            environment_id: Some(ground.environment.clone()),
            name: plan.service.clone(),
            source: None,
            branch: None,
        };
        self.once(&calls::create_service(&new), look).await
    }

    /// Deploys the database, once. It takes a while until its service is seen; while that is not known it is not made again.
    async fn database(&self, code: &str, ground: &Ground) -> Result<(), HostError> {
        let template: Template = self.ask(&calls::template(code)).await.map_err(told)?;
        let is_there = async || -> Result<bool, HostError> {
            let of_it = |one: &ServiceSeen| one.template_id.as_deref() == Some(&template.id);
            Ok(self.services(&ground.project).await?.iter().any(of_it))
        };
        let key = (ground.project.clone(), template.id.clone());
        if is_there().await? {
            self.tried.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            return Ok(());
        }
        let now = self.http.clock().now();
        let unknown =
            || HostError::Unknown { reason: format!("whether {code} is being made is not known yet") };
        {
            let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
            if tried.get(&key).is_some_and(|at| now.since(*at) < SETTLED) {
                return Err(unknown());
            }
            tried.insert(key.clone(), now);
        }
        let deploy = calls::deploy_template(
            &template.id,
            &template.serialized_config,
            &ground.project,
            &ground.environment,
            ground.workspace.as_deref(),
        );
        let begun: Option<TemplateDeployed> = match self.ask(&deploy).await {
            Ok(begun) => Some(begun),
            Err(failure) if failure.may_have_happened => None,
            Err(failure) => {
                self.tried.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
                return Err(told(failure));
            }
        };
        let workflow = begun.and_then(|begun| begun.workflow_id);
        for _ in 0..LOOKS {
            if is_there().await? {
                self.tried.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
                return Ok(());
            }
            if let Some(workflow) = &workflow {
                let stands: Workflow = self.ask(&calls::workflow(workflow)).await.map_err(told)?;
                if stands.status == "Error" {
                    self.tried.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
                    let why = stands.error.unwrap_or_else(|| "it gives no reason".into());
                    return Err(HostError::Refused { reason: format!("{code} could not be made: {why}") });
                }
            }
            self.http.rest(GLANCE).await;
        }
        Err(unknown())
    }

    /// Where the service is reached, and what a zone must say for it.
    async fn reach(
        &self,
        plan: &DeployPlan,
        ground: &Ground,
        service: &str,
    ) -> Result<(Vec<String>, Vec<ZoneRecord>), HostError> {
        let look = async || -> Result<Domains, HostError> {
            let domains = calls::domains(&ground.project, &ground.environment, service);
            self.ask(&domains).await.map_err(told)
        };
        let mut known = look().await?;
        let Some(own) = &plan.domain else {
            if known.service_domains.is_empty() && known.custom_domains.is_empty() {
                let ask = calls::create_service_domain(service, &ground.environment, None);
                let made = match self.ask::<ServiceDomain>(&ask).await {
                    Ok(made) => made,
                    Err(failure) if failure.may_have_happened => {
                        let first = async || Ok(look().await?.service_domains.into_iter().next());
                        self.glance(failure, first).await?
                    }
                    Err(failure) => return Err(told(failure)),
                };
                known.service_domains.push(made);
            }
            return Ok((names_of(&known), Vec::new()));
        };
        let ours = |known: &Domains| {
            known.custom_domains.iter().find(|one| one.domain.eq_ignore_ascii_case(own)).cloned()
        };
        let domain = if let Some(domain) = ours(&known) {
            domain
        } else {
            let new = NewCustomDomain {
                domain: own.clone(),
                project_id: ground.project.clone(),
                environment_id: ground.environment.clone(),
                service_id: service.to_owned(),
                target_port: None,
            };
            let made = match self.ask::<CustomDomain>(&calls::create_custom_domain(&new)).await {
                Ok(made) => made,
                Err(failure) if failure.may_have_happened => {
                    self.glance(failure, async || Ok(ours(&look().await?))).await?
                }
                Err(failure) => return Err(told(failure)),
            };
            known.custom_domains.push(made.clone());
            made
        };
        Ok((names_of(&known), records_of(&domain)))
    }
}

/// The one of this name. Of several nobody knows which is meant.
fn named(all: &[Named], what: &str, name: &str) -> Result<Option<String>, HostError> {
    let mut found = all.iter().filter(|one| one.name == name);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => {
            Err(HostError::Refused { reason: format!("there are several of the {what} {name:?}") })
        }
        (found, _) => Ok(found.map(|one| one.id.clone())),
    }
}

fn names_of(known: &Domains) -> Vec<String> {
    let own = known.custom_domains.iter().map(|one| one.domain.clone());
    own.chain(known.service_domains.iter().map(|one| one.domain.clone())).collect()
}

/// What the zone of a domain of one's own must say: where it leads, and that it is one's own.
fn records_of(domain: &CustomDomain) -> Vec<ZoneRecord> {
    let status = &domain.status;
    let within = |name: &str| if name.is_empty() { "@".to_owned() } else { name.to_owned() };
    let record = |name: &str, kind: &str, value: &str| ZoneRecord {
        name: within(name),
        kind: kind.to_owned(),
        ttl: TTL,
        values: vec![value.to_owned()],
    };
    let mut records: Vec<ZoneRecord> = status
        .dns_records
        .iter()
        .map(|one| {
            let kind = one.record_type.trim_start_matches("DNS_RECORD_TYPE_");
            record(&one.hostlabel, kind, &one.required_value)
        })
        .collect();
    if let (Some(host), Some(token)) = (&status.verification_dns_host, &status.verification_token) {
        let zone = status.dns_records.first().map(|one| format!(".{}", one.zone)).unwrap_or_default();
        let proof = record(host.strip_suffix(&zone).unwrap_or(host), "TXT", token);
        if !records.contains(&proof) {
            records.push(proof);
        }
    }
    records
}
