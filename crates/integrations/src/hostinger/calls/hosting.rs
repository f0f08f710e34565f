use serde::Serialize;
use serde_json::json;

use super::{Call, asked, get, once, page_of, question, segment};
use crate::secret::Secret;

/// Lists a page of the account's sites.
pub fn websites(page: u32) -> Call {
    page_of("/api/hosting/v1/websites", page)
}

/// Makes a site in a plan that is paid for; the first in a plan says where it shall lie, by the code of the place.
pub fn create_website(domain: &str, order: i64, data_center: Option<&str>) -> Call {
    let mut body = json!({ "domain": domain, "order_id": order });
    if let Some(code) = data_center {
        body["datacenter_code"] = code.into();
    }
    once("/api/hosting/v1/websites", &body)
}

fn of(account: &str, domain: &str, part: &str) -> String {
    format!("/api/hosting/v1/accounts/{}/websites/{}{part}", segment(account), segment(domain))
}

/// Makes a site what an archive in its folder holds. What was there before is gone.
pub fn deploy_archive(account: &str, domain: &str, archive: &str) -> Call {
    once(&of(account, domain, "/deploy"), &json!({ "archive_path": archive }))
}

/// How a program is made ready to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewBuild {
    /// 18, 20, 22 or 24.
    pub node_version: u32,
    /// What it is made with, such as `vite`; found out where absent.
    pub app_type: Option<&'static str>,
    /// Where in the archive it lies.
    pub root_directory: Option<String>,
    /// Where what is made lies.
    pub output_directory: Option<String>,
    /// How it is made.
    pub build_script: Option<String>,
    /// What is run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_file: Option<String>,
    /// `npm`, `yarn` or `pnpm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_manager: Option<&'static str>,
    /// The archive, in the site's folder.
    #[serde(skip)]
    pub archive: String,
}

/// Makes a site a program. What was there before is gone.
pub fn build(account: &str, domain: &str, new: &NewBuild) -> Call {
    let mut body = serde_json::to_value(new).expect("texts and a number are plain data");
    body["source_type"] = "archive".into();
    body["source_options"] = json!({ "archive_path": new.archive });
    once(&of(account, domain, "/nodejs/builds"), &body)
}

/// Lists a page of how a site's programs were made.
pub fn builds(account: &str, domain: &str, page: u32) -> Call {
    page_of(&of(account, domain, "/nodejs/builds"), page)
}

/// Looks at what was said while a program was made, from this line on.
pub fn build_log(account: &str, domain: &str, build: &str, from_line: u32) -> Call {
    let path = of(account, domain, &format!("/nodejs/builds/{}/logs", segment(build)));
    get(&asked(&path, &[("from_line", Some(from_line.to_string()))]))
}

/// Lists a page of an account's databases.
pub fn databases(account: &str, page: u32) -> Call {
    page_of(&format!("/api/hosting/v1/accounts/{}/databases", segment(account)), page)
}

/// Makes a database, and who may use it, for a site.
pub fn create_database(account: &str, domain: &str, name: &str, user: &str, password: &Secret) -> Call {
    let body = json!({ "name": name, "user": user, "password": password.expose(), "website_domain": domain });
    once(&format!("/api/hosting/v1/accounts/{}/databases", segment(account)), &body)
}

/// Asks where files of a site are to be sent, and what opens that.
pub fn upload_url(account: &str, domain: &str) -> Call {
    question("/api/hosting/v1/files/upload-urls", &json!({ "username": account, "domain": domain }))
}
