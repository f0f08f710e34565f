use std::time::Duration;

use async_trait::async_trait;

use crate::clock::Timestamp;
use crate::ids::EventId;
use crate::secret::Secret;

/// A delivery to be sent.
#[derive(Debug, Clone)]
pub struct Parcel<'a> {
    /// Where to.
    pub url: &'a str,
    /// What it is signed with: one secret, or two while one takes the other's place.
    pub secrets: &'a [Secret],
    /// What it tells of: the `webhook-id`, the same however often it is sent.
    pub id: EventId,
    /// When it is sent.
    pub at: Timestamp,
    /// What it says, as JSON.
    pub body: &'a str,
}

/// How an endpoint took a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It has it.
    Taken {
        /// The HTTP status that was answered.
        status: u16,
    },
    /// It does not have it, or nobody knows.
    Lost {
        /// The HTTP status, if there was an answer.
        status: Option<u16>,
        /// What went wrong, in words that hold no secret and nothing the endpoint said.
        problem: String,
        /// How long it asks to be left alone.
        wait: Option<Duration>,
    },
    /// It is gone for good.
    Gone,
}

/// Carries deliveries to endpoints.
///
/// Contract: an address inside the owner's own network is called only where the settings allow it, whatever a name leads to
/// at that moment; no redirect is followed; neither time nor size of an answer is without end; one call is one try.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Whether a delivery could be sent there at all; why not, in words for its owner.
    fn admit(&self, url: &str) -> Result<(), String>;
    /// A fresh secret to sign with, as endpoints expect it.
    fn new_secret(&self) -> Secret;
    /// Sends a delivery once.
    async fn carry(&self, parcel: &Parcel<'_>) -> Receipt;
}
