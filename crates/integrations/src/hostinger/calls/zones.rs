use serde::Serialize;
use serde_json::json;

use super::{Call, again, dressed, get, question, segment, with};
use crate::hostinger::ZoneEntry;

fn of(domain: &str, part: &str) -> String {
    format!("/api/dns/v1/zones/{}{part}", segment(domain))
}

/// Looks at what a zone says.
pub fn zone(domain: &str) -> Call {
    get(&of(domain, ""))
}

#[derive(Serialize)]
struct Written<'a> {
    overwrite: bool,
    zone: &'a [ZoneEntry],
}

/// Asks whether a zone could say this.
pub fn validate_zone(domain: &str, zone: &[ZoneEntry]) -> Call {
    question(&of(domain, "/validate"), &Written { overwrite: true, zone })
}

/// Makes a zone say this of just these names and kinds, in place of what it said of them.
pub fn update_zone(domain: &str, zone: &[ZoneEntry]) -> Call {
    with(Call::put(of(domain, "")), &Written { overwrite: true, zone })
}

/// Takes what a zone says of these names and kinds out of it.
pub fn delete_records(domain: &str, which: &[(&str, &str)]) -> Call {
    let filters: Vec<_> = which.iter().map(|(name, kind)| json!({ "name": name, "type": kind })).collect();
    with(Call::delete(of(domain, "")), &json!({ "filters": filters }))
}

/// Makes a zone say what a new one says, but for records of these kinds.
pub fn reset_zone(domain: &str, but: &[&str]) -> Call {
    let body = json!({ "sync": true, "reset_email_records": false, "whitelisted_record_types": but });
    with(again(&of(domain, "/reset")), &body)
}

fn snapshots_of(domain: &str) -> String {
    format!("/api/dns/v1/snapshots/{}", segment(domain))
}

/// Lists how a zone was before.
pub fn snapshots(domain: &str) -> Call {
    get(&snapshots_of(domain))
}

/// Looks at how a zone was.
pub fn snapshot(domain: &str, id: i64) -> Call {
    get(&format!("{}/{id}", snapshots_of(domain)))
}

/// Makes a zone what it was. Each time how it is now is kept as another snapshot.
pub fn restore_zone(domain: &str, id: i64) -> Call {
    dressed(Call::post(format!("{}/{id}/restore", snapshots_of(domain))))
}
