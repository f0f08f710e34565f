//! Asking a channel what happened.

use super::Engine;
use super::hints::MENDING;
use crate::accounts::Actor;
use crate::engine::listings::ReceiveNotice;
use crate::error::{Kind, Result};
use crate::ids::{ChannelId, EntityId, ShopId};
use crate::listings::{Channel, ChannelError, ChannelNotice, ChannelStatus, SyncRun, SyncState, SyncTask};
use crate::outbox::{Job, Outcome};

impl Engine {
    pub(super) async fn do_pull(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        Ok(self.pull(shop, ChannelId::parse(&job.subject)?).await?.0)
    }

    /// Fetches what a channel has to tell; how it went, and how much of it was new.
    pub(super) async fn pull(&self, shop: ShopId, id: ChannelId) -> Result<(Outcome, i64)> {
        let mut work = self.work(shop).await?;
        let mut channel = work.tx.load::<Channel>(id).await?;
        if channel.status != ChannelStatus::Active {
            return Ok((Outcome::Moot, 0));
        }
        let port = work.market(&channel).await?;
        let mut run = SyncRun::begin(work.id(), id, SyncTask::News, work.now);
        // An adapter may have learned something since the channel was connected.
        let can = port.capabilities(&channel.settings);
        if can == channel.capabilities {
            drop(work);
        } else {
            channel.capabilities = can;
            work.tx.save(&mut channel).await?;
            work.tx.commit().await?;
        }
        let outcome = loop {
            let mut look = self.0.storage.read(crate::storage::Scope::Shop(shop)).await?;
            let channel = look.load::<Channel>(id).await?;
            drop(look);
            let pulled = match port.pull(&channel, channel.cursor.as_deref()).await {
                Ok(pulled) => pulled,
                Err(error) => break Self::pull_failed(&mut run, &error),
            };
            for notice in pulled.notices {
                run.received += 1;
                run.applied += i64::from(self.take_notice(shop, id, notice, &mut run).await?);
            }
            // Each notice took effect once, under its own name; so the cursor may follow in its own transaction: a
            // crash between them only has the same notices told again.
            let mut work = self.work(shop).await?;
            let mut channel = work.tx.load::<Channel>(id).await?;
            channel.cursor = pulled.cursor;
            channel.synced_at = Some(work.now);
            work.tx.save(&mut channel).await?;
            work.tx.commit().await?;
            if !pulled.more {
                break Outcome::Done;
            }
        };
        if run.received > 0 || run.error.is_some() {
            let mut work = self.work(shop).await?;
            run.state = run.state.step(if outcome == Outcome::Done {
                SyncState::Completed
            } else {
                SyncState::Failed
            })?;
            run.ended_at = Some(work.now);
            work.tx.add(&run).await?;
            work.tx.commit().await?;
        }
        Ok((outcome, run.applied))
    }

    fn pull_failed(run: &mut SyncRun, error: &ChannelError) -> Outcome {
        let text = error.to_string();
        run.error = Some(text.clone());
        match error {
            ChannelError::RateLimited { wait } => Outcome::Again { error: text, wait: Some(*wait) },
            ChannelError::Unavailable { .. } | ChannelError::Unknown { .. } => {
                Outcome::Again { error: text, wait: None }
            }
            ChannelError::Rejected { .. }
            | ChannelError::Refused { .. }
            | ChannelError::Moved { .. }
            | ChannelError::NotThere => Outcome::Again { error: text, wait: Some(MENDING) },
        }
    }

    /// Takes one notice; says whether it was new. One that no retry can mend is told to the shop, not lost in a loop.
    async fn take_notice(
        &self,
        shop: ShopId,
        channel_id: ChannelId,
        notice: ChannelNotice,
        run: &mut SyncRun,
    ) -> Result<bool> {
        let name = notice.external_id.clone();
        match self.shop(Actor::System, shop).run(ReceiveNotice { channel_id, notice }).await {
            Ok(taken) => Ok(taken.fresh),
            Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::TooMany | Kind::Internal) => {
                Err(error)
            }
            Err(error) => {
                let text = format!("notice {name}: {error}");
                let mut work = self.work(shop).await?;
                work.emit("channel.notice_refused", channel_id, &serde_json::json!({ "error": text }))
                    .await?;
                work.tx.commit().await?;
                run.error = Some(text);
                Ok(false)
            }
        }
    }
}
