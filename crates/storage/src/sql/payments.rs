use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::ids::ChannelId;
use baddie_core::payments::{PaymentStore, Payout};

use super::SqlTransaction;
use crate::seam::{Connection, Param};

#[async_trait]
impl<C: Connection> PaymentStore for SqlTransaction<C> {
    async fn payout_by_external(&mut self, channel: ChannelId, external_id: &str) -> Result<Option<Payout>> {
        self.row("AND channel_id = $2 AND external_id = $3", [Param::id(channel), external_id.into()]).await
    }
}
