use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Date, Timestamp};
use crate::entity::{entity, states, words};
use crate::ids::{
    AcquisitionId, AcquisitionLineId, ItemId, LocationId, OfferId, PurchaseLineId, PurchaseOrderId,
    ReceiptId, SupplierId, VariantId,
};
use crate::money::Money;

words! {
    /// What sort of supplier.
    pub enum SupplierKind {
        /// Sells in bulk.
        Wholesale "wholesale",
        /// A second-hand shop.
        Thrift "thrift",
        /// House clearances.
        Estate "estate",
        /// Lets the shop sell for a share.
        Consignor "consignor",
        /// Another marketplace.
        Marketplace "marketplace",
        /// Ships to the customer directly.
        Dropship "dropship",
    }

    /// What a further cost of a receipt is for.
    pub enum LandedCostKind {
        /// Getting the goods here.
        Freight "freight",
        /// Customs.
        Duty "duty",
        /// Insurance.
        Insurance "insurance",
        /// Preparing, cleaning, inspecting.
        Handling "handling",
        /// Anything else.
        Other "other",
    }

    /// By what a further cost is shared among lines.
    pub enum LandedCostBasis {
        /// By number of units.
        Qty "qty",
        /// By what the lines cost.
        Value "value",
        /// By weight.
        Weight "weight",
    }
}

states! {
    /// Where a purchase order stands.
    pub enum PurchaseOrderState of "purchase_order" {
        /// Being written.
        Draft "draft" => [Submitted, Cancelled],
        /// Sent to the supplier.
        Submitted "submitted" => [Acknowledged, PartReceived, Received, Cancelled],
        /// Confirmed by the supplier.
        Acknowledged "acknowledged" => [PartReceived, Received, Cancelled],
        /// Some of it is here.
        PartReceived "part_received" => [PartReceived, Received, Closed],
        /// All of it is here.
        Received "received" => [Closed],
        /// Done; what never came is cancelled.
        Closed "closed" => [],
        /// Called off.
        Cancelled "cancelled" => [],
    }
}

/// Somebody the shop buys from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Supplier {
    /// Its identity.
    pub id: SupplierId,
    /// What it is called.
    pub name: String,
    /// What sort it is.
    pub kind: SupplierKind,
    /// Days from order to arrival, on average.
    pub lead_days_mean: i64,
    /// By how many days that varies (standard deviation).
    pub lead_days_sd: i64,
    /// Terms of payment, in words.
    pub terms: Option<String>,
    /// The currency it is paid in.
    pub currency: crate::money::Currency,
    /// Counts its edits.
    pub version: i64,
    /// When it was added.
    pub created_at: Timestamp,
}
entity!(Supplier, SupplierId, "supplier", versioned);

/// A lower price from a quantity on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceBreak {
    /// From how many units.
    pub min_qty: i64,
    /// The price of a unit then.
    pub unit_cost: Money,
}

/// What a supplier asks for a variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SupplierOffer {
    /// Its identity.
    pub id: OfferId,
    /// Whose offer.
    pub supplier_id: SupplierId,
    /// For what.
    pub variant_id: VariantId,
    /// The supplier's name for it.
    pub supplier_sku: Option<String>,
    /// The price of a unit.
    pub unit_cost: Money,
    /// Lower prices from quantities on, smallest quantity first.
    pub price_breaks: Vec<PriceBreak>,
    /// The fewest units that can be ordered.
    pub moq: i64,
    /// Units come in multiples of this.
    pub pack: i64,
    /// Counts its edits.
    pub version: i64,
}
entity!(SupplierOffer, OfferId, "supplier_offer", versioned, part of SupplierId = supplier_id);

/// An order to a supplier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PurchaseOrder {
    /// Its identity.
    pub id: PurchaseOrderId,
    /// Its number, for people.
    pub number: i64,
    /// To whom.
    pub supplier_id: SupplierId,
    /// Where the goods are to arrive.
    pub location_id: LocationId,
    /// Where it stands.
    pub state: PurchaseOrderState,
    /// What its lines cost together.
    pub total: Money,
    /// When the goods should be here.
    pub expected_on: Option<Date>,
    /// A word to oneself.
    pub notes: Option<String>,
    /// Counts its edits.
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
}
entity!(PurchaseOrder, PurchaseOrderId, "purchase_order", versioned);

/// A line of a purchase order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PurchaseLine {
    /// Its identity.
    pub id: PurchaseLineId,
    /// The order.
    pub purchase_order_id: PurchaseOrderId,
    /// What.
    pub variant_id: VariantId,
    /// How many were ordered.
    pub qty: i64,
    /// How many came.
    pub received: i64,
    /// How many will not come.
    pub cancelled: i64,
    /// The price of a unit.
    pub unit_cost: Money,
    /// Counts its edits.
    pub version: i64,
}
entity!(PurchaseLine, PurchaseLineId, "purchase_line", versioned, part of PurchaseOrderId = purchase_order_id);

/// A further cost of goods received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LandedCost {
    /// What for.
    pub kind: LandedCostKind,
    /// How much.
    pub amount: Money,
    /// By what it is shared among the lines.
    pub basis: LandedCostBasis,
}

/// Goods of one line that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptLine {
    /// The line of the purchase order.
    pub purchase_line_id: PurchaseLineId,
    /// What arrived.
    pub variant_id: VariantId,
    /// How many.
    pub qty: i64,
    /// What they cost with their share of the landed costs.
    pub cost: Money,
}

/// That goods arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// Its identity.
    pub id: ReceiptId,
    /// The order they belong to.
    pub purchase_order_id: PurchaseOrderId,
    /// What arrived.
    pub lines: Vec<ReceiptLine>,
    /// Further costs.
    pub landed_costs: Vec<LandedCost>,
    /// Everything together.
    pub total: Money,
    /// When.
    pub at: Timestamp,
    /// The business day.
    pub business_date: Date,
}
entity!(Receipt, ReceiptId, "receipt", part of PurchaseOrderId = purchase_order_id);

/// A haul: things bought together for one sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Acquisition {
    /// Its identity.
    pub id: AcquisitionId,
    /// Its number, for people.
    pub number: i64,
    /// Where it was bought.
    pub source: String,
    /// From whom, if known.
    pub supplier_id: Option<SupplierId>,
    /// The day.
    pub date: Date,
    /// What was paid for everything, tax included.
    pub total_paid: Money,
    /// The tax in it.
    pub tax: Money,
    /// Metres driven for it.
    pub mileage_m: Option<i64>,
    /// The content hash of a picture of the receipt.
    pub receipt_media: Option<String>,
    /// When it was recorded.
    pub created_at: Timestamp,
}
entity!(Acquisition, AcquisitionId, "acquisition");

/// One thing of a haul and its share of the cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AcquisitionLine {
    /// Its identity.
    pub id: AcquisitionLineId,
    /// The haul.
    pub acquisition_id: AcquisitionId,
    /// The thing.
    pub item_id: ItemId,
    /// Its share of what was paid.
    pub allocated_cost: Money,
}
entity!(AcquisitionLine, AcquisitionLineId, "acquisition_line", part of AcquisitionId = acquisition_id);
