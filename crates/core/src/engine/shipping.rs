//! Sending and taking back.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::accounts::expect_version;
use super::command::calls;
use super::orders::shares_of;
use super::work::Coming;
use super::{Command, Look, Query, Work};
use crate::accounts::{Permission, Series};
use crate::catalog::{BundleComponent, Item, ItemStatus, Variant, VariantKind, share_bundle_cost};
use crate::error::{Error, Kind, Result};
use crate::ids::{FulfilmentId, LocationId, OrderId, OrderLineId, ReturnId, VariantId};
use crate::inventory::{HoldOwner, LocationKind, MoveReason, check_qty};
use crate::ledger::{Account, Draft, Tags};
use crate::money::{Money, Rounding};
use crate::orders::{Leaving, Order, OrderError, OrderLine, OrderState, revenue_entry};
use crate::outbox::JobKind;
use crate::page::{Page, PageRequest};
use crate::shipping::{
    Disposition, Fulfilment, FulfilmentState, ParcelLine, ReturnCase, ReturnLine, ReturnState, plan_parcel,
};

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
        let order = work.tx.load::<Order>(self.order_id).await?;
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
        let mut order = self.tx.load::<Order>(parcel.order_id).await?;
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
        self.emit("order.shipped", order.id, &serde_json::json!({"fulfilment": parcel.id})).await
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
        let order = work.tx.load::<Order>(self.order_id).await?;
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
    pub(super) async fn attach_label(
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

/// Open a return: a customer wants to send something back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestReturn {
    /// The order.
    pub order_id: OrderId,
    /// What comes back.
    pub lines: Vec<ReturnLine>,
}

#[async_trait]
impl Command for RequestReturn {
    const NAME: &'static str = "returns.request";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = ReturnCase;

    async fn run(self, work: &mut Work) -> Result<ReturnCase> {
        let order = work.tx.load::<Order>(self.order_id).await?;
        let lines = work.tx.parts::<OrderLine>(order.id).await?;
        let open_cases: Vec<_> = work
            .tx
            .parts::<ReturnCase>(order.id)
            .await?
            .into_iter()
            .filter(|case| !case.state.is_final() && case.state != ReturnState::Inspected)
            .collect();
        if self.lines.is_empty() {
            return Err(Error::invalid("lines", "empty", "say what comes back"));
        }
        for (index, part) in self.lines.iter().enumerate() {
            let at = format!("lines[{index}]");
            check_qty("qty", part.qty).map_err(|error| error.within(&at))?;
            if part.disposition.is_some() {
                return Err(Error::invalid("disposition", "given", "it is decided on inspection").within(at));
            }
            let line = find_line(&lines, part.order_line_id).map_err(|error| error.within(&at))?;
            if self.lines[..index].iter().any(|other| other.order_line_id == part.order_line_id) {
                return Err(
                    Error::invalid("order_line_id", part.order_line_id, "name each line once").within(at)
                );
            }
            let waiting = open_cases.iter().flat_map(|case| &case.lines);
            let waiting: i64 =
                waiting.filter(|other| other.order_line_id == line.id).map(|other| other.qty).sum();
            let sent = line.fulfilled - line.returned - waiting;
            if part.qty > sent {
                return Err(OrderError::NotSent { sku: line.sku.clone(), requested: part.qty, sent }.into());
            }
        }
        let case = ReturnCase {
            id: work.id(),
            number: work.number(Series::Return).await?,
            order_id: order.id,
            lines: self.lines,
            state: ReturnState::Requested,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&case).await?;
        work.about(case.id);
        work.emit("return.requested", case.id, &serde_json::json!({"order": order.id})).await?;
        Ok(case)
    }
}

fn find_line(lines: &[OrderLine], id: OrderLineId) -> Result<&OrderLine> {
    lines.iter().find(|line| line.id == id).ok_or_else(|| Error::not_found("order_line", id))
}

/// Where a return may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnStep {
    /// It is allowed.
    Approve,
    /// It is not.
    Decline,
    /// The customer keeps it after all.
    Cancel,
    /// It is on its way.
    Send,
    /// It is here.
    Receive,
    /// It was never sent.
    Expire,
    /// It is gone.
    Lose,
    /// It is done.
    Close,
}

/// Move a return on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceReturn {
    /// The return.
    pub return_id: ReturnId,
    /// What happened.
    pub step: ReturnStep,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for AdvanceReturn {
    const NAME: &'static str = "returns.advance";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = ReturnCase;

    async fn run(self, work: &mut Work) -> Result<ReturnCase> {
        let mut case = work.tx.load::<ReturnCase>(self.return_id).await?;
        expect_version(self.expected_version, &case)?;
        case.step(match self.step {
            ReturnStep::Approve => ReturnState::Approved,
            ReturnStep::Decline => ReturnState::Declined,
            ReturnStep::Cancel => ReturnState::Cancelled,
            ReturnStep::Send => ReturnState::InTransit,
            ReturnStep::Receive => ReturnState::Received,
            ReturnStep::Expire => ReturnState::Expired,
            ReturnStep::Lose => ReturnState::Lost,
            ReturnStep::Close => ReturnState::Closed,
        })?;
        work.tx.save(&mut case).await?;
        work.about(case.id);
        Ok(case)
    }
}

/// What was found of a line that came back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The line.
    pub order_line_id: OrderLineId,
    /// How many; of one line, different units may be treated differently.
    pub qty: i64,
    /// What is done with them.
    pub disposition: Disposition,
}

/// Inspect what came back: each unit is restocked, set apart, thrown away, sent on or left with the buyer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectReturn {
    /// The return.
    pub return_id: ReturnId,
    /// What was found; every unit of the return once.
    pub verdicts: Vec<Verdict>,
}

#[async_trait]
impl Command for InspectReturn {
    const NAME: &'static str = "returns.inspect";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = ReturnCase;

    async fn run(self, work: &mut Work) -> Result<ReturnCase> {
        let mut case = work.tx.load::<ReturnCase>(self.return_id).await?;
        case.step(ReturnState::Inspected)?;
        let mut lines = work.tx.parts::<OrderLine>(case.order_id).await?;
        for (index, verdict) in self.verdicts.iter().enumerate() {
            let at = format!("verdicts[{index}]");
            check_qty("qty", verdict.qty).map_err(|error| error.within(&at))?;
            if case.lines.iter().all(|part| part.order_line_id != verdict.order_line_id) {
                let remedy = "the return has no such line: name its own";
                return Err(Error::invalid("order_line_id", verdict.order_line_id, remedy).within(at));
            }
        }
        let mut found = Vec::with_capacity(self.verdicts.len());
        for part in &case.lines {
            let verdicts: Vec<_> =
                self.verdicts.iter().filter(|verdict| verdict.order_line_id == part.order_line_id).collect();
            let sum: i64 = verdicts.iter().map(|verdict| verdict.qty).sum();
            if sum != part.qty {
                let remedy =
                    format!("the verdicts on line {} must add up to {}", part.order_line_id, part.qty);
                return Err(Error::invalid("verdicts", sum, &remedy));
            }
            for verdict in verdicts {
                found.push(ReturnLine {
                    qty: verdict.qty,
                    disposition: Some(verdict.disposition),
                    ..part.clone()
                });
            }
        }
        for (index, part) in found.iter().enumerate() {
            let line = lines
                .iter_mut()
                .find(|line| line.id == part.order_line_id)
                .ok_or_else(|| Error::not_found("order_line", part.order_line_id))?;
            let disposition = part.disposition.unwrap_or(Disposition::KeepWithBuyer);
            if disposition != Disposition::KeepWithBuyer {
                work.take_back(&case, index, line, part.qty, disposition).await?;
            }
        }
        case.lines = found;
        work.tx.save(&mut case).await?;
        work.about(case.id);
        Ok(case)
    }
}

impl Work {
    async fn take_back(
        &mut self,
        case: &ReturnCase,
        index: usize,
        line: &mut OrderLine,
        qty: i64,
        disposition: Disposition,
    ) -> Result<()> {
        let upto = |units| line.cost_at_sale.share(units, line.fulfilled.max(1), Rounding::HalfEven);
        let cost = upto(line.returned + qty)?.minus(upto(line.returned)?)?;
        line.take_back(qty)?;
        self.tx.save(line).await?;
        let back = match disposition {
            Disposition::Restock => Some(self.first_place().await?),
            Disposition::Quarantine => Some(self.quarantine().await?),
            Disposition::WriteOff | Disposition::ToSupplier | Disposition::KeepWithBuyer => None,
        };
        if let Some(item) = line.item_id {
            let mut item = self.tx.load::<Item>(item).await?;
            let next = if back.is_some() { ItemStatus::InStock } else { ItemStatus::WrittenOff };
            item.status = item.status.step(next)?;
            item.location_id = back.unwrap_or(item.location_id);
            self.tx.save(&mut item).await?;
        }
        let Some(location) = back else { return Ok(()) };
        for (variant, qty, cost) in self.units_of(line.variant_id, qty, cost).await? {
            self.take_in(Coming {
                variant: &variant,
                item: line.item_id,
                location,
                qty,
                cost,
                reason: MoveReason::Return,
                source: case.id.to_string(),
            })
            .await?;
        }
        let tags = Tags { item_id: line.item_id, order_line_id: Some(line.id), channel_id: None };
        let source = format!("{}#{index}", case.id);
        let draft = Draft::new("return", source, "restock").debit(Account::Inventory, cost, tags).credit(
            Account::CostOfGoods,
            cost,
            tags,
        )?;
        self.post(draft).await.map(|_| ())
    }

    /// What so many of a variant are on the shelf, and what each costs: a bundle is its components.
    async fn units_of(&mut self, id: VariantId, qty: i64, cost: Money) -> Result<Vec<(Variant, i64, Money)>> {
        let variant = self.tx.load::<Variant>(id).await?;
        if variant.kind != VariantKind::Bundle {
            return Ok(vec![(variant, qty, cost)]);
        }
        let parts = self.tx.parts::<BundleComponent>(id).await?;
        let ids: Vec<_> = parts.iter().map(|part| part.variant_id).collect();
        let variants = self.tx.many::<Variant>(&ids).await?;
        let mut units = Vec::with_capacity(parts.len());
        for (part, cost) in parts.iter().zip(share_bundle_cost(cost, &parts, &variants)?) {
            let variant = variants.iter().find(|variant| variant.id == part.variant_id);
            let variant = variant.ok_or_else(|| Error::not_found("variant", part.variant_id))?;
            units.push((variant.clone(), part.qty * qty, cost));
        }
        Ok(units)
    }

    async fn quarantine(&mut self) -> Result<LocationId> {
        let places = self.tx.inventory().locations().await?;
        let place = places.into_iter().find(|place| place.kind == LocationKind::Quarantine);
        place.map(|place| place.id).ok_or_else(|| {
            let remedy =
                "there is no place to set things apart: make one of kind quarantine with locations.create";
            Error::invalid("disposition", Disposition::Quarantine, remedy)
        })
    }
}

/// Look through the returns, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListReturns {
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<ReturnState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListReturns {
    const NAME: &'static str = "returns.list";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = Page<ReturnCase>;

    async fn run(self, look: &mut Look) -> Result<Page<ReturnCase>> {
        look.tx.shipping().returns(self.state, &self.page).await
    }
}

calls! {
    /// Sending and taking back.
    Shipping by shipping:
    /// Plans a parcel.
    write plan: PlanFulfilment;
    /// Sends an order in one step.
    write fulfil: FulfilOrder;
    /// Moves a parcel on.
    write advance: AdvanceFulfilment;
    /// Buys a label.
    write buy_label: BuyLabel;
    /// Opens a return.
    write request_return: RequestReturn;
    /// Moves a return on.
    write advance_return: AdvanceReturn;
    /// Inspects what came back.
    write inspect: InspectReturn;
    /// A page of parcels.
    read fulfilments: ListFulfilments;
    /// A page of returns.
    read returns: ListReturns;
}
