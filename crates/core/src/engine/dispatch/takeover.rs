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

/// A thing that a rule refuses, and why.
struct Refused<'a> {
    found: &'a OnOffer,
    error: String,
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
            let (mut work, refused) = self.take_part(shop, &channel, &part.goods).await?;
            let mut kept = work.tx.load::<SyncRun>(id).await?;
            if kept.version != run.version {
                // Somebody took this run over, and this part with it.
                return Ok(Outcome::Moot);
            }
            let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
            kept.received += count(part.goods.len());
            kept.applied += count(part.goods.len() - refused.len());
            kept.total = part.total.or(kept.total);
            for Refused { found, error } in &refused {
                let OnOffer { external_id, sku, .. } = found;
                let told = serde_json::json!({
                    "channel": channel.id, "external_id": external_id, "sku": sku, "error": error
                });
                work.emit("channel.goods_refused", id, &told).await?;
                kept.error = Some(format!("{sku}: {error}"));
            }
            let over = part.cursor.is_none();
            kept.cursor = part.cursor;
            if over {
                kept.state = kept.state.step(SyncState::Completed)?;
                kept.ended_at = Some(work.now);
                let told = serde_json::json!({
                    "channel": channel.id, "received": kept.received, "applied": kept.applied,
                });
                work.emit("channel.taken_over", id, &told).await?;
            }
            work.tx.save(&mut kept).await?;
            work.tx.commit().await?;
            if over {
                return Ok(Outcome::Done);
            }
            if part.busy {
                return Ok(Outcome::UnderWay);
            }
        }
        Ok(Outcome::UnderWay)
    }

    /// Takes over a part, but for what a rule refuses, and why; not committed yet. What is refused leaves nothing behind: the
    /// part is begun again without it.
    async fn take_part<'a>(
        &self,
        shop: ShopId,
        channel: &Channel,
        goods: &'a [OnOffer],
    ) -> Result<(Work, Vec<Refused<'a>>)> {
        let mut refused: Vec<Refused<'a>> = Vec::new();
        'part: loop {
            let mut work = self.work(shop).await?;
            for found in goods {
                if refused.iter().any(|known| known.found.external_id == found.external_id) {
                    continue;
                }
                match work.take_over(channel, found.clone()).await {
                    Ok(()) => {}
                    Err(error) if is_passing(&error) => return Err(error),
                    Err(error) => {
                        refused.push(Refused { found, error: error.to_string() });
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
