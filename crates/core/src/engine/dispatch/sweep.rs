//! What happens by itself: holds run out, kept answers are forgotten, channels are asked, listings compared.

use std::time::Duration;

use super::{Engine, Work};
use crate::engine::insights::MODELS;
use crate::error::Result;
use crate::hosting::SiteState;
use crate::ids::ShopId;
use crate::listings::ChannelStatus;
use crate::orders::CheckoutState;
use crate::outbox::{Job, JobKind};
use crate::storage::Scope;

/// How many holds are let go at once.
const BATCH: usize = 100;
/// How long a channel that calls by itself may go unasked.
const ASK_CALLING: Duration = Duration::from_mins(5);
/// How long any other may.
const ASK_SILENT: Duration = Duration::from_secs(30);
/// How long a service may go without being asked whether it still knows a connection.
const ASK_SERVICE: Duration = Duration::from_hours(6);
/// How long a site may go without being looked at.
const LOOK_AT_SITE: Duration = Duration::from_mins(15);
/// How long a listing may go without being compared with its channel.
const COMPARE: Duration = Duration::from_hours(1);
/// How long beyond its time an answer may be kept, so that many are forgotten at once.
const FORGET: Duration = Duration::from_hours(1);

impl Engine {
    /// Does in every shop what has become due by the clock alone. A shop with nothing due costs five reads.
    pub(super) async fn sweep(&self) -> Result<()> {
        for shop in self.shops().await? {
            self.hand_out(shop).await?;
            let mut jobs = self.timely(shop).await?;
            let run_out = self.has_run_out(shop).await?;
            if jobs.is_empty() && !run_out {
                continue;
            }
            let mut work = self.work(shop).await?;
            if jobs.iter().any(|job| job.kind == JobKind::Advise) {
                // Another worker may have asked the model since this one looked.
                let here = work.shop().await?.clone();
                if !self.advice_due(&mut *work.tx, &here).await? {
                    jobs.retain(|job| job.kind != JobKind::Advise);
                }
            }
            work.tx.outbox().queue(&jobs).await?;
            if run_out {
                work.let_run_out().await?;
            }
            let now = work.now;
            work.tx.journal().forget_answers(now).await?;
            work.tx.commit().await?;
        }
        Ok(())
    }

    async fn has_run_out(&self, shop: ShopId) -> Result<bool> {
        let mut look = self.0.storage.read(Scope::Shop(shop)).await?;
        let now = self.0.clock.now();
        Ok(!look.inventory().run_out(now, 1).await?.is_empty()
            || !look.orders().checkouts_run_out(now, 1).await?.is_empty()
            || look.journal().answers_run_out(now.minus(FORGET)).await?)
    }

    async fn timely(&self, shop: ShopId) -> Result<Vec<Job>> {
        let mut work = {
            let tx = self.0.storage.read(Scope::Shop(shop)).await?;
            Work::new(tx, self.0.clone(), crate::accounts::Actor::System)
        };
        let now = work.now;
        let mut jobs = Vec::new();
        let here = work.shop().await?.clone();
        if self.advice_due(&mut *work.tx, &here).await? {
            jobs.push(work.job(JobKind::Advise, MODELS, shop));
        }
        for channel in work.tx.listings().channels().await? {
            if channel.status != ChannelStatus::Active {
                continue;
            }
            let patience = if channel.capabilities.webhooks { ASK_CALLING } else { ASK_SILENT };
            if channel.synced_at.is_none_or(|at| at.plus(patience) <= now) {
                jobs.push(work.job(JobKind::Pull, channel.id, channel.id));
            }
            if !channel.capabilities.look_up {
                continue;
            }
            for listing in work.tx.listings().unreconciled(channel.id, now.minus(COMPARE), BATCH).await? {
                jobs.push(work.job(JobKind::Reconcile, channel.id, listing.id));
            }
        }
        if self.0.has_services() {
            work.due_at_services(&mut jobs).await?;
        }
        work.unasked(jobs).await
    }
}

impl Work {
    /// What is to be asked of services by the clock alone.
    async fn due_at_services(&mut self, jobs: &mut Vec<Job>) -> Result<()> {
        for connection in self.tx.connections().to_service(None).await? {
            if !connection.is_open() {
                continue;
            }
            if connection.checked_at.is_some_and(|at| at.plus(ASK_SERVICE) <= self.now) {
                jobs.push(self.job(JobKind::CheckConnection, connection.id, connection.id));
            }
            if connection.renew_at.is_some_and(|at| at <= self.now) {
                jobs.push(self.job(JobKind::Renew, connection.id, connection.id));
            }
            if connection.heard_until.is_none_or(|at| at.plus(ASK_CALLING) <= self.now) {
                jobs.push(self.job(JobKind::CatchUp, connection.id, connection.id));
            }
        }
        for site in self.tx.hosting().sites().await? {
            let due = site.checked_at.is_none_or(|at| at.plus(LOOK_AT_SITE) <= self.now);
            if site.state == SiteState::Kept && due {
                jobs.push(self.job(JobKind::PublishSite, site.connection_id, site.id));
            }
        }
        Ok(())
    }

    /// Those of them that nobody is at. Who is being asked already, and does not answer, is not asked more.
    async fn unasked(&mut self, mut jobs: Vec<Job>) -> Result<Vec<Job>> {
        if jobs.is_empty() {
            return Ok(jobs);
        }
        let subjects: Vec<String> = jobs.iter().map(|job| job.subject.clone()).collect();
        let waiting = self.tx.outbox().waiting_for(&subjects).await?;
        jobs.retain(|job| {
            !waiting.iter().any(|other| other.kind == job.kind && other.subject == job.subject)
        });
        Ok(jobs)
    }

    async fn let_run_out(&mut self) -> Result<()> {
        let now = self.now;
        let mut sessions = self.tx.orders().checkouts_run_out(now, BATCH).await?;
        for session in &mut sessions {
            session.state = session.state.step(CheckoutState::Expired)?;
            self.tx.save(session).await?;
        }
        let mut holds = self.tx.inventory().run_out(now, BATCH).await?;
        self.expire(&mut holds).await
    }
}
