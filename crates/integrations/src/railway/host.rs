//! What runs at Railway.

use async_trait::async_trait;
use baddie_core::hosting::{
    DeployHost, DeployPlan, DeployState, DeployTarget, Deployment as Seen, HostError, LogLine, Prepared,
};

use super::wire::{Deployment, Log};
use super::{Railway, calls, told};
use crate::http::{Cause, Failure};

/// The most lines that Railway tells at once.
const MOST_LINES: u32 = 5_000;

#[async_trait]
impl DeployHost for Railway {
    async fn prepare(&self, plan: &DeployPlan) -> Result<Prepared, HostError> {
        self.make(plan).await.map_err(|error| hidden(error, plan))
    }

    async fn deploy(&self, target: &DeployTarget, commit: Option<&str>) -> Result<Seen, HostError> {
        let deploy = calls::deploy(&target.service, &target.environment, commit);
        let id: String = self.ask(&deploy).await.map_err(told)?;
        // It is deployed, whatever becomes of this look.
        let begun = || Seen { id: id.clone(), state: DeployState::Waiting, said: String::new(), url: None };
        Ok(self.deployment(&id).await.unwrap_or_else(|_| begun()))
    }

    async fn deployment(&self, id: &str) -> Result<Seen, HostError> {
        let deployment: Deployment = self.ask(&calls::deployment(id)).await.map_err(told)?;
        Ok(deployment.seen())
    }

    async fn logs(&self, id: &str, most: usize) -> Result<Vec<LogLine>, HostError> {
        self.deployment(id).await?;
        let limit = u32::try_from(most).unwrap_or(MOST_LINES).min(MOST_LINES);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut lines = Vec::new();
        for ask in [calls::build_logs(id, limit), calls::deployment_logs(id, limit)] {
            match self.ask::<Vec<Log>>(&ask).await {
                Ok(said) => lines.extend(said.into_iter().map(Log::line)),
                // An image is not made there, and what waits has said nothing yet.
                Err(Failure { cause: Cause::NotFound, .. }) => {}
                Err(failure) => return Err(told(failure)),
            }
        }
        // Railway writes moments so that their order is that of the texts; what was said at one moment stays as it came.
        lines.sort_by(|a, b| a.at.cmp(&b.at));
        Ok(lines.split_off(lines.len().saturating_sub(most)))
    }

    async fn roll_back(&self, id: &str) -> Result<(), HostError> {
        if self.ask(&calls::roll_back(id)).await.map_err(told)? {
            return Ok(());
        }
        Err(HostError::Refused { reason: format!("the deployment {id} cannot run again") })
    }
}

/// The error without any value of a variable, should Railway have repeated one.
fn hidden(error: HostError, plan: &DeployPlan) -> HostError {
    let hide = |reason: String| plan.variables.iter().fold(reason, |text, (_, value)| value.hide_in(&text));
    match error {
        HostError::NotThere { reason } => HostError::NotThere { reason: hide(reason) },
        HostError::Refused { reason } => HostError::Refused { reason: hide(reason) },
        HostError::Unavailable { reason } => HostError::Unavailable { reason: hide(reason) },
        HostError::Unknown { reason } => HostError::Unknown { reason: hide(reason) },
        waiting @ HostError::RateLimited { .. } => waiting,
    }
}
