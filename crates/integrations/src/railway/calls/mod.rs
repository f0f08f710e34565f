//! Requests as Railway's public API takes them: a document that lies beside this page, and what it is filled with. Made here,
//! sent elsewhere. What is `None` is left out: to Railway `null` is a word of its own, and takes away what was there.

mod domains;
mod projects;
mod runs;
mod services;

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::http::{Call, Repeat};

pub use domains::{
    NewCustomDomain, create_custom_domain, create_service_domain, custom_domain, domains, issue_certificate,
};
pub use projects::{
    NewEnvironment, NewProject, api_token, commit_staged, create_environment, create_project, environments,
    project, project_token, projects, services, stage_changes,
};
pub use runs::{
    Kind, build_logs, cancel, deploy, deployment, deployment_logs, deployments, redeploy, roll_back, stop,
};
pub use services::{
    Instance, NewService, NewVolume, Source, back_up_volume, connect_service, create_service, create_volume,
    delete_service, delete_variable, deploy_template, set_limits, set_variables, template, update_instance,
    variables, workflow,
};

/// Where all of it is asked for.
const PATH: &str = "/graphql/v2";

/// A document, by the name of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The document of this file.
macro_rules! document {
    ($name:literal) => {
        $crate::railway::calls::Document {
            name: $name,
            text: include_str!(concat!("documents/", $name, ".graphql")),
        }
    };
}
use document;

/// A document and what it is filled with.
#[derive(Clone, PartialEq)]
pub struct Ask {
    /// The document.
    pub document: Document,
    /// What its variables stand for.
    pub variables: Map<String, Value>,
    /// What may be done when the answer is lost.
    pub repeat: Repeat,
}

impl Ask {
    /// Looks at something.
    fn look(document: Document) -> Self {
        Self { document, variables: Map::new(), repeat: Repeat::Freely }
    }

    /// Changes something, and done twice it comes to the same.
    fn set(document: Document) -> Self {
        Self { repeat: Repeat::UnderItsKey, ..Self::look(document) }
    }

    /// Changes something that would be changed again if it were sent again.
    fn once(document: Document) -> Self {
        Self { repeat: Repeat::Never, ..Self::look(document) }
    }

    fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("what is asked for is plain data with texts for keys");
        if !value.is_null() {
            self.variables.insert(name.to_owned(), value);
        }
        self
    }

    /// The request.
    pub fn call(&self) -> Call {
        let body = json!({ "query": self.document.text, "variables": self.variables }).to_string();
        Call::post(PATH).repeat(self.repeat).body("application/json", body)
    }
}

/// What it is filled with may be secrets: its names are shown alone.
impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.variables.keys().collect();
        write!(f, "Ask({} with {names:?}, {:?})", self.document.name, self.repeat)
    }
}
