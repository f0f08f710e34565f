//! What is said of a thing where it is offered, and the model that writes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TextLimits;
use crate::catalog::{Attributes, Condition};
use crate::error::Result;

/// What is known of a thing. Nothing else is ever said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What it is: `wax jacket`.
    pub name: String,
    /// Who made it.
    pub brand: Option<String>,
    /// Its condition.
    pub condition: Option<Condition>,
    /// What a buyer should know about the condition.
    pub condition_notes: String,
    /// Further facts by name: `colour: green`.
    pub attributes: Attributes,
}

/// A claim of a text, and the fact it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// What is claimed: `green`.
    pub claim: String,
    /// Where it is known from: `attributes.colour`.
    pub fact: String,
}

/// A text for one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Text {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The tags.
    pub tags: Vec<String>,
    /// What it claims, and why it may.
    pub claims: Vec<Claim>,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TextFault {
    /// `title`, `description`, `tags` or `condition`.
    pub field: String,
    /// What is wrong and what would be right.
    pub what: String,
}

/// A category that a thing may belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryGuess {
    /// Its id in the taxonomy: `aa-1-10-2`.
    pub id: String,
    /// Its path: `Apparel & Accessories > Clothing`.
    pub path: String,
    /// How well it fits, against the others.
    pub score: f64,
}

/// A listing as it could be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListingDraft {
    /// Whose limits it keeps: `ebay`.
    pub rules: String,
    /// The text.
    pub text: Text,
    /// What the channel calls the condition, where it has words of its own: `USED_GOOD`.
    pub condition: Option<String>,
    /// How well it serves a buyer, from 0 to 100.
    pub quality: i64,
    /// What would make it better.
    pub advice: Vec<String>,
    /// What is wrong with it; empty when it can be published as it is.
    pub faults: Vec<TextFault>,
    /// Where it may belong, best first.
    pub categories: Vec<CategoryGuess>,
    /// Facts that stand in the words but not among the attributes yet.
    pub found: Attributes,
    /// Which model wrote it.
    pub model: String,
}

/// A model that writes listings from facts alone.
///
/// It is a pure function, and quick. What a channel refuses it does not write, and what no fact says it does not claim.
pub trait ListingModel: Send + Sync {
    /// Its name with its version.
    fn name(&self) -> String;
    /// What the channel whose limits have this name takes, for whoever else writes for it.
    fn limits(&self, rules: &str) -> Result<TextLimits>;
    /// Writes for the channel whose limits have this name, `ebay` for instance; with a text, that one is examined instead.
    fn draft(&self, facts: &Facts, rules: &str, text: Option<Text>) -> Result<ListingDraft>;
}
