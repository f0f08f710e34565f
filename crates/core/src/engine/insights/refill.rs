//! Refill: policies, proposals, decisions.

use std::time::Duration;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::catalog::Variant;
use crate::engine::pricing::{Decision, decide};
use crate::engine::purchasing::{CreatePurchaseOrder, NewPurchaseLine};
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{RefillPolicyId, RefillProposalId, SupplierId, VariantId};
use crate::insights::{RefillPolicy, RefillProposal};
use crate::money::{Money, Ppm};
use crate::page::{Page, PageRequest};
use crate::pricing::ProposalState;
use crate::purchasing::SupplierOffer;

/// Say how well a variant, or every variant without a policy of its own, is to be kept in stock.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRefillPolicy {
    /// The variant; all others when absent.
    #[serde(default)]
    pub variant_id: Option<VariantId>,
    /// How often demand should find stock.
    pub service_level: Ppm,
    /// Days between looks.
    pub review_days: i64,
    /// The most to spend at once.
    #[serde(default)]
    pub budget: Option<Money>,
}

#[async_trait]
impl Command for SetRefillPolicy {
    const NAME: &'static str = "refill_policies.set";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    type Answer = RefillPolicy;

    async fn run(self, work: &mut Work) -> Result<RefillPolicy> {
        if !(500_000..=999_999).contains(&self.service_level.0) {
            let remedy = "choose 500,000 to 999,999 parts per million";
            return Err(Error::invalid("service_level", self.service_level.0, remedy));
        }
        if !(1..=365).contains(&self.review_days) {
            return Err(Error::invalid("review_days", self.review_days, "choose 1 to 365 days"));
        }
        if let Some(variant) = self.variant_id {
            work.tx.load::<Variant>(variant).await?;
        }
        let known =
            work.tx.insights().policies().await?.into_iter().find(|p| p.variant_id == self.variant_id);
        let mut policy = RefillPolicy {
            id: known.as_ref().map_or_else(|| work.id::<RefillPolicyId>(), |policy| policy.id),
            variant_id: self.variant_id,
            service_level: self.service_level,
            review_days: self.review_days,
            budget: self.budget,
            version: known.as_ref().map_or(1, |policy| policy.version),
        };
        if known.is_some() {
            work.tx.save(&mut policy).await?;
        } else {
            work.tx.add(&policy).await?;
        }
        work.about(policy.id);
        Ok(policy)
    }
}

const PROPOSAL_LIFE: Duration = Duration::from_hours(24 * 7);

/// Propose to buy, with the reasons. Newer proposals for the variant take the place of older ones.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeRefill {
    /// What.
    pub variant_id: VariantId,
    /// From whom; the supplier needs an offer for the variant.
    pub supplier_id: SupplierId,
    /// How many; raised to what the supplier sells.
    pub qty: i64,
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

#[async_trait]
impl Command for ProposeRefill {
    const NAME: &'static str = "refill_proposals.create";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    type Answer = RefillProposal;

    async fn run(self, work: &mut Work) -> Result<RefillProposal> {
        crate::inventory::check_qty("qty", self.qty)?;
        crate::accounts::check_text("explanation", &self.explanation, 2000)?;
        let variant = work.tx.load::<Variant>(self.variant_id).await?;
        let offer: SupplierOffer =
            work.tx.purchasing().offer(self.supplier_id, variant.id).await?.ok_or_else(|| {
                Error::invalid(
                    "supplier_id",
                    self.supplier_id,
                    "it has no offer for the variant: offers.set makes one",
                )
            })?;
        for mut older in work.tx.parts::<RefillProposal>(variant.id).await? {
            if older.state == ProposalState::Proposed {
                older.state = older.state.step(ProposalState::Superseded)?;
                work.tx.save(&mut older).await?;
            }
        }
        let qty = offer.orderable(self.qty);
        let proposal = RefillProposal {
            id: work.id(),
            variant_id: variant.id,
            supplier_id: self.supplier_id,
            qty,
            unit_cost: offer.unit_cost_at(qty),
            explanation: self.explanation,
            model: self.model.unwrap_or_else(|| work.actor.to_string()),
            inputs_hash: self.inputs_hash,
            backtest: self.backtest,
            state: ProposalState::Proposed,
            expires_at: work.now.plus(PROPOSAL_LIFE),
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&proposal).await?;
        work.about(proposal.id);
        Ok(proposal)
    }
}

/// Decide on a refill proposal. An approved one becomes a draft of a purchase order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideRefill {
    /// The proposal.
    pub refill_proposal_id: RefillProposalId,
    /// What is decided.
    pub decision: Decision,
}

#[async_trait]
impl Command for DecideRefill {
    const NAME: &'static str = "refill_proposals.decide";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    type Answer = RefillProposal;

    async fn run(self, work: &mut Work) -> Result<RefillProposal> {
        let mut proposal = work.tx.load::<RefillProposal>(self.refill_proposal_id).await?;
        proposal.state = decide(proposal.state, self.decision, proposal.expires_at, work.now)?;
        if proposal.state == ProposalState::Approved {
            let line = NewPurchaseLine {
                variant_id: proposal.variant_id,
                qty: proposal.qty,
                unit_cost: Some(proposal.unit_cost),
            };
            let notes = Some(format!("{}: {}", proposal.model, proposal.explanation));
            work.write_purchase(proposal.supplier_id, vec![line], notes).await?;
            proposal.state = proposal.state.step(ProposalState::Executed)?;
        }
        work.tx.save(&mut proposal).await?;
        work.about(proposal.id);
        Ok(proposal)
    }
}

impl Work {
    async fn write_purchase(
        &mut self,
        supplier_id: SupplierId,
        lines: Vec<NewPurchaseLine>,
        notes: Option<String>,
    ) -> Result<()> {
        let order = CreatePurchaseOrder { supplier_id, location_id: None, lines, expected_on: None, notes };
        self.draft_purchase(order).await.map(|_| ())
    }
}

/// Look through the refill proposals, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListRefillProposals {
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<ProposalState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListRefillProposals {
    const NAME: &'static str = "refill_proposals.list";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = Page<RefillProposal>;

    async fn run(self, look: &mut Look) -> Result<Page<RefillProposal>> {
        look.tx.insights().refills(self.state, &self.page).await
    }
}
