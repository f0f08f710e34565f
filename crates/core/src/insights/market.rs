//! How the shop's market moves, and what would be worth doing: what a model is asked about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::words;
use crate::error::Result;
use crate::ids::VariantId;
use crate::money::{Money, Ppm};

words! {
    /// What could be done.
    pub enum OpportunityKind {
        /// Buy more: it will run out.
        Refill "refill",
        /// Change its price.
        Reprice "reprice",
        /// Mark it down: it lies too long.
        Clear "clear",
        /// Offer it in more places.
        Crosslist "crosslist",
    }
}

/// How a variant stands. Its demand and what it could earn are those of the next four weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// The variant.
    pub variant_id: VariantId,
    /// What it costs the buyer.
    pub price: Money,
    /// What a sale leaves after everything, at that price.
    pub margin: Money,
    /// Units here.
    pub stock: i64,
    /// Units expected to be wanted at that price, in thousandths.
    pub demand: i64,
    /// Days the oldest unit has been here.
    pub age: i64,
    /// The price at which most profit is expected, and how much more that is.
    pub better: Option<(Money, Money)>,
    /// Channels it is not listed on, though it could be.
    pub unlisted: i64,
}

/// Something worth doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opportunity {
    /// The variant.
    pub variant_id: VariantId,
    /// What to do.
    pub kind: OpportunityKind,
    /// What it is expected to bring in four weeks.
    pub worth: Money,
    /// Why, in words.
    pub why: String,
}

/// Where demand is heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Movement {
    /// Change of the level per year: 1,100,000 is a tenth more.
    pub per_year: Ppm,
    /// How sure it is that a movement as steady as this is no chance.
    pub certainty: Ppm,
    /// The last quarter of the past against the quarter before: 1,000,000 is as much.
    pub momentum: Ppm,
    /// For each day of the week how it compares to their mean, from the first day of the past on; empty where no rhythm shows.
    pub season: Vec<Ppm>,
}

/// A model that sees how the market moves. It is a pure function, and quick.
pub trait MarketModel: Send + Sync {
    /// Its name with its version.
    fn name(&self) -> String;
    /// Where the demand of these days is heading, oldest first.
    fn movement(&self, units: &[i64]) -> Result<Movement>;
    /// What could be done, the most valuable first.
    fn opportunities(&self, stands: &[Stand]) -> Result<Vec<Opportunity>>;
}
