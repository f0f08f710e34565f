use async_trait::async_trait;

use super::{DemandSeries, ForecastStep, ForecastSum, PricedDay};
use crate::error::Result;
use crate::ids::VariantId;
use crate::money::{Money, Ppm};
use crate::pricing::PriceResponse;
use crate::purchasing::SupplierOffer;

/// What a variant sold, and with which others it is thought to behave alike.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandHistory {
    /// Day by day, without gaps.
    pub series: DemandSeries,
    /// Things of one group sell alike: their category.
    pub group: String,
    /// At which prices it was ordered, oldest first, on the days on which it was.
    pub sales: Vec<PricedDay>,
}

/// What may be bought of a variant, and what it is needed for.
#[derive(Debug, Clone, PartialEq)]
pub struct RefillCase {
    /// From whom, on which terms.
    pub offer: SupplierOffer,
    /// Days from order to arrival, on average.
    pub lead_days_mean: i64,
    /// By how many days that varies (standard deviation).
    pub lead_days_sd: i64,
    /// Days until the next look.
    pub review_days: i64,
    /// How often demand should find stock.
    pub service_level: Ppm,
    /// What is here and on its way, less what is promised.
    pub position: i64,
    /// What a sale leaves before the cost of the thing, in the currency of the offer.
    pub worth: Money,
}

/// Refills that share what may be spent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Basket {
    /// The most to spend on all of them.
    pub budget: Option<Money>,
    /// What may be bought.
    pub cases: Vec<RefillCase>,
}

/// What is asked of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DemandTask {
    /// What the model learns from. All series end on the same day.
    pub histories: Vec<DemandHistory>,
    /// How many days ahead, step by step.
    pub horizon: i64,
    /// Over how many days demand is wanted as a sum, fewest first.
    pub sums: Vec<i64>,
    /// What may be bought, for variants among the histories.
    pub baskets: Vec<Basket>,
}

/// What a model expects of one variant.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// The variant.
    pub variant_id: VariantId,
    /// What sort of demand it showed, in a word.
    pub class: String,
    /// Day by day.
    pub steps: Vec<ForecastStep>,
    /// Over several days together, in the order they were asked for.
    pub sums: Vec<ForecastSum>,
    /// How its demand answers to the price, where it was sold at one.
    pub response: Option<PriceResponse>,
    /// How the model did on the variant's own past, where that is long enough to say.
    pub backtest: Option<serde_json::Value>,
}

/// What a model would buy.
#[derive(Debug, Clone, PartialEq)]
pub struct RefillAdvice {
    /// On which offer.
    pub offer: SupplierOffer,
    /// How many, as the supplier sells them.
    pub qty: i64,
    /// Why, in words.
    pub explanation: String,
}

/// What a model answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DemandPlan {
    /// For each history, in their order.
    pub foreseen: Vec<Foreseen>,
    /// For each basket, in their order, what to buy.
    pub refills: Vec<Vec<RefillAdvice>>,
    /// How the model did on all of the past that it was not shown, where that is long enough to say.
    pub backtest: Option<serde_json::Value>,
}

/// A model that foresees demand and says what to buy for it.
///
/// It is a pure function: the same task has the same answer. It says 0 ≤ q05 ≤ q25 ≤ q50 ≤ q75 ≤ q90 ≤ q95 ≤ q99, takes
/// days without stock for unknown rather than for no demand, and buys only what an offer sells, within the budget. The
/// engine checks all of that and refuses an answer that does not hold.
#[async_trait]
pub trait DemandModel: Send + Sync {
    /// Its name with its version: what it made can be told from what an older one made.
    fn name(&self) -> String;
    /// Foresees and advises. Long work is done off the threads of the caller.
    async fn plan(&self, task: DemandTask) -> Result<DemandPlan>;
}
