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
    /// Whether what the models propose within the budget is approved by itself.
    #[serde(default)]
    pub auto_approve: bool,
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
        if self.auto_approve && self.budget.is_none() {
            let remedy = "set a budget: nothing is bought without a limit";
            return Err(Error::invalid("auto_approve", true, remedy));
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
            auto_approve: self.auto_approve,
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
        let reasons = Reasons {
            explanation: self.explanation,
            model: self.model.unwrap_or_else(|| work.actor.to_string()),
            inputs_hash: self.inputs_hash,
            backtest: self.backtest,
        };
        work.propose_refill(&offer, self.qty, reasons).await
    }
}

/// Why something is proposed, and by whom.
pub(in crate::engine) struct Reasons {
    pub(in crate::engine) explanation: String,
    pub(in crate::engine) model: String,
    pub(in crate::engine) inputs_hash: String,
    pub(in crate::engine) backtest: Option<serde_json::Value>,
}

impl Work {
    /// Proposes to buy on an offer; older proposals for the variant that wait for a decision make room.
    pub(in crate::engine) async fn propose_refill(
        &mut self,
        offer: &SupplierOffer,
        qty: i64,
        reasons: Reasons,
    ) -> Result<RefillProposal> {
        self.supersede_refills(offer.variant_id).await?;
        let qty = offer.orderable(qty);
        let proposal = RefillProposal {
            id: self.id(),
            variant_id: offer.variant_id,
            supplier_id: offer.supplier_id,
            qty,
            unit_cost: offer.unit_cost_at(qty),
            explanation: reasons.explanation,
            model: reasons.model,
            inputs_hash: reasons.inputs_hash,
            backtest: reasons.backtest,
            state: ProposalState::Proposed,
            expires_at: self.now.plus(PROPOSAL_LIFE),
            version: 1,
            created_at: self.now,
        };
        self.tx.add(&proposal).await?;
        self.about(proposal.id);
        Ok(proposal)
    }

    /// Says of proposals that wait for a decision that they are no longer what is advised.
    pub(in crate::engine) async fn supersede_refills(&mut self, variant_id: VariantId) -> Result<()> {
        for mut older in self.tx.parts::<RefillProposal>(variant_id).await? {
            if older.state == ProposalState::Proposed {
                older.state = older.state.step(ProposalState::Superseded)?;
                self.tx.save(&mut older).await?;
            }
        }
        Ok(())
    }

    /// Carries an approved proposal out: it becomes a draft of a purchase order.
    pub(in crate::engine) async fn carry_out_refill(&mut self, proposal: &mut RefillProposal) -> Result<()> {
        let line = NewPurchaseLine {
            variant_id: proposal.variant_id,
            qty: proposal.qty,
            unit_cost: Some(proposal.unit_cost),
        };
        let order = CreatePurchaseOrder {
            supplier_id: proposal.supplier_id,
            location_id: None,
            lines: vec![line],
            expected_on: None,
            notes: Some(format!("{}: {}", proposal.model, proposal.explanation)),
        };
        self.draft_purchase(order).await?;
        proposal.state = proposal.state.step(ProposalState::Executed)?;
        Ok(())
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
            work.carry_out_refill(&mut proposal).await?;
        }
        work.tx.save(&mut proposal).await?;
        work.about(proposal.id);
        Ok(proposal)
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
