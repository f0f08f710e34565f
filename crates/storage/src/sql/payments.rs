use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::ids::ChannelId;
use baddie_core::payments::{PaymentStore, PaymentTxn, Payout};

use super::SqlTransaction;
use crate::seam::{Connection, Param};

#[async_trait]
impl<C: Connection> PaymentStore for SqlTransaction<C> {
    async fn txns_by_ref(&mut self, reference: &str) -> Result<Vec<PaymentTxn>> {
        self.rows("AND provider_ref = $2 ORDER BY id", [reference.into()]).await
    }

    async fn payout_by_external(&mut self, channel: ChannelId, external_id: &str) -> Result<Option<Payout>> {
        self.row("AND channel_id = $2 AND external_id = $3", [Param::id(channel), external_id.into()]).await
    }
}
