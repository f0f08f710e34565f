//! Zones against the port's contract, on good days and bad ones.

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::hosting::{HostError, ZoneHost, ZoneRecord};
use baddie_core::testing::ports::zones::ZoneRig;
use baddie_core::zone_conformance;
use serde_json::{Value, json};

use super::domains::{Rig, bad_day, rig};
use super::fake::OWN;
use crate::kit::server::{Fault, Reply};

#[async_trait]
impl ZoneRig for Rig {
    fn port(&self) -> &dyn ZoneHost {
        &self.hostinger
    }

    fn domain(&self) -> String {
        OWN.to_owned()
    }

    async fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }
}

zone_conformance!([tokio::test] a_good_day, || rig([]));
zone_conformance!([tokio::test] a_bad_day, || rig(bad_day()));

pub(crate) fn address(name: &str, value: &str) -> ZoneRecord {
    ZoneRecord { name: name.into(), kind: "a".into(), ttl: 300, values: vec![value.into()] }
}

#[tokio::test]
async fn what_is_set_was_found_sound_first() {
    let rig = rig([]);
    rig.hostinger.set(OWN, &[address("www", "192.0.2.1")]).await.unwrap();
    let heard = rig.fake.server.heard();
    let calls: Vec<_> = heard.iter().map(|one| (one.method.as_str(), one.path.as_str())).collect();
    let zone = format!("/api/dns/v1/zones/{OWN}");
    assert_eq!(calls, [("POST", format!("{zone}/validate").as_str()), ("PUT", zone.as_str())]);
    let (asked, said): (Value, Value) =
        (serde_json::from_slice(&heard[0].body).unwrap(), serde_json::from_slice(&heard[1].body).unwrap());
    let wanted = json!({"overwrite": true, "zone": [
        {"name": "www", "type": "A", "ttl": 300, "records": [{"content": "192.0.2.1"}]},
    ]});
    assert_eq!((&asked, &said), (&wanted, &wanted));
    let answer = rig.hostinger.set(OWN, &[address("www", "nowhere")]).await;
    assert!(
        matches!(&answer, Err(HostError::Refused { reason }) if reason.contains("not valid")),
        "{answer:?}"
    );
    assert_eq!(rig.fake.server.heard().len(), 3, "what is unsound is not set");
}

#[tokio::test]
async fn what_is_kept_and_not_said_is_passed_over_and_so_is_what_is_new() {
    let rig = rig([]);
    let said = json!([
        {"name": "@", "type": "A", "ttl": 60, "new": [1], "records": [
            {"content": "192.0.2.1", "is_disabled": true}, {"content": "192.0.2.2", "new": {}},
        ]},
        {"name": "off", "type": "A", "ttl": 60, "records": [{"content": "192.0.2.1", "is_disabled": true}]},
        {"name": "@", "type": "SVCB", "ttl": 60, "records": [{"content": "1 ."}]},
    ]);
    rig.fake.server.plan([Fault::Instead(Reply::new(200, said.to_string()))]);
    let records = rig.hostinger.records(OWN).await.unwrap();
    let seen: Vec<_> = records.iter().map(|one| (one.kind.as_str(), one.values.len())).collect();
    assert_eq!(seen, [("A", 1), ("SVCB", 1)]);
}

#[tokio::test]
async fn what_is_refused_for_another_reason_is_not_taken_for_gone() {
    let rig = rig([]);
    rig.hostinger.set(OWN, &[address("www", "192.0.2.1")]).await.unwrap();
    rig.fake.server.plan([Fault::Instead(Reply::new(422, r#"{"message":"the zone is locked"}"#))]);
    let answer = rig.hostinger.clear(OWN, "www", "A").await;
    assert!(matches!(&answer, Err(HostError::Refused { reason }) if reason.contains("locked")), "{answer:?}");
}

#[tokio::test]
async fn a_restoring_that_was_lost_is_not_repeated_by_itself() {
    let rig = rig([]);
    rig.hostinger.set(OWN, &[address("www", "192.0.2.1")]).await.unwrap();
    let id = rig.hostinger.snapshots(OWN).await.unwrap()[0].id.clone();
    rig.fake.server.plan([Fault::DropAfter]);
    let answer = rig.hostinger.restore(OWN, &id).await;
    assert!(matches!(answer, Err(HostError::Unknown { .. })), "{answer:?}");
    assert_eq!(rig.hostinger.snapshots(OWN).await.unwrap().len(), 2);
}
