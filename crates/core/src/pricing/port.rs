use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Costs, Strategy};
use crate::catalog::Condition;
use crate::error::Result;
use crate::listings::FeeSchedule;
use crate::money::{Money, Ppm};

/// A thing like the one in question, that was offered or sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparable {
    /// Its title.
    pub title: String,
    /// Its brand, where known.
    #[serde(default)]
    pub brand: Option<String>,
    /// Its category, where known.
    #[serde(default)]
    pub category: Option<String>,
    /// Its condition, where known.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// What was asked or paid.
    pub price: Money,
    /// Whether it sold.
    pub sold: bool,
    /// Days it was, or has been, on offer.
    #[serde(default)]
    pub days: Option<f64>,
    /// Days since it was seen.
    #[serde(default)]
    pub age: f64,
}

/// The one-of-a-kind thing in question.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Its title.
    pub title: String,
    /// Its brand, where known.
    pub brand: Option<String>,
    /// Its category, where known.
    pub category: Option<String>,
    /// Its condition, where known.
    pub condition: Option<Condition>,
    /// What it cost.
    pub cost: Money,
}

/// From which day on what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MarkdownStep {
    /// Days on offer before it.
    pub after_days: i64,
    /// What is asked from then on.
    pub price: Money,
}

/// What a price is expected to earn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PricePoint {
    /// What is asked.
    pub price: Money,
    /// The profit to expect.
    pub profit: Money,
}

/// What a thing is worth, and how to ask for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Appraisal {
    /// One in ten sells for less.
    pub low: Money,
    /// As many sell for less as for more.
    pub typical: Money,
    /// One in ten sells for more.
    pub high: Money,
    /// How many good comparables this rests on.
    pub weight: f64,
    /// The chance of a sale per day at the typical price.
    pub per_day: f64,
    /// What to ask first.
    pub asking: Money,
    /// The profit to expect of the best of the prices that are never changed.
    pub profit: Money,
    /// Days until it is sold with even chance, at the asking price.
    pub days: f64,
    /// What to ask from which day on, if it has not sold; the first is the asking price.
    pub path: Vec<MarkdownStep>,
    /// For a ladder of asking prices: what to expect when the price is never changed.
    pub curve: Vec<PricePoint>,
}

/// How demand answers to the price, around a price that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceResponse {
    /// The price that was seen last.
    pub price: Money,
    /// By how many thousandths of itself demand changes when the price rises by a thousandth of itself, in thousandths:
    /// -1500 is an elasticity of -1.5. Below zero.
    pub elasticity: i64,
    /// Its standard error, in thousandths.
    pub error: i64,
}

/// What the owner allows of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Never below.
    pub floor: Money,
    /// Never above.
    pub ceiling: Option<Money>,
    /// The lowest price that may be advertised, where a maker sets one.
    pub advertised: Option<Money>,
    /// The largest change at once.
    pub step: Option<Ppm>,
    /// The last digits prices end in.
    pub ending: Option<i64>,
}

/// A thing of which there are many, whose price is in question.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceCase {
    /// What the price is after.
    pub strategy: Strategy,
    /// What it costs the buyer now.
    pub current: Money,
    /// What one costs the shop.
    pub cost: Money,
    /// What the channel keeps.
    pub fees: Option<FeeSchedule>,
    /// What a sale costs besides.
    pub costs: Costs,
    /// The units expected to sell in the period at the present price, in thousandths.
    pub units: i64,
    /// How demand answers to the price.
    pub response: PriceResponse,
    /// What others ask for it.
    pub others: Vec<Money>,
    /// How many can be sold in the period; all of them are to be, for [`Strategy::ClearStock`].
    pub stock: i64,
    /// What the owner allows.
    pub limits: Limits,
}

/// A price with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceAdvice {
    /// The price.
    pub price: Money,
    /// Where the profit of the period lies in nine of ten cases, with what is expected in between.
    pub profit: [Money; 3],
    /// The units expected to sell in the period, in thousandths.
    pub units: i64,
    /// Why, in words.
    pub explanation: String,
}

/// A model that says what to charge.
///
/// It is a pure function, and quick: it is asked within a transaction. Its prices are kept within the owner's limits by
/// the engine, whatever it says.
pub trait PriceModel: Send + Sync {
    /// Its name with its version.
    fn name(&self) -> String;
    /// What to charge for a thing of which there are many.
    fn charge(&self, case: &PriceCase) -> Result<PriceAdvice>;
    /// What a one-of-a-kind thing is worth on a channel that keeps `fees`, from things like it.
    fn appraise(
        &self,
        subject: &Subject,
        comparables: &[Comparable],
        fees: Option<&FeeSchedule>,
        costs: &Costs,
    ) -> Result<Appraisal>;
}
