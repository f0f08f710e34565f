use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::entity::{entity, states, words};
use crate::ids::{ChannelId, ListingId, PriceChangeId, PriceProposalId, PricingRuleId};
use crate::money::{Money, Ppm};

words! {
    /// What made a price change.
    pub enum PriceReason {
        /// Somebody decided.
        Manual "manual",
        /// A rule applied.
        Rule "rule",
        /// A proposal was carried out.
        Proposal "proposal",
    }

    /// What a price proposal is after.
    pub enum Strategy {
        /// The most profit.
        MaximizeProfit "maximize_profit",
        /// The most sales that still pay.
        MaximizeSales "maximize_sales",
        /// What others ask.
        MatchCompetition "match_competition",
        /// Above the others, on purpose.
        PremiumPositioning "premium_positioning",
        /// Gone by a date.
        ClearStock "clear_stock",
    }
}

states! {
    /// Where a proposal stands.
    pub enum ProposalState of "proposal" {
        /// Waiting for a decision.
        Proposed "proposed" => [Approved, Rejected, Superseded, Expired],
        /// Somebody, or a limit the owner set, said yes.
        Approved "approved" => [Executed, Failed],
        /// Somebody said no.
        Rejected "rejected" => [],
        /// A newer one took its place.
        Superseded "superseded" => [],
        /// Nobody decided in time.
        Expired "expired" => [],
        /// Done.
        Executed "executed" => [],
        /// Could not be done.
        Failed "failed" => [],
    }
}

/// A markdown by age: what does not sell becomes cheaper, step by step, never below its floor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PricingRule {
    /// Its identity.
    pub id: PricingRuleId,
    /// What it is called.
    pub name: String,
    /// The channel it applies to; all when absent.
    pub channel_id: Option<ChannelId>,
    /// Days a listing is live before the first step.
    pub after_days: i64,
    /// Days between steps.
    pub every_days: i64,
    /// How much of the first price each step takes off.
    pub step: Ppm,
    /// How much of the first price all steps together may take off.
    pub most: Ppm,
    /// How far below its break-even a price may go; absent: not at all.
    pub loss_budget: Option<Money>,
    /// The last digits prices end in, in minor units: 99 makes 12.99.
    pub ending: Option<i64>,
    /// Whether it is applied.
    pub active: bool,
    /// Counts its edits.
    pub version: i64,
}
entity!(PricingRule, PricingRuleId, "pricing_rule", versioned);

/// That a listing's price changed. Never changed afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PriceChange {
    /// Its identity.
    pub id: PriceChangeId,
    /// The listing.
    pub listing_id: ListingId,
    /// Before.
    pub old: Money,
    /// After.
    pub new: Money,
    /// What made it change.
    pub reason: PriceReason,
    /// The rule, when one did.
    pub rule_id: Option<PricingRuleId>,
    /// Why, in words.
    pub explanation: String,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}
entity!(PriceChange, PriceChangeId, "price_change", part of ListingId = listing_id);

/// Advice to change a price, with its reasons and limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PriceProposal {
    /// Its identity.
    pub id: PriceProposalId,
    /// The listing.
    pub listing_id: ListingId,
    /// What it costs now.
    pub current: Money,
    /// What it should cost.
    pub proposed: Money,
    /// Never below this.
    pub floor: Money,
    /// Never above this.
    pub ceiling: Option<Money>,
    /// The largest change at once.
    pub max_step: Ppm,
    /// What it is after.
    pub strategy: Strategy,
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
entity!(PriceProposal, PriceProposalId, "price_proposal", versioned, part of ListingId = listing_id);
