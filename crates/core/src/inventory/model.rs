use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Date, Timestamp};
use crate::entity::{entity, states, words};
use crate::ids::{ItemId, LayerId, LevelId, LocationId, MoveId, ReservationId, VariantId};
use crate::money::Money;

words! {
    /// What sort of place a location is.
    pub enum LocationKind {
        /// Where the shop is.
        Home "home",
        /// A store room.
        Storage "storage",
        /// Somebody else's warehouse that ships for the shop.
        ThirdParty "3pl",
        /// At somebody's who sells on commission.
        Consignment "consignment",
        /// Under way.
        Transit "transit",
        /// Set apart: returned, damaged, to be checked.
        Quarantine "quarantine",
    }

    /// Why stock moved.
    pub enum MoveReason {
        /// Bought and received.
        Receipt "receipt",
        /// Found in a haul.
        Acquisition "acquisition",
        /// Sent to a customer.
        Shipment "shipment",
        /// Came back from a customer.
        Return "return",
        /// Counted differently.
        Count "count",
        /// Broken.
        Damage "damage",
        /// Gone.
        Loss "loss",
        /// Turned up.
        Found "found",
        /// Was there when the books were opened.
        Opening "opening",
        /// Went to, or came from, another location.
        Transfer "transfer",
    }

    /// For whom stock is held.
    pub enum HoldOwner {
        /// A line of an order.
        OrderLine "order_line",
        /// A move to another location.
        Transfer "transfer",
        /// Somebody in the shop.
        ManualHold "manual_hold",
        /// A customer who has not paid yet.
        Checkout "checkout",
    }
}

states! {
    /// Where a reservation stands.
    pub enum ReservationState of "reservation" {
        /// Holds its stock.
        Held "held" => [Held, Consumed, Released, Expired],
        /// The stock was shipped.
        Consumed "consumed" => [],
        /// The stock was let go.
        Released "released" => [],
        /// The hold ran out.
        Expired "expired" => [],
    }
}

/// A place where stock lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// Its identity.
    pub id: LocationId,
    /// What it is called; unique in the shop.
    pub name: String,
    /// What sort of place it is.
    pub kind: LocationKind,
    /// Whether what lies here may be sold.
    pub sellable: bool,
    /// From where to take first: lowest first.
    pub priority: i64,
    /// Counts its edits.
    pub version: i64,
}
entity!(Location, LocationId, "location", versioned);

/// The stock of one variant at one location.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StockLevel {
    /// Its identity.
    pub id: LevelId,
    /// What.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// How many lie here.
    pub on_hand: i64,
    /// How many of them are promised.
    pub reserved: i64,
    /// How many are on their way here.
    pub incoming: i64,
    /// How many may be promised beyond those on hand.
    pub backorder_limit: i64,
}
entity!(StockLevel, LevelId, "stock_level", part of VariantId = variant_id);

/// One change of what lies somewhere. Never changed afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StockMove {
    /// Its identity.
    pub id: MoveId,
    /// What moved.
    pub variant_id: VariantId,
    /// Which physical thing.
    pub item_id: Option<ItemId>,
    /// Where.
    pub location_id: LocationId,
    /// The change of what lies there.
    pub d_on_hand: i64,
    /// The change of what is promised there by the same act.
    pub d_reserved: i64,
    /// Why.
    pub reason: MoveReason,
    /// The id of what caused it.
    pub reference: Option<String>,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// The business day.
    pub business_date: Date,
}
entity!(StockMove, MoveId, "stock_move", part of VariantId = variant_id);

/// That some stock is promised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reservation {
    /// Its identity.
    pub id: ReservationId,
    /// What is held.
    pub variant_id: VariantId,
    /// Which physical thing.
    pub item_id: Option<ItemId>,
    /// Where.
    pub location_id: LocationId,
    /// How many.
    pub qty: i64,
    /// For what sort of owner.
    pub owner: HoldOwner,
    /// The owner's id.
    pub owner_id: String,
    /// Where it stands.
    pub state: ReservationState,
    /// When it lets go by itself.
    pub expires_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
entity!(Reservation, ReservationId, "reservation", versioned);

/// Some stock that came in together, and what is left of its cost.
///
/// The cost is kept as a total, not per unit: a haul of 3 for 10.00 costs 10.00, to the cent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostLayer {
    /// Its identity.
    pub id: LayerId,
    /// What came in.
    pub variant_id: VariantId,
    /// Which physical thing.
    pub item_id: Option<ItemId>,
    /// How many came in.
    pub qty_in: i64,
    /// How many are left.
    pub qty_left: i64,
    /// What they cost, landed.
    pub cost_in: Money,
    /// What those left cost.
    pub cost_left: Money,
    /// What brought them in: the id of a receipt, haul, return or adjustment.
    pub source: String,
    /// When they came in.
    pub received_at: Timestamp,
    /// Counts its edits.
    pub version: i64,
}
entity!(CostLayer, LayerId, "cost_layer", versioned, part of VariantId = variant_id);
