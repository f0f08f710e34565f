use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::entity::{entity, states, words};
use crate::ids::{FulfilmentId, LocationId, OrderId, OrderLineId, ReturnId};
use crate::money::Money;

states! {
    /// Where a parcel stands.
    pub enum FulfilmentState of "fulfilment" {
        /// To be packed.
        Planned "planned" => [Packed, Cancelled],
        /// To be handed over.
        Packed "packed" => [Shipped, Cancelled],
        /// With the carrier.
        Shipped "shipped" => [Delivered, Lost, ReturnedToSender],
        /// With the customer.
        Delivered "delivered" => [],
        /// Not sent after all.
        Cancelled "cancelled" => [],
        /// Gone.
        Lost "lost" => [],
        /// On its way back, undelivered.
        ReturnedToSender "returned_to_sender" => [],
    }

    /// Where a return stands.
    pub enum ReturnState of "return" {
        /// Asked for.
        Requested "requested" => [Approved, Declined, Cancelled, Received],
        /// Allowed.
        Approved "approved" => [InTransit, Received, Expired],
        /// On its way.
        InTransit "in_transit" => [Received, Lost],
        /// Here again.
        Received "received" => [Inspected],
        /// Looked at; stock and books follow what was found.
        Inspected "inspected" => [Closed],
        /// Done.
        Closed "closed" => [],
        /// Not allowed.
        Declined "declined" => [],
        /// Called off.
        Cancelled "cancelled" => [],
        /// Never sent.
        Expired "expired" => [],
        /// Gone on its way.
        Lost "lost" => [],
    }
}

words! {
    /// What is done with something that came back.
    pub enum Disposition {
        /// For sale again.
        Restock "restock",
        /// Set apart.
        Quarantine "quarantine",
        /// Thrown away.
        WriteOff "write_off",
        /// Sent on to the supplier.
        ToSupplier "to_supplier",
        /// The customer keeps it.
        KeepWithBuyer "keep_with_buyer",
    }
}

/// Units of an order line in a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParcelLine {
    /// The line.
    pub order_line_id: OrderLineId,
    /// How many.
    pub qty: i64,
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fulfilment {
    /// Its identity.
    pub id: FulfilmentId,
    /// The order.
    pub order_id: OrderId,
    /// What is in it.
    pub lines: Vec<ParcelLine>,
    /// From where it leaves, when all of it lies in one place.
    pub location_id: Option<LocationId>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// Where to look for it.
    pub tracking: Option<String>,
    /// What the label cost.
    pub label_cost: Option<Money>,
    /// Where it stands.
    pub state: FulfilmentState,
    /// When it left.
    pub shipped_at: Option<Timestamp>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
    /// When it was planned.
    pub created_at: Timestamp,
}
entity!(Fulfilment, FulfilmentId, "fulfilment", versioned, part of OrderId = order_id);

/// Units of an order line that come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnLine {
    /// The line.
    pub order_line_id: OrderLineId,
    /// How many.
    pub qty: i64,
    /// Why, in the customer's words.
    pub reason: String,
    /// What is done with them; known once inspected.
    #[serde(default)]
    pub disposition: Option<Disposition>,
}

/// Something coming back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnCase {
    /// Its identity.
    pub id: ReturnId,
    /// Its number, for people.
    pub number: i64,
    /// The order.
    pub order_id: OrderId,
    /// What comes back.
    pub lines: Vec<ReturnLine>,
    /// Where it stands.
    pub state: ReturnState,
    /// Counts its edits.
    pub version: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
}
entity!(ReturnCase, ReturnId, "return", versioned, part of OrderId = order_id);
