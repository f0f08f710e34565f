//! Past sales from a file: what was sold and sent before the shop kept its books here.
//!
//! The goods of a past sale were there when the books were opened and have left since, so today's stock stays as it
//! is; demand, profit and the books of those days are as if the shop had been here all along.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Group, at_row};
use crate::accounts::{Permission, Series};
use crate::catalog::{CatalogError, VariantKind};
use crate::clock::{Date, Timestamp, Zone};
use crate::engine::{Command, Work};
use crate::error::{Error, Result};
use crate::ids::{LocationId, OrderId};
use crate::inventory::{MoveReason, Sellable, StockMove, check_qty};
use crate::journal::{ImportKind, ImportRun};
use crate::ledger::{Account, Draft, Tags};
use crate::listings::TaxLine;
use crate::money::{Currency, Money, Ppm};
use crate::orders::{MAX_LINES, Order, OrderLine, OrderState, totals};
use crate::payments::{Payment, PaymentTxn, TxnKind, TxnState, clearing};

/// A sale that was made and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileSale {
    /// When.
    pub sold_at: Timestamp,
    /// Its name where it was made.
    #[serde(default)]
    pub order: Option<String>,
    /// What the customer paid for shipping.
    #[serde(default)]
    pub shipping: Option<Money>,
    /// What was sold.
    pub lines: Vec<FileSaleLine>,
}

/// A line of a past sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileSaleLine {
    /// What.
    pub sku: String,
    /// How many.
    pub qty: i64,
    /// The price of one, without tax.
    pub unit_price: Money,
    /// What was taken off all of them.
    #[serde(default)]
    pub discount: Option<Money>,
    /// The tax on all of them.
    #[serde(default)]
    pub tax: Option<Money>,
    /// What all of them cost the shop.
    #[serde(default)]
    pub cost: Option<Money>,
}

/// Take in a group of past sales.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ImportSales {
    /// Which rows of the file.
    #[serde(flatten)]
    pub group: Group,
    /// The day on which all that was sold was there: the day before the file's first sale.
    pub opened_on: Date,
    /// What was sold.
    pub sales: Vec<FileSale>,
}

#[async_trait]
impl Command for ImportSales {
    const NAME: &'static str = "imports.sales";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    const PRIVATE: bool = true;
    type Answer = ImportRun;

    async fn run(self, work: &mut Work) -> Result<ImportRun> {
        let skus: BTreeSet<_> =
            self.sales.iter().flat_map(|sale| &sale.lines).map(|line| line.sku.as_str()).collect();
        let skus: Vec<_> = skus.into_iter().collect();
        let goods = work.tx.inventory().sellable_by_sku(&skus).await?;
        let shop = work.shop().await?;
        let past = Past {
            opened_on: self.opened_on,
            zone: shop.time_zone.clone(),
            currency: shop.currency,
            place: work.first_place().await?,
            goods: goods.iter().map(|good| (good.variant.sku.as_str(), good)).collect(),
        };
        let mut kept = Kept::default();
        for (index, sale) in self.sales.into_iter().enumerate() {
            let number = work.number(Series::Order).await?;
            past.keep(work, number, sale, &mut kept).map_err(at_row(index))?;
        }
        kept.write(work).await?;
        work.advance(self.group, ImportKind::Sales).await
    }
}

/// What all sales of a group share.
struct Past<'a> {
    opened_on: Date,
    zone: Zone,
    currency: Currency,
    place: LocationId,
    goods: HashMap<&'a str, &'a Sellable>,
}

/// What a group of sales leaves behind.
#[derive(Default)]
struct Kept {
    orders: Vec<Order>,
    lines: Vec<OrderLine>,
    moves: Vec<StockMove>,
    payments: Vec<Payment>,
    txns: Vec<PaymentTxn>,
    entries: Vec<(Draft, Date)>,
}

impl Kept {
    async fn write(self, work: &mut Work) -> Result<()> {
        work.tx.note_all(&self.orders).await?;
        work.tx.note_all(&self.lines).await?;
        work.tx.note_all(&self.moves).await?;
        work.tx.note_all(&self.payments).await?;
        work.tx.note_all(&self.txns).await?;
        for (draft, day) in self.entries {
            let (entry, postings) = draft.seal(&work.engine.ids, work.now, day)?;
            work.tx.ledger().post(&entry, &postings).await?;
        }
        Ok(())
    }
}

impl Past<'_> {
    fn keep(&self, work: &Work, number: i64, sale: FileSale, kept: &mut Kept) -> Result<()> {
        if sale.sold_at > work.now {
            return Err(Error::invalid("sold_at", sale.sold_at, "a past sale lies in the past"));
        }
        if sale.lines.is_empty() || sale.lines.len() > MAX_LINES {
            let given = format!("{} long", sale.lines.len());
            return Err(Error::invalid("lines", given, &format!("a sale has 1 to {MAX_LINES} lines")));
        }
        let id: OrderId = work.id();
        let day = self.zone.date_of(sale.sold_at);
        let shipping = self.amount("shipping", sale.shipping)?;
        let mut lines = Vec::with_capacity(sale.lines.len());
        for (index, line) in sale.lines.into_iter().enumerate() {
            lines.push(self.line(work, id, line).map_err(|error| error.within(format!("lines[{index}]")))?);
        }
        let sums = totals(&lines, shipping)?;
        let state = [OrderState::Placed, OrderState::Confirmed, OrderState::Completed]
            .into_iter()
            .try_fold(OrderState::Draft, OrderState::step)?;
        for line in &lines {
            self.moves(work, line, (sale.sold_at, day), kept);
        }
        let nothing = self.currency.zero();
        let order = Order {
            id,
            number,
            channel_id: None,
            external_id: sale.order,
            external_version: 0,
            customer_id: None,
            state,
            placed_at: sale.sold_at,
            business_date: day,
            goods: sums.goods,
            discount: sums.discount,
            shipping,
            tax: sums.tax,
            facilitator_tax: sums.facilitator_tax,
            total: sums.total,
            adjusted: nothing,
            deposit: nothing,
            version: 1,
        };
        kept.entries.extend(entry(&order, &lines)?.map(|draft| (draft, day)));
        pay(work, &order, kept)?;
        kept.orders.push(order);
        kept.lines.append(&mut lines);
        Ok(())
    }

    fn line(&self, work: &Work, order_id: OrderId, row: FileSaleLine) -> Result<OrderLine> {
        check_qty("qty", row.qty)?;
        let good = self
            .goods
            .get(row.sku.as_str())
            .ok_or_else(|| Error::from(CatalogError::UnknownSku { sku: row.sku.clone() }).on_field("sku"))?;
        if good.variant.kind != VariantKind::Stocked {
            let given = format!("{:?} ({})", row.sku, good.variant.kind);
            return Err(Error::invalid("sku", given, "only sales of stocked variants can be taken in"));
        }
        let tax = self.amount("tax", row.tax)?;
        let taxes =
            TaxLine { jurisdiction: "imported".to_owned(), rate: Ppm(0), amount: tax, facilitator: false };
        let line = OrderLine {
            id: work.id(),
            order_id,
            variant_id: good.variant.id,
            listing_id: None,
            item_id: None,
            sku: row.sku,
            title: good.title.clone(),
            qty: row.qty,
            fulfilled: row.qty,
            cancelled: 0,
            returned: 0,
            unit_price: self.amount("unit_price", Some(row.unit_price))?,
            discount: self.amount("discount", row.discount)?,
            taxes: if tax.is_zero() { Vec::new() } else { vec![taxes] },
            cost_at_sale: self.amount("cost", row.cost)?,
            version: 1,
        };
        if line.net()?.is_negative() {
            return Err(Error::invalid("discount", line.discount, "it is more than the line is worth"));
        }
        Ok(line)
    }

    /// An amount that is at least zero, in the currency of the books.
    fn amount(&self, field: &'static str, amount: Option<Money>) -> Result<Money> {
        match amount {
            None => Ok(self.currency.zero()),
            Some(amount) if amount.currency() == self.currency && !amount.is_negative() => Ok(amount),
            Some(amount) => {
                let remedy = format!("give an amount of at least zero in {}", self.currency);
                Err(Error::invalid(field, amount, &remedy))
            }
        }
    }

    /// What was sold was there when the books were opened, and left on the day.
    fn moves(&self, work: &Work, line: &OrderLine, (at, day): (Timestamp, Date), kept: &mut Kept) {
        let opened_at = self.zone.start_of(self.opened_on);
        for (change, reason, at, business_date) in [
            (line.qty, MoveReason::Opening, opened_at, self.opened_on),
            (-line.qty, MoveReason::Shipment, at, day),
        ] {
            kept.moves.push(StockMove {
                id: work.id(),
                variant_id: line.variant_id,
                item_id: None,
                location_id: self.place,
                d_on_hand: change,
                d_reserved: 0,
                reason,
                reference: Some(line.id.to_string()),
                actor: work.actor.to_string(),
                at,
                business_date,
            });
        }
    }
}

/// Money came in; goods of the opening balance were sold.
fn entry(order: &Order, lines: &[OrderLine]) -> Result<Option<Draft>> {
    let mut draft =
        Draft::new("order", order.id, "past_sale").debit(clearing("manual"), order.total, Tags::default());
    for line in lines {
        let tags = Tags { order_line_id: Some(line.id), ..Tags::default() };
        draft = draft
            .credit(Account::Sales, line.net()?, tags)?
            .credit(Account::TaxPayable, line.tax()?, tags)?
            .debit(Account::CostOfGoods, line.cost_at_sale, tags)
            .credit(Account::OpeningBalance, line.cost_at_sale, tags)?;
    }
    let draft = draft.credit(Account::ShippingIncome, order.shipping, Tags::default())?;
    Ok((!draft.is_empty()).then_some(draft))
}

/// The customer has paid all of it.
fn pay(work: &Work, order: &Order, kept: &mut Kept) -> Result<()> {
    let (paid, nothing) = (order.total, order.total.currency().zero());
    if !paid.is_positive() {
        return Ok(());
    }
    let payment = Payment {
        id: work.id(),
        order_id: order.id,
        provider: "manual".to_owned(),
        authorised: paid,
        captured: paid,
        refunded: nothing,
        disputed: nothing,
        version: 1,
        created_at: order.placed_at,
    };
    kept.txns.push(PaymentTxn {
        id: work.id(),
        payment_id: payment.id,
        kind: TxnKind::Capture,
        amount: paid,
        state: TxnState::Initiated.step(TxnState::Succeeded)?,
        provider_ref: None,
        note: None,
        return_url: None,
        page_url: None,
        version: 1,
        created_at: order.placed_at,
    });
    kept.payments.push(payment);
    Ok(())
}
