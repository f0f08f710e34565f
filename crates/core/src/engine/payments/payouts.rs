//! What channels and providers pay out.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::clock::Timestamp;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::ChannelId;
use crate::listings::Channel;
use crate::money::Money;
use crate::page::{Page, PageRequest};
use crate::payments::{Payout, PayoutLine, payout_entry};

/// Record what a channel paid out, with what it is made of. Whatever the lines do not explain goes to suspense.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPayout {
    /// Who paid.
    pub channel_id: ChannelId,
    /// The channel's name for it; the same payout is recorded once.
    pub external_id: String,
    /// How much arrived.
    pub amount: Money,
    /// What it is made of: sales above zero, fees and refunds below.
    pub lines: Vec<PayoutLine>,
    /// When it arrived; now when absent.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

#[async_trait]
impl Command for RecordPayout {
    const NAME: &'static str = "payouts.record";
    const PERMISSION: Permission = Permission::PaymentsWrite;
    const MOVES: bool = true;
    type Answer = Payout;

    async fn run(self, work: &mut Work) -> Result<Payout> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        if let Some(known) = work.tx.payments().payout_by_external(channel.id, &self.external_id).await? {
            return Ok(known);
        }
        if self.lines.len() > 10_000 {
            return Err(Error::invalid("lines", "too many", "keep it to 10,000"));
        }
        let id = work.id();
        let (draft, residue) = payout_entry(id, channel.id, self.amount, &self.lines)?;
        let at = self.at.unwrap_or(work.now);
        let payout = Payout {
            id,
            channel_id: channel.id,
            external_id: self.external_id,
            amount: self.amount,
            lines: self.lines,
            residue,
            at,
            business_date: work.shop().await?.time_zone.date_of(at),
        };
        work.tx.add(&payout).await?;
        work.post(draft).await?;
        work.about(id);
        Ok(payout)
    }
}

/// Look through what channels paid out, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListPayouts {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListPayouts {
    const NAME: &'static str = "payouts.list";
    const PERMISSION: Permission = Permission::PaymentsRead;
    type Answer = Page<Payout>;

    async fn run(self, look: &mut Look) -> Result<Page<Payout>> {
        look.tx.page::<Payout>(&self.page).await
    }
}
