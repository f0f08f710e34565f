use serde::Serialize;
use serde_json::Value;

use super::{Ask, document};

/// Looks at which workspaces a token opens.
pub fn api_token() -> Ask {
    Ask::look(document!("api_token"))
}

/// Looks at which project a token of a project opens.
pub fn project_token() -> Ask {
    Ask::look(document!("project_token"))
}

/// Lists the projects of a workspace.
pub fn projects(workspace: Option<&str>, after: Option<&str>) -> Ask {
    Ask::look(document!("projects")).with("workspaceId", workspace).with("after", after)
}

/// Looks at a project.
pub fn project(id: &str) -> Ask {
    Ask::look(document!("project")).with("id", id)
}

/// Lists the environments of a project.
pub fn environments(project: &str, after: Option<&str>) -> Ask {
    Ask::look(document!("environments")).with("id", project).with("after", after)
}

/// Lists the services of a project.
pub fn services(project: &str, after: Option<&str>) -> Ask {
    Ask::look(document!("services")).with("id", project).with("after", after)
}

/// A project to be made.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewProject {
    /// Its name.
    pub name: String,
    /// In which workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace_id: Option<String>,
    /// The name of its first environment; Railway's usual one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_environment_name: Option<String>,
}

/// Makes a project. Made twice there are two of that name: who was not answered looks at [`projects`] first.
pub fn create_project(new: &NewProject) -> Ask {
    Ask::once(document!("project_create")).with("input", new)
}

/// An environment to be made.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewEnvironment {
    /// In which project.
    pub project_id: String,
    /// Its name.
    pub name: String,
    /// What it is a copy of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_environment_id: Option<String>,
    /// Whether nothing is deployed in it at first.
    pub skip_initial_deploys: bool,
}

/// Makes an environment. Who was not answered looks at [`environments`] first.
pub fn create_environment(new: &NewEnvironment) -> Ask {
    Ask::once(document!("environment_create")).with("input", new)
}

/// Notes changes of an environment, in Railway's words of one, to be made together; `merge` with what was noted before, or in
/// place of it.
pub fn stage_changes(environment: &str, changes: &Value, merge: bool) -> Ask {
    Ask::set(document!("environment_stage_changes"))
        .with("environmentId", environment)
        .with("input", changes)
        .with("merge", merge)
}

/// Makes the changes that were noted. Once made they are noted no longer.
pub fn commit_staged(environment: &str, message: Option<&str>, skip_deploys: bool) -> Ask {
    Ask::once(document!("environment_patch_commit_staged"))
        .with("environmentId", environment)
        .with("commitMessage", message)
        .with("skipDeploys", skip_deploys)
}
