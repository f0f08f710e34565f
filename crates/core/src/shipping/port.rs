//! How the engine speaks to a carrier.

use async_trait::async_trait;

use crate::ids::FulfilmentId;
use crate::money::{Currency, Money};

/// A parcel to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The shop's name for it: the carrier makes one label for each.
    pub key: FulfilmentId,
    /// Its weight in grams.
    pub weight_g: i64,
    /// The service asked for, as the carrier calls it.
    pub service: Option<String>,
    /// The currency to charge in.
    pub currency: Currency,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where to look for the parcel.
    pub tracking: String,
    /// What it cost.
    pub cost: Money,
}

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// Not handed over yet.
    Announced,
    /// On its way.
    UnderWay,
    /// With the customer.
    Delivered,
    /// Gone.
    Lost,
    /// On its way back.
    Returning,
}

/// How a call to a carrier failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// The carrier will not take it.
    #[error("the carrier refused it: {reason}")]
    Rejected {
        /// The carrier's words.
        reason: String,
    },
    /// Try again; the same key makes no second label.
    #[error("the carrier does not answer: {reason}")]
    Unavailable {
        /// What was seen.
        reason: String,
    },
}

/// A carrier. Contract: the same parcel key makes one label, however often it is asked for.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Buys a label.
    async fn buy_label(&self, parcel: &Parcel) -> Result<Label, CarrierError>;
    /// Gives an unused label back.
    async fn void_label(&self, tracking: &str) -> Result<(), CarrierError>;
    /// Where a parcel is.
    async fn track(&self, tracking: &str) -> Result<Whereabouts, CarrierError>;
}
