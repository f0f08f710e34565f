use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::ids::ChannelId;
use baddie_core::payments::{PaymentStore, PaymentTxn, Payout};

use super::MemoryTransaction;

#[async_trait]
impl PaymentStore for MemoryTransaction {
    async fn txns_by_ref(&mut self, reference: &str) -> Result<Vec<PaymentTxn>> {
        Ok(self.some(|txn: &PaymentTxn| txn.provider_ref.as_deref() == Some(reference)))
    }

    async fn payout_by_external(&mut self, channel: ChannelId, external_id: &str) -> Result<Option<Payout>> {
        Ok(self.one(|payout: &Payout| payout.channel_id == channel && payout.external_id == external_id))
    }
}
