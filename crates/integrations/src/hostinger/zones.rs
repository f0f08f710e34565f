//! What zones say.

use std::collections::BTreeSet;

use async_trait::async_trait;
use baddie_core::hosting::{HostError, ZoneHost, ZoneRecord, ZoneSnapshot};

use super::text::{quoted, unquoted};
use super::wire::{Done, Snapshot, ZoneEntry, ZoneValue};
use super::{Hostinger, calls, told};
use crate::http::Cause;

/// The kind whose values are texts.
const TEXT: &str = "TXT";

#[async_trait]
impl ZoneHost for Hostinger {
    async fn records(&self, domain: &str) -> Result<Vec<ZoneRecord>, HostError> {
        let entries: Vec<ZoneEntry> = self.send(calls::zone(domain)).await.map_err(told)?;
        let mut records: Vec<ZoneRecord> = entries.into_iter().filter_map(record_of).collect();
        records.sort();
        Ok(records)
    }

    async fn set(&self, domain: &str, records: &[ZoneRecord]) -> Result<(), HostError> {
        let mut named = BTreeSet::new();
        for record in records {
            let kind = record.kind.to_ascii_uppercase();
            let said = || format!("{kind} of {:?}", record.name);
            if record.values.is_empty() {
                return Err(HostError::Refused { reason: format!("{} would say nothing", said()) });
            }
            if !named.insert((record.name.to_ascii_lowercase(), kind.clone())) {
                return Err(HostError::Refused { reason: format!("{} is given twice", said()) });
            }
        }
        if records.is_empty() {
            return Ok(());
        }
        let zone: Vec<ZoneEntry> = records.iter().map(entry_of).collect();
        self.send::<Done>(calls::validate_zone(domain, &zone)).await.map_err(told)?;
        self.send::<Done>(calls::update_zone(domain, &zone)).await.map(drop).map_err(told)
    }

    async fn clear(&self, domain: &str, name: &str, kind: &str) -> Result<(), HostError> {
        let kind = kind.to_ascii_uppercase();
        let which = [(name, kind.as_str())];
        let Err(failure) = self.send::<Done>(calls::delete_records(domain, &which)).await else {
            return Ok(());
        };
        // What is not there may be refused; it is gone all the same.
        let odd = matches!(failure.cause, Cause::NotFound | Cause::Validation { .. });
        let same = |one: &ZoneRecord| one.kind == kind && one.name.eq_ignore_ascii_case(name);
        if odd && !self.records(domain).await?.iter().any(same) { Ok(()) } else { Err(told(failure)) }
    }

    async fn snapshots(&self, domain: &str) -> Result<Vec<ZoneSnapshot>, HostError> {
        let mut kept: Vec<Snapshot> = self.send(calls::snapshots(domain)).await.map_err(told)?;
        kept.sort_by_key(|one| std::cmp::Reverse((one.created_at, one.id)));
        let told_of = |one: Snapshot| ZoneSnapshot {
            id: one.id.to_string(),
            reason: one.reason,
            kept_at: one.created_at,
        };
        Ok(kept.into_iter().map(told_of).collect())
    }

    async fn restore(&self, domain: &str, snapshot: &str) -> Result<(), HostError> {
        let missing = || HostError::NotThere { reason: format!("{snapshot:?} is no snapshot") };
        let id = snapshot.parse().map_err(|_| missing())?;
        self.send::<Done>(calls::restore_zone(domain, id)).await.map(drop).map_err(told)
    }
}

/// What is said, as the port has it. What is kept and not said is left out.
fn record_of(entry: ZoneEntry) -> Option<ZoneRecord> {
    let text = entry.kind == TEXT;
    let said = entry.records.into_iter().filter(|value| !value.is_disabled);
    let read = |value: ZoneValue| if text { unquoted(&value.content) } else { value.content };
    let values: Vec<String> = said.map(read).collect();
    (!values.is_empty()).then_some(ZoneRecord { name: entry.name, kind: entry.kind, ttl: entry.ttl, values })
}

/// What is to be said, as Hostinger has it.
fn entry_of(record: &ZoneRecord) -> ZoneEntry {
    let kind = record.kind.to_ascii_uppercase();
    let written = |value: &String| if kind == TEXT { quoted(value) } else { value.clone() };
    let value = |value| ZoneValue { content: written(value), is_disabled: false };
    let records = record.values.iter().map(value).collect();
    ZoneEntry { name: record.name.clone(), ttl: record.ttl, records, kind }
}
