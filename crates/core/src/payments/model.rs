use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Date, Timestamp};
use crate::entity::{entity, states, words};
use crate::ids::{ChannelId, OrderId, PaymentId, PaymentTxnId, PayoutId};
use crate::money::Money;

words! {
    /// What a movement of a payment does.
    pub enum TxnKind {
        /// Sets money aside.
        Auth "auth",
        /// Takes it.
        Capture "capture",
        /// Lets it go.
        Void "void",
        /// Gives it back.
        Refund "refund",
        /// The customer's bank takes it back.
        Chargeback "chargeback",
        /// The bank gives it again.
        ChargebackReversal "chargeback_reversal",
    }

    /// What a line of a payout is for.
    pub enum PayoutKind {
        /// Sales.
        Sale "sale",
        /// Fees not taken off the sale.
        Fee "fee",
        /// Refunds.
        Refund "refund",
        /// Advertising.
        Ad "ad",
        /// Labels bought from the channel.
        Label "label",
        /// Anything the channel explains.
        Adjustment "adjustment",
        /// Money held back or let go.
        Reserve "reserve",
    }
}

states! {
    /// Where a movement stands.
    pub enum TxnState of "payment_txn" {
        /// Written down, not sent yet.
        Initiated "initiated" => [Succeeded, Failed, Pending, Unknown],
        /// The provider is at it.
        Pending "pending" => [Succeeded, Failed, Unknown],
        /// The answer was lost.
        Unknown "unknown" => [Succeeded, Failed, Pending],
        /// Done.
        Succeeded "succeeded" => [Reversed],
        /// Not done.
        Failed "failed" => [],
        /// Done, then undone by the provider.
        Reversed "reversed" => [],
    }
}

impl TxnState {
    /// Whether it may still end either way.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Initiated | Self::Pending | Self::Unknown)
    }
}

/// How an order is paid, and how much of each thing happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Payment {
    /// Its identity.
    pub id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// Who handles it: `manual`, a provider's name, or a channel's id.
    pub provider: String,
    /// Set aside, less what was let go.
    pub authorised: Money,
    /// Taken.
    pub captured: Money,
    /// Given back, or on the way back.
    pub refunded: Money,
    /// Taken back by the customer's bank, less what it gave again.
    pub disputed: Money,
    /// Counts its edits.
    pub version: i64,
    /// When it began.
    pub created_at: Timestamp,
}
entity!(Payment, PaymentId, "payment", versioned, part of OrderId = order_id);

/// One movement of a payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentTxn {
    /// Its identity, and the idempotency key at the provider.
    pub id: PaymentTxnId,
    /// The payment.
    pub payment_id: PaymentId,
    /// What it does.
    pub kind: TxnKind,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: TxnState,
    /// The provider's name for it.
    pub provider_ref: Option<String>,
    /// What the provider said, or why somebody did it.
    pub note: Option<String>,
    /// Where the customer comes back to from the provider's page, where they are asked there.
    #[serde(default)]
    pub return_url: Option<String>,
    /// The provider's page, while it waits for the customer to pay there.
    #[serde(default)]
    pub page_url: Option<String>,
    /// Counts its edits.
    pub version: i64,
    /// When it was written down.
    pub created_at: Timestamp,
}
entity!(PaymentTxn, PaymentTxnId, "payment_txn", versioned, part of PaymentId = payment_id);

/// One line of a payout. Below zero: the channel keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutLine {
    /// What for.
    pub kind: PayoutKind,
    /// How much.
    pub amount: Money,
    /// The order it concerns, as the channel calls it.
    pub order_external_id: Option<String>,
}

/// Money a channel sent to the bank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Payout {
    /// Its identity.
    pub id: PayoutId,
    /// Who paid.
    pub channel_id: ChannelId,
    /// The channel's name for it.
    pub external_id: String,
    /// How much arrived.
    pub amount: Money,
    /// What it is made of.
    pub lines: Vec<PayoutLine>,
    /// What the lines do not explain; posted to suspense.
    pub residue: Money,
    /// When it was recorded.
    pub at: Timestamp,
    /// The business day.
    pub business_date: Date,
}
entity!(Payout, PayoutId, "payout", part of ChannelId = channel_id);
