//! Parcels that left, as Shopify is told of them: each time those of which it does not know.
//!
//! Shopify keeps no name of ours on a parcel, and what was answered may be lost. So it is asked first how much of an order
//! it knows to be on its way; the first parcels that left are that. What somebody marked as sent over there counts alike.

use baddie_core::listings::{ChannelError, SentGoods, SentParcel};
use serde_json::Value;

use super::Shopify;
use super::calls::{self, FulfillmentInput, Goods, GoodsLine, Tracking};
use super::channel::{is_product, told};
use super::wire::{Errand, FulfillmentLine, FulfillmentLines, Sent, Sold, Wanted};

/// How many parcels of an order are looked at.
const PARCELS: usize = 100;

impl Shopify {
    /// Tells of what can be told; of what Shopify does not want sent, the engine's people are to hear.
    pub(super) async fn fulfill(&self, order: &str, parcels: &[SentParcel]) -> Result<(), ChannelError> {
        let parcels = untold(parcels, self.sent(order).await?);
        let mut errands = if parcels.is_empty() { Vec::new() } else { self.errands(order).await? };
        let mut unwanted = None;
        for mut parcel in parcels {
            for goods in allot(&mut parcel.goods, &mut errands) {
                let input = FulfillmentInput {
                    line_items_by_fulfillment_order: vec![goods],
                    tracking_info: parcel.tracking.as_ref().map(|number| Tracking {
                        number: Some(number.clone()),
                        company: parcel.carrier.clone(),
                        url: None,
                    }),
                    notify_customer: true,
                };
                self.ask::<Value>(&calls::fulfill(&input)).await.map_err(told)?;
            }
            unwanted = unwanted.or(parcel.goods.into_iter().find(|goods| goods.qty > 0));
        }
        unwanted.map_or(Ok(()), |SentGoods { sku, qty, .. }| {
            let reason =
                format!("{qty} of {sku} left, which Shopify does not want sent now: look at the order there");
            Err(ChannelError::Refused { reason })
        })
    }

    /// All that Shopify knows to be on its way of an order.
    async fn sent(&self, order: &str) -> Result<Vec<FulfillmentLine>, ChannelError> {
        let sent: Option<Sent> = self.ask(&calls::fulfillments(order)).await.map_err(told)?;
        let mut parcels = sent.ok_or(ChannelError::NotThere)?.fulfillments;
        if parcels.len() >= PARCELS {
            return Err(too_many("parcels"));
        }
        parcels.retain(|parcel| !matches!(&*parcel.status, "CANCELLED" | "ERROR" | "FAILURE"));
        let mut lines = Vec::new();
        for parcel in parcels {
            let mut after = None;
            loop {
                let ask = calls::fulfillment(&parcel.id, after.as_deref());
                let page: Option<FulfillmentLines> = self.ask(&ask).await.map_err(told)?;
                let Some(FulfillmentLines { fulfillment_line_items: page }) = page else { break };
                lines.extend(page.nodes);
                after = page.page_info.next();
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(lines)
    }

    /// All that Shopify wants sent of an order.
    async fn errands(&self, order: &str) -> Result<Vec<Errand>, ChannelError> {
        let mut errands = Vec::new();
        let mut after = None;
        loop {
            let ask = calls::fulfillment_orders(order, after.as_deref());
            let wanted: Option<Wanted> = self.ask(&ask).await.map_err(told)?;
            let page = wanted.ok_or(ChannelError::NotThere)?.fulfillment_orders;
            errands.extend(page.nodes);
            after = page.page_info.next();
            if after.is_none() {
                break;
            }
        }
        if errands.iter().any(|errand| errand.line_items.page_info.has_next_page) {
            return Err(too_many("lines"));
        }
        Ok(errands)
    }
}

fn too_many(what: &str) -> ChannelError {
    let reason = format!("the order has more {what} than are looked at: mark what left as sent there");
    ChannelError::Refused { reason }
}

/// Whether these are the same goods. Two lines of one thing are one here.
fn is_of(sold: &Sold, goods: &SentGoods) -> bool {
    match (&sold.product, &goods.listing_external_id) {
        (Some(product), Some(listing)) if is_product(listing) => product.id == *listing,
        _ => sold.sku.as_deref() == Some(&goods.sku),
    }
}

/// Takes as many as are wanted off those that are there; says how many.
fn take(wanted: i64, there: &mut i64) -> i64 {
    let units = wanted.min(*there).max(0);
    *there -= units;
    units
}

/// The parcels without what Shopify knows to be on its way.
fn untold(parcels: &[SentParcel], mut sent: Vec<FulfillmentLine>) -> Vec<SentParcel> {
    let mut parcels = parcels.to_vec();
    for goods in parcels.iter_mut().flat_map(|parcel| &mut parcel.goods) {
        for line in &mut sent {
            if is_of(&line.line_item, goods) {
                goods.qty -= take(goods.qty, line.quantity.get_or_insert_default());
            }
        }
    }
    parcels.retain(|parcel| parcel.goods.iter().any(|goods| goods.qty > 0));
    parcels
}

/// Takes goods off what Shopify wants sent now, place by place; what it does not want stays with the goods.
fn allot(goods: &mut [SentGoods], errands: &mut [Errand]) -> Vec<Goods> {
    let mut allotted = Vec::new();
    for errand in errands.iter_mut().filter(|errand| matches!(&*errand.status, "OPEN" | "IN_PROGRESS")) {
        let mut lines = Vec::new();
        for line in &mut errand.line_items.nodes {
            let mut quantity = 0;
            for goods in goods.iter_mut() {
                if is_of(&line.line_item, goods) {
                    let units = take(goods.qty, &mut line.remaining_quantity);
                    goods.qty -= units;
                    quantity += units;
                }
            }
            if quantity > 0 {
                lines.push(GoodsLine { id: line.id.clone(), quantity });
            }
        }
        if !lines.is_empty() {
            allotted.push(Goods {
                fulfillment_order_id: errand.id.clone(),
                fulfillment_order_line_items: Some(lines),
            });
        }
    }
    allotted
}
