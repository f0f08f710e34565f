use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::entity::{entity, states};
use crate::ids::{DeliveryId, EndpointId, EventId};

states! {
    /// Where an endpoint stands.
    pub enum EndpointState of "webhook_endpoint" {
        /// It is told.
        Active "active" => [Disabled],
        /// It is not told, by its owner's wish or because it never answered.
        Disabled "disabled" => [Active],
    }

    /// Where a delivery stands.
    pub enum DeliveryState of "webhook_delivery" {
        /// To be sent, or sent again.
        Waiting "waiting" => [Delivered, Failed],
        /// Taken by its endpoint.
        Delivered "delivered" => [Waiting],
        /// Given up.
        Failed "failed" => [Waiting],
    }
}

/// Somebody who wants to be told what happens in a shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Endpoint {
    /// Its identity.
    pub id: EndpointId,
    /// Where deliveries go.
    pub url: String,
    /// What it wants to hear: `order.placed`, `order.*` for all of a domain, or `*`.
    pub events: Vec<String>,
    /// Where it stands.
    pub state: EndpointState,
    /// Why it was disabled, or what went wrong last.
    pub problem: Option<String>,
    /// Since when nothing reached it.
    pub failing_since: Option<Timestamp>,
    /// What its deliveries are signed with, sealed.
    #[serde(skip)]
    pub sealed: String,
    /// What they are signed with also, while the secret is being changed.
    #[serde(skip)]
    pub sealed_before: Option<String>,
    /// Until when they are.
    pub before_until: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
entity!(Endpoint, EndpointId, "webhook_endpoint", versioned);

/// An event that an endpoint is to be told. The event's id is the `webhook-id` that it is sent under, however often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// Its identity.
    pub id: DeliveryId,
    /// To whom.
    pub endpoint_id: EndpointId,
    /// What.
    pub event_id: EventId,
    /// What it happened to: what is told of one subject is told in order.
    pub subject: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was sent since it was made, or since it was asked for again.
    pub tries: i64,
    /// Not to be sent before.
    pub next_at: Timestamp,
    /// The latest tries, oldest first.
    pub attempts: Vec<Attempt>,
    /// Counts its edits.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
entity!(Delivery, DeliveryId, "webhook_delivery", versioned, part of EndpointId = endpoint_id);

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// The HTTP status that was answered.
    pub status: Option<u16>,
    /// Why it did not do.
    pub problem: Option<String>,
}
