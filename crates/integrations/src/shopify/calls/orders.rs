use baddie_core::clock::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{Ask, document};

/// How an order is called off.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancelling {
    /// The order.
    pub order_id: String,
    /// `CUSTOMER`, `DECLINED`, `FRAUD`, `INVENTORY`, `OTHER` or `STAFF`.
    pub reason: &'static str,
    /// Whether the money goes back the way it came.
    #[serde(skip)]
    pub refund: bool,
    /// Whether the goods can be sold again.
    pub restock: bool,
    /// Whether the buyer is told.
    pub notify_customer: bool,
}

/// Money that was set aside and is now taken.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureInput {
    /// The order.
    pub id: String,
    /// The transaction that set it aside.
    pub parent_transaction_id: String,
    /// How much, as decimal text.
    pub amount: String,
    /// In which currency.
    pub currency: String,
}

/// Money that goes back.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundInput {
    /// The order.
    pub order_id: String,
    /// In which currency.
    pub currency: String,
    /// What is written beside it; it is read again, and so it holds our name for the refund.
    pub note: String,
    /// Whether the buyer is told.
    pub notify: bool,
    /// The goods that come back.
    pub refund_line_items: Vec<RefundLine>,
    /// From which transactions, and how much of each.
    pub transactions: Vec<Refunding>,
}

/// Goods that come back.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundLine {
    /// The line of the order.
    pub line_item_id: String,
    /// How many.
    pub quantity: i64,
    /// `NO_RESTOCK`, `CANCEL` or `RETURN`.
    pub restock_type: &'static str,
    /// Where they are put, unless nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
}

/// Money of one transaction that goes back.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refunding {
    /// The order.
    pub order_id: String,
    /// The transaction that took it.
    pub parent_id: String,
    /// Through whom it was taken.
    pub gateway: String,
    /// `REFUND`.
    pub kind: &'static str,
    /// How much, as decimal text.
    pub amount: String,
}

/// Goods that are on their way.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FulfillmentInput {
    /// The goods, by what Shopify wants done.
    pub line_items_by_fulfillment_order: Vec<Goods>,
    /// How to follow them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_info: Option<Tracking>,
    /// Whether the buyer is told.
    pub notify_customer: bool,
}

/// Goods of one of the things that Shopify wants done.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Goods {
    /// What Shopify wants done.
    pub fulfillment_order_id: String,
    /// Its lines and how many of each; all of it when `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fulfillment_order_line_items: Option<Vec<GoodsLine>>,
}

/// Units of a line of one of the things that Shopify wants done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GoodsLine {
    /// The line of what Shopify wants done.
    pub id: String,
    /// How many.
    pub quantity: i64,
}

/// How goods on their way are followed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tracking {
    /// The number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Who carries them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Where to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Lists what changed since then, the longest unchanged first. `people` says whether to ask who bought, which takes
/// Shopify's leave to see it.
pub fn orders(since: Timestamp, after: Option<&str>, people: bool) -> Ask {
    Ask::look(document!("orders"))
        .with("query", format!("updated_at:>='{since}'"))
        .with("after", after)
        .with("people", people)
}

/// Looks at an order.
pub fn order(id: &str, people: bool) -> Ask {
    Ask::look(document!("order")).with("id", id).with("people", people)
}

/// Looks at more lines of an order.
pub fn order_lines(id: &str, after: &str) -> Ask {
    Ask::look(document!("order_lines")).with("id", id).with("after", after)
}

/// Looks at the money of an order: what was set aside, taken, and given back.
pub fn order_money(id: &str) -> Ask {
    Ask::look(document!("order_money")).with("id", id)
}

/// Calls an order off. Shopify answers before it is done, with a job to look at.
pub fn cancel_order(cancelling: &Cancelling) -> Ask {
    // An order is called off once: the second time Shopify says that it was.
    let method = cancelling.refund.then(|| json!({ "originalPaymentMethodsRefund": true }));
    Ask::set(document!("order_cancel"))
        .with("orderId", &cancelling.order_id)
        .with("reason", cancelling.reason)
        .with("refundMethod", method)
        .with("restock", cancelling.restock)
        .with("notifyCustomer", cancelling.notify_customer)
}

/// Looks at how far a job is.
pub fn job(id: &str) -> Ask {
    Ask::look(document!("job")).with("id", id)
}

/// Takes money that was set aside. Taken twice it is taken twice: who was not answered looks at [`order_money`] first.
pub fn capture(input: &CaptureInput) -> Ask {
    Ask::once(document!("order_capture")).with("input", input)
}

/// Gives money back, under a key by which it is done once.
pub fn refund(key: &str, input: &RefundInput) -> Ask {
    Ask::set(document!("refund_create")).with("key", key).with("input", input)
}

/// Looks at what Shopify wants done for an order.
pub fn fulfillment_orders(order: &str, after: Option<&str>) -> Ask {
    Ask::look(document!("fulfillment_orders")).with("id", order).with("after", after)
}

/// Lists what of an order is on its way.
pub fn fulfillments(order: &str) -> Ask {
    Ask::look(document!("fulfillments")).with("id", order)
}

/// Looks at the goods that are on their way together.
pub fn fulfillment(id: &str, after: Option<&str>) -> Ask {
    Ask::look(document!("fulfillment")).with("id", id).with("after", after)
}

/// Says that goods are on their way. What is on its way already is refused the second time.
pub fn fulfill(input: &FulfillmentInput) -> Ask {
    Ask::once(document!("fulfillment_create")).with("fulfillment", input)
}

/// Says how goods on their way are followed.
pub fn track(fulfillment: &str, tracking: &Tracking, notify: bool) -> Ask {
    Ask::set(document!("fulfillment_tracking_info_update"))
        .with("fulfillmentId", fulfillment)
        .with("trackingInfoInput", tracking)
        .with("notifyCustomer", notify)
}

/// Says that goods are not on their way after all.
pub fn cancel_fulfillment(id: &str) -> Ask {
    Ask::set(document!("fulfillment_cancel")).with("id", id)
}
