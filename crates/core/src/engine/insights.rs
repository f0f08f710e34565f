//! What the shop's own numbers say: profit, ageing, sell-through, demand, and what needs attention.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::inventory::StockAlert;
use super::pricing::{Decision, decide};
use super::purchasing::{CreatePurchaseOrder, NewPurchaseLine};
use super::{Command, Look, Query, Work};
use crate::accounts::Permission;
use crate::catalog::Variant;
use crate::clock::Date;
use crate::error::{Error, Result};
use crate::ids::{ChannelId, RefillPolicyId, RefillProposalId, SupplierId, VariantId};
use crate::insights::{
    AgingRow, DemandSeries, Profit, RefillPolicy, RefillProposal, SellThroughRow, demand_series, profit,
    sell_through,
};
use crate::inventory::{CostLayer, StockMove, available};
use crate::listings::{ChannelStatus, ListingState};
use crate::money::{Money, Ppm};
use crate::orders::OrderState;
use crate::outbox::JobState;
use crate::page::{Page, PageRequest};
use crate::pricing::ProposalState;
use crate::purchasing::SupplierOffer;

/// Look at what was earned over some business days, from the books alone.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetProfit {
    /// The first day; from the start when absent.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day; until now when absent.
    #[serde(default)]
    pub to: Option<Date>,
}

#[async_trait]
impl Query for GetProfit {
    const NAME: &'static str = "reports.profit";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Profit;

    async fn run(self, look: &mut Look) -> Result<Profit> {
        let currency = look.shop().await?.currency;
        let balances = look.tx.ledger().balances(self.from, self.to).await?;
        Ok(profit(&balances, currency)?)
    }
}

/// Look at what was earned day by day, from the books alone.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetDaily {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What a day brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DailyResult {
    /// The business day.
    pub day: Date,
    /// Goods sold and shipping charged.
    pub revenue: Money,
    /// What was left of it.
    pub profit: Money,
}

#[async_trait]
impl Query for GetDaily {
    const NAME: &'static str = "reports.daily";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Vec<DailyResult>;

    async fn run(self, look: &mut Look) -> Result<Vec<DailyResult>> {
        check_days(self.from, self.to)?;
        let currency = look.shop().await?.currency;
        let mut rows: BTreeMap<Date, Vec<crate::ledger::Balance>> = BTreeMap::new();
        for (day, balance) in look.tx.ledger().daily(self.from, self.to).await? {
            rows.entry(day).or_default().push(balance);
        }
        let result = |day: Date| -> Result<DailyResult> {
            let result = profit(rows.get(&day).map_or(&[][..], Vec::as_slice), currency)?;
            Ok(DailyResult { day, revenue: result.revenue, profit: result.profit })
        };
        (self.from.as_days()..=self.to.as_days()).filter_map(Date::from_days).map(result).collect()
    }
}

/// Look at what was earned with one physical thing or one order line: every posting tagged with it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetItemProfit {
    /// The thing.
    #[serde(default)]
    pub item_id: Option<crate::ids::ItemId>,
    /// The order line.
    #[serde(default)]
    pub order_line_id: Option<crate::ids::OrderLineId>,
}

#[async_trait]
impl Query for GetItemProfit {
    const NAME: &'static str = "reports.item_profit";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Profit;

    async fn run(self, look: &mut Look) -> Result<Profit> {
        let currency = look.shop().await?.currency;
        let postings = match (self.item_id, self.order_line_id) {
            (Some(item), None) => look.tx.ledger().postings_of_item(item).await?,
            (None, Some(line)) => look.tx.ledger().postings_of_lines(&[line]).await?,
            _ => {
                return Err(Error::invalid(
                    "item_id",
                    "not alone",
                    "name either the thing or the order line",
                ));
            }
        };
        let rows: Vec<_> = postings
            .into_iter()
            .map(|posting| crate::ledger::Balance { account: posting.account, balance: posting.amount })
            .collect();
        Ok(profit(&rows, currency)?)
    }
}

/// Look at a tax year: what was earned, and what tax was collected and is owed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetTaxYear {
    /// The first day of the year.
    pub from: Date,
    /// The last day of the year.
    pub to: Date,
}

/// A tax year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaxYear {
    /// What was earned.
    pub profit: Profit,
    /// Tax collected in the year, less what went back.
    pub tax_collected: Money,
    /// What the goods in stock cost, at the year's end.
    pub inventory_at_end: Money,
}

#[async_trait]
impl Query for GetTaxYear {
    const NAME: &'static str = "reports.tax_year";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = TaxYear;

    async fn run(self, look: &mut Look) -> Result<TaxYear> {
        if self.to < self.from {
            return Err(Error::invalid("to", self.to, "the last day is not before the first"));
        }
        let currency = look.shop().await?.currency;
        let year = look.tx.ledger().balances(Some(self.from), Some(self.to)).await?;
        let until = look.tx.ledger().balances(None, Some(self.to)).await?;
        let of = |rows: &[crate::ledger::Balance], account: crate::ledger::Account| {
            let code = crate::ledger::AccountCode::from(account);
            let mine = rows.iter().filter(|row| row.account == code && row.balance.currency() == currency);
            Money::sum(currency, mine.map(|row| row.balance))
        };
        Ok(TaxYear {
            profit: profit(&year, currency)?,
            tax_collected: of(&year, crate::ledger::Account::TaxPayable)?.negated()?,
            inventory_at_end: of(&until, crate::ledger::Account::Inventory)?,
        })
    }
}

/// Look at stock that has lain longest.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetAging {
    /// How many rows at most: 1 to 200, 50 when absent.
    #[serde(default)]
    pub limit: Option<u32>,
}

#[async_trait]
impl Query for GetAging {
    const NAME: &'static str = "reports.aging";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Vec<AgingRow>;

    async fn run(self, look: &mut Look) -> Result<Vec<AgingRow>> {
        let limit = PageRequest { limit: Some(self.limit.unwrap_or(50)), cursor: None }.limit()?;
        aging(look, limit).await
    }
}

async fn aging(look: &mut Look, limit: usize) -> Result<Vec<AgingRow>> {
    let layers: Vec<CostLayer> = look.tx.inventory().oldest_layers(limit).await?;
    let mut ids: Vec<_> = layers.iter().map(|layer| layer.variant_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let variants = look.tx.many::<Variant>(&ids).await?;
    let now = look.now();
    let row = |layer: CostLayer| {
        let variant = variants.iter().find(|variant| variant.id == layer.variant_id);
        AgingRow {
            variant_id: layer.variant_id,
            sku: variant.map(|variant| variant.sku.clone()).unwrap_or_default(),
            item_id: layer.item_id,
            qty: layer.qty_left,
            cost: layer.cost_left,
            since: layer.received_at,
            days: i64::try_from(now.since(layer.received_at).as_secs() / 86_400).unwrap_or(i64::MAX),
        }
    };
    Ok(layers.into_iter().map(row).collect())
}

/// Look at how fast variants sold over some business days, fastest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetSellThrough {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// How many rows at most: 1 to 200, 50 when absent.
    #[serde(default)]
    pub limit: Option<u32>,
}

#[async_trait]
impl Query for GetSellThrough {
    const NAME: &'static str = "reports.sell_through";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Vec<SellThroughRow>;

    async fn run(self, look: &mut Look) -> Result<Vec<SellThroughRow>> {
        let limit = PageRequest { limit: Some(self.limit.unwrap_or(50)), cursor: None }.limit()?;
        let days = check_days(self.from, self.to)?;
        let mut sold: BTreeMap<VariantId, i64> = BTreeMap::new();
        for row in look.tx.inventory().shipped_by_day(None, self.from, self.to).await? {
            *sold.entry(row.variant_id).or_default() += row.units;
        }
        let ids: Vec<_> = sold.keys().copied().collect();
        let mut rows = Vec::with_capacity(ids.len());
        for good in look.tx.inventory().sellable(&ids).await? {
            let units = sold.get(&good.variant.id).copied().unwrap_or(0);
            let left = available(&good.stock);
            rows.push(SellThroughRow {
                variant_id: good.variant.id,
                sku: good.variant.sku,
                sold: units,
                left,
                rate: sell_through(units, left),
                days_left: (units > 0).then(|| left.saturating_mul(days) / units),
            });
        }
        rows.sort_by(|a, b| b.sold.cmp(&a.sold).then_with(|| a.sku.cmp(&b.sku)));
        rows.truncate(limit);
        Ok(rows)
    }
}

fn check_days(from: Date, to: Date) -> Result<i64> {
    let days = to.as_days() - from.as_days() + 1;
    if (1..=3660).contains(&days) {
        return Ok(days);
    }
    Err(Error::invalid("to", to, "choose a last day at most ten years after the first, and not before it"))
}

/// Look at what a variant sold, day by day, with the days on which it could not be had marked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetDemand {
    /// The variant.
    pub variant_id: VariantId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

#[async_trait]
impl Query for GetDemand {
    const NAME: &'static str = "reports.demand";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = DemandSeries;

    async fn run(self, look: &mut Look) -> Result<DemandSeries> {
        check_days(self.from, self.to)?;
        let variant = look.tx.load::<Variant>(self.variant_id).await?;
        let shipped = look.tx.inventory().shipped_by_day(Some(variant.id), self.from, self.to).await?;
        let shipped: BTreeMap<_, _> = shipped.into_iter().map(|row| (row.day, row.units)).collect();
        // Moves of past days may be noted down later, so the day counts and not the order of the notes.
        let mut at_end: BTreeMap<Date, i64> = BTreeMap::new();
        for step in look.tx.parts::<StockMove>(variant.id).await? {
            *at_end.entry(step.business_date).or_default() += step.d_on_hand;
        }
        let mut stock = 0;
        for change in at_end.values_mut() {
            stock += *change;
            *change = stock;
        }
        let stock_at_end = |day: Date| at_end.range(..=day).next_back().map_or(0, |(_, units)| *units);
        Ok(demand_series(variant.id, self.from, self.to, &shipped, stock_at_end))
    }
}

/// Look at the shop as it is now: today's result, what needs attention, what runs out, what lies, how channels do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetOverview {}

/// The shop as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// The business day.
    pub day: Date,
    /// Today's result.
    pub today: Profit,
    /// The last 30 days' result, today included.
    pub last_30_days: Profit,
    /// What goods in stock cost.
    pub inventory_value: Money,
    /// What needs somebody to look, and how many of each.
    pub attention: Vec<Attention>,
    /// Stock running out.
    pub running_out: Vec<StockAlert>,
    /// Stock that has lain longest.
    pub stale: Vec<AgingRow>,
    /// How the channels do.
    pub channels: Vec<ChannelOverview>,
}

/// Something that needs somebody to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attention {
    /// What it is.
    pub what: String,
    /// How many there are.
    pub count: i64,
    /// The operation that lists them.
    pub operation: String,
}

/// How a channel does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelOverview {
    /// The channel.
    pub channel_id: ChannelId,
    /// What the shop calls it.
    pub name: String,
    /// Whether it is worked with.
    pub status: ChannelStatus,
    /// When it was last fetched from.
    pub synced_at: Option<crate::clock::Timestamp>,
    /// How many listings there are in each state.
    pub listings: Vec<StateCount>,
}

/// How many there are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateCount {
    /// The state.
    pub state: ListingState,
    /// How many.
    pub count: i64,
}

#[async_trait]
impl Query for GetOverview {
    const NAME: &'static str = "reports.overview";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Overview;

    async fn run(self, look: &mut Look) -> Result<Overview> {
        let shop = look.shop().await?;
        let day = shop.time_zone.date_of(look.now());
        let today = look.tx.ledger().balances(Some(day), Some(day)).await?;
        let month = look.tx.ledger().balances(day.plus_days(-29), Some(day)).await?;
        let inventory = crate::ledger::Account::Inventory.into();
        let inventory = look.tx.ledger().balance(&inventory).await?;
        let running_out = super::inventory::ListAlerts { limit: Some(10) }.run(look).await?;
        Ok(Overview {
            day,
            today: profit(&today, shop.currency)?,
            last_30_days: profit(&month, shop.currency)?,
            inventory_value: Money::sum(
                shop.currency,
                inventory.into_iter().filter(|money| money.currency() == shop.currency),
            )?,
            attention: attention(look).await?,
            running_out,
            stale: aging(look, 10).await?,
            channels: channels(look).await?,
        })
    }
}

async fn attention(look: &mut Look) -> Result<Vec<Attention>> {
    let mut rows = Vec::new();
    let mut note = |what: &str, count: i64, operation: &str| {
        if count > 0 {
            rows.push(Attention { what: what.to_owned(), count, operation: operation.to_owned() });
        }
    };
    note(
        "orders sold without stock",
        look.tx.orders().count_orders(OrderState::Oversold).await?,
        "orders.list",
    );
    note(
        "orders waiting for payment",
        look.tx.orders().count_orders(OrderState::Placed).await?,
        "orders.list",
    );
    note("orders to send", look.tx.orders().count_orders(OrderState::Confirmed).await?, "orders.list");
    let counts = look.tx.listings().counts().await?;
    let of = |wanted| counts.iter().filter(|(_, state, _)| *state == wanted).map(|(_, _, count)| count).sum();
    note("listings that could not be ended", of(ListingState::NeedsAttention), "listings.list");
    note("listings refused by their channel", of(ListingState::Rejected), "listings.list");
    let jobs = look.tx.outbox().job_counts().await?;
    let dead = jobs.iter().find(|(state, _)| *state == JobState::Dead).map_or(0, |(_, count)| *count);
    note("jobs given up", dead, "jobs.list");
    Ok(rows)
}

async fn channels(look: &mut Look) -> Result<Vec<ChannelOverview>> {
    let counts = look.tx.listings().counts().await?;
    let channels = look.tx.listings().channels().await?;
    let overview = |channel: crate::listings::Channel| ChannelOverview {
        listings: counts
            .iter()
            .filter(|(id, ..)| *id == channel.id)
            .map(|&(_, state, count)| StateCount { state, count })
            .collect(),
        channel_id: channel.id,
        name: channel.name,
        status: channel.status,
        synced_at: channel.synced_at,
    };
    Ok(channels.into_iter().map(overview).collect())
}

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

calls! {
    /// What the shop's own numbers say.
    Insights by insights:
    /// Says how well something is to be kept in stock.
    write set_policy: SetRefillPolicy;
    /// Proposes to buy.
    write propose_refill: ProposeRefill;
    /// Decides on a proposal to buy.
    write decide_refill: DecideRefill;
    /// What was earned.
    read profit: GetProfit;
    /// What was earned, day by day.
    read daily: GetDaily;
    /// What was earned with one thing.
    read item_profit: GetItemProfit;
    /// A tax year.
    read tax_year: GetTaxYear;
    /// Stock that has lain longest.
    read aging: GetAging;
    /// How fast things sold.
    read sell_through: GetSellThrough;
    /// What a variant sold, day by day.
    read demand: GetDemand;
    /// The shop as it is now.
    read overview: GetOverview;
    /// A page of proposals to buy.
    read refills: ListRefillProposals;
}
