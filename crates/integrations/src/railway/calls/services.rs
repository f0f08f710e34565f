use baddie_core::secret::Credentials;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Ask, document};

/// What a service is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// An image in a registry.
    Image(String),
    /// A repository, `owner/name`.
    Repo(String),
}

/// A service to be made.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewService {
    /// In which project.
    pub project_id: String,
    /// In which environment; in all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment_id: Option<String>,
    /// Its name.
    pub name: String,
    /// What it is made of. With this it is deployed at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The branch of its repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

/// Makes a service. Who was not answered looks at [`services`](super::services) first.
pub fn create_service(new: &NewService) -> Ask {
    Ask::once(document!("service_create")).with("input", new)
}

/// Says what a service is made of from now on, and deploys it.
pub fn connect_service(id: &str, source: &Source, branch: Option<&str>) -> Ask {
    let mut input = json!(source);
    if let Some(branch) = branch {
        input["branch"] = branch.into();
    }
    Ask::once(document!("service_connect")).with("id", id).with("input", input)
}

/// Takes a service away, in one environment or in all.
pub fn delete_service(id: &str, environment: Option<&str>) -> Ask {
    Ask::set(document!("service_delete")).with("id", id).with("environmentId", environment)
}

/// Says what variables of a service are; those that are not named stay. `skip_deploys`: it goes on running with the old ones.
pub fn set_variables(
    project: &str,
    environment: &str,
    service: &str,
    variables: &Credentials,
    skip_deploys: bool,
) -> Ask {
    let values: Map<String, Value> =
        variables.iter().map(|(name, value)| (name.to_owned(), value.expose().into())).collect();
    let input = json!({
        "projectId": project,
        "environmentId": environment,
        "serviceId": service,
        "variables": values,
        "replace": false,
        "skipDeploys": skip_deploys,
    });
    Ask::set(document!("variable_collection_upsert")).with("input", input)
}

/// Looks at the variables of a service, as they were written.
pub fn variables(project: &str, environment: &str, service: &str) -> Ask {
    Ask::look(document!("variables"))
        .with("projectId", project)
        .with("environmentId", environment)
        .with("serviceId", service)
}

/// Takes a variable away from a service.
pub fn delete_variable(project: &str, environment: &str, service: &str, name: &str) -> Ask {
    let input =
        json!({ "projectId": project, "environmentId": environment, "serviceId": service, "name": name });
    Ask::set(document!("variable_delete")).with("input", input)
}

/// How a service runs in an environment; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// What it is made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// How many of it run at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub num_replicas: Option<u32>,
    /// Where it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// How many of it run in which place, `{"europe-west4": {"numReplicas": 2}}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_region_config: Option<Value>,
    /// At which path it says that it is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck_path: Option<String>,
    /// How it is started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_command: Option<String>,
}

/// Says how a service runs in an environment, from its next deployment on.
pub fn update_instance(service: &str, environment: &str, instance: &Instance) -> Ask {
    Ask::set(document!("service_instance_update"))
        .with("serviceId", service)
        .with("environmentId", environment)
        .with("input", instance)
}

/// Says how much a service may take: thousandths of a processor, and megabytes.
pub fn set_limits(service: &str, environment: &str, millicores: Option<u32>, megabytes: Option<u32>) -> Ask {
    // Railway counts both in whole ones, with parts; a thousandth is the smallest there is.
    let parts = |thousandths: u32| f64::from(thousandths) / 1_000.0;
    let mut input = json!({ "serviceId": service, "environmentId": environment });
    if let Some(millicores) = millicores {
        input["vCPUs"] = parts(millicores).into();
    }
    if let Some(megabytes) = megabytes {
        input["memoryGB"] = parts(megabytes).into();
    }
    Ask::set(document!("service_instance_limits_update")).with("input", input)
}

/// Looks at something that is ready to be deployed, such as `postgres`.
pub fn template(code: &str) -> Ask {
    Ask::look(document!("template")).with("code", code)
}

/// Deploys a template, as it was told. Done twice there are two: who was not answered looks at
/// [`services`](super::services) first.
pub fn deploy_template(
    template: &str,
    config: &Value,
    project: &str,
    environment: &str,
    workspace: Option<&str>,
) -> Ask {
    let mut input = json!({
        "templateId": template,
        "serializedConfig": config,
        "projectId": project,
        "environmentId": environment,
    });
    if let Some(workspace) = workspace {
        input["workspaceId"] = workspace.into();
    }
    Ask::once(document!("template_deploy")).with("input", input)
}

/// Looks at how far something is that takes its time.
pub fn workflow(id: &str) -> Ask {
    Ask::look(document!("workflow_status")).with("workflowId", id)
}

/// A volume to be made.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewVolume {
    /// In which project.
    pub project_id: String,
    /// In which environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment_id: Option<String>,
    /// For which service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// Where the service finds it.
    pub mount_path: String,
}

/// Makes a volume.
pub fn create_volume(new: &NewVolume) -> Ask {
    Ask::once(document!("volume_create")).with("input", new)
}

/// Keeps a volume of an environment as it is now.
pub fn back_up_volume(instance: &str, name: Option<&str>) -> Ask {
    Ask::once(document!("volume_instance_backup_create"))
        .with("volumeInstanceId", instance)
        .with("name", name)
}
