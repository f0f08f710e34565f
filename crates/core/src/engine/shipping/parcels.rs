//! Parcels: planned, packed, sent, and what their labels cost.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::engine::accounts::expect_version;
use crate::engine::orders::shares_of;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Kind, Result};
use crate::ids::{FulfilmentId, LocationId, OrderId};
use crate::inventory::HoldOwner;
use crate::ledger::{Account, Draft, Tags};
use crate::listings::Channel;
use crate::money::Money;
use crate::orders::{Leaving, Order, OrderError, OrderLine, OrderState, revenue_entry};
use crate::outbox::JobKind;
use crate::page::{Page, PageRequest};
use crate::shipping::{Fulfilment, FulfilmentState, ParcelLine, plan_parcel};

/// Plan a parcel of an order: what goes into it, before it is packed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanFulfilment {
    /// The order.
    pub order_id: OrderId,
    /// What goes into it; everything open when empty.
    #[serde(default)]
    pub lines: Vec<ParcelLine>,
}

#[async_trait]
impl Command for PlanFulfilment {
    const NAME: &'static str = "fulfilments.plan";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = Fulfilment;

    async fn run(self, work: &mut Work) -> Result<Fulfilment> {
        let order = work.tx.hold::<Order>(self.order_id).await?;
        work.plan(&order, &self.lines).await
    }
}

impl Work {
    async fn plan(&mut self, order: &Order, wanted: &[ParcelLine]) -> Result<Fulfilment> {
        if order.state != OrderState::Confirmed {
            let message = format!("the order is {}: only confirmed orders are sent", order.state);
            return Err(Error::new(Kind::Conflict, "shipping.not_confirmed", message));
        }
        let lines = self.tx.parts::<OrderLine>(order.id).await?;
        let planned = self.tx.parts::<Fulfilment>(order.id).await?;
        let parcel = Fulfilment {
            id: self.id(),
            order_id: order.id,
            lines: plan_parcel(wanted, &lines, &planned)?,
            location_id: None,
            carrier: None,
            tracking: None,
            label_cost: None,
            state: FulfilmentState::Planned,
            shipped_at: None,
            delivered_at: None,
            version: 1,
            created_at: self.now,
        };
        self.tx.add(&parcel).await?;
        self.about(parcel.id);
        Ok(parcel)
    }

    /// Hands a packed parcel over: stock leaves, cost is frozen, deposits become revenue.
    async fn hand_over(&mut self, parcel: &mut Fulfilment) -> Result<()> {
        parcel.step(FulfilmentState::Shipped)?;
        parcel.shipped_at = Some(self.now);
        let mut order = self.tx.hold::<Order>(parcel.order_id).await?;
        let mut lines = self.tx.parts::<OrderLine>(order.id).await?;
        let first = lines.iter().all(|line| line.fulfilled == 0);
        let owners: Vec<_> = parcel.lines.iter().map(|part| part.order_line_id.to_string()).collect();
        let mut held = self.tx.inventory().held(HoldOwner::OrderLine, &owners).await?;
        let mut before = Vec::with_capacity(parcel.lines.len());
        let mut places: Vec<LocationId> = Vec::new();
        for part in &parcel.lines {
            let line = lines
                .iter_mut()
                .find(|line| line.id == part.order_line_id)
                .ok_or_else(|| Error::not_found("order_line", part.order_line_id))?;
            let shares = shares_of(&held, &part.order_line_id.to_string(), part.qty, line.open());
            if shares.is_empty() {
                return Err(
                    OrderError::NotOpen { sku: line.sku.clone(), requested: part.qty, open: 0 }.into()
                );
            }
            let mut cost = line.cost_at_sale.currency().zero();
            for share in shares {
                places.push(held[share.index].location_id);
                cost = cost.plus(self.ship(&mut held[share.index], share.qty).await?)?;
            }
            before.push((line.clone(), part.qty, cost));
            line.fulfil(part.qty)?;
            line.cost_at_sale = line.cost_at_sale.plus(cost)?;
            self.tx.save(line).await?;
        }
        places.dedup();
        parcel.location_id = if let [place] = places[..] { Some(place) } else { None };
        let leaving: Vec<_> =
            before.iter().map(|(line, qty, cost)| Leaving { line, qty: *qty, cost: *cost }).collect();
        let (draft, earned) = revenue_entry(&order, &leaving, first, parcel.id)?;
        self.post(draft).await?;
        order.deposit = order.deposit.minus(earned)?;
        if lines.iter().all(|line| line.open() == 0) {
            order.state = order.state.step(OrderState::Completed)?;
        }
        self.tx.save(&mut order).await?;
        self.tell_of_parcels(&order).await?;
        self.emit("order.shipped", order.id, &serde_json::json!({"fulfilment": parcel.id})).await
    }

    /// Has the channel that sold an order told of its parcels, if it is told of any.
    async fn tell_of_parcels(&mut self, order: &Order) -> Result<()> {
        let (Some(channel), Some(_)) = (order.channel_id, &order.external_id) else { return Ok(()) };
        if self.tx.load::<Channel>(channel).await?.capabilities.parcels {
            self.queue(JobKind::TellParcels, channel, order.id).await?;
        }
        Ok(())
    }

    async fn pay_postage(
        &mut self,
        parcel: &Fulfilment,
        from: impl Into<crate::ledger::AccountCode>,
    ) -> Result<()> {
        let Some(cost) = parcel.label_cost else { return Ok(()) };
        let order = self.tx.load::<Order>(parcel.order_id).await?;
        let sole = if let [part] = &parcel.lines[..] { Some(part.order_line_id) } else { None };
        let tags = Tags { order_line_id: sole, channel_id: order.channel_id, item_id: None };
        let draft = Draft::new("fulfilment", parcel.id, "label")
            .debit(Account::Postage, cost, tags)
            .credit(from, cost, tags)?;
        self.post(draft).await.map(|_| ())
    }
}

/// Send an order, or some of its lines, in one step: planned, packed and handed over.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FulfilOrder {
    /// The order.
    pub order_id: OrderId,
    /// What is sent; everything open when empty.
    #[serde(default)]
    pub lines: Vec<ParcelLine>,
    /// Who carries it.
    #[serde(default)]
    pub carrier: Option<String>,
    /// Where to look for it.
    #[serde(default)]
    pub tracking: Option<String>,
    /// What the label cost, paid from the till or bank.
    #[serde(default)]
    pub label_cost: Option<Money>,
}

impl FulfilOrder {
    /// Everything of an order.
    pub fn all_of(order: OrderId) -> Self {
        Self { order_id: order, lines: Vec::new(), carrier: None, tracking: None, label_cost: None }
    }
}

#[async_trait]
impl Command for FulfilOrder {
    const NAME: &'static str = "orders.fulfil";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = Fulfilment;

    async fn run(self, work: &mut Work) -> Result<Fulfilment> {
        let order = work.tx.hold::<Order>(self.order_id).await?;
        check_label_cost(self.label_cost, order.currency())?;
        let mut parcel = work.plan(&order, &self.lines).await?;
        parcel.step(FulfilmentState::Packed)?;
        parcel.carrier = self.carrier;
        parcel.tracking = self.tracking;
        parcel.label_cost = self.label_cost;
        work.hand_over(&mut parcel).await?;
        work.tx.save(&mut parcel).await?;
        work.pay_postage(&parcel, Account::Cash).await?;
        Ok(parcel)
    }
}

fn check_label_cost(cost: Option<Money>, currency: crate::money::Currency) -> Result<()> {
    match cost {
        Some(cost) if cost.is_negative() || cost.currency() != currency => {
            Err(Error::invalid("label_cost", cost, &format!("give an amount of at least zero in {currency}")))
        }
        _ => Ok(()),
    }
}

/// Where a parcel may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FulfilmentStep {
    /// It is packed.
    Pack,
    /// It is handed over.
    Ship,
    /// It arrived.
    Deliver,
    /// It is not sent after all.
    Cancel,
    /// It is gone.
    Lose,
    /// It comes back undelivered.
    ReturnToSender,
}

/// Move a parcel on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceFulfilment {
    /// The parcel.
    pub fulfilment_id: FulfilmentId,
    /// What happened.
    pub step: FulfilmentStep,
    /// Who carries it.
    #[serde(default)]
    pub carrier: Option<String>,
    /// Where to look for it.
    #[serde(default)]
    pub tracking: Option<String>,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for AdvanceFulfilment {
    const NAME: &'static str = "fulfilments.advance";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = Fulfilment;

    async fn run(self, work: &mut Work) -> Result<Fulfilment> {
        let mut parcel = work.tx.load::<Fulfilment>(self.fulfilment_id).await?;
        expect_version(self.expected_version, &parcel)?;
        parcel.carrier = self.carrier.or(parcel.carrier);
        parcel.tracking = self.tracking.or(parcel.tracking);
        match self.step {
            FulfilmentStep::Pack => parcel.step(FulfilmentState::Packed)?,
            FulfilmentStep::Ship => work.hand_over(&mut parcel).await?,
            FulfilmentStep::Deliver => {
                parcel.step(FulfilmentState::Delivered)?;
                parcel.delivered_at = Some(work.now);
            }
            FulfilmentStep::Cancel => parcel.step(FulfilmentState::Cancelled)?,
            FulfilmentStep::Lose => parcel.step(FulfilmentState::Lost)?,
            FulfilmentStep::ReturnToSender => parcel.step(FulfilmentState::ReturnedToSender)?,
        }
        work.tx.save(&mut parcel).await?;
        work.about(parcel.id);
        Ok(parcel)
    }
}

/// Buy a label for a planned or packed parcel from a carrier.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyLabel {
    /// The parcel.
    pub fulfilment_id: FulfilmentId,
    /// Who is to carry it.
    pub carrier: String,
}

#[async_trait]
impl Command for BuyLabel {
    const NAME: &'static str = "fulfilments.buy_label";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = Fulfilment;

    async fn run(self, work: &mut Work) -> Result<Fulfilment> {
        work.engine.carrier(&self.carrier)?;
        let mut parcel = work.tx.load::<Fulfilment>(self.fulfilment_id).await?;
        if !matches!(parcel.state, FulfilmentState::Planned | FulfilmentState::Packed)
            || parcel.tracking.is_some()
        {
            let message = format!("the parcel is {} or has a label: nothing to buy", parcel.state);
            return Err(Error::new(Kind::Conflict, "shipping.has_label", message));
        }
        parcel.carrier = Some(self.carrier.clone());
        work.tx.save(&mut parcel).await?;
        work.queue(JobKind::BuyLabel, self.carrier, parcel.id).await?;
        work.about(parcel.id);
        Ok(parcel)
    }
}

impl Work {
    /// Notes the label a carrier made, and what it cost.
    pub(in crate::engine) async fn attach_label(
        &mut self,
        parcel: FulfilmentId,
        label: crate::shipping::Label,
    ) -> Result<()> {
        let mut parcel = self.tx.load::<Fulfilment>(parcel).await?;
        if parcel.tracking.is_some() {
            return Ok(());
        }
        parcel.tracking = Some(label.tracking);
        parcel.label_cost = Some(label.cost);
        self.tx.save(&mut parcel).await?;
        let holder = parcel.carrier.clone().unwrap_or_default();
        self.pay_postage(&parcel, crate::ledger::AccountCode::clearing(holder)).await
    }
}

/// Look through the parcels, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListFulfilments {
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<FulfilmentState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListFulfilments {
    const NAME: &'static str = "fulfilments.list";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = Page<Fulfilment>;

    async fn run(self, look: &mut Look) -> Result<Page<Fulfilment>> {
        look.tx.shipping().fulfilments(self.state, &self.page).await
    }
}
