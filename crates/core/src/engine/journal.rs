//! Looking at what was done, what happened, and what is still to be done.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::{Command, Look, Query, Work};
use crate::accounts::Permission;
use crate::error::Result;
use crate::ids::JobId;
use crate::journal::AuditEntry;
use crate::outbox::{Event, Job, JobState};
use crate::page::{Page, PageRequest};

/// Look through the audit log, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListAudit {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListAudit {
    const NAME: &'static str = "audit.list";
    const PERMISSION: Permission = Permission::AuditRead;
    type Answer = Page<AuditEntry>;

    async fn run(self, look: &mut Look) -> Result<Page<AuditEntry>> {
        look.tx.page::<AuditEntry>(&self.page).await
    }
}

/// Look through what happened, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListEvents {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListEvents {
    const NAME: &'static str = "events.list";
    const PERMISSION: Permission = Permission::AuditRead;
    type Answer = Page<Event>;

    async fn run(self, look: &mut Look) -> Result<Page<Event>> {
        look.tx.page::<Event>(&self.page).await
    }
}

/// Look through the jobs, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListJobs {
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<JobState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListJobs {
    const NAME: &'static str = "jobs.list";
    const PERMISSION: Permission = Permission::AuditRead;
    type Answer = Page<Job>;

    async fn run(self, look: &mut Look) -> Result<Page<Job>> {
        look.tx.outbox().jobs(self.state, &self.page).await
    }
}

/// Try a job again that was given up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryJob {
    /// The job.
    pub job_id: JobId,
}

#[async_trait]
impl Command for RetryJob {
    const NAME: &'static str = "jobs.retry";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = Job;

    async fn run(self, work: &mut Work) -> Result<Job> {
        let mut job = work.tx.load::<Job>(self.job_id).await?;
        job.step(JobState::Queued)?;
        job.attempts = 0;
        job.next_at = work.now;
        work.tx.save(&mut job).await?;
        work.about(job.id);
        Ok(job)
    }
}

calls! {
    /// What was done, what happened, what is to be done.
    Journal by journal:
    /// Tries a job again that was given up.
    write retry_job: RetryJob;
    /// A page of the audit log.
    read audit: ListAudit;
    /// A page of events.
    read events: ListEvents;
    /// A page of jobs.
    read jobs: ListJobs;
}
