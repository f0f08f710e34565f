//! Railway's objects, as far as we read them.

use baddie_core::hosting::{DeployState, Deployment as Seen, LogLine};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A page of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
pub struct Page<T> {
    /// What is on it.
    #[serde(rename = "edges", deserialize_with = "nodes")]
    pub nodes: Vec<T>,
    /// Whether there is more.
    #[serde(default)]
    pub page_info: PageInfo,
}

/// Where a page ends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether there is more.
    #[serde(default)]
    pub has_next_page: bool,
    /// Where it begins.
    #[serde(default)]
    pub end_cursor: Option<String>,
}

impl PageInfo {
    /// Where the next page begins, if there is one.
    pub fn next(self) -> Option<String> {
        self.end_cursor.filter(|_| self.has_next_page)
    }
}

#[derive(Deserialize)]
struct Edge<T> {
    node: T,
}

fn nodes<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Vec::<Edge<T>>::deserialize(from)?.into_iter().map(|edge| edge.node).collect())
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// Railway's name for it.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub name: String,
}

/// Which workspaces a token opens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ApiToken {
    /// They.
    pub workspaces: Vec<Named>,
}

/// Which project a token of a project opens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProjectToken {
    /// The project.
    pub project: Named,
    /// The environment of it.
    pub environment: Named,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Railway's name for it.
    pub id: String,
    /// In which workspace it is.
    #[serde(default)]
    pub workspace_id: Option<String>,
    /// Its usual environment.
    #[serde(default)]
    pub primary_environment_id: Option<String>,
}

/// The environments of a project.
#[derive(Debug, Clone, Deserialize)]
pub struct Environments {
    /// A page of them.
    pub environments: Page<Named>,
}

/// The services of a project.
#[derive(Debug, Clone, Deserialize)]
pub struct Services {
    /// A page of them.
    pub services: Page<ServiceSeen>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceSeen {
    /// Railway's name for it.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub name: String,
    /// What it was deployed from, if from a template.
    #[serde(default)]
    pub template_id: Option<String>,
}

/// A deployment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// Railway's name for it.
    pub id: String,
    /// `SUCCESS`, `FAILED` and more, or a word that is new.
    pub status: String,
    /// Where this one is reached.
    #[serde(default)]
    pub static_url: Option<String>,
    /// Where its service is reached.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether it can run again.
    #[serde(default)]
    pub can_rollback: bool,
}

impl Deployment {
    /// As the port has it.
    pub(super) fn seen(self) -> Seen {
        let address = self.url.or(self.static_url).filter(|url| !url.is_empty());
        let whole = |url: String| if url.contains("://") { url } else { format!("https://{url}") };
        Seen { id: self.id, state: state_of(&self.status), said: self.status, url: address.map(whole) }
    }
}

/// How a deployment stands. Of a word that is new nobody knows that anything ended.
fn state_of(status: &str) -> DeployState {
    match status {
        "BUILDING" | "DEPLOYING" => DeployState::Building,
        "SUCCESS" | "SLEEPING" => DeployState::Done,
        "FAILED" | "CRASHED" => DeployState::Failed,
        "REMOVING" | "REMOVED" | "SKIPPED" => DeployState::Removed,
        _ => DeployState::Waiting,
    }
}

/// A line that was said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Log {
    /// When.
    pub timestamp: String,
    /// How grave it is.
    #[serde(default)]
    pub severity: Option<String>,
    /// What.
    pub message: String,
}

impl Log {
    /// As the port has it.
    pub(super) fn line(self) -> LogLine {
        LogLine { at: self.timestamp, severity: self.severity, text: self.message }
    }
}

/// Something that is ready to be deployed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// Railway's name for it.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub name: String,
    /// What is deployed.
    #[serde(default)]
    pub serialized_config: Value,
}

/// A template that is being deployed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateDeployed {
    /// What tells how far it is.
    #[serde(default)]
    pub workflow_id: Option<String>,
}

/// How far something is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Workflow {
    /// `Complete`, `Running`, `Error`, `NotFound`, or a word that is new.
    pub status: String,
    /// What went wrong.
    #[serde(default)]
    pub error: Option<String>,
}

/// Where a service is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Domains {
    /// Under domains of Railway's.
    #[serde(default)]
    pub service_domains: Vec<ServiceDomain>,
    /// Under domains of one's own.
    #[serde(default)]
    pub custom_domains: Vec<CustomDomain>,
}

/// A domain of Railway's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ServiceDomain {
    /// The domain.
    pub domain: String,
}

/// A domain of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CustomDomain {
    /// Railway's name for it.
    pub id: String,
    /// The domain.
    pub domain: String,
    /// How it stands.
    pub status: CustomDomainStatus,
}

/// How a domain of one's own stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomDomainStatus {
    /// Whether Railway believes that it is one's own.
    pub verified: bool,
    /// Where its zone says so.
    pub verification_dns_host: Option<String>,
    /// And in which words.
    pub verification_token: Option<String>,
    /// What its zone must say.
    pub dns_records: Vec<DnsRecord>,
}

/// What a zone must say.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsRecord {
    /// The name within the zone; empty for the zone itself.
    #[serde(default)]
    pub hostlabel: String,
    /// `DNS_RECORD_TYPE_CNAME` and more, or a word that is new.
    pub record_type: String,
    /// What it must say.
    pub required_value: String,
    /// The zone.
    #[serde(default)]
    pub zone: String,
}
