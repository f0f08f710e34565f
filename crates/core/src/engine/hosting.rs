//! Domains, their records, and what runs on machines of others: asked of the services that keep them.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::{Away, Errand};
use crate::accounts::Permission;
use crate::error::{Error, Result};
use crate::hosting::{
    DeployPlan, DeployTarget, Deployment, Domain, DomainOffer, DomainPurchase, LogLine, MOST_NAMED, Prepared,
    ZoneRecord, ZoneSnapshot, domain_name,
};
use crate::ids::ConnectionId;
use crate::money::Money;

/// The most lines of a log that are answered at once.
const MOST_LINES: usize = 1_000;

/// Look through the domains of an account.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDomains {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
}

#[async_trait]
impl Errand for ListDomains {
    const NAME: &'static str = "domains.list";
    const PERMISSION: Permission = Permission::AccountsRead;
    const CHANGES: bool = false;
    type Answer = Vec<Domain>;

    async fn run(self, away: &Away) -> Result<Vec<Domain>> {
        Ok(away.domains(self.connection_id).await?.domains().await?)
    }
}

/// Ask which domains may be had, and for what.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferDomains {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// Their names, 50 at most.
    pub names: Vec<String>,
}

#[async_trait]
impl Errand for OfferDomains {
    const NAME: &'static str = "domains.offers";
    const PERMISSION: Permission = Permission::AccountsRead;
    const CHANGES: bool = false;
    type Answer = Vec<DomainOffer>;

    async fn run(self, away: &Away) -> Result<Vec<DomainOffer>> {
        few("names", self.names.len())?;
        let names = self.names.iter().map(|name| domain_name(name)).collect::<Result<Vec<_>>>()?;
        Ok(away.domains(self.connection_id).await?.offers(&names).await?)
    }
}

/// Buy a domain. It costs money: the price that was offered is said again, and it is bought at no other.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyDomain {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// Its name.
    pub name: String,
    /// What is agreed to, as `domains.offers` said it.
    pub price: Money,
}

#[async_trait]
impl Errand for BuyDomain {
    const NAME: &'static str = "domains.buy";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = true;
    const MOVES: bool = true;
    type Answer = Domain;

    async fn run(self, away: &Away) -> Result<Domain> {
        let purchase = DomainPurchase { name: domain_name(&self.name)?, price: self.price };
        if !purchase.price.is_positive() {
            return Err(Error::invalid("price", self.price, "say the price that was offered"));
        }
        Ok(away.domains(self.connection_id).await?.buy(&purchase).await?)
    }
}

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

/// Have ready at a host what shall run there. What is there already is found by its name, and nothing is made twice.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareDeployment {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// What shall run.
    pub plan: DeployPlan,
}

#[async_trait]
impl Errand for PrepareDeployment {
    const NAME: &'static str = "deployments.prepare";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = true;
    const PRIVATE: bool = true;
    type Answer = Prepared;

    async fn run(self, away: &Away) -> Result<Prepared> {
        self.plan.check().map_err(|error| error.within("plan"))?;
        Ok(away.deploys(self.connection_id).await?.prepare(&self.plan).await?)
    }
}

/// Let what was made ready run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deploy {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// What runs, as `deployments.prepare` named it.
    pub target: DeployTarget,
    /// This commit of its repository; the newest when absent.
    #[serde(default)]
    pub commit: Option<String>,
}

#[async_trait]
impl Errand for Deploy {
    const NAME: &'static str = "deployments.deploy";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = true;
    type Answer = Deployment;

    async fn run(self, away: &Away) -> Result<Deployment> {
        let host = away.deploys(self.connection_id).await?;
        Ok(host.deploy(&self.target, self.commit.as_deref()).await?)
    }
}

/// Look at how a deployment stands.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetDeployment {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The host's name for it.
    pub deployment: String,
}

#[async_trait]
impl Errand for GetDeployment {
    const NAME: &'static str = "deployments.get";
    const PERMISSION: Permission = Permission::AccountsRead;
    const CHANGES: bool = false;
    type Answer = Deployment;

    async fn run(self, away: &Away) -> Result<Deployment> {
        Ok(away.deploys(self.connection_id).await?.deployment(&self.deployment).await?)
    }
}

/// Read the last lines that a deployment said.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadLogs {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The host's name for it.
    pub deployment: String,
    /// How many lines, 1 to 1,000; 100 when absent.
    #[serde(default)]
    pub lines: Option<u32>,
}

#[async_trait]
impl Errand for ReadLogs {
    const NAME: &'static str = "deployments.logs";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = false;
    type Answer = Vec<LogLine>;

    async fn run(self, away: &Away) -> Result<Vec<LogLine>> {
        let lines = usize::try_from(self.lines.unwrap_or(100)).unwrap_or(usize::MAX);
        if !(1..=MOST_LINES).contains(&lines) {
            return Err(Error::invalid("lines", lines, "read 1 to 1000 lines"));
        }
        Ok(away.deploys(self.connection_id).await?.logs(&self.deployment, lines).await?)
    }
}

/// Let an earlier deployment run again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RollBack {
    /// The connection, where several are good for it.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// The host's name for the earlier one.
    pub deployment: String,
}

#[async_trait]
impl Errand for RollBack {
    const NAME: &'static str = "deployments.roll_back";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const CHANGES: bool = true;
    type Answer = RolledBack;

    async fn run(self, away: &Away) -> Result<RolledBack> {
        away.deploys(self.connection_id).await?.roll_back(&self.deployment).await?;
        Ok(RolledBack { deployment: self.deployment })
    }
}

/// What runs again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RolledBack {
    /// The host's name for the deployment that was gone back to.
    pub deployment: String,
}

fn few(field: &'static str, count: usize) -> Result<()> {
    if (1..=MOST_NAMED).contains(&count) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("{count} of them"), "give 1 to 50"))
}

calls! {
    /// Domains.
    Domains by domains:
    /// The domains of an account.
    away list: ListDomains;
    /// Which may be had.
    away offers: OfferDomains;
    /// Buys one.
    away buy: BuyDomain;
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

calls! {
    /// What runs on machines of others.
    Deployments by deployments:
    /// Makes ready what shall run.
    away prepare: PrepareDeployment;
    /// Lets it run.
    away deploy: Deploy;
    /// How a deployment stands.
    away get: GetDeployment;
    /// What it said.
    away logs: ReadLogs;
    /// Lets an earlier one run again.
    away roll_back: RollBack;
}
