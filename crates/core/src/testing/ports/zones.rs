//! What every place must keep where the records of domains lie.

use std::time::Duration;

use async_trait::async_trait;

use super::{PATIENCE, PAUSE};
use crate::hosting::{HostError, ZoneHost, ZoneRecord, ZoneSnapshot};

/// An adapter together with what stands in for the place.
#[async_trait]
pub trait ZoneRig: Send + Sync {
    /// The adapter.
    fn port(&self) -> &dyn ZoneHost;
    /// A domain whose zone is kept there, and says something.
    fn domain(&self) -> String;
    /// Lets time pass.
    async fn wait(&self, time: Duration);
}

/// Stamps the suite on a rig: `zone_conformance!([tokio::test] module, || rig())`, and with a list of cases at the end only
/// those.
#[macro_export]
macro_rules! zone_conformance {
    ($attribute:tt $module:ident, $make:expr) => {
        $crate::zone_conformance!($attribute $module, $make, [
            what_is_set_is_said
            what_is_set_twice_is_said_once
            others_are_left_alone
            what_is_cleared_is_gone
            what_a_zone_cannot_hold_changes_nothing
            texts_come_back_as_they_went
            several_values_are_kept
            a_zone_becomes_what_it_was
            what_is_kept_nowhere_is_not_there
        ]);
    };
    ($attribute:tt $module:ident, $make:expr, [$($case:ident)+]) => {
        $crate::stamp_cases!($attribute $module, $crate::testing::ports::zones, $make, [$($case)+]);
    };
}

fn record(name: &str, kind: &str, values: &[&str]) -> ZoneRecord {
    let values = values.iter().map(|&value| value.to_owned()).collect();
    ZoneRecord { name: name.to_owned(), kind: kind.to_owned(), ttl: 3_600, values }
}

/// All of these calls may be repeated, whatever was answered.
async fn persist<T>(
    rig: &dyn ZoneRig,
    mut call: impl AsyncFnMut() -> Result<T, HostError>,
) -> Result<T, HostError> {
    for _ in 0..PATIENCE {
        match call().await {
            Err(HostError::Unavailable { .. } | HostError::Unknown { .. }) => rig.wait(PAUSE).await,
            Err(HostError::RateLimited { wait }) => rig.wait(wait.max(PAUSE)).await,
            answer => return answer,
        }
    }
    panic!("there was no answer in {PATIENCE} calls");
}

async fn said(rig: &dyn ZoneRig) -> Vec<ZoneRecord> {
    let domain = rig.domain();
    persist(rig, async || rig.port().records(&domain).await).await.expect("a zone can be read")
}

async fn set(rig: &dyn ZoneRig, records: &[ZoneRecord]) -> Result<(), HostError> {
    let domain = rig.domain();
    persist(rig, async || rig.port().set(&domain, records).await).await
}

async fn clear(rig: &dyn ZoneRig, name: &str, kind: &str) -> Result<(), HostError> {
    let domain = rig.domain();
    persist(rig, async || rig.port().clear(&domain, name, kind).await).await
}

async fn snapshots(rig: &dyn ZoneRig) -> Vec<ZoneSnapshot> {
    let domain = rig.domain();
    persist(rig, async || rig.port().snapshots(&domain).await).await.expect("snapshots can be listed")
}

fn of<'a>(records: &'a [ZoneRecord], name: &str, kind: &str) -> Vec<&'a ZoneRecord> {
    records.iter().filter(|record| record.name == name && record.kind == kind).collect()
}

/// Puts a record with its values in order, as far as order says nothing.
fn sorted(record: &ZoneRecord) -> ZoneRecord {
    let mut record = record.clone();
    record.values.sort();
    record
}

/// What is set is said.
pub async fn what_is_set_is_said(rig: &dyn ZoneRig) {
    let wanted = [record("www", "A", &["192.0.2.1"]), record("shop", "CNAME", &["shops.example.com."])];
    set(rig, &wanted).await.expect("an ordinary record is taken");
    let said = said(rig).await;
    assert!(wanted.iter().all(|record| said.contains(record)), "{said:?}");
    assert!(said.is_sorted_by_key(|record| (&record.name, &record.kind)), "{said:?}");
}

/// What is set again is the same, and what is set anew takes the place of what was.
pub async fn what_is_set_twice_is_said_once(rig: &dyn ZoneRig) {
    for value in ["192.0.2.1", "192.0.2.1", "192.0.2.9"] {
        let wanted = record("www", "A", &[value]);
        set(rig, std::slice::from_ref(&wanted)).await.expect("an ordinary record is taken");
        assert_eq!(of(&said(rig).await, "www", "A"), [&wanted]);
    }
}

/// What is not named stays: other names, and other kinds of the same name.
pub async fn others_are_left_alone(rig: &dyn ZoneRig) {
    let before = said(rig).await;
    assert!(!before.is_empty(), "the zone says something");
    let (text, address) = (record("www", "TXT", &["ours"]), record("www", "A", &["192.0.2.1"]));
    set(rig, std::slice::from_ref(&text)).await.expect("a text is taken");
    set(rig, &[address]).await.expect("an address is taken");
    let after = said(rig).await;
    assert!(before.iter().chain([&text]).all(|record| after.contains(record)), "{after:?}");
    set(rig, &[]).await.expect("nothing can be set");
    clear(rig, "www", "A").await.expect("it can be cleared");
    let after = said(rig).await;
    assert!(before.iter().chain([&text]).all(|record| after.contains(record)), "{after:?}");
    assert_eq!(after.len(), before.len() + 1);
}

/// What is cleared is gone, and clearing it again is no failure.
pub async fn what_is_cleared_is_gone(rig: &dyn ZoneRig) {
    set(rig, &[record("old", "TXT", &["gone soon"])]).await.expect("a text is taken");
    for _ in 0..2 {
        clear(rig, "old", "TXT").await.expect("it is gone");
        assert!(of(&said(rig).await, "old", "TXT").is_empty());
    }
    clear(rig, "never", "A").await.expect("what was never there is gone");
}

/// What a zone cannot hold is refused, and what was asked for together with it is not done either.
pub async fn what_a_zone_cannot_hold_changes_nothing(rig: &dyn ZoneRig) {
    let before = said(rig).await;
    let good = record("www", "A", &["192.0.2.1"]);
    for wrong in [
        record("bad", "A", &["no address"]),
        record("bad", "NONSENSE", &["x"]),
        record("bad", "A", &[]),
        record("www", "A", &["192.0.2.2"]),
    ] {
        let answer = set(rig, &[good.clone(), wrong.clone()]).await;
        assert!(matches!(answer, Err(HostError::Refused { .. })), "{wrong:?}: {answer:?}");
        assert_eq!(said(rig).await, before, "{wrong:?}");
    }
}

/// Texts come back as they went, with whatever is in them and however long they are.
pub async fn texts_come_back_as_they_went(rig: &dyn ZoneRig) {
    let long = "k=".to_owned() + &"0123456789".repeat(60);
    let texts =
        ["v=spf1 include:_spf.example.com ~all", "say \"hi\"", "back\\slash; semicolon", &long, "é 1"];
    for (number, text) in texts.into_iter().enumerate() {
        let wanted = record(&format!("text{number}"), "TXT", &[text]);
        set(rig, std::slice::from_ref(&wanted)).await.expect("a text is taken");
        assert_eq!(of(&said(rig).await, &wanted.name, "TXT"), [&wanted]);
    }
}

/// A name may say several things of one kind.
pub async fn several_values_are_kept(rig: &dyn ZoneRig) {
    let wanted = record("many", "A", &["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    set(rig, std::slice::from_ref(&wanted)).await.expect("several addresses are taken");
    let after = said(rig).await;
    let found: Vec<_> = of(&after, "many", "A").into_iter().map(sorted).collect();
    assert_eq!(found, [sorted(&wanted)]);
    let fewer = record("many", "A", &["192.0.2.2"]);
    set(rig, std::slice::from_ref(&fewer)).await.expect("one address is taken");
    assert_eq!(of(&said(rig).await, "many", "A"), [&fewer]);
}

/// A zone can be made what it was before it was changed.
pub async fn a_zone_becomes_what_it_was(rig: &dyn ZoneRig) {
    let before = said(rig).await;
    set(rig, &[record("www", "A", &["192.0.2.77"])]).await.expect("an address is taken");
    assert_ne!(said(rig).await, before);
    let domain = rig.domain();
    let kept = snapshots(rig).await;
    assert!(kept.is_sorted_by(|a, b| a.kept_at >= b.kept_at), "{kept:?}");
    // The oldest one is from before anything was changed here; restored twice it is the same.
    let oldest = kept.last().expect("how it was is kept").id.clone();
    for _ in 0..2 {
        let restored = persist(rig, async || rig.port().restore(&domain, &oldest).await).await;
        restored.expect("what was kept can be had again");
        assert_eq!(said(rig).await, before);
    }
}

/// A zone that is kept elsewhere is not there, and neither is a snapshot that nobody made.
pub async fn what_is_kept_nowhere_is_not_there(rig: &dyn ZoneRig) {
    let answer = persist(rig, async || rig.port().records("nobody.example").await).await;
    assert!(matches!(answer, Err(HostError::NotThere { .. })), "{answer:?}");
    let domain = rig.domain();
    for id in ["987654321", "nonsense", ""] {
        let answer = persist(rig, async || rig.port().restore(&domain, id).await).await;
        assert!(matches!(answer, Err(HostError::NotThere { .. })), "{id:?}: {answer:?}");
    }
}
