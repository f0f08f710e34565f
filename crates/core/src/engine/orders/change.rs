//! What becomes of an order after it was placed: called off, confirmed, settled.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::engine::work::{SoldBy, Want, order_view};
use crate::engine::{Command, OrderView, Work};
use crate::error::{Error, Result};
use crate::ids::{ItemId, OrderId, OrderLineId};
use crate::inventory::{HoldOwner, Reservation, ReservationState, check_qty};
use crate::listings::Channel;
use crate::money::Money;
use crate::orders::{AdjustmentKind, Order, OrderAdjustment, OrderError, OrderLine, OrderState};
use crate::outbox::JobKind;
use crate::payments::{Payment, PaymentTxn, TxnKind, TxnState, money_back_entry, split_refund};

/// Units of a line to be called off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelLine {
    /// The line.
    pub order_line_id: OrderLineId,
    /// How many.
    pub qty: i64,
}

/// Call an order off, or some of its lines: everything that was not sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// The order.
    pub order_id: OrderId,
    /// Only these units; everything open when empty.
    #[serde(default)]
    pub lines: Vec<CancelLine>,
    /// Why, in words.
    #[serde(default)]
    pub reason: String,
}

#[async_trait]
impl Command for CancelOrder {
    const NAME: &'static str = "orders.cancel";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = OrderView;

    async fn run(self, work: &mut Work) -> Result<OrderView> {
        let order = work.tx.hold::<Order>(self.order_id).await?;
        let lines = work.tx.parts::<OrderLine>(order.id).await?;
        if self.lines.is_empty() {
            let sent: i64 = lines.iter().map(|line| line.fulfilled).sum();
            if order.state.is_final() {
                order.state.step(OrderState::Cancelled)?;
            }
            if sent > 0 {
                return Err(OrderError::AlreadySent { sent }.into());
            }
        }
        for (index, part) in self.lines.iter().enumerate() {
            check_qty("qty", part.qty).map_err(|error| error.within(format!("lines[{index}]")))?;
            if lines.iter().all(|line| line.id != part.order_line_id) {
                return Err(Error::not_found("order_line", part.order_line_id));
            }
            if self.lines[..index].iter().any(|other| other.order_line_id == part.order_line_id) {
                let error = Error::invalid("order_line_id", part.order_line_id, "name each line once");
                return Err(error.within(format!("lines[{index}]")));
            }
        }
        work.call_off(order, &self.lines, &self.reason, CalledOff::Here).await
    }
}

/// Where an order was called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum CalledOff {
    /// Here: what others hold of it has to be asked for.
    Here,
    /// At its channel, which has seen to what it held.
    AtItsChannel,
}

/// Confirm an order: promise stock to lines that have none, once it is there and the money is certain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmOrder {
    /// The order.
    pub order_id: OrderId,
}

#[async_trait]
impl Command for ConfirmOrder {
    const NAME: &'static str = "orders.confirm";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = OrderView;

    async fn run(self, work: &mut Work) -> Result<OrderView> {
        let mut order = work.tx.hold::<Order>(self.order_id).await?;
        work.about(order.id);
        let next = order.state.step(OrderState::Confirmed)?;
        let missing = order.due()?.minus(work.certain(&order).await?)?;
        if missing.is_positive() {
            return Err(OrderError::NotPaid { missing }.into());
        }
        let mut lines = work.tx.parts::<OrderLine>(order.id).await?;
        let owners: Vec<_> = lines.iter().map(|line| line.id.to_string()).collect();
        let held = work.tx.inventory().held(HoldOwner::OrderLine, &owners).await?;
        lines.retain(|line| line.open() > 0 && held.iter().all(|hold| hold.owner_id != line.id.to_string()));
        let mut variants: Vec<_> = lines.iter().map(|line| line.variant_id).collect();
        variants.sort_unstable();
        variants.dedup();
        let mut goods = work.tx.inventory().sellable(&variants).await?;
        let parts = work.open_bundles(&mut goods).await?;
        let wants: Vec<_> = lines
            .iter()
            .map(|line| Want {
                variant: line.variant_id,
                qty: line.open(),
                owner: HoldOwner::OrderLine,
                owner_id: line.id.to_string(),
                split: true,
                expires_at: None,
            })
            .collect();
        let sold_by = SoldBy::Order { order: order.id, through: None };
        let promised = work.reserve(&mut goods, &parts, &wants, sold_by).await?;
        for line in &mut lines {
            let owner = line.id.to_string();
            let item: Option<ItemId> =
                promised.iter().find(|hold| hold.owner_id == owner).and_then(|h| h.item_id);
            if item.is_some() {
                line.item_id = item;
                work.tx.save(line).await?;
            }
        }
        order.state = next;
        work.tx.save(&mut order).await?;
        work.emit("order.confirmed", order.id, &serde_json::json!({"number": order.number})).await?;
        one_view(work, order).await
    }
}

impl Work {
    /// Calls off what is open of an order (of these lines, if named): stock is let go, the order is worth less, and
    /// what a channel or the till holds for it goes back.
    pub(in crate::engine) async fn call_off(
        &mut self,
        mut order: Order,
        wanted: &[CancelLine],
        reason: &str,
        place: CalledOff,
    ) -> Result<OrderView> {
        self.about(order.id);
        let mut lines = self.tx.parts::<OrderLine>(order.id).await?;
        let owners: Vec<_> = lines.iter().map(|line| line.id.to_string()).collect();
        let mut held = self.tx.inventory().held(HoldOwner::OrderLine, &owners).await?;
        for line in &mut lines {
            let asked = wanted.iter().find(|part| part.order_line_id == line.id);
            let qty = match (wanted.is_empty(), asked) {
                (true, _) => line.open(),
                (false, Some(part)) => part.qty,
                (false, None) => 0,
            };
            if qty == 0 {
                continue;
            }
            let open = line.open();
            line.cancel(qty)?;
            self.let_go(line, qty, open, &mut held).await?;
            let whole = line.net()?.plus(line.tax()?)?;
            let worth = line.part_of(whole, line.qty - line.cancelled, qty)?;
            self.adjust(&mut order, Some(line.id), worth.negated()?, reason).await?;
            self.tx.save(line).await?;
        }
        if lines.iter().all(|line| line.open() == 0) {
            let sent: i64 = lines.iter().map(|line| line.fulfilled).sum();
            if sent == 0 {
                let shipping = order.shipping.negated()?;
                self.adjust(&mut order, None, shipping, reason).await?;
            }
            order.state =
                order.state.step(if sent == 0 { OrderState::Cancelled } else { OrderState::Completed })?;
        }
        if place == CalledOff::Here {
            self.call_off_there(&order).await?;
        }
        self.give_back_surplus(&mut order, place).await?;
        self.tx.save(&mut order).await?;
        self.emit(
            "order.cancelled",
            order.id,
            &serde_json::json!({"number": order.number, "reason": reason}),
        )
        .await?;
        one_view(self, order).await
    }

    /// Has an order that is called off whole called off at its channel, too.
    async fn call_off_there(&mut self, order: &Order) -> Result<()> {
        let (OrderState::Cancelled, Some(id), Some(_)) = (order.state, order.channel_id, &order.external_id)
        else {
            return Ok(());
        };
        if self.tx.load::<Channel>(id).await?.capabilities.cancels {
            self.queue(JobKind::CallOff, id, order.id).await?;
        }
        Ok(())
    }

    async fn let_go(
        &mut self,
        line: &OrderLine,
        qty: i64,
        open: i64,
        held: &mut [Reservation],
    ) -> Result<()> {
        let owner = line.id.to_string();
        for share in shares_of(held, &owner, qty, open) {
            self.shrink(&mut held[share.index], share.qty).await?;
        }
        Ok(())
    }

    async fn adjust(
        &mut self,
        order: &mut Order,
        line: Option<OrderLineId>,
        amount: Money,
        reason: &str,
    ) -> Result<()> {
        if amount.is_zero() {
            return Ok(());
        }
        let adjustment = OrderAdjustment {
            id: self.id(),
            order_id: order.id,
            order_line_id: line,
            kind: AdjustmentKind::Cancellation,
            amount,
            reason: reason.to_owned(),
            actor: self.actor.to_string(),
            at: self.now,
        };
        self.tx.note(&adjustment).await?;
        order.adjusted = order.adjusted.plus(amount)?;
        Ok(())
    }

    /// Gives back what was paid above what the order is worth now: at once where the money lies in the till or at a
    /// channel, by a job where a provider has it or a channel gives it back itself.
    async fn give_back_surplus(&mut self, order: &mut Order, place: CalledOff) -> Result<()> {
        let payments = self.tx.parts::<Payment>(order.id).await?;
        let mut held = order.currency().zero();
        for payment in &payments {
            held = held.plus(payment.held()?)?;
        }
        let mut surplus = held.minus(order.due()?)?;
        for mut payment in payments {
            let direct = payment.provider == "manual"
                || order.channel_id.is_some_and(|c| c.to_string() == payment.provider);
            let amount = surplus.min(payment.held()?)?;
            if !direct || !amount.is_positive() {
                continue;
            }
            if place == CalledOff::Here && self.gives_back_itself(&payment.provider).await? {
                surplus = surplus.minus(amount)?;
                self.ask_provider(payment, TxnKind::Refund, amount, Some("called off".into())).await?;
                continue;
            }
            payment.admit(TxnKind::Refund, amount, false)?;
            let txn = PaymentTxn {
                id: self.id(),
                payment_id: payment.id,
                kind: TxnKind::Refund,
                amount,
                state: TxnState::Initiated.step(TxnState::Succeeded)?,
                provider_ref: None,
                note: Some("called off".into()),
                return_url: None,
                page_url: None,
                version: 1,
                created_at: self.now,
            };
            self.tx.save(&mut payment).await?;
            self.tx.note(&txn).await?;
            let split = split_refund(order, amount)?;
            order.deposit = order.deposit.minus(split.deposit)?;
            let tags = crate::ledger::Tags { channel_id: order.channel_id, ..Default::default() };
            let draft = crate::ledger::Draft::new("payment_txn", txn.id, "refund");
            let draft =
                money_back_entry(draft, &payment.provider, split, crate::ledger::Account::Refunds, tags)?;
            self.post(draft).await?;
            surplus = surplus.minus(amount)?;
        }
        self.give_back_at_providers(order).await
    }

    /// Confirms a placed order whose money is certain.
    pub(in crate::engine) async fn confirm_if_paid(&mut self, order: &mut Order) -> Result<()> {
        if order.state != OrderState::Placed {
            return Ok(());
        }
        if self.certain(order).await?.minor() >= order.due()?.minor() {
            order.state = order.state.step(OrderState::Confirmed)?;
            self.emit("order.confirmed", order.id, &serde_json::json!({"number": order.number})).await?;
        }
        Ok(())
    }

    /// What an order can count on of its payments. Money that a provider was asked to set aside counts when it has
    /// said that it did.
    async fn certain(&mut self, order: &Order) -> Result<Money> {
        let payments = self.tx.parts::<Payment>(order.id).await?;
        let ids: Vec<_> = payments.iter().map(|payment| payment.id).collect();
        let mut sum = order.currency().zero();
        for payment in &payments {
            sum = sum.plus(payment.certain()?)?;
        }
        for txn in self.tx.parts_of_all::<PaymentTxn>(&ids).await? {
            if txn.kind == TxnKind::Auth && txn.state.is_open() {
                sum = sum.minus(txn.amount)?;
            }
        }
        Ok(sum)
    }
}

/// How much of which reservation belongs to some units of a line.
pub(in crate::engine) struct Share {
    /// The reservation, by index.
    pub(in crate::engine) index: usize,
    /// How much of it.
    pub(in crate::engine) qty: i64,
}

/// Shares `qty` of a line's `open` units over its reservations: for a bundle, each component gives its part.
pub(in crate::engine) fn shares_of(held: &[Reservation], owner: &str, qty: i64, open: i64) -> Vec<Share> {
    let mut shares = Vec::new();
    let mine =
        |hold: &&Reservation| hold.owner_id == owner && hold.state == ReservationState::Held && hold.qty > 0;
    let mut variants: Vec<_> = held.iter().filter(mine).map(|hold| hold.variant_id).collect();
    variants.sort_unstable();
    variants.dedup();
    for variant in variants {
        let all: i64 =
            held.iter().filter(mine).filter(|hold| hold.variant_id == variant).map(|hold| hold.qty).sum();
        let mut left = if open > 0 { all / open * qty } else { 0 };
        for (index, hold) in held.iter().enumerate() {
            if left > 0 && mine(&hold) && hold.variant_id == variant {
                let part = hold.qty.min(left);
                shares.push(Share { index, qty: part });
                left -= part;
            }
        }
    }
    shares
}

pub(super) async fn one_view(work: &mut Work, order: Order) -> Result<OrderView> {
    let id = order.id;
    let view = order_view(&mut *work.tx, vec![order]).await?.pop();
    view.ok_or_else(|| Error::not_found("order", id))
}
