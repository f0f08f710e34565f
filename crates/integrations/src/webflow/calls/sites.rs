use serde::Serialize;

use super::{step, with};
use crate::http::{Call, Repeat};

/// Looks at which sites the token opens.
pub fn list_sites() -> Call {
    Call::get("/sites")
}

/// Looks at a site.
pub fn get_site(site: &str) -> Call {
    Call::get(format!("/sites/{}", step(site)))
}

/// Looks at the domains of a site's own.
pub fn list_domains(site: &str) -> Call {
    Call::get(format!("/sites/{}/custom_domains", step(site)))
}

/// Where a site is made public.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishSite {
    /// At these domains, by Webflow's names for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_domains: Option<Vec<String>>,
    /// And at the address that Webflow gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_to_webflow_subdomain: Option<bool>,
}

/// Makes a site public as it stands. Webflow does that once a minute; done twice, it comes to the same.
pub fn publish_site(site: &str, publish: &PublishSite) -> Call {
    with(Call::post(format!("/sites/{}/publish", step(site))), publish).repeat(Repeat::UnderItsKey)
}

/// Looks at how a site sells.
pub fn shop_settings(site: &str) -> Call {
    Call::get(format!("/sites/{}/ecommerce/settings", step(site)))
}

/// Looks at what the token may do; Webflow tells that of tokens which programs were granted, not of a site's own.
pub fn introspect() -> Call {
    Call::get("/token/introspect")
}

/// Looks at who let the token in.
pub fn authorized_by() -> Call {
    Call::get("/token/authorized_by")
}
