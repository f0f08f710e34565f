//! Taking over what a channel has on offer, part by part. A part and the note of how far the run is are one transaction: who
//! is cut off goes on after the last part that was kept.

use std::time::Duration;

use super::{Engine, Work};
use crate::error::{Error, Kind, Result, Retry};
use crate::ids::{EntityId, ShopId, SyncRunId};
use crate::listings::{Channel, ChannelError, ChannelStatus, OnOffer, SyncRun, SyncState};
use crate::outbox::{Job, Outcome};

/// How many parts are taken in one go, so that the job's lease lasts.
const PARTS: usize = 100;
/// How long a channel may be out of reach, or at it, before the run is given up.
const PATIENCE: Duration = Duration::from_hours(7 * 24);

/// Where a run goes on.
enum Next {
    /// With the next part.
    Part,
    /// Later: the channel is still at it.
    Later,
    /// Nowhere: all is taken over.
    End,
}

impl Engine {
    pub(super) async fn do_take_over(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let id = SyncRunId::parse(&job.subject)?;
        for _ in 0..PARTS {
            let mut work = self.work(shop).await?;
            let run = work.tx.load::<SyncRun>(id).await?;
            let channel = work.tx.load::<Channel>(run.channel_id).await?;
            if run.state != SyncState::Running {
                return Ok(Outcome::Moot);
            }
            if channel.status != ChannelStatus::Active {
                return self
                    .give_up(shop, id, format!("the channel {} is {}", channel.name, channel.status))
                    .await;
            }
            let market = work.market(&channel).await?;
            drop(work);
            let part = match market.goods(&channel, run.cursor.as_deref()).await {
                Ok(part) => part,
                // Looking changes nothing, so a lost answer is asked for again, however often it takes.
                Err(
                    ChannelError::RateLimited { .. }
                    | ChannelError::Unavailable { .. }
                    | ChannelError::Unknown { .. },
                ) if self.0.clock.now().since(run.started_at) < PATIENCE => return Ok(Outcome::UnderWay),
                Err(error) => return self.give_up(shop, id, error.to_string()).await,
            };
            let count = i64::try_from(part.goods.len()).unwrap_or(i64::MAX);
            let (mut work, refused) = self.take_part(shop, &channel, &part.goods).await?;
            let mut run = work.tx.load::<SyncRun>(id).await?;
            run.received += count;
            run.applied += count - i64::try_from(refused.len()).unwrap_or(i64::MAX);
            run.total = part.total.or(run.total);
            for (sku, error) in &refused {
                let told = serde_json::json!({"channel": channel.id, "sku": sku, "error": error});
                work.emit("channel.goods_refused", run.id, &told).await?;
                run.error = Some(format!("{sku}: {error}"));
            }
            let next = match (&part.cursor, part.wait) {
                (None, _) => Next::End,
                (Some(_), Some(_)) => Next::Later,
                (Some(_), None) => Next::Part,
            };
            run.cursor = part.cursor;
            if matches!(next, Next::End) {
                run.state = run.state.step(SyncState::Completed)?;
                run.ended_at = Some(work.now);
                let told = serde_json::json!({
                    "channel": channel.id, "received": run.received, "applied": run.applied,
                });
                work.emit("channel.taken_over", run.id, &told).await?;
            }
            work.tx.save(&mut run).await?;
            work.tx.commit().await?;
            match next {
                Next::Part => {}
                Next::Later => return Ok(Outcome::UnderWay),
                Next::End => return Ok(Outcome::Done),
            }
        }
        Ok(Outcome::UnderWay)
    }

    /// Takes over a part, but for what a rule refuses, and why; not committed yet. What is refused leaves nothing behind: the
    /// part is begun again without it.
    async fn take_part(
        &self,
        shop: ShopId,
        channel: &Channel,
        goods: &[OnOffer],
    ) -> Result<(Work, Vec<(String, String)>)> {
        let mut refused: Vec<(String, String)> = Vec::new();
        'part: loop {
            let mut work = self.work(shop).await?;
            for found in goods {
                if refused.iter().any(|(sku, _)| *sku == found.sku) {
                    continue;
                }
                match work.take_over(channel, found.clone()).await {
                    Ok(()) => {}
                    Err(error) if is_passing(&error) => return Err(error),
                    Err(error) => {
                        refused.push((found.sku.clone(), error.to_string()));
                        continue 'part;
                    }
                }
            }
            return Ok((work, refused));
        }
    }

    /// Ends a run that cannot go on.
    async fn give_up(&self, shop: ShopId, id: SyncRunId, error: String) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let mut run = work.tx.load::<SyncRun>(id).await?;
        run.state = run.state.step(SyncState::Failed)?;
        run.error = Some(error.clone());
        run.ended_at = Some(work.now);
        work.tx.save(&mut run).await?;
        work.tx.commit().await?;
        Ok(Outcome::Hopeless { error })
    }
}

/// Whether it says nothing of the thing, and trying again may mend it.
fn is_passing(error: &Error) -> bool {
    matches!(error.kind(), Kind::Unavailable | Kind::TooMany | Kind::Internal)
        || matches!(error.retry(), Retry::After(_))
}
