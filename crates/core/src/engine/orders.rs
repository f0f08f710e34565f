//! Selling: orders, customers, promotions, checkouts.

use std::time::Duration;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::work::{Sale, SaleLine, SoldBy, Taxes, Want, order_view};
use super::{Command, Look, OrderView, Query, Work};
use crate::accounts::{Permission, check_email, check_text};
use crate::catalog::CatalogError;
use crate::clock::Timestamp;
use crate::error::{Error, Kind, Result};
use crate::ids::{
    ChannelId, CheckoutId, CustomerId, ItemId, ListingId, OrderId, OrderLineId, PromotionId, VariantId,
};
use crate::inventory::{HoldOwner, Reservation, ReservationState, Sellable, check_qty};
use crate::listings::{Channel, FeeSchedule, ImportedOrder, Listing, schedule_on};
use crate::money::{Money, Ppm};
use crate::orders::{
    AdjustmentKind, CheckoutLine, CheckoutSession, CheckoutState, Coupon, Customer, CustomerPii, Order,
    OrderAdjustment, OrderError, OrderFilter, OrderLine, OrderState, Promotion, PromotionKind,
};
use crate::page::{Page, PageRequest};
use crate::payments::{Payment, PaymentTxn, TxnKind, TxnState, money_back_entry, split_refund};

/// How long a checkout holds its stock.
const CHECKOUT_HOLD: Duration = Duration::from_mins(15);

/// A tax to be applied to a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// Whose tax.
    pub jurisdiction: String,
    /// Its rate.
    pub rate: Ppm,
}

/// A line of an order to be placed. Name the SKU, the variant, or the listing it is sold through.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceLine {
    /// The SKU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// The listing it is sold through; its price applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing_id: Option<ListingId>,
    /// How many.
    pub qty: i64,
    /// The price of one; the listing's or variant's price when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// Taxes on the line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxRate>,
}

impl PlaceLine {
    /// So many of a SKU.
    pub fn sku(sku: impl Into<String>, qty: i64) -> Self {
        Self { sku: Some(sku.into()), qty, ..Self::default() }
    }

    /// So many of a variant.
    pub fn variant(variant: VariantId, qty: i64) -> Self {
        Self { variant_id: Some(variant), qty, ..Self::default() }
    }

    /// So many through a listing.
    pub fn listing(listing: ListingId, qty: i64) -> Self {
        Self { listing_id: Some(listing), qty, ..Self::default() }
    }

    /// At this price each.
    #[must_use]
    pub fn at(mut self, unit_price: Money) -> Self {
        self.unit_price = Some(unit_price);
        self
    }
}

/// Place an order. Stock is promised at once, or the order is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// What is bought.
    pub lines: Vec<PlaceLine>,
    /// Who buys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// What the customer pays for shipping; nothing when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Money>,
    /// A coupon to use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<String>,
    /// Whether a line may be taken from several places.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub split: bool,
    /// Whether the money is here already, in cash or in the bank.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paid: bool,
}

impl PlaceOrder {
    /// An order of these lines.
    pub fn of(lines: Vec<PlaceLine>) -> Self {
        Self { lines, customer_id: None, shipping: None, coupon: None, split: false, paid: false }
    }

    /// The money is here already.
    #[must_use]
    pub fn paid(mut self) -> Self {
        self.paid = true;
        self
    }
}

#[async_trait]
impl Command for PlaceOrder {
    const NAME: &'static str = "orders.place";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = OrderView;

    async fn run(self, work: &mut Work) -> Result<OrderView> {
        for (index, line) in self.lines.iter().enumerate() {
            check_qty("qty", line.qty).map_err(|error| error.within(format!("lines[{index}]")))?;
        }
        let (mut goods, listings) = find_goods(work, &self.lines).await?;
        let mut lines = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.into_iter().enumerate() {
            lines.push(
                price_line(line, &goods, &listings)
                    .map_err(|error| error.within(format!("lines[{index}]")))?,
            );
        }
        let shipping = match (self.shipping, lines.first()) {
            (Some(shipping), _) => shipping,
            (None, Some(line)) => line.unit_price.currency().zero(),
            (None, None) => work.shop().await?.currency.zero(),
        };
        check_shipping(shipping)?;
        let sale = Sale {
            lines,
            channel_id: None,
            external: None,
            customer_id: self.customer_id,
            placed_at: work.now,
            shipping,
            coupon: self.coupon,
            split: self.split,
            paid_to: self.paid.then(|| "manual".to_owned()),
            fees: None,
            is_fact: false,
        };
        work.sell(sale, &mut goods).await
    }
}

fn check_shipping(shipping: Money) -> Result<()> {
    if shipping.is_negative() {
        return Err(Error::invalid("shipping", shipping, "it is at least zero"));
    }
    Ok(())
}

pub(super) async fn find_goods(
    work: &mut Work,
    lines: &[PlaceLine],
) -> Result<(Vec<Sellable>, Vec<Listing>)> {
    let ids: Vec<_> = lines.iter().filter_map(|line| line.listing_id).collect();
    let listings = if ids.is_empty() { Vec::new() } else { work.tx.many::<Listing>(&ids).await? };
    let skus: Vec<_> = lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    let mut goods =
        if skus.is_empty() { Vec::new() } else { work.tx.inventory().sellable_by_sku(&skus).await? };
    let mut variants: Vec<_> = lines.iter().filter_map(|line| line.variant_id).collect();
    variants.extend(listings.iter().map(|listing| listing.variant_id));
    variants.retain(|id| goods.iter().all(|good| good.variant.id != *id));
    variants.sort_unstable();
    variants.dedup();
    if !variants.is_empty() {
        goods.extend(work.tx.inventory().sellable(&variants).await?);
    }
    Ok((goods, listings))
}

fn price_line(line: PlaceLine, goods: &[Sellable], listings: &[Listing]) -> Result<SaleLine> {
    let listing = match line.listing_id {
        Some(id) => Some(
            listings
                .iter()
                .find(|listing| listing.id == id)
                .ok_or_else(|| Error::not_found("listing", id))?,
        ),
        None => None,
    };
    let good = match (&line.sku, line.variant_id, listing) {
        (Some(sku), _, _) => goods
            .iter()
            .find(|good| good.variant.sku == *sku)
            .ok_or_else(|| CatalogError::UnknownSku { sku: sku.clone() })?,
        (None, Some(id), _) => {
            goods.iter().find(|good| good.variant.id == id).ok_or_else(|| Error::not_found("variant", id))?
        }
        (None, None, Some(listing)) => goods
            .iter()
            .find(|good| good.variant.id == listing.variant_id)
            .ok_or_else(|| Error::not_found("variant", listing.variant_id))?,
        (None, None, None) => {
            return Err(Error::invalid("sku", "absent", "name the SKU, the variant or the listing"));
        }
    };
    if let Some(listing) = listing.filter(|listing| listing.variant_id != good.variant.id) {
        return Err(Error::invalid("listing_id", listing.id, "it offers another variant"));
    }
    let price = line.unit_price.or(listing.map(|listing| listing.price)).or(good.variant.price);
    let unit_price = price.ok_or_else(|| OrderError::NoPrice { sku: good.variant.sku.clone() })?;
    Ok(SaleLine {
        variant: good.variant.id,
        listing: line.listing_id,
        qty: line.qty,
        unit_price,
        taxes: Taxes::Rates(line.taxes.into_iter().map(|tax| (tax.jurisdiction, tax.rate)).collect()),
    })
}

/// Take over an order that a channel has sold: a fact, not a request. The same order comes in once; older news of it
/// changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportOrder {
    /// The channel that sold.
    pub channel_id: ChannelId,
    /// The order, as the channel tells it.
    pub order: ImportedOrder,
}

#[async_trait]
impl Command for ImportOrder {
    const NAME: &'static str = "orders.import";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = OrderView;

    async fn run(self, work: &mut Work) -> Result<OrderView> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        work.import_order(&channel, self.order).await
    }
}

impl Work {
    /// Takes over an order that a channel tells of.
    pub(super) async fn import_order(&mut self, channel: &Channel, told: ImportedOrder) -> Result<OrderView> {
        if let Some(order) = self.tx.orders().order_by_external(channel.id, &told.external_id).await? {
            return self.follow_order(channel, order, told).await;
        }
        let names: Vec<_> =
            told.lines.iter().filter_map(|line| line.listing_external_id.as_deref()).collect();
        let listings = if names.is_empty() {
            Vec::new()
        } else {
            self.tx.listings().by_external(channel.id, &names).await?
        };
        let mut lines = Vec::with_capacity(told.lines.len());
        for line in &told.lines {
            let listing = listings
                .iter()
                .filter(|listing| {
                    listing.external_id.is_some() && listing.external_id == line.listing_external_id
                })
                .max_by_key(|listing| listing.id);
            lines.push(PlaceLine {
                sku: if listing.is_none() { line.sku.clone() } else { None },
                variant_id: listing.map(|listing| listing.variant_id),
                listing_id: listing.map(|listing| listing.id),
                qty: line.qty,
                unit_price: Some(line.unit_price),
                taxes: Vec::new(),
            });
        }
        let (mut goods, listings) = find_goods(self, &lines).await?;
        let mut sold = Vec::with_capacity(lines.len());
        for (index, (line, told)) in lines.into_iter().zip(&told.lines).enumerate() {
            let mut line =
                price_line(line, &goods, &listings).map_err(|e| e.within(format!("order.lines[{index}]")))?;
            line.taxes = Taxes::Told(told.taxes.clone());
            sold.push(line);
        }
        let fees = self.fees_of(channel, &told).await?;
        let paid = told.paid && !told.cancelled;
        let sale = Sale {
            lines: sold,
            channel_id: Some(channel.id),
            external: Some((told.external_id, told.external_version)),
            customer_id: None,
            placed_at: told.placed_at,
            shipping: told.shipping,
            coupon: None,
            split: true,
            paid_to: paid.then(|| channel.id.to_string()),
            fees: fees.filter(|_| paid),
            is_fact: true,
        };
        let view = self.sell(sale, &mut goods).await?;
        if told.cancelled {
            return self.call_off(view.order, &[], "called off at the channel before it came in").await;
        }
        Ok(view)
    }

    /// What a channel keeps of an order: as it tells, or else as its schedule says.
    async fn fees_of(&mut self, channel: &Channel, told: &ImportedOrder) -> Result<Option<Money>> {
        if told.fees.is_some() {
            return Ok(told.fees);
        }
        let day = self.shop().await?.time_zone.date_of(told.placed_at);
        let schedules = self.tx.parts::<FeeSchedule>(channel.id).await?;
        let Some(schedule) = schedule_on(&schedules, day) else { return Ok(None) };
        let goods = told.lines.iter().try_fold(told.shipping.currency().zero(), |sum, line| {
            sum.plus(line.unit_price.times(line.qty)?)
        })?;
        Ok(Some(schedule.fees(goods, told.shipping)?))
    }

    /// Follows an order that is known already to what the channel now tells of it.
    async fn follow_order(
        &mut self,
        channel: &Channel,
        mut order: Order,
        told: ImportedOrder,
    ) -> Result<OrderView> {
        self.about(order.id);
        if told.external_version > order.external_version {
            order.external_version = told.external_version;
            self.tx.save(&mut order).await?;
            if told.cancelled && !order.state.is_final() {
                let view = self.call_off(order, &[], "called off at the channel").await?;
                if view.order.state == OrderState::Cancelled {
                    self.take_fees_back(&view.order).await?;
                }
                return Ok(view);
            }
            if told.paid && self.tx.parts::<Payment>(order.id).await?.is_empty() && !order.state.is_final() {
                let holder = channel.id.to_string();
                self.receive_all(&order, &holder).await?;
                let fees = self.fees_of(channel, &told).await?;
                self.post_fees(&order, &holder, fees).await?;
                order.deposit = order.due()?;
                if order.state == OrderState::Placed {
                    order.state = order.state.step(OrderState::Confirmed)?;
                }
                self.tx.save(&mut order).await?;
            }
        }
        one_view(self, order).await
    }

    /// Calls off what is open of an order (of these lines, if named): stock is let go, the order is worth less, and
    /// what a channel or the till holds for it goes back.
    pub(super) async fn call_off(
        &mut self,
        mut order: Order,
        wanted: &[CancelLine],
        reason: &str,
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
        self.give_back_surplus(&mut order).await?;
        self.tx.save(&mut order).await?;
        self.emit(
            "order.cancelled",
            order.id,
            &serde_json::json!({"number": order.number, "reason": reason}),
        )
        .await?;
        one_view(self, order).await
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
        self.tx.add(&adjustment).await?;
        order.adjusted = order.adjusted.plus(amount)?;
        Ok(())
    }

    /// Gives back what was paid above what the order is worth now, where the money lies in the till or at a channel;
    /// providers are asked by a refund of their own.
    async fn give_back_surplus(&mut self, order: &mut Order) -> Result<()> {
        let mut payments = self.tx.parts::<Payment>(order.id).await?;
        let mut held = order.currency().zero();
        for payment in &payments {
            held = held.plus(payment.held()?)?;
        }
        let mut surplus = held.minus(order.due()?)?;
        for payment in &mut payments {
            let direct = payment.provider == "manual"
                || order.channel_id.is_some_and(|c| c.to_string() == payment.provider);
            let amount = surplus.min(payment.held()?)?;
            if !direct || !amount.is_positive() {
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
                version: 1,
                created_at: self.now,
            };
            self.tx.save(payment).await?;
            self.tx.add(&txn).await?;
            let split = split_refund(order, amount)?;
            order.deposit = order.deposit.minus(split.deposit)?;
            let tags = crate::ledger::Tags { channel_id: order.channel_id, ..Default::default() };
            let draft = crate::ledger::Draft::new("payment_txn", txn.id, "refund");
            let draft =
                money_back_entry(draft, &payment.provider, split, crate::ledger::Account::Refunds, tags)?;
            self.post(draft).await?;
            surplus = surplus.minus(amount)?;
        }
        Ok(())
    }

    /// Confirms a placed order whose money is certain.
    pub(super) async fn confirm_if_paid(&mut self, order: &mut Order) -> Result<()> {
        if order.state != OrderState::Placed {
            return Ok(());
        }
        let payments = self.tx.parts::<Payment>(order.id).await?;
        let certain = certain(&payments, order)?;
        if certain.minor() >= order.due()?.minor() {
            order.state = order.state.step(OrderState::Confirmed)?;
            self.emit("order.confirmed", order.id, &serde_json::json!({"number": order.number})).await?;
        }
        Ok(())
    }
}

/// What an order can count on of its payments.
fn certain(payments: &[Payment], order: &Order) -> Result<Money> {
    let sum =
        payments.iter().try_fold(order.currency().zero(), |sum, payment| sum.plus(payment.certain()?))?;
    Ok(sum)
}

/// How much of which reservation belongs to some units of a line.
pub(super) struct Share {
    /// The reservation, by index.
    pub(super) index: usize,
    /// How much of it.
    pub(super) qty: i64,
}

/// Shares `qty` of a line's `open` units over its reservations: for a bundle, each component gives its part.
pub(super) fn shares_of(held: &[Reservation], owner: &str, qty: i64, open: i64) -> Vec<Share> {
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

async fn one_view(work: &mut Work, order: Order) -> Result<OrderView> {
    let id = order.id;
    let view = order_view(&mut *work.tx, vec![order]).await?.pop();
    view.ok_or_else(|| Error::not_found("order", id))
}

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
        let order = work.tx.load::<Order>(self.order_id).await?;
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
        work.call_off(order, &self.lines, &self.reason).await
    }
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
        let mut order = work.tx.load::<Order>(self.order_id).await?;
        work.about(order.id);
        let next = order.state.step(OrderState::Confirmed)?;
        let payments = work.tx.parts::<Payment>(order.id).await?;
        let certain = certain(&payments, &order)?;
        let missing = order.due()?.minus(certain)?;
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

/// Look at an order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetOrder {
    /// The order.
    pub order_id: OrderId,
}

#[async_trait]
impl Query for GetOrder {
    const NAME: &'static str = "orders.get";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = OrderView;

    async fn run(self, look: &mut Look) -> Result<OrderView> {
        let order = look.tx.load::<Order>(self.order_id).await?;
        let view = order_view(&mut *look.tx, vec![order]).await?.pop();
        view.ok_or_else(|| Error::not_found("order", self.order_id))
    }
}

/// Look through the orders, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListOrders {
    /// Which ones.
    #[serde(flatten)]
    pub filter: OrderFilter,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListOrders {
    const NAME: &'static str = "orders.list";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = Page<OrderView>;

    async fn run(self, look: &mut Look) -> Result<Page<OrderView>> {
        let page = look.tx.orders().find_orders(&self.filter, &self.page).await?;
        let items = order_view(&mut *look.tx, page.items).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }
}

/// A customer with what identifies the person, unless erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerView {
    /// The customer.
    #[serde(flatten)]
    pub customer: Customer,
    /// Who that is.
    pub person: Option<Person>,
}

/// What identifies a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name.
    pub name: String,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// Postal address, as lines.
    #[serde(default)]
    pub address: Vec<String>,
}

/// Note down a customer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCustomer {
    /// Who that is.
    pub person: Person,
    /// The channel's name for the customer, where one sold.
    #[serde(default)]
    pub external_id: Option<String>,
}

#[async_trait]
impl Command for CreateCustomer {
    const NAME: &'static str = "customers.create";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const PRIVATE: bool = true;
    type Answer = CustomerView;

    async fn run(self, work: &mut Work) -> Result<CustomerView> {
        check_text("name", &self.person.name, 200)?;
        self.person.email.as_deref().map_or(Ok(()), check_email)?;
        if self.person.address.len() > 10 || self.person.address.iter().any(|line| line.len() > 200) {
            return Err(Error::invalid("address", "too long", "write up to 10 lines of 200 characters"));
        }
        let customer = Customer {
            id: work.id(),
            external_id: self.external_id,
            erased: false,
            version: 1,
            created_at: work.now,
        };
        let person = self.person.clone();
        let pii = CustomerPii {
            id: customer.id,
            name: person.name,
            email: person.email,
            phone: person.phone,
            address: person.address,
            version: 1,
        };
        work.tx.add(&customer).await?;
        work.tx.add(&pii).await?;
        work.about(customer.id);
        Ok(CustomerView { customer, person: Some(self.person) })
    }
}

/// Look at a customer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetCustomer {
    /// The customer.
    pub customer_id: CustomerId,
}

#[async_trait]
impl Query for GetCustomer {
    const NAME: &'static str = "customers.get";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = CustomerView;

    async fn run(self, look: &mut Look) -> Result<CustomerView> {
        let customer = look.tx.load::<Customer>(self.customer_id).await?;
        let person = look.tx.find::<CustomerPii>(self.customer_id).await?.map(|pii| Person {
            name: pii.name,
            email: pii.email,
            phone: pii.phone,
            address: pii.address,
        });
        Ok(CustomerView { customer, person })
    }
}

/// Erase what identifies a customer. Orders and books stay as they are.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseCustomer {
    /// The customer.
    pub customer_id: CustomerId,
}

#[async_trait]
impl Command for EraseCustomer {
    const NAME: &'static str = "customers.erase";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = CustomerView;

    async fn run(self, work: &mut Work) -> Result<CustomerView> {
        let mut customer = work.tx.load::<Customer>(self.customer_id).await?;
        work.tx.orders().forget(customer.id).await?;
        customer.erased = true;
        customer.external_id = None;
        work.tx.save(&mut customer).await?;
        work.about(customer.id);
        Ok(CustomerView { customer, person: None })
    }
}

/// Make a promotion, with the coupons that grant it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePromotion {
    /// What it is called.
    pub name: String,
    /// How it lowers the price.
    pub kind: PromotionKind,
    /// The share, for `percent`.
    #[serde(default)]
    pub rate: Option<Ppm>,
    /// The amount, for `amount`; with `percent`, the most it may take off.
    #[serde(default)]
    pub amount: Option<Money>,
    /// From when.
    #[serde(default)]
    pub starts_at: Option<Timestamp>,
    /// Until when.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// Coupon codes and how often each may be used.
    pub coupons: Vec<NewCoupon>,
}

/// A coupon to be made.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCoupon {
    /// The code: capitals, digits and dashes.
    pub code: String,
    /// How many times it may be used.
    pub max_uses: i64,
}

/// A promotion and its coupons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PromotionView {
    /// The promotion.
    #[serde(flatten)]
    pub promotion: Promotion,
    /// Its coupons.
    pub coupons: Vec<Coupon>,
}

#[async_trait]
impl Command for CreatePromotion {
    const NAME: &'static str = "promotions.create";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = PromotionView;

    async fn run(self, work: &mut Work) -> Result<PromotionView> {
        let promotion = Promotion {
            id: work.id(),
            name: self.name,
            kind: self.kind,
            rate: self.rate,
            amount: self.amount,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            version: 1,
        };
        promotion.check()?;
        let mut coupons = Vec::with_capacity(self.coupons.len());
        for (index, coupon) in self.coupons.into_iter().enumerate() {
            let at = format!("coupons[{index}]");
            let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
            if !(4..=40).contains(&coupon.code.len()) || !coupon.code.chars().all(fits) {
                let remedy = "use 4 to 40 capitals, digits and dashes";
                return Err(Error::invalid("code", format!("{:?}", coupon.code), remedy).within(at));
            }
            check_qty("max_uses", coupon.max_uses).map_err(|error| error.within(at))?;
            coupons.push(Coupon {
                id: work.id(),
                promotion_id: promotion.id,
                code: coupon.code,
                max_uses: coupon.max_uses,
                used: 0,
                version: 1,
            });
        }
        work.tx.add(&promotion).await?;
        work.tx.add_all(&coupons).await.map_err(|error| {
            if error.code() == "storage.duplicate" {
                let codes: Vec<_> = coupons.iter().map(|coupon| coupon.code.as_str()).collect();
                let message = format!("one of {} is taken: choose another code", codes.join(", "));
                return Error::new(Kind::Conflict, "promotions.duplicate", message).on_field("coupons");
            }
            error
        })?;
        work.about(promotion.id);
        Ok(PromotionView { promotion, coupons })
    }
}

/// Look at a promotion.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetPromotion {
    /// The promotion.
    pub promotion_id: PromotionId,
}

#[async_trait]
impl Query for GetPromotion {
    const NAME: &'static str = "promotions.get";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = PromotionView;

    async fn run(self, look: &mut Look) -> Result<PromotionView> {
        let promotion = look.tx.load::<Promotion>(self.promotion_id).await?;
        let coupons = look.tx.parts::<Coupon>(self.promotion_id).await?;
        Ok(PromotionView { promotion, coupons })
    }
}

/// Begin a checkout: stock is held for a quarter of an hour.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginCheckout {
    /// What is wanted.
    pub lines: Vec<CheckoutLine>,
    /// Who wants it.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// What shipping costs; nothing when absent.
    #[serde(default)]
    pub shipping: Option<Money>,
    /// A coupon to use.
    #[serde(default)]
    pub coupon: Option<String>,
}

#[async_trait]
impl Command for BeginCheckout {
    const NAME: &'static str = "checkouts.begin";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = CheckoutSession;

    async fn run(self, work: &mut Work) -> Result<CheckoutSession> {
        let id: CheckoutId = work.id();
        let expires_at = work.now.plus(CHECKOUT_HOLD);
        let places: Vec<_> =
            self.lines.iter().map(|line| PlaceLine::variant(line.variant_id, line.qty)).collect();
        for (index, line) in self.lines.iter().enumerate() {
            check_qty("qty", line.qty).map_err(|error| error.within(format!("lines[{index}]")))?;
        }
        let (mut goods, _) = find_goods(work, &places).await?;
        let mut total = match self.shipping {
            Some(shipping) => shipping,
            None => work.shop().await?.currency.zero(),
        };
        let shipping = total;
        check_shipping(shipping)?;
        if let Some(customer) = self.customer_id {
            work.tx.load::<Customer>(customer).await?;
        }
        for line in places {
            let line = price_line(line, &goods, &[])?;
            total = total.plus(line.unit_price.times(line.qty)?)?;
        }
        let parts = work.open_bundles(&mut goods).await?;
        let wants: Vec<_> = self
            .lines
            .iter()
            .map(|line| Want {
                variant: line.variant_id,
                qty: line.qty,
                owner: HoldOwner::Checkout,
                owner_id: id.to_string(),
                split: true,
                expires_at: Some(expires_at),
            })
            .collect();
        if wants.is_empty() {
            return Err(Error::invalid("lines", "empty", "name what is wanted"));
        }
        work.reserve(&mut goods, &parts, &wants, SoldBy::Nobody).await?;
        let session = CheckoutSession {
            id,
            state: CheckoutState::Incomplete.step(CheckoutState::Ready)?,
            lines: self.lines,
            customer_id: self.customer_id,
            coupon: self.coupon,
            shipping,
            total,
            order_id: None,
            expires_at,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&session).await?;
        work.about(id);
        Ok(session)
    }
}

/// Complete a checkout: it becomes an order at the prices of now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteCheckout {
    /// The checkout.
    pub checkout_id: CheckoutId,
    /// Whether the money is here already.
    #[serde(default)]
    pub paid: bool,
}

#[async_trait]
impl Command for CompleteCheckout {
    const NAME: &'static str = "checkouts.complete";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = OrderView;

    async fn run(self, work: &mut Work) -> Result<OrderView> {
        let mut session = work.tx.load::<CheckoutSession>(self.checkout_id).await?;
        if session.expires_at <= work.now {
            session.state = session.state.step(CheckoutState::Expired)?;
            let message = "the checkout has run out: begin a new one";
            return Err(Error::new(Kind::Conflict, "checkouts.expired", message));
        }
        session.state = session.state.step(CheckoutState::Completing)?;
        work.drop_holds(session.id, ReservationState::Released).await?;
        let places: Vec<_> =
            session.lines.iter().map(|line| PlaceLine::variant(line.variant_id, line.qty)).collect();
        let (mut goods, _) = find_goods(work, &places).await?;
        let lines =
            places.into_iter().map(|line| price_line(line, &goods, &[])).collect::<Result<Vec<_>>>()?;
        let sale = Sale {
            lines,
            channel_id: None,
            external: None,
            customer_id: session.customer_id,
            placed_at: work.now,
            shipping: session.shipping,
            coupon: session.coupon.clone(),
            split: true,
            paid_to: self.paid.then(|| "manual".to_owned()),
            fees: None,
            is_fact: false,
        };
        let view = work.sell(sale, &mut goods).await?;
        session.state = session.state.step(CheckoutState::Completed)?;
        session.order_id = Some(view.order.id);
        work.tx.save(&mut session).await?;
        Ok(view)
    }
}

impl Work {
    /// Lets go of what a checkout holds.
    pub(super) async fn drop_holds(&mut self, checkout: CheckoutId, next: ReservationState) -> Result<()> {
        let mut held = self.tx.inventory().held(HoldOwner::Checkout, &[checkout.to_string()]).await?;
        self.release(&mut held, next).await
    }
}

/// Call a checkout off.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelCheckout {
    /// The checkout.
    pub checkout_id: CheckoutId,
}

#[async_trait]
impl Command for CancelCheckout {
    const NAME: &'static str = "checkouts.cancel";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = CheckoutSession;

    async fn run(self, work: &mut Work) -> Result<CheckoutSession> {
        let mut session = work.tx.load::<CheckoutSession>(self.checkout_id).await?;
        session.state = session.state.step(CheckoutState::Cancelled)?;
        work.drop_holds(session.id, ReservationState::Released).await?;
        work.tx.save(&mut session).await?;
        work.about(session.id);
        Ok(session)
    }
}

/// Look at a checkout.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetCheckout {
    /// The checkout.
    pub checkout_id: CheckoutId,
}

#[async_trait]
impl Query for GetCheckout {
    const NAME: &'static str = "checkouts.get";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = CheckoutSession;

    async fn run(self, look: &mut Look) -> Result<CheckoutSession> {
        look.tx.load::<CheckoutSession>(self.checkout_id).await
    }
}

calls! {
    /// Selling.
    Orders by orders:
    /// Places an order; stock is promised at once, or the order is refused.
    write place: PlaceOrder;
    /// Takes over an order that a channel has sold.
    write import: ImportOrder;
    /// Calls off what was not sent.
    write cancel: CancelOrder;
    /// Promises stock to an order that had none.
    write confirm: ConfirmOrder;
    /// An order with everything that belongs to it.
    read get: GetOrder;
    /// A page of orders.
    read list: ListOrders;
}

calls! {
    /// Who buys.
    Customers by customers:
    /// Notes down a customer.
    write create: CreateCustomer;
    /// Erases what identifies a customer.
    write erase: EraseCustomer;
    /// A customer.
    read get: GetCustomer;
}

calls! {
    /// Promotions and their coupons.
    Promotions by promotions:
    /// Makes a promotion.
    write create: CreatePromotion;
    /// A promotion.
    read get: GetPromotion;
}

calls! {
    /// Customers on their way to an order.
    Checkouts by checkouts:
    /// Begins a checkout.
    write begin: BeginCheckout;
    /// Makes it an order.
    write complete: CompleteCheckout;
    /// Calls it off.
    write cancel: CancelCheckout;
    /// A checkout.
    read get: GetCheckout;
}
