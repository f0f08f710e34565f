//! A restored copy of a shop speaks to nobody until its owner arms it: the world has moved on since the backup.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::{Command, Work};
use crate::accounts::Permission;
use crate::error::Result;
use crate::listings::{Channel, ChannelStatus};
use crate::outbox::{Job, JobKind, JobState};
use crate::page::{MAX_LIMIT, PageRequest};

/// Silence a copy of a shop: its channels stop, and calls for money and labels that were still to be made are given
/// up, for somebody to look whether they were made after the backup.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disarm {}

#[async_trait]
impl Command for Disarm {
    const NAME: &'static str = "channels.disarm";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Vec<Channel>;

    async fn run(self, work: &mut Work) -> Result<Vec<Channel>> {
        for state in [JobState::Queued, JobState::RetryWait, JobState::NeedsReconcile, JobState::Leased] {
            work.give_up_calls(state).await?;
        }
        work.turn(ChannelStatus::Active, ChannelStatus::Unarmed).await
    }
}

/// Let a restored copy of a shop speak again: its silenced channels become active.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arm {}

#[async_trait]
impl Command for Arm {
    const NAME: &'static str = "channels.arm";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Vec<Channel>;

    async fn run(self, work: &mut Work) -> Result<Vec<Channel>> {
        work.turn(ChannelStatus::Unarmed, ChannelStatus::Active).await
    }
}

impl Work {
    /// Turns every channel of one status to another, and answers those that changed.
    async fn turn(&mut self, from: ChannelStatus, to: ChannelStatus) -> Result<Vec<Channel>> {
        let mut channels = self.tx.listings().channels().await?;
        channels.retain(|channel| channel.status == from);
        for channel in &mut channels {
            channel.status = to;
            self.tx.save(channel).await?;
        }
        Ok(channels)
    }

    /// Gives up the calls in this state that would move money.
    async fn give_up_calls(&mut self, state: JobState) -> Result<()> {
        let mut page = PageRequest::first(MAX_LIMIT);
        loop {
            let found = self.tx.outbox().jobs(Some(state), &page).await?;
            for mut job in found.items {
                if matches!(job.kind, JobKind::Pay | JobKind::BuyLabel) {
                    self.give_up(&mut job).await?;
                }
            }
            if found.next_cursor.is_none() {
                return Ok(());
            }
            page.cursor = found.next_cursor;
        }
    }

    async fn give_up(&mut self, job: &mut Job) -> Result<()> {
        if job.state != JobState::Leased {
            job.step(JobState::Leased)?;
        }
        job.step(JobState::Dead)?;
        job.last_error = Some("restored from a backup: look whether it was done, then try again".into());
        job.lease_until = None;
        self.tx.save(job).await
    }
}

calls! {
    /// Whether a restored copy may speak.
    Arming by arming:
    /// Silences a copy of a shop.
    write disarm: Disarm;
    /// Lets it speak again.
    write arm: Arm;
}
