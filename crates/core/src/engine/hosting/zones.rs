//! What the zones of domains say.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::few;
use crate::accounts::Permission;
use crate::engine::command::calls;
use crate::engine::{Away, Errand};
use crate::error::{Error, Result};
use crate::hosting::{ZoneRecord, ZoneSnapshot, domain_name};
use crate::ids::ConnectionId;

/// Look at what the zone of a domain says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRecords {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The domain.
    pub domain: String,
}

#[async_trait]
impl Errand for ListRecords {
    const NAME: &'static str = "zones.records";
    const PERMISSION: Permission = Permission::AccountsRead;
    const CHANGES: bool = false;
    type Answer = Vec<ZoneRecord>;

    async fn run(self, away: &Away) -> Result<Vec<ZoneRecord>> {
        let domain = domain_name(&self.domain)?;
        Ok(away.zones(self.connection_id).await?.records(&domain).await?)
    }
}

/// Have a zone say this of these names and kinds. All other records stay, and how the zone was can be had again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRecords {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The domain.
    pub domain: String,
    /// What it shall say, 50 at most, none of one name and kind twice.
    pub records: Vec<ZoneRecord>,
}

#[async_trait]
impl Errand for SetRecords {
    const NAME: &'static str = "zones.set";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = true;
    type Answer = Vec<ZoneRecord>;

    async fn run(self, away: &Away) -> Result<Vec<ZoneRecord>> {
        let domain = domain_name(&self.domain)?;
        few("records", self.records.len())?;
        for (number, record) in self.records.iter().enumerate() {
            let at = format!("records[{number}]");
            record.check().map_err(|error| error.within(&at))?;
            let again = |other: &ZoneRecord| (&other.name, &other.kind) == (&record.name, &record.kind);
            if self.records[..number].iter().any(again) {
                let remedy = "give all values of a name and kind in one record";
                return Err(Error::invalid(at, format!("{} {} again", record.name, record.kind), remedy));
            }
        }
        let zones = away.zones(self.connection_id).await?;
        zones.set(&domain, &self.records).await?;
        Ok(zones.records(&domain).await?)
    }
}

/// Take what a zone says of a name and kind out of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearRecords {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The domain.
    pub domain: String,
    /// The name within the zone; `@` is the zone itself.
    pub name: String,
    /// The kind, such as `TXT`.
    pub kind: String,
}

#[async_trait]
impl Errand for ClearRecords {
    const NAME: &'static str = "zones.clear";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = true;
    type Answer = Vec<ZoneRecord>;

    async fn run(self, away: &Away) -> Result<Vec<ZoneRecord>> {
        let domain = domain_name(&self.domain)?;
        let meant = ZoneRecord { name: self.name, kind: self.kind, ttl: 1, values: vec!["-".into()] };
        meant.check()?;
        let zones = away.zones(self.connection_id).await?;
        zones.clear(&domain, &meant.name, &meant.kind).await?;
        Ok(zones.records(&domain).await?)
    }
}

/// Look at how a zone was before.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSnapshots {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The domain.
    pub domain: String,
}

#[async_trait]
impl Errand for ListSnapshots {
    const NAME: &'static str = "zones.snapshots";
    const PERMISSION: Permission = Permission::AccountsRead;
    const CHANGES: bool = false;
    type Answer = Vec<ZoneSnapshot>;

    async fn run(self, away: &Away) -> Result<Vec<ZoneSnapshot>> {
        let domain = domain_name(&self.domain)?;
        Ok(away.zones(self.connection_id).await?.snapshots(&domain).await?)
    }
}

/// Make a zone what it was.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreZone {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The domain.
    pub domain: String,
    /// The snapshot, as `zones.snapshots` names it.
    pub snapshot: String,
}

#[async_trait]
impl Errand for RestoreZone {
    const NAME: &'static str = "zones.restore";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = true;
    type Answer = Vec<ZoneRecord>;

    async fn run(self, away: &Away) -> Result<Vec<ZoneRecord>> {
        let domain = domain_name(&self.domain)?;
        let zones = away.zones(self.connection_id).await?;
        zones.restore(&domain, &self.snapshot).await?;
        Ok(zones.records(&domain).await?)
    }
}

calls! {
    /// What the zones of domains say.
    Zones by zones:
    /// What one says.
    away records: ListRecords;
    /// Has it say something else.
    away set: SetRecords;
    /// Takes something out of it.
    away clear: ClearRecords;
    /// How it was.
    away snapshots: ListSnapshots;
    /// Makes it what it was.
    away restore: RestoreZone;
}
