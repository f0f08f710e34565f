use std::collections::BTreeMap;

use async_trait::async_trait;
use baddie_core::accounts::{ApiKey, Shop};
use baddie_core::clock::Timestamp;
use baddie_core::connections::Connection;
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::ids::{ConnectionId, EntityId, EventId, ShopId};
use baddie_core::outbox::{Event, Job, JobKind, JobState, OutboxStore, WorkStore, share_out};
use baddie_core::page::{Page, PageRequest};

use super::MemoryTransaction;
use super::table::Held;

#[async_trait]
impl OutboxStore for MemoryTransaction {
    async fn last_event(&mut self) -> Result<Option<EventId>> {
        Ok(self.all::<Event>().map(|event| event.id).max())
    }

    async fn queue(&mut self, jobs: &[Job]) -> Result<()> {
        for job in jobs {
            let waits = self.all::<Job>().any(|other| {
                other.state == JobState::Queued && other.kind == job.kind && other.subject == job.subject
            });
            if !waits {
                self.put(job)?;
            }
        }
        Ok(())
    }

    async fn jobs(&mut self, state: Option<JobState>, page: &PageRequest) -> Result<Page<Job>> {
        self.page_of(page, |job: &Job| state.is_none_or(|state| job.state == state))
    }

    async fn job_counts(&mut self) -> Result<Vec<(JobState, i64)>> {
        let mut counts: BTreeMap<&str, (JobState, i64)> = BTreeMap::new();
        for job in self.all::<Job>() {
            counts.entry(job.state.as_str()).or_insert((job.state, 0)).1 += 1;
        }
        Ok(counts.into_values().collect())
    }

    async fn waiting_for(&mut self, subjects: &[String]) -> Result<Vec<Job>> {
        Ok(self.some(|job: &Job| {
            matches!(job.state, JobState::Queued | JobState::RetryWait) && subjects.contains(&job.subject)
        }))
    }

    async fn is_at_work(&mut self, kind: JobKind, connection: &str, queued_by: Timestamp) -> Result<bool> {
        use JobState::{Leased, NeedsReconcile, Queued, RetryWait};
        Ok(self.all::<Job>().any(|job| {
            matches!(job.state, Queued | Leased | RetryWait | NeedsReconcile)
                && job.kind == kind
                && job.connection == connection
                && job.created_at <= queued_by
        }))
    }
}

#[async_trait]
impl WorkStore for MemoryTransaction {
    async fn shops(&mut self) -> Result<Vec<ShopId>> {
        Ok(Shop::table(self.state()).everywhere().map(|(_, shop)| shop.id).collect())
    }

    async fn due(
        &mut self,
        now: Timestamp,
        limit: usize,
        per_connection: usize,
        busy: &[(ShopId, String, usize)],
    ) -> Result<Vec<(ShopId, Job)>> {
        let jobs: Vec<_> = Job::table(self.state()).everywhere().collect();
        let under_way =
            |job: &Job| job.state == JobState::Leased && job.lease_until.is_some_and(|at| at > now);
        let is_due = |job: &Job| match job.state {
            JobState::Queued | JobState::RetryWait | JobState::NeedsReconcile => job.next_at <= now,
            JobState::Leased => job.lease_until.is_some_and(|at| at <= now),
            _ => false,
        };
        let mut due: Vec<_> = jobs
            .iter()
            .filter(|(shop, job)| {
                is_due(job)
                    && !jobs.iter().any(|(other_shop, other)| {
                        other_shop == shop
                            && other.subject == job.subject
                            && other.id != job.id
                            && under_way(other)
                    })
            })
            .map(|(shop, job)| (ShopId::from_u128(*shop), (*job).clone()))
            .collect();
        due.sort_by_key(|(_, job)| (job.next_at, job.id));
        Ok(share_out(due, limit, per_connection, busy))
    }

    async fn lease(&mut self, shop: ShopId, job: &Job, until: Timestamp) -> Result<bool> {
        let table = Job::table_mut(self.state_mut()?);
        let Some(mut kept) = table.get(shop.as_u128(), job.id) else { return Ok(false) };
        if kept.version != job.version {
            return Ok(false);
        }
        kept.state = JobState::Leased;
        kept.lease_until = Some(until);
        kept.attempts += 1;
        kept.version += 1;
        table.put(shop.as_u128(), &kept)?;
        Ok(true)
    }

    async fn shop_of_connection(&mut self, connection: ConnectionId) -> Result<Option<ShopId>> {
        let mut connections = Connection::table(self.state()).everywhere();
        Ok(connections.find(|(_, row)| row.id == connection).map(|(shop, _)| ShopId::from_u128(shop)))
    }

    async fn key_by_hash(&mut self, hash: &str) -> Result<Option<(ShopId, ApiKey)>> {
        let mut keys = ApiKey::table(self.state()).everywhere();
        Ok(keys.find(|(_, key)| key.hash == hash).map(|(shop, key)| (ShopId::from_u128(shop), key.clone())))
    }
}
