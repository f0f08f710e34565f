use serde_json::{Value, json};

use super::{Agreed, Call, again, dressed, get, once, page_of, paid, segment, with};
use crate::secret::Secret;

const MACHINES: &str = "/api/vps/v1/virtual-machines";

/// Lists the account's machines.
pub fn machines() -> Call {
    get(MACHINES)
}

/// Looks at a machine.
pub fn machine(id: i64) -> Call {
    get(&format!("{MACHINES}/{id}"))
}

/// What a machine begins as.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Which of the [`templates`].
    pub template: i64,
    /// In which of the [`data_centers`].
    pub data_center: i64,
    /// Its name.
    pub hostname: Option<String>,
    /// What opens it to its master; chance decides where absent.
    pub password: Option<Secret>,
    /// A key that opens it, and its name.
    pub public_key: Option<(String, String)>,
    /// Whether it is copied every day, which costs more.
    pub backups: bool,
}

impl Setup {
    fn body(&self) -> Value {
        let mut body = json!({
            "template_id": self.template,
            "data_center_id": self.data_center,
            "enable_backups": self.backups,
        });
        if let Some(hostname) = &self.hostname {
            body["hostname"] = hostname.as_str().into();
        }
        if let Some(password) = &self.password {
            body["password"] = password.expose().into();
        }
        if let Some((name, key)) = &self.public_key {
            body["public_key"] = json!({ "name": name, "key": key });
        }
        body
    }
}

/// Buys a machine and sets it up. It costs money.
pub fn buy_machine(agreed: &Agreed, setup: &Setup, payment_method: Option<i64>) -> Call {
    let mut body = json!({ "item_id": agreed.item(), "setup": setup.body() });
    if let Some(method) = payment_method {
        body["payment_method_id"] = method.into();
    }
    paid(MACHINES, &body)
}

/// Sets up a machine that is new, under the price that it is rented at: what its setup asks for may cost money.
pub fn setup_machine(_: &Agreed, id: i64, setup: &Setup) -> Call {
    paid(&format!("{MACHINES}/{id}/setup"), &setup.body())
}

/// Starts a machine; one that runs goes on.
pub fn start_machine(id: i64) -> Call {
    again(&format!("{MACHINES}/{id}/start"))
}

/// Stops a machine; one that stands stays so.
pub fn stop_machine(id: i64) -> Call {
    again(&format!("{MACHINES}/{id}/stop"))
}

/// Stops a machine and starts it.
pub fn restart_machine(id: i64) -> Call {
    dressed(Call::post(format!("{MACHINES}/{id}/restart")))
}

/// Keeps a machine as it is now, in place of how it was kept before.
pub fn keep_machine(id: i64) -> Call {
    dressed(Call::post(format!("{MACHINES}/{id}/snapshot")))
}

/// Looks at when a machine was kept.
pub fn kept_machine(id: i64) -> Call {
    get(&format!("{MACHINES}/{id}/snapshot"))
}

/// Lists what runs in containers on a machine.
pub fn projects(machine: i64) -> Call {
    get(&format!("{MACHINES}/{machine}/docker"))
}

/// Runs what a compose file says, or the address of one, on a machine, in place of what ran under that name.
pub fn run_project(machine: i64, name: &str, compose: &str, environment: Option<&Secret>) -> Call {
    let mut body = json!({ "project_name": name, "content": compose });
    if let Some(environment) = environment {
        body["environment"] = environment.expose().into();
    }
    with(again(&format!("{MACHINES}/{machine}/docker")), &body)
}

/// Takes what runs under a name off a machine.
pub fn end_project(machine: i64, name: &str) -> Call {
    dressed(Call::delete(format!("{MACHINES}/{machine}/docker/{}/down", segment(name))))
}

/// Lists a page of the account's firewalls.
pub fn firewalls(page: u32) -> Call {
    page_of("/api/vps/v1/firewall", page)
}

/// Makes a firewall that lets nothing in.
pub fn create_firewall(name: &str) -> Call {
    once("/api/vps/v1/firewall", &json!({ "name": name }))
}

/// Puts a machine behind a firewall.
pub fn activate_firewall(firewall: i64, machine: i64) -> Call {
    again(&format!("/api/vps/v1/firewall/{firewall}/activate/{machine}"))
}

/// Lists what a machine can begin as.
pub fn templates() -> Call {
    get("/api/vps/v1/templates")
}

/// Lists where machines stand.
pub fn data_centers() -> Call {
    get("/api/vps/v1/data-centers")
}
