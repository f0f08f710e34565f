//! How a sale enters the shop: the common way of orders placed here, imported ones, and completed checkouts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SoldBy, Want, Work};
use crate::accounts::Series;
use crate::catalog::BundleComponent;
use crate::clock::Timestamp;
use crate::entity::Word;
use crate::error::{Error, Result};
use crate::ids::{ChannelId, CustomerId, ItemId, ListingId, OrderId, VariantId};
use crate::inventory::{HoldOwner, Reservation, Sellable};
use crate::ledger::{Account, Draft, Posting, Tags};
use crate::listings::TaxLine;
use crate::money::{Money, Rounding};
use crate::orders::{
    Coupon, Customer, FulfilmentStatus, MAX_LINES, Order, OrderError, OrderLine, OrderState, PaymentStatus,
    Promotion, Redemption, fulfilment_status, spread_discount, totals,
};
use crate::payments::{Payment, PaymentTxn, TxnKind, TxnState, capture_entry, clearing, payment_status};
use crate::storage::Tx;

/// An order with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderView {
    /// The order.
    #[serde(flatten)]
    pub order: Order,
    /// What the shop is to get for it as it stands now.
    pub due: Money,
    /// How far it is paid.
    pub payment_status: PaymentStatus,
    /// How far it is sent.
    pub fulfilment_status: FulfilmentStatus,
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// Its payments.
    pub payments: Vec<Payment>,
}

/// A sale about to happen.
pub(in crate::engine) struct Sale {
    pub(in crate::engine) lines: Vec<SaleLine>,
    pub(in crate::engine) channel_id: Option<ChannelId>,
    /// The channel's name for it, and its count of changes.
    pub(in crate::engine) external: Option<(String, i64)>,
    pub(in crate::engine) customer_id: Option<CustomerId>,
    pub(in crate::engine) placed_at: Timestamp,
    pub(in crate::engine) shipping: Money,
    pub(in crate::engine) coupon: Option<String>,
    /// Whether a line may be taken from several places.
    pub(in crate::engine) split: bool,
    /// Who has the money already.
    pub(in crate::engine) paid_to: Option<String>,
    /// What the channel keeps.
    pub(in crate::engine) fees: Option<Money>,
    /// What it wants of the stock.
    pub(in crate::engine) claim: Claim,
}

/// What a sale wants of the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Claim {
    /// All of it, or there is no sale.
    All,
    /// What there is: the sale has happened elsewhere, so lack of stock cannot stop it.
    WhatThereIs,
    /// Nothing: it was called off before it came in.
    Nothing,
}

/// A line of a sale.
pub(in crate::engine) struct SaleLine {
    pub(in crate::engine) variant: VariantId,
    pub(in crate::engine) listing: Option<ListingId>,
    pub(in crate::engine) qty: i64,
    pub(in crate::engine) unit_price: Money,
    pub(in crate::engine) taxes: Taxes,
}

/// The taxes of a line: rates still to be applied, or amounts that somebody else has worked out.
pub(in crate::engine) enum Taxes {
    /// Jurisdiction and rate.
    Rates(Vec<(String, crate::money::Ppm)>),
    /// As told.
    Told(Vec<TaxLine>),
}

/// Gathers what belongs to orders.
pub(in crate::engine) async fn order_view(tx: &mut Tx, orders: Vec<Order>) -> Result<Vec<OrderView>> {
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    let lines = tx.parts_of_all::<OrderLine>(&ids).await?;
    let payments = tx.parts_of_all::<Payment>(&ids).await?;
    orders
        .into_iter()
        .map(|order| {
            let lines = lines.iter().filter(|line| line.order_id == order.id).cloned().collect();
            let payments = payments.iter().filter(|payment| payment.order_id == order.id).cloned().collect();
            OrderView::new(order, lines, payments)
        })
        .collect()
}

impl OrderView {
    pub(in crate::engine) fn new(
        order: Order,
        lines: Vec<OrderLine>,
        payments: Vec<Payment>,
    ) -> Result<Self> {
        let due = order.due()?;
        Ok(Self {
            due,
            payment_status: payment_status(&payments, due)?,
            fulfilment_status: fulfilment_status(&lines),
            order,
            lines,
            payments,
        })
    }
}

impl Work {
    /// Makes the sale: order and lines, promises of stock, payment, books, the end of other offers.
    pub(in crate::engine) async fn sell(
        &mut self,
        sale: Sale,
        goods: &mut Vec<Sellable>,
    ) -> Result<OrderView> {
        if sale.lines.is_empty() || sale.lines.len() > MAX_LINES {
            let given = format!("{} lines long", sale.lines.len());
            return Err(Error::invalid("lines", given, &format!("an order has 1 to {MAX_LINES} lines")));
        }
        if let Some(customer) = sale.customer_id {
            self.tx.load::<Customer>(customer).await?;
        }
        let parts = self.open_bundles(goods).await?;
        let order_id: OrderId = self.id();
        let mut lines = self.draft_lines(order_id, &sale, goods).await?;
        let redeemed = self.redeem(&sale, &mut lines).await?;
        apply_taxes(&mut lines, &sale, self.shop().await?.rounding)?;
        let held = self.hold_lines(order_id, &sale, &mut lines, goods, &parts).await?;
        let sums = totals(&lines, sale.shipping)?;
        let number = self.number(Series::Order).await?;
        let business_date = self.shop().await?.time_zone.date_of(sale.placed_at);
        let (external_id, external_version) = sale.external.clone().unzip();
        let nothing = sums.total.currency().zero();
        let mut order = Order {
            id: order_id,
            number,
            channel_id: sale.channel_id,
            external_id,
            external_version: external_version.unwrap_or(0),
            customer_id: sale.customer_id,
            state: OrderState::Draft.step(OrderState::Placed)?,
            placed_at: sale.placed_at,
            business_date,
            goods: sums.goods,
            discount: sums.discount,
            shipping: sale.shipping,
            tax: sums.tax,
            facilitator_tax: sums.facilitator_tax,
            total: sums.total,
            adjusted: nothing,
            deposit: nothing,
            version: 1,
        };
        if !held {
            order.state = order.state.step(OrderState::Oversold)?;
        } else if sale.paid_to.is_some() || order.due()?.is_zero() {
            order.state = order.state.step(OrderState::Confirmed)?;
        }
        if sale.paid_to.is_some() {
            order.deposit = order.due()?;
        }
        self.tx.note(&order).await?;
        self.tx.note_all(&lines).await?;
        if let Some((coupon_id, amount)) = redeemed {
            let redemption = Redemption { id: self.id(), coupon_id, order_id, amount, at: self.now };
            self.tx.note(&redemption).await?;
        }
        let mut payments = Vec::new();
        if let Some(holder) = &sale.paid_to {
            payments.extend(self.receive_all(&order, holder).await?);
            self.post_fees(&order, holder, sale.fees).await?;
        }
        self.about(order_id);
        let view = OrderView::new(order, lines, payments)?;
        let kind = if held { "order.placed" } else { "order.oversold" };
        self.emit(kind, order_id, &Told::of(&view)).await?;
        Ok(view)
    }

    async fn draft_lines(
        &mut self,
        order_id: OrderId,
        sale: &Sale,
        goods: &[Sellable],
    ) -> Result<Vec<OrderLine>> {
        let (currency, books) = (sale.shipping.currency(), self.shop().await?.currency);
        let draft = |(index, line): (usize, &SaleLine)| -> Result<OrderLine> {
            let at = format!("lines[{index}]");
            crate::inventory::check_qty("qty", line.qty).map_err(|error| error.within(&at))?;
            if line.unit_price.is_negative() {
                return Err(Error::invalid("unit_price", line.unit_price, "it is at least zero").within(at));
            }
            currency.zero().plus(line.unit_price).map_err(|error| Error::from(error).within(&at))?;
            let good = goods
                .iter()
                .find(|good| good.variant.id == line.variant)
                .ok_or_else(|| Error::not_found("variant", line.variant).within(&at))?;
            Ok(OrderLine {
                id: self.id(),
                order_id,
                variant_id: line.variant,
                listing_id: line.listing,
                item_id: None,
                sku: good.variant.sku.clone(),
                title: good.title.clone(),
                qty: line.qty,
                fulfilled: 0,
                cancelled: 0,
                returned: 0,
                unit_price: line.unit_price,
                discount: currency.zero(),
                taxes: Vec::new(),
                cost_at_sale: books.zero(),
                version: 1,
            })
        };
        sale.lines.iter().enumerate().map(draft).collect()
    }

    async fn redeem(
        &mut self,
        sale: &Sale,
        lines: &mut [OrderLine],
    ) -> Result<Option<(crate::ids::CouponId, Money)>> {
        let Some(code) = &sale.coupon else { return Ok(None) };
        let refused = |why| OrderError::Coupon { code: code.clone(), why };
        let coupon: Coupon =
            self.tx.orders().coupon_by_code(code).await?.ok_or_else(|| refused("there is no such coupon"))?;
        let promotion = self.tx.load::<Promotion>(coupon.promotion_id).await?;
        let goods =
            lines.iter().try_fold(sale.shipping.currency().zero(), |sum, line| sum.plus(line.net()?))?;
        let discount = promotion.discount_on(goods, self.now, code)?;
        if !self.tx.orders().use_coupon(coupon.id).await? {
            return Err(refused("it has been used as often as it may be").into());
        }
        spread_discount(lines, discount)?;
        Ok(Some((coupon.id, discount)))
    }

    /// Promises the stock of every line; says whether all could be. Where the sale is a fact, lines that lack stock
    /// stay without a promise; otherwise the first lack is an error.
    async fn hold_lines(
        &mut self,
        order: OrderId,
        sale: &Sale,
        lines: &mut [OrderLine],
        goods: &mut [Sellable],
        parts: &[BundleComponent],
    ) -> Result<bool> {
        let want = |line: &OrderLine| Want {
            variant: line.variant_id,
            qty: line.qty,
            owner: HoldOwner::OrderLine,
            owner_id: line.id.to_string(),
            split: sale.split,
            expires_at: None,
        };
        if sale.claim == Claim::Nothing {
            return Ok(true);
        }
        if sale.claim == Claim::All {
            let wants: Vec<_> = lines.iter().map(want).collect();
            let sold_by = SoldBy::Order { order, through: sole_listing(lines) };
            let held = self.reserve(goods, parts, &wants, sold_by).await?;
            name_items(lines, &held);
            return Ok(true);
        }
        let mut complete = true;
        for line in lines.iter_mut() {
            let wants = [want(line)];
            let sold_by = SoldBy::Order { order, through: line.listing_id };
            if !can_take(goods, parts, &wants[0]) {
                self.expire_due(goods).await?;
            }
            if can_take(goods, parts, &wants[0]) {
                let held = self.reserve(goods, parts, &wants, sold_by).await?;
                name_items(std::slice::from_mut(line), &held);
            } else {
                complete = false;
                // Sold twice: whatever else offers it must end at once all the same.
                self.offer_changed(&[(line.variant_id, 0)], sold_by).await?;
            }
        }
        Ok(complete)
    }

    /// Records that all that is due came in, and posts it.
    pub(in crate::engine) async fn receive_all(
        &mut self,
        order: &Order,
        holder: &str,
    ) -> Result<Option<Payment>> {
        let due = order.due()?;
        if !due.is_positive() {
            return Ok(None);
        }
        let nothing = due.currency().zero();
        let payment = Payment {
            id: self.id(),
            order_id: order.id,
            provider: holder.to_owned(),
            authorised: due,
            captured: due,
            refunded: nothing,
            disputed: nothing,
            version: 1,
            created_at: self.now,
        };
        let txn = PaymentTxn {
            id: self.id(),
            payment_id: payment.id,
            kind: TxnKind::Capture,
            amount: due,
            state: TxnState::Initiated.step(TxnState::Succeeded)?,
            provider_ref: None,
            note: None,
            return_url: None,
            page_url: None,
            version: 1,
            created_at: self.now,
        };
        self.tx.note(&payment).await?;
        self.tx.note(&txn).await?;
        self.post(capture_entry("payment_txn", txn.id, holder, due, order.channel_id)?).await?;
        Ok(Some(payment))
    }

    /// Posts what a channel keeps of an order.
    pub(in crate::engine) async fn post_fees(
        &mut self,
        order: &Order,
        holder: &str,
        fees: Option<Money>,
    ) -> Result<()> {
        let Some(fees) = fees else { return Ok(()) };
        let tags = Tags { channel_id: order.channel_id, ..Tags::default() };
        let draft = Draft::new("order", order.id, "fees").debit(Account::Fees, fees, tags).credit(
            clearing(holder),
            fees,
            tags,
        )?;
        self.post(draft).await.map(|_| ())
    }
}

impl Work {
    /// A channel keeps nothing of an order that it called off itself before anything was sent.
    pub(in crate::engine) async fn take_fees_back(&mut self, order: &Order) -> Result<()> {
        let Some(entry) = self.tx.ledger().entry_of("order", &order.id.to_string(), "fees").await? else {
            return Ok(());
        };
        let postings = self.tx.parts::<Posting>(entry.id).await?;
        self.post(Draft::reversal(&entry, &postings)?).await.map(|_| ())
    }
}

/// What the world hears of an order: no person, no price list, just what happened.
#[derive(Serialize)]
struct Told<'a> {
    number: i64,
    state: &'static str,
    total: Money,
    lines: Vec<(&'a str, i64)>,
}

impl<'a> Told<'a> {
    fn of(view: &'a OrderView) -> Self {
        Self {
            number: view.order.number,
            state: view.order.state.as_str(),
            total: view.order.total,
            lines: view.lines.iter().map(|line| (line.sku.as_str(), line.qty)).collect(),
        }
    }
}

fn apply_taxes(lines: &mut [OrderLine], sale: &Sale, rounding: Rounding) -> Result<()> {
    for (line, sold) in lines.iter_mut().zip(&sale.lines) {
        line.taxes = match &sold.taxes {
            Taxes::Told(taxes) => taxes.clone(),
            Taxes::Rates(rates) => {
                let net = line.net()?;
                let tax = |(jurisdiction, rate): &(String, crate::money::Ppm)| -> Result<TaxLine> {
                    let amount = net.rate(*rate, rounding)?;
                    Ok(TaxLine {
                        jurisdiction: jurisdiction.clone(),
                        rate: *rate,
                        amount,
                        facilitator: false,
                    })
                };
                rates.iter().map(tax).collect::<Result<_>>()?
            }
        };
    }
    Ok(())
}

/// The listing all lines were sold through, if it is one and the same.
fn sole_listing(lines: &[OrderLine]) -> Option<ListingId> {
    let first = lines.first()?.listing_id;
    lines.iter().all(|line| line.listing_id == first).then_some(first)?
}

fn name_items(lines: &mut [OrderLine], held: &[Reservation]) {
    for line in lines {
        let owner = line.id.to_string();
        let item: Option<ItemId> = held
            .iter()
            .find(|hold| hold.owner_id == owner && hold.variant_id == line.variant_id)
            .and_then(|h| h.item_id);
        line.item_id = item;
    }
}

fn can_take(goods: &[Sellable], parts: &[BundleComponent], want: &Want) -> bool {
    let has = |variant: VariantId, qty: i64| {
        goods
            .iter()
            .find(|good| good.variant.id == variant)
            .is_some_and(|good| crate::inventory::allocate(&good.stock, qty, want.split).is_some())
    };
    let mut components = parts.iter().filter(|part| part.bundle_id == want.variant).peekable();
    if components.peek().is_none() {
        return has(want.variant, want.qty);
    }
    components.all(|part| part.qty.checked_mul(want.qty).is_some_and(|qty| has(part.variant_id, qty)))
}
