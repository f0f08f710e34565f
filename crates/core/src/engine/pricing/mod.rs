//! Prices: rules that mark down with age, proposals, and the history of every price.

mod optimize;
mod quote;

pub use optimize::{Competition, OptimizePrices, PriceKept, PricesOptimized};
pub use quote::{ChannelQuote, GetQuote, Quoted};

use std::time::Duration;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, check_text};
use crate::clock::{Date, Timestamp};
use crate::engine::accounts::expect_version;
use crate::engine::command::calls;
use crate::engine::listings::Repricing;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{ChannelId, ListingId, PriceProposalId, PricingRuleId};
use crate::inventory::CostLayer;
use crate::listings::{Channel, FeeSchedule, Listing, ListingFilter, ListingState, schedule_on};
use crate::money::{Money, Ppm};
use crate::page::{MAX_LIMIT, Page, PageRequest};
use crate::pricing::{
    PriceChange, PriceProposal, PriceReason, PricingError, PricingRule, ProposalState, Strategy, clamp, floor,
};

/// Make a markdown rule, or change one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPricingRule {
    /// The rule to change; a new one when absent.
    #[serde(default)]
    pub pricing_rule_id: Option<PricingRuleId>,
    /// What it is called.
    pub name: String,
    /// The channel it applies to; all when absent.
    #[serde(default)]
    pub channel_id: Option<ChannelId>,
    /// Days a listing is live before the first step.
    pub after_days: i64,
    /// Days between steps.
    pub every_days: i64,
    /// How much of the first price each step takes off.
    pub step: Ppm,
    /// How much of the first price all steps together may take off.
    pub most: Ppm,
    /// How far below its break-even a price may go.
    #[serde(default)]
    pub loss_budget: Option<Money>,
    /// The last digits prices end in.
    #[serde(default)]
    pub ending: Option<i64>,
    /// Whether it is applied.
    pub active: bool,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for SetPricingRule {
    const NAME: &'static str = "pricing_rules.set";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = PricingRule;

    async fn run(self, work: &mut Work) -> Result<PricingRule> {
        let known = match self.pricing_rule_id {
            Some(id) => Some(work.tx.load::<PricingRule>(id).await?),
            None => None,
        };
        if let Some(rule) = &known {
            expect_version(self.expected_version, rule)?;
        }
        if let Some(channel) = self.channel_id {
            work.tx.load::<Channel>(channel).await?;
        }
        let mut rule = PricingRule {
            id: known.as_ref().map_or_else(|| work.id(), |rule| rule.id),
            name: self.name,
            channel_id: self.channel_id,
            after_days: self.after_days,
            every_days: self.every_days,
            step: self.step,
            most: self.most,
            loss_budget: self.loss_budget,
            ending: self.ending,
            active: self.active,
            version: known.as_ref().map_or(1, |rule| rule.version),
        };
        rule.check()?;
        if known.is_some() {
            work.tx.save(&mut rule).await?;
        } else {
            work.tx.add(&rule).await?;
        }
        work.about(rule.id);
        Ok(rule)
    }
}

/// Look through the rules.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListPricingRules {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListPricingRules {
    const NAME: &'static str = "pricing_rules.list";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Page<PricingRule>;

    async fn run(self, look: &mut Look) -> Result<Page<PricingRule>> {
        look.tx.page::<PricingRule>(&self.page).await
    }
}

/// Apply the rules to a page of live listings: what is old enough becomes cheaper, never below its floor.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ApplyPricingRules {
    /// Which page of the live listings.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// What the rules did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RulesApplied {
    /// The price changes made.
    pub changes: Vec<PriceChange>,
    /// How to go on with the next page.
    pub next_cursor: Option<String>,
}

#[async_trait]
impl Command for ApplyPricingRules {
    const NAME: &'static str = "pricing_rules.apply";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = RulesApplied;

    async fn run(self, work: &mut Work) -> Result<RulesApplied> {
        let rules = work.tx.pricing().active_rules().await?;
        let filter = ListingFilter { state: Some(ListingState::Live), ..ListingFilter::default() };
        let page = PageRequest { limit: self.page.limit.or(Some(MAX_LIMIT)), cursor: self.page.cursor };
        let page = work.tx.listings().find_listings(&filter, &page).await?;
        let mut changes = Vec::new();
        for mut listing in page.items {
            let rule = rules.iter().find(|rule| rule.channel_id.is_none_or(|id| id == listing.channel_id));
            let (Some(rule), Some(since)) = (rule, listing.live_since) else { continue };
            let history = work.tx.parts::<PriceChange>(listing.id).await?;
            let first = history.first().map_or(listing.price, |change| change.old);
            let floor = work.floor_of(&listing, rule.loss_budget).await?;
            let days = i64::try_from(work.now.since(since).as_secs() / 86_400).unwrap_or(i64::MAX);
            let Some(price) = rule.price_after(first, days, floor)? else { continue };
            if price.minor() >= listing.price.minor() {
                continue;
            }
            let explanation = format!("{}: live for {days} days; floor {floor}", rule.name);
            let cause = Repricing { reason: PriceReason::Rule, rule_id: Some(rule.id), explanation };
            work.reprice(&mut listing, price, cause).await?;
            changes.extend(work.tx.parts::<PriceChange>(listing.id).await?.pop());
        }
        Ok(RulesApplied { changes, next_cursor: page.next_cursor })
    }
}

impl Work {
    /// What one of a listing's things cost, in the currency of its price: the dearest that is left, so that what is
    /// reckoned with it holds whichever is sent.
    async fn unit_cost_of(&mut self, listing: &Listing) -> Result<Money> {
        let currency = listing.price.currency();
        let layers: Vec<CostLayer> =
            self.tx.inventory().layers_left(listing.variant_id, listing.item_id).await?;
        let mut cost = currency.zero();
        for layer in
            layers.iter().filter(|layer| layer.qty_left > 0 && layer.cost_left.currency() == currency)
        {
            let unit = layer.cost_left.share(1, layer.qty_left, crate::money::Rounding::HalfUp)?;
            cost = cost.max(unit)?;
        }
        Ok(cost)
    }

    /// The fees in force at a channel on a day.
    async fn schedule_of(&mut self, channel: ChannelId, day: Date) -> Result<Option<FeeSchedule>> {
        let schedules = self.tx.parts::<FeeSchedule>(channel).await?;
        Ok(schedule_on(&schedules, day).cloned())
    }

    /// The lowest price a program may set for a listing: cost and fees are covered, the owner's floor is kept.
    pub(super) async fn floor_of(&mut self, listing: &Listing, loss_budget: Option<Money>) -> Result<Money> {
        let cost = self.unit_cost_of(listing).await?;
        let day = self.today().await?;
        let break_even = match self.schedule_of(listing.channel_id, day).await? {
            Some(schedule) => schedule.break_even(cost)?,
            None => cost,
        };
        Ok(floor(listing.min_price, break_even, loss_budget)?)
    }

    /// A proposal within the limits, not kept yet. Those of the listing that still wait make room for it.
    async fn propose_price(
        &mut self,
        listing: &Listing,
        price: Money,
        ceiling: Option<Money>,
        max_step: Option<Ppm>,
        reasons: Reasons,
    ) -> Result<PriceProposal> {
        for mut older in self.tx.parts::<PriceProposal>(listing.id).await? {
            if older.state == ProposalState::Proposed {
                older.state = older.state.step(ProposalState::Superseded)?;
                self.tx.save(&mut older).await?;
            }
        }
        let floor = self.floor_of(listing, None).await?;
        let max_step = max_step.unwrap_or(Ppm(500_000));
        Ok(PriceProposal {
            id: self.id(),
            listing_id: listing.id,
            current: listing.price,
            proposed: clamp(price, listing.price, floor, ceiling, Some(max_step))?,
            floor,
            ceiling,
            max_step,
            strategy: reasons.strategy,
            explanation: reasons.explanation,
            model: reasons.model,
            inputs_hash: reasons.inputs_hash,
            backtest: reasons.backtest,
            state: ProposalState::Proposed,
            expires_at: self.now.plus(PROPOSAL_LIFE),
            version: 1,
            created_at: self.now,
        })
    }
}

/// Why a price is proposed.
struct Reasons {
    strategy: Strategy,
    explanation: String,
    model: String,
    inputs_hash: String,
    backtest: Option<serde_json::Value>,
}

/// Look at every price a listing has had, oldest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPriceChanges {
    /// The listing.
    pub listing_id: ListingId,
}

#[async_trait]
impl Query for ListPriceChanges {
    const NAME: &'static str = "price_changes.list";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Vec<PriceChange>;

    async fn run(self, look: &mut Look) -> Result<Vec<PriceChange>> {
        look.tx.parts::<PriceChange>(self.listing_id).await
    }
}

/// Propose a price, with the reasons. Newer proposals for the listing take the place of older ones.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposePrice {
    /// The listing.
    pub listing_id: ListingId,
    /// What it should cost; held within floor, ceiling and step.
    pub price: Money,
    /// Never above this.
    #[serde(default)]
    pub ceiling: Option<Money>,
    /// The largest change at once; a half when absent.
    #[serde(default)]
    pub max_step: Option<Ppm>,
    /// What it is after.
    pub strategy: Strategy,
    /// Why, in words.
    pub explanation: String,
    /// Who makes it: a model and its version; the caller when absent.
    #[serde(default)]
    pub model: Option<String>,
    /// Hash of everything it was made from.
    #[serde(default)]
    pub inputs_hash: String,
    /// How the model did on the past.
    #[serde(default)]
    pub backtest: Option<serde_json::Value>,
}

const PROPOSAL_LIFE: Duration = Duration::from_hours(24 * 7);

#[async_trait]
impl Command for ProposePrice {
    const NAME: &'static str = "price_proposals.create";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = PriceProposal;

    async fn run(self, work: &mut Work) -> Result<PriceProposal> {
        check_text("explanation", &self.explanation, 2000)?;
        let listing = work.tx.load::<Listing>(self.listing_id).await?;
        if !listing.is_open() {
            return Err(Error::invalid("listing_id", listing.id, "it has ended: its price cannot change"));
        }
        let reasons = Reasons {
            strategy: self.strategy,
            explanation: self.explanation,
            model: self.model.unwrap_or_else(|| work.actor.to_string()),
            inputs_hash: self.inputs_hash,
            backtest: self.backtest,
        };
        let proposal = work.propose_price(&listing, self.price, self.ceiling, self.max_step, reasons).await?;
        work.tx.add(&proposal).await?;
        work.about(proposal.id);
        Ok(proposal)
    }
}

/// What is decided of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Do it.
    Approve,
    /// Leave it.
    Reject,
}

/// Decide on a price proposal. An approved one is carried out at once, if its floor still holds.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecidePrice {
    /// The proposal.
    pub price_proposal_id: PriceProposalId,
    /// What is decided.
    pub decision: Decision,
}

/// Moves a proposal on by a decision; one that has run out can no longer be approved.
pub(super) fn decide(
    state: ProposalState,
    decision: Decision,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<ProposalState> {
    if decision == Decision::Reject {
        return Ok(state.step(ProposalState::Rejected)?);
    }
    if now >= expires_at {
        let message = "the proposal has run out: ask for a new one";
        return Err(Error::new(crate::error::Kind::Conflict, "proposals.expired", message));
    }
    Ok(state.step(ProposalState::Approved)?)
}

#[async_trait]
impl Command for DecidePrice {
    const NAME: &'static str = "price_proposals.decide";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = PriceProposal;

    async fn run(self, work: &mut Work) -> Result<PriceProposal> {
        let mut proposal = work.tx.load::<PriceProposal>(self.price_proposal_id).await?;
        proposal.state = decide(proposal.state, self.decision, proposal.expires_at, work.now)?;
        if proposal.state == ProposalState::Approved {
            let mut listing = work.tx.load::<Listing>(proposal.listing_id).await?;
            let floor = work.floor_of(&listing, None).await?;
            if proposal.proposed.min(floor)? != floor {
                return Err(PricingError::BelowFloor { price: proposal.proposed, floor }.into());
            }
            let explanation = format!("{}: {}", proposal.model, proposal.explanation);
            let cause = Repricing { reason: PriceReason::Proposal, rule_id: None, explanation };
            work.reprice(&mut listing, proposal.proposed, cause).await?;
            proposal.state = proposal.state.step(ProposalState::Executed)?;
        }
        work.tx.save(&mut proposal).await?;
        work.about(proposal.id);
        Ok(proposal)
    }
}

/// Look through the price proposals, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListPriceProposals {
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<ProposalState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListPriceProposals {
    const NAME: &'static str = "price_proposals.list";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Page<PriceProposal>;

    async fn run(self, look: &mut Look) -> Result<Page<PriceProposal>> {
        look.tx.pricing().proposals(self.state, &self.page).await
    }
}

calls! {
    /// Prices.
    Pricing by pricing:
    /// Makes or changes a markdown rule.
    write set_rule: SetPricingRule;
    /// Applies the rules.
    write apply_rules: ApplyPricingRules;
    /// Proposes a price.
    write propose: ProposePrice;
    /// Asks the model what to charge.
    write optimize: OptimizePrices;
    /// Decides on a proposal.
    write decide: DecidePrice;
    /// What a thing would bring, and the most to pay for it.
    read quote: GetQuote;
    /// A page of rules.
    read rules: ListPricingRules;
    /// Every price a listing has had.
    read changes: ListPriceChanges;
    /// A page of proposals.
    read proposals: ListPriceProposals;
}
