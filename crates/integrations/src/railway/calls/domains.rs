use serde::Serialize;
use serde_json::json;

use super::{Ask, document};

/// Looks at where a service is reached.
pub fn domains(project: &str, environment: &str, service: &str) -> Ask {
    Ask::look(document!("domains"))
        .with("projectId", project)
        .with("environmentId", environment)
        .with("serviceId", service)
}

/// Has a service reached under a domain of Railway's. Done twice there are two.
pub fn create_service_domain(service: &str, environment: &str, port: Option<u16>) -> Ask {
    let mut input = json!({ "serviceId": service, "environmentId": environment });
    if let Some(port) = port {
        input["targetPort"] = port.into();
    }
    Ask::once(document!("service_domain_create")).with("input", input)
}

/// A domain of one's own to be used.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCustomDomain {
    /// The domain.
    pub domain: String,
    /// In which project.
    pub project_id: String,
    /// In which environment.
    pub environment_id: String,
    /// For which service.
    pub service_id: String,
    /// At which of its ports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_port: Option<u16>,
}

/// Has a service reached under a domain of one's own.
pub fn create_custom_domain(new: &NewCustomDomain) -> Ask {
    Ask::once(document!("custom_domain_create")).with("input", new)
}

/// Looks at a domain of one's own, and what its zone must say.
pub fn custom_domain(id: &str, project: &str) -> Ask {
    Ask::look(document!("custom_domain")).with("id", id).with("projectId", project)
}

/// Asks for the certificate of a domain of one's own, once its zone says what it must.
pub fn issue_certificate(id: &str) -> Ask {
    Ask::set(document!("custom_domain_issue_certificate")).with("id", id)
}
