//! Asking a model about a shop.

use super::Engine;
use crate::accounts::Shop;
use crate::engine::insights::Question;
use crate::error::Result;
use crate::ids::ShopId;
use crate::insights::AdviceRun;
use crate::outbox::{Job, JobKind, JobState, Outcome};
use crate::page::{MAX_LIMIT, PageRequest};
use crate::storage::{Scope, Tx};

impl Engine {
    /// Asks the model, with no transaction open, and keeps what it says.
    pub(super) async fn do_advise(&self, shop: ShopId, job: &mut Job) -> Result<Outcome> {
        let model = self.0.demand_model()?.clone();
        let mut work = self.work(shop).await?;
        job.lease_until = Some(work.now.plus(job.kind.lease()));
        work.tx.save(job).await?;
        work.tx.commit().await?;
        let mut look = self.0.storage.read(Scope::Shop(shop)).await?;
        let question = Question::gather(&mut *look, self.0.clock.now(), &model.name()).await?;
        drop(look);
        let answer = model.plan(question.task.clone()).await;
        let mut work = self.work(shop).await?;
        match answer {
            Ok(plan) => {
                work.keep_plan(question, plan).await?;
                work.tx.commit().await?;
                Ok(Outcome::Done)
            }
            Err(error) => {
                // The day's question was asked: without a note of it, it would be asked again at every tick.
                work.keep_failure(&question).await?;
                work.tx.commit().await?;
                Ok(Outcome::Hopeless { error: error.to_string() })
            }
        }
    }

    /// Whether there is a model that was not asked today, nor is being asked.
    pub(super) async fn advice_due(&self, tx: &mut Tx, shop: &Shop) -> Result<bool> {
        if self.0.demand_model().is_err() {
            return Ok(false);
        }
        let today = shop.time_zone.date_of(self.0.clock.now());
        let last = tx.page::<AdviceRun>(&PageRequest::first(1)).await?.items.pop();
        if last.is_some_and(|run| shop.time_zone.date_of(run.made_at) >= today) {
            return Ok(false);
        }
        let under_way = tx.outbox().jobs(Some(JobState::Leased), &PageRequest::first(MAX_LIMIT)).await?;
        Ok(under_way.items.iter().all(|job| job.kind != JobKind::Advise))
    }
}
