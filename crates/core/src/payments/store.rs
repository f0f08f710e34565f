use async_trait::async_trait;

use super::{Payment, PaymentTxn, Payout};
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::ids::ChannelId;

/// Keeps payments and payouts.
#[async_trait]
pub trait PaymentStore:
    Keep<Payment> + Parts<Payment> + Keep<PaymentTxn> + Parts<PaymentTxn> + Parts<Payout>
{
    /// The movements that a provider calls by this name, oldest first.
    async fn txns_by_ref(&mut self, reference: &str) -> Result<Vec<PaymentTxn>>;
    /// The payout a channel calls by this name.
    async fn payout_by_external(&mut self, channel: ChannelId, external_id: &str) -> Result<Option<Payout>>;
}
