//! What runs on machines of others.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::engine::command::calls;
use crate::engine::{Away, Errand};
use crate::error::{Error, Result};
use crate::hosting::{DeployPlan, DeployTarget, Deployment, LogLine, Prepared};
use crate::ids::ConnectionId;

/// The most lines of a log that are answered at once.
const MOST_LINES: usize = 1_000;

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
