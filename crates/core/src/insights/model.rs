use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Date, Timestamp};
use crate::entity::entity;
use crate::ids::{AdviceRunId, ForecastId, ItemId, RefillPolicyId, RefillProposalId, SupplierId, VariantId};
use crate::money::{Money, Ppm};
use crate::pricing::{PriceResponse, ProposalState};

/// What one business day sold of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DemandPoint {
    /// The day.
    pub day: Date,
    /// Units that left.
    pub units: i64,
    /// Whether the variant was out of stock, so that the units say little about demand.
    pub censored: bool,
}

/// What a variant sold, day by day without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DemandSeries {
    /// The variant.
    pub variant_id: VariantId,
    /// The days, oldest first.
    pub points: Vec<DemandPoint>,
}

/// At which price a variant was ordered on a business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PricedDay {
    /// The day.
    pub day: Date,
    /// Units that were ordered.
    pub units: i64,
    /// The price of one, on average, discounts taken off.
    pub price: Money,
}

/// A step of a forecast, in thousandths of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastStep {
    /// Expected.
    pub mean: i64,
    /// 5 in 100 are below.
    pub q05: i64,
    /// 25 in 100 are below.
    pub q25: i64,
    /// Half are below.
    pub q50: i64,
    /// 75 in 100 are below.
    pub q75: i64,
    /// 95 in 100 are below.
    pub q95: i64,
}

/// What a model expects over the next so many days together, in thousandths of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastSum {
    /// How many days.
    pub days: i64,
    /// Expected.
    pub mean: i64,
    /// 5 in 100 are below.
    pub q05: i64,
    /// 25 in 100 are below.
    pub q25: i64,
    /// Half are below.
    pub q50: i64,
    /// 75 in 100 are below.
    pub q75: i64,
    /// 90 in 100 are below.
    pub q90: i64,
    /// 95 in 100 are below.
    pub q95: i64,
    /// 99 in 100 are below.
    pub q99: i64,
}

/// What a model expects a variant to sell. A variant has one forecast, the last that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Forecast {
    /// Its identity.
    pub id: ForecastId,
    /// The variant.
    pub variant_id: VariantId,
    /// The day before the first step.
    pub from: Date,
    /// Days of one step.
    pub period_days: i64,
    /// The steps.
    pub steps: Vec<ForecastStep>,
    /// What is expected over several days together, fewest days first: what one day sells says little of the next.
    pub sums: Vec<ForecastSum>,
    /// What sort of demand it showed: `smooth`, `intermittent`, `lumpy`, `seasonal`, `new`, `dead` and the like.
    pub class: String,
    /// How demand answers to the price, where the variant was sold at one.
    pub response: Option<PriceResponse>,
    /// Which model made it.
    pub model: String,
    /// How it did on the past.
    pub backtest: Option<serde_json::Value>,
    /// Hash of everything it was made from.
    pub inputs_hash: String,
    /// When it was made.
    pub made_at: Timestamp,
}
entity!(Forecast, ForecastId, "forecast", part of VariantId = variant_id);

/// How well a variant, or every variant without a policy of its own, is to be kept in stock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RefillPolicy {
    /// Its identity.
    pub id: RefillPolicyId,
    /// The variant; none for all others.
    pub variant_id: Option<VariantId>,
    /// How often demand should find stock.
    pub service_level: Ppm,
    /// Days between looks.
    pub review_days: i64,
    /// The most to spend at once.
    pub budget: Option<Money>,
    /// Whether what the models propose within the budget is approved by itself, and becomes a draft of a purchase order.
    pub auto_approve: bool,
    /// Counts its edits.
    pub version: i64,
}
entity!(RefillPolicy, RefillPolicyId, "refill_policy", versioned);

/// That the models were asked about the whole shop: which, when, and how well they did on its own past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AdviceRun {
    /// Its identity.
    pub id: AdviceRunId,
    /// Which model, with its version.
    pub model: String,
    /// The last day it knew.
    pub day: Date,
    /// Variants that have sold at all.
    pub series: i64,
    /// Those of them whose sales had changed, and that were forecast anew.
    pub changed: i64,
    /// Refills that were proposed.
    pub refills: i64,
    /// How the model did on the past it was not shown, if the past is long enough to say.
    pub backtest: Option<serde_json::Value>,
    /// When.
    pub made_at: Timestamp,
}
entity!(AdviceRun, AdviceRunId, "advice_run");

/// Advice to buy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RefillProposal {
    /// Its identity.
    pub id: RefillProposalId,
    /// What.
    pub variant_id: VariantId,
    /// From whom.
    pub supplier_id: SupplierId,
    /// How many.
    pub qty: i64,
    /// At which price for one.
    pub unit_cost: Money,
    /// Why, in words.
    pub explanation: String,
    /// Who made it: a model and its version, or a person.
    pub model: String,
    /// Hash of everything it was made from.
    pub inputs_hash: String,
    /// How the model did on the past, if it was tested.
    pub backtest: Option<serde_json::Value>,
    /// Where it stands.
    pub state: ProposalState,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
    /// Counts its edits.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
entity!(RefillProposal, RefillProposalId, "refill_proposal", versioned, part of VariantId = variant_id);

/// What the shop earned over some days, from the books alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Profit {
    /// Goods sold and shipping charged.
    pub revenue: Money,
    /// What they cost.
    pub cost_of_goods: Money,
    /// What channels kept.
    pub fees: Money,
    /// What carriers took.
    pub postage: Money,
    /// What went back to customers.
    pub refunds: Money,
    /// Everything else that was spent.
    pub other: Money,
    /// What is left.
    pub profit: Money,
}

/// Stock that has lain for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgingRow {
    /// The variant.
    pub variant_id: VariantId,
    /// Its SKU.
    pub sku: String,
    /// The physical thing, when it is one.
    pub item_id: Option<ItemId>,
    /// How many lie.
    pub qty: i64,
    /// What they cost.
    pub cost: Money,
    /// Since when the oldest lies.
    pub since: Timestamp,
    /// How many days that is.
    pub days: i64,
}

/// How fast a variant sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellThroughRow {
    /// The variant.
    pub variant_id: VariantId,
    /// Its SKU.
    pub sku: String,
    /// Units sold in the period.
    pub sold: i64,
    /// Units left at its end.
    pub left: i64,
    /// Sold of all there were.
    pub rate: Ppm,
    /// Days the stock lasts at this pace; none when nothing sold.
    pub days_left: Option<i64>,
}
