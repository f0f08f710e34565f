//! Texts that a model elsewhere writes: what it is asked, what it answers, and what is kept of it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Facts, ListingDraft, TextFault};
use crate::catalog::Attributes;
use crate::clock::Timestamp;
use crate::entity::{IllegalStep, entity, states};
use crate::ids::{TextId, VariantId};

/// What a channel takes, as far as a writer must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLimits {
    /// The channel's name: `ebay`.
    pub channel: String,
    /// The longest title, in characters.
    pub title: usize,
    /// The longest description, in characters.
    pub description: usize,
    /// The most tags.
    pub tags: usize,
    /// The longest tag, in characters.
    pub tag: usize,
    /// Phrases it refuses, in small letters.
    pub forbidden: Vec<String>,
}

/// What a hosted model is asked to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTask {
    /// All that may be said.
    pub facts: Facts,
    /// How much of it, and how.
    pub limits: TextLimits,
    /// What was wrong with its text before this one.
    pub faults: Vec<TextFault>,
}

/// What a hosted model wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextAnswer {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The tags.
    pub tags: Vec<String>,
    /// How many tokens it took, asking included; nothing where it does not say.
    pub tokens: Option<i64>,
}

/// Why a hosted model wrote nothing that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct TextFailure {
    /// What was seen, in words that hold no credential.
    pub reason: String,
    /// How many tokens it took all the same; nothing where nobody knows.
    pub tokens: Option<i64>,
    /// Whether asking again later may help, and when at the soonest.
    pub later: Option<Duration>,
}

/// A model elsewhere that writes texts of listings.
///
/// Contract: one call asks once, within a time that ends; neither facts nor credentials stand in a failure. What it writes
/// is nobody's word: whoever asks checks it against the facts.
#[async_trait]
pub trait TextModel: Send + Sync {
    /// Its name with its version, as its host calls it.
    fn name(&self) -> String;
    /// How many tokens this can take at most, asking and answering.
    fn most_tokens(&self, task: &TextTask) -> i64;
    /// Asks it.
    async fn write(&self, task: &TextTask) -> Result<TextAnswer, TextFailure>;
}

/// A model elsewhere, and how many of its tokens a shop may use in a calendar month.
#[derive(Clone)]
pub struct HostedWriter {
    /// The model.
    pub model: Arc<dyn TextModel>,
    /// How many tokens, asking and answering.
    pub tokens_per_month: i64,
}

states! {
    /// Where a text stands.
    pub enum TextState of "listing_text" {
        /// It is being written.
        Asked "asked" => [Written],
        /// It is there.
        Written "written" => [],
    }
}

/// A text that was asked for: by the hosted model, or by the engine's own writer where that one cannot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListingText {
    /// Its identity.
    pub id: TextId,
    /// Of what.
    pub variant_id: VariantId,
    /// Whose limits it keeps: `ebay`.
    pub rules: String,
    /// Facts beyond those of the catalogue.
    pub attributes: Attributes,
    /// Where it stands.
    pub state: TextState,
    /// The text with what is to be said of it, once it is written. It names the model that wrote it.
    pub draft: Option<ListingDraft>,
    /// Why it is not the hosted model's, where there is one.
    pub problem: Option<String>,
    /// How many tokens it took; while the model is at it, how many it may take.
    pub tokens: i64,
    /// Counts its edits.
    pub version: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
}
entity!(ListingText, TextId, "listing_text", versioned, part of VariantId = variant_id);

impl ListingText {
    /// Notes what was written and, where it is not the hosted model's, why.
    pub fn written(&mut self, draft: ListingDraft, problem: Option<String>) -> Result<(), IllegalStep> {
        self.state = self.state.step(TextState::Written)?;
        (self.draft, self.problem) = (Some(draft), problem);
        Ok(())
    }
}
