use serde::Serialize;

use super::{Ask, document};

/// Deploys a service, the newest of it or this commit. The answer is the deployment's name.
pub fn deploy(service: &str, environment: &str, commit: Option<&str>) -> Ask {
    Ask::once(document!("service_instance_deploy"))
        .with("serviceId", service)
        .with("environmentId", environment)
        .with("commitSha", commit)
}

/// Looks at a deployment.
pub fn deployment(id: &str) -> Ask {
    Ask::look(document!("deployment")).with("id", id)
}

/// Which deployments.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kind {
    /// Of which project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// In which environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment_id: Option<String>,
    /// Of which service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
}

/// Lists deployments, the newest first.
pub fn deployments(which: &Kind, after: Option<&str>) -> Ask {
    Ask::look(document!("deployments")).with("input", which).with("after", after)
}

/// Deploys again what was deployed.
pub fn redeploy(id: &str) -> Ask {
    Ask::once(document!("deployment_redeploy")).with("id", id)
}

/// Lets an earlier deployment run again.
pub fn roll_back(id: &str) -> Ask {
    Ask::once(document!("deployment_rollback")).with("id", id)
}

/// Gives a deployment up that is not done yet.
pub fn cancel(id: &str) -> Ask {
    Ask::set(document!("deployment_cancel")).with("id", id)
}

/// Stops a deployment that runs.
pub fn stop(id: &str) -> Ask {
    Ask::set(document!("deployment_stop")).with("id", id)
}

/// The last lines that were said while it was made, at most 5,000.
pub fn build_logs(deployment: &str, most: u32) -> Ask {
    Ask::look(document!("build_logs")).with("deploymentId", deployment).with("limit", most)
}

/// The last lines that it said while it ran, at most 5,000.
pub fn deployment_logs(deployment: &str, most: u32) -> Ask {
    Ask::look(document!("deployment_logs")).with("deploymentId", deployment).with("limit", most)
}
