//! How the engine speaks to a payment provider.

use async_trait::async_trait;

use super::TxnKind;
use crate::ids::{OrderId, PaymentTxnId};
use crate::money::Money;

/// What a provider is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRequest {
    /// The shop's name for the movement: the provider does each name once.
    pub key: PaymentTxnId,
    /// The order it is for.
    pub order: OrderId,
    /// What to do.
    pub kind: TxnKind,
    /// How much.
    pub amount: Money,
    /// The provider's name for the movement this one builds on: the authorisation of a capture, the capture of a
    /// refund.
    pub on: Option<String>,
    /// What the customer pays with, as the provider calls it; never a card number.
    pub method: Option<String>,
    /// The provider's own page on which the customer is asked for that; `None` where nobody is there to be asked.
    pub page: Option<PaymentPage>,
    /// The provider's name for this very movement, where it told one before.
    pub known_as: Option<String>,
}

/// A page of a provider's on which a customer pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentPage {
    /// What is paid for, in words that the customer reads.
    pub title: String,
    /// Where the customer is sent back to, however it ends.
    pub return_url: String,
}

/// What a provider did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOutcome {
    /// The provider's name for it.
    pub provider_ref: String,
    /// Whether it is done; otherwise the provider is still at it.
    pub settled: bool,
    /// Where the customer pays, while the provider waits for that.
    pub page: Option<String>,
}

/// How a call to a provider failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// The provider, or the customer's bank, said no.
    #[error("the payment was declined: {reason}")]
    Declined {
        /// The provider's words.
        reason: String,
    },
    /// Certainly nothing happened; try again.
    #[error("the payment provider does not answer: {reason}")]
    Unavailable {
        /// What was seen.
        reason: String,
    },
    /// Perhaps it happened: look it up before doing anything else.
    #[error("the payment provider's answer was lost: {reason}")]
    Unknown {
        /// What was seen.
        reason: String,
    },
}

/// What a provider can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentCapabilities {
    /// More may be captured than was set aside.
    pub over_capture: bool,
    /// Captures may come in parts.
    pub part_capture: bool,
    /// It has a page of its own on which a customer can pay.
    pub page: bool,
}

/// A payment provider.
///
/// Contract: the same key does its work once, however often it is sent; [`PaymentError::Unknown`] is answered whenever
/// the request may have arrived.
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> PaymentCapabilities;
    /// Does it.
    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError>;
    /// What became of this request; `None` when the provider never heard of its key. The whole request is given, because
    /// a provider may keep a movement with what it builds on, and not know it by our key alone.
    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError>;
    /// Shuts the page of a movement that is not paid yet, so that nobody pays there any longer. One that is shut, or paid,
    /// stays so; how it ended is looked up.
    async fn shut_page(&self, _request: &PaymentRequest) -> Result<(), PaymentError> {
        Ok(())
    }
}
