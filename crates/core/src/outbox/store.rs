use async_trait::async_trait;

use super::{Event, Job, JobKind, JobState};
use crate::clock::Timestamp;
use crate::entity::{Append, Keep};
use crate::error::Result;
use crate::ids::{ConnectionId, EventId, ShopId};
use crate::page::{Page, PageRequest};

/// Keeps events and jobs.
#[async_trait]
pub trait OutboxStore: Append<Event> + Keep<Job> {
    /// The id of the newest event.
    async fn last_event(&mut self) -> Result<Option<EventId>>;
    /// Queues jobs. One whose kind and subject wait already is passed over: the waiting one does the work of both.
    async fn queue(&mut self, jobs: &[Job]) -> Result<()>;
    /// A page of jobs in a state, newest first.
    async fn jobs(&mut self, state: Option<JobState>, page: &PageRequest) -> Result<Page<Job>>;
    /// How many jobs there are per state.
    async fn job_counts(&mut self) -> Result<Vec<(JobState, i64)>>;
    /// Jobs waiting for these subjects that no worker has begun, to be called off.
    async fn waiting_for(&mut self, subjects: &[String]) -> Result<Vec<Job>>;
    /// Whether a job of this kind and connection that was queued no later than this is not concluded yet.
    async fn is_at_work(&mut self, kind: JobKind, connection: &str, queued_by: Timestamp) -> Result<bool>;
}

/// What the worker sees of all shops at once: who has work, and the work itself; nothing of the shops' own.
/// Answers only in a system transaction.
#[async_trait]
pub trait WorkStore: Send {
    /// Every shop's id.
    async fn shops(&mut self) -> Result<Vec<ShopId>>;
    /// Up to `limit` jobs that are due: queued or waiting to be retried or looked up, or leased by a worker that is
    /// gone; at most `per_connection` for each connection, those waiting longest first. Connections in `busy`, each
    /// with how many of its jobs are under way here, get that many fewer.
    async fn due(
        &mut self,
        now: Timestamp,
        limit: usize,
        per_connection: usize,
        busy: &[(ShopId, String, usize)],
    ) -> Result<Vec<(ShopId, Job)>>;
    /// Takes a job for this worker if nobody did since it was read; says whether it did.
    async fn lease(&mut self, shop: ShopId, job: &Job, until: Timestamp) -> Result<bool>;
    /// The shop that has this connection.
    async fn shop_of_connection(&mut self, connection: ConnectionId) -> Result<Option<ShopId>>;
    /// The key with this hash and its shop, whichever it is.
    async fn key_by_hash(&mut self, hash: &str) -> Result<Option<(ShopId, crate::accounts::ApiKey)>>;
}
