//! The worker: does at the ports what use cases have queued.
//!
//! A tick leases what is due, a few jobs per connection, and works on all connections at once. A connection that is
//! slow holds only its own jobs: other ticks may run beside, and take no more of a busy connection than its share.

mod advise;
mod channel;
mod connection;
mod deliver;
mod hints;
mod listing;
mod money;
mod order;
mod parcel;
mod renewal;
mod site;
mod sweep;
mod takeover;
mod write;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::{Boxed, Engine, Work};
use crate::accounts::Actor;
use crate::error::{Error, Kind, Result, Retry};
use crate::ids::ShopId;
use crate::outbox::{Job, JobKind, JobState, LEASE, Outcome};
use crate::storage::Scope;

/// How many jobs of one connection may be under way at once, unless its channel allows fewer.
const PER_CONNECTION: usize = 4;
/// How many jobs a tick takes at most, unless the engine is built otherwise.
pub(super) const PER_TICK: usize = 64;

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct TickReport {
    /// Jobs taken.
    pub taken: usize,
    /// Jobs done, or no longer wanted.
    pub done: usize,
    /// Jobs to be tried again or looked up.
    pub again: usize,
    /// Jobs given up.
    pub given_up: usize,
}

/// Which connections this process is at, and with how many jobs.
#[derive(Default)]
pub(super) struct Desk(Mutex<HashMap<(ShopId, String), usize>>);

impl Desk {
    fn busy(&self) -> Vec<(ShopId, String, usize)> {
        let desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        desk.iter().map(|((shop, connection), count)| (*shop, connection.clone(), *count)).collect()
    }

    fn sit(&self, shop: ShopId, connection: &str) -> Seat<'_> {
        let key = (shop, connection.to_owned());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key.clone()).or_default() += 1;
        Seat { desk: self, key }
    }
}

/// Keeps count of a job under way until dropped.
struct Seat<'a> {
    desk: &'a Desk,
    key: (ShopId, String),
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut desk = self.desk.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = desk.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                desk.remove(&self.key);
            }
        }
    }
}

impl Engine {
    /// Does a share of what is due: lets go of what has run out, asks channels what happened, and carries out queued
    /// jobs. Answers when the jobs it took are concluded; call it again and again, also while an earlier call still
    /// waits for a slow channel.
    pub fn tick(&self) -> Boxed<'_, TickReport> {
        Box::pin(async move {
            self.sweep().await?;
            let jobs = self.lease().await?;
            let mut report = TickReport { taken: jobs.len(), ..TickReport::default() };
            let mut under_way: FuturesUnordered<_> =
                jobs.into_iter().map(|(shop, job)| self.carry_out(shop, job)).collect();
            let mut failed = None;
            while let Some(result) = under_way.next().await {
                match result {
                    Ok(Outcome::Done | Outcome::Moot) => report.done += 1,
                    Ok(Outcome::Again { .. } | Outcome::Unknown { .. } | Outcome::UnderWay) => {
                        report.again += 1;
                    }
                    Ok(Outcome::Hopeless { .. }) => report.given_up += 1,
                    // The others are under way all the same: to leave here would cut them off.
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            failed.map_or(Ok(report), Err)
        })
    }

    /// Ticks until nothing is due; for programs without a worker of their own, and for tests.
    pub fn settle(&self) -> Boxed<'_, ()> {
        Box::pin(async move {
            while self.tick().await?.taken > 0 {}
            Ok(())
        })
    }

    async fn lease(&self) -> Result<Vec<(ShopId, Job)>> {
        let (now, until) = (self.0.clock.now(), self.0.clock.now().plus(LEASE));
        let busy = self.0.desk.busy();
        let mut look = self.0.storage.read(Scope::System).await?;
        let due = look.work().due(now, self.0.jobs_per_tick, PER_CONNECTION, &busy).await?;
        drop(look);
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.0.storage.begin(Scope::System).await?;
        let mut mine = Vec::with_capacity(due.len());
        for (shop, mut job) in due {
            if tx.work().lease(shop, &job, until).await? {
                job.version += 1;
                job.attempts += 1;
                job.state = JobState::Leased;
                job.lease_until = Some(until);
                mine.push((shop, job));
            }
        }
        tx.commit().await?;
        Ok(mine)
    }

    async fn carry_out(&self, shop: ShopId, mut job: Job) -> Result<Outcome> {
        let _seat = self.0.desk.sit(shop, &job.connection);
        let done = match job.kind {
            JobKind::Publish
            | JobKind::Revise
            | JobKind::PushQuantity
            | JobKind::End
            | JobKind::Reconcile => self.do_listing(shop, &mut job).await,
            JobKind::Pull => self.do_pull(shop, &job).await,
            JobKind::CallOff => self.do_call_off(shop, &job).await,
            JobKind::TellParcels => self.do_tell_parcels(shop, &job).await,
            JobKind::Pay => self.do_payment(shop, &mut job).await,
            JobKind::BuyLabel => self.do_label(shop, &job).await,
            JobKind::CheckConnection => self.do_check(shop, &job).await,
            JobKind::Hear => self.do_hear(shop, &job).await,
            JobKind::Renew => self.do_renew(shop, &job).await,
            JobKind::TakeOver => self.do_take_over(shop, &job).await,
            JobKind::PublishSite => self.do_publish_site(shop, &job).await,
            JobKind::CatchUp => self.do_catch_up(shop, &job).await,
            JobKind::Deliver => self.do_deliver(shop, &job).await,
            JobKind::Write => self.do_write(shop, &mut job).await,
            JobKind::Advise => self.do_advise(shop, &mut job).await,
        };
        let outcome = done.unwrap_or_else(outcome_of);
        let mut work = self.work(shop).await?;
        let now = work.now;
        job.conclude(outcome.clone(), now)?;
        match work.tx.save(&mut job).await {
            // The lease ran out meanwhile, and another worker has the job: what there is to conclude is theirs.
            Err(error) if error.kind() == Kind::Conflict => return Ok(Outcome::Moot),
            saved => saved?,
        }
        if job.state == JobState::Dead {
            let error = &job.last_error;
            let told = serde_json::json!({"kind": job.kind, "subject": job.subject, "error": error});
            work.emit("job.given_up", job.id, &told).await?;
        }
        work.tx.commit().await?;
        Ok(outcome)
    }

    /// A unit of work of the worker's own.
    async fn work(&self, shop: ShopId) -> Result<Work> {
        let tx = self.0.storage.begin(Scope::Shop(shop)).await?;
        Ok(Work::new(tx, self.0.clone(), Actor::System))
    }

    /// Notes that a job's call is about to be sent: from now on it may have happened.
    async fn dispatched(work: &mut Work, job: &mut Job) -> Result<()> {
        job.dispatched_at = Some(work.now);
        work.tx.save(job).await
    }
}

/// What an error inside the engine means for the job: a store that does not answer, or somebody who was faster, is no
/// reason to give up; a defect is.
fn outcome_of(error: Error) -> Outcome {
    let wait = match error.retry() {
        Retry::After(wait) => Some(wait),
        Retry::Never => None,
    };
    match error.kind() {
        Kind::Unavailable | Kind::TooMany | Kind::Conflict => {
            Outcome::Again { error: error.to_string(), wait }
        }
        _ => Outcome::Hopeless { error: error.to_string() },
    }
}
