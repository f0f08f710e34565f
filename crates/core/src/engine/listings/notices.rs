//! What channels tell of their own accord.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::engine::{Command, Work};
use crate::error::Result;
use crate::ids::{ChannelId, OrderId};
use crate::listings::{Channel, ChannelNotice, Listing, Notice, Told};

/// Take note of something a channel told. Told twice, it takes effect once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveNotice {
    /// The channel.
    pub channel_id: ChannelId,
    /// What it told.
    pub notice: ChannelNotice,
}

/// What became of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeTaken {
    /// Whether it was new.
    pub fresh: bool,
    /// The order it was about.
    pub order_id: Option<OrderId>,
}

#[async_trait]
impl Command for ReceiveNotice {
    const NAME: &'static str = "channels.receive";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    const PRIVATE: bool = true;
    type Answer = NoticeTaken;

    async fn run(self, work: &mut Work) -> Result<NoticeTaken> {
        // One notice of a channel after the other: told twice at once, the second finds what the first has done.
        let channel = work.tx.hold::<Channel>(self.channel_id).await?;
        if work.tx.listings().has_notice(channel.id, &self.notice.external_id).await? {
            return Ok(NoticeTaken { fresh: false, order_id: None });
        }
        let kind = match &self.notice.told {
            Told::Order(_) => "order",
            Told::ListingEnded { .. } => "listing_ended",
        };
        let notice = Notice {
            id: work.id(),
            channel_id: channel.id,
            external_id: self.notice.external_id,
            kind: kind.to_owned(),
            received_at: work.now,
        };
        work.tx.add(&notice).await?;
        let mut order_id = None;
        match self.notice.told {
            Told::Order(order) => order_id = Some(work.import_order(&channel, order).await?.order.id),
            Told::ListingEnded { external_id, reason } => {
                let listings = work.tx.listings().by_external(channel.id, &[&external_id]).await?;
                for mut listing in listings.into_iter().filter(Listing::is_open) {
                    listing.end(reason, work.now)?;
                    work.tx.save(&mut listing).await?;
                    work.about(listing.id);
                }
            }
        }
        Ok(NoticeTaken { fresh: true, order_id })
    }
}
