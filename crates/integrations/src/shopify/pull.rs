//! Orders, as Shopify tells of them: those that changed since, page by page.
//!
//! Its search lags behind its shop, so each fetch goes back a little behind what is known, and passes over what it has told
//! already. That is all that a cursor holds: how far it is known, what is known of the last while, and the page.

use std::collections::BTreeSet;
use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::ids::hex;
use baddie_core::listings::{
    Channel, ChannelError, ChannelNotice, ImportedLine, ImportedOrder, Pulled, TaxLine, Told,
};
use baddie_core::money::{Money, Ppm};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::amount::money;
use super::channel::told;
use super::wire::MoreLines;
use super::{KIND, Line, Order, Page, Settings, Shopify, calls};
use crate::http::{Cause, Failure};

/// How far behind its shop the search of Shopify is at most.
const LAG: Duration = Duration::from_mins(2);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// From where this fetch asks.
    from: Timestamp,
    /// The latest change that was told.
    until: Timestamp,
    /// What was told of since a while before that: the ends of the notices' names, with their times.
    known: BTreeSet<(Timestamp, String)>,
    /// The next page of this fetch.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    after: Option<String>,
}

impl Cursor {
    fn new(from: Timestamp) -> Self {
        Self { from, until: from, known: BTreeSet::new(), after: None }
    }

    fn read(text: &str) -> Result<Self, ChannelError> {
        serde_json::from_str(text).map_err(|_| ChannelError::Rejected {
            reason: "this cursor is not one of Shopify's: fetch from the beginning".into(),
        })
    }

    /// Notes what was told; says whether it is new.
    fn note(&mut self, at: Timestamp, name: &str) -> bool {
        self.until = self.until.max(at);
        self.known.insert((at, hex(&digest(&SHA256, name.as_bytes()).as_ref()[..6])))
    }

    /// Ends a page: the next one, or the next fetch, which asks from a while before what is known.
    fn turn(&mut self, after: Option<String>) {
        if after.is_none() {
            self.from = self.from.max(self.until.minus(LAG));
            let from = self.from;
            self.known.retain(|(at, _)| *at >= from);
        }
        self.after = after;
    }
}

impl Shopify {
    pub(super) async fn orders_since(
        &self,
        at: &Channel,
        cursor: Option<&str>,
    ) -> Result<Pulled, ChannelError> {
        let settings = Settings::of(at)?;
        // What was sold before the shop was connected is in the books already, or in nobody's.
        let mut cursor = cursor.map_or_else(|| Ok(Cursor::new(at.created_at)), Cursor::read)?;
        let ask = calls::orders(cursor.from, cursor.after.as_deref(), settings.people);
        let page: Page<Order> = self.ask(&ask).await.map_err(told)?;
        let mut notices = Vec::new();
        for order in page.nodes {
            let name = format!("{}@{}", order.id, order.updated_at);
            if cursor.note(order.updated_at, &name) {
                let order = self.whole(order).await.map_err(told)?;
                notices.push(ChannelNotice {
                    external_id: name,
                    told: Told::Order(imported(&order).map_err(told)?),
                });
            }
        }
        cursor.turn(page.page_info.next());
        let more = cursor.after.is_some();
        let cursor = serde_json::to_string(&cursor).expect("a cursor is plain data with texts for keys");
        Ok(Pulled { notices, cursor: Some(cursor), more })
    }

    /// The order with all of its lines. One that changes while it is read is read again another time.
    async fn whole(&self, mut order: Order) -> Result<Order, Failure> {
        while let Some(after) = std::mem::take(&mut order.line_items.page_info).next() {
            let more: Option<MoreLines> = self.ask(&calls::order_lines(&order.id, &after)).await?;
            let more = more.filter(|more| more.updated_at == order.updated_at);
            let Some(MoreLines { line_items, .. }) = more else {
                return Err(Failure::new(KIND, Cause::Unavailable, "an order changed while it was read"));
            };
            order.line_items.nodes.extend(line_items.nodes);
            order.line_items.page_info = line_items.page_info;
        }
        Ok(order)
    }
}

/// An order as the engine takes it, with the lines that are on its page. One that makes no sense is a failure.
pub fn imported(order: &Order) -> Result<ImportedOrder, Failure> {
    let mut lines = Vec::with_capacity(order.line_items.nodes.len());
    // A line that was taken out of an order again stays with it, of nothing.
    for line in order.line_items.nodes.iter().filter(|line| line.quantity != 0) {
        lines.extend(lines_of(line, order.taxes_included)?);
    }
    let status = order.display_financial_status.as_deref();
    let address = order.shipping_address.as_ref().and_then(|address| address.name.clone());
    Ok(ImportedOrder {
        external_id: order.id.clone(),
        external_version: order.updated_at.as_micros(),
        placed_at: order.processed_at,
        lines,
        shipping: read(&order.total_shipping_price_set)?,
        fees: None,
        paid: matches!(status, Some("PAID" | "PARTIALLY_REFUNDED" | "REFUNDED")),
        cancelled: order.cancelled_at.is_some(),
        refunded: order.total_refunded_set.as_ref().map(read).transpose()?,
        buyer: order.customer.as_ref().map(|customer| customer.display_name.clone()).or(address),
    })
}

/// A line in prices without tax. What cannot be shared out evenly makes two lines, so that no penny is lost.
fn lines_of(line: &Line, taxes_included: bool) -> Result<Vec<ImportedLine>, Failure> {
    let wrong = |why: String| {
        Failure::new(KIND, Cause::Protocol, format!("a line of an order makes no sense: {why}"))
    };
    let total = read(&line.discounted_total_set)?;
    let mut taxes = Vec::with_capacity(line.tax_lines.len());
    let mut goods = total;
    for tax in &line.tax_lines {
        let amount = read(&tax.price_set)?;
        if taxes_included {
            goods = goods.minus(amount).map_err(|error| wrong(error.to_string()))?;
        }
        taxes.push(TaxLine {
            jurisdiction: tax.title.clone(),
            rate: rate(tax.rate_percentage),
            amount,
            facilitator: tax.channel_liable.unwrap_or(false),
        });
    }
    if line.quantity < 1 || goods.minor() < 0 {
        return Err(wrong(format!("{} for {goods}", line.quantity)));
    }
    let (each, odd) = (goods.minor() / line.quantity, goods.minor() % line.quantity);
    let of = |qty: i64, minor: i64, taxes: Vec<TaxLine>| ImportedLine {
        listing_external_id: line.product.as_ref().map(|product| product.id.clone()),
        sku: line.sku.clone().filter(|sku| !sku.is_empty()),
        qty,
        unit_price: Money::new(minor, goods.currency()),
        taxes,
    };
    let even = line.quantity - odd;
    let mut lines = vec![of(even, each, taxes)];
    if odd > 0 {
        lines.push(of(odd, each + 1, Vec::new()));
    }
    Ok(lines)
}

fn read(moneys: &super::Moneys) -> Result<Money, Failure> {
    let said = &moneys.shop_money;
    money(said).ok_or_else(|| {
        Failure::new(KIND, Cause::Protocol, format!("{:?} {:?} is no money", said.amount, said.currency_code))
    })
}

/// Hundredths as millionths; what is no rate is none.
#[expect(clippy::cast_possible_truncation, reason = "it is within bounds where it is cast")]
fn rate(percentage: Option<f64>) -> Ppm {
    let ppm = (percentage.unwrap_or_default() * 10_000.0).round();
    Ppm(if (0.0..=1_000_000_000.0).contains(&ppm) { ppm as i64 } else { 0 })
}
