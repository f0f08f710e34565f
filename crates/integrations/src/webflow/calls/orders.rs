use serde::Serialize;
use serde_json::json;

use super::{Page, step, with, with_query};
use crate::http::Call;

fn path(site: &str, order: &str, rest: &str) -> String {
    format!("/sites/{}/orders/{}{rest}", step(site), step(order))
}

/// Looks through the orders of a site, the newest first; those of one `status` where one is named: `pending`, `unfulfilled`,
/// `fulfilled`, `disputed`, `dispute-lost` or `refunded`.
pub fn list_orders(site: &str, status: Option<&str>, page: Page) -> Call {
    let status = status.map(|status| ("status", status.to_owned()));
    let query = status.into_iter().chain(page.query());
    Call::get(with_query(&format!("/sites/{}/orders", step(site)), query))
}

/// Looks at an order.
pub fn get_order(site: &str, order: &str) -> Call {
    Call::get(path(site, order, ""))
}

/// What is noted of an order.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderChange {
    /// The shop's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Who carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping_provider: Option<String>,
    /// What it is followed by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping_tracking: Option<String>,
    /// Where it is followed.
    #[serde(rename = "shippingTrackingURL", skip_serializing_if = "Option::is_none")]
    pub shipping_tracking_url: Option<String>,
}

/// Notes something of an order.
pub fn update_order(site: &str, order: &str, change: &OrderChange) -> Call {
    with(Call::patch(path(site, order, "")), change)
}

/// Says that all of an order is on its way, and writes to the buyer where that is wanted.
pub fn fulfill_order(site: &str, order: &str, write_to_buyer: bool) -> Call {
    with(Call::post(path(site, order, "/fulfill")), &json!({"sendOrderFulfilledEmail": write_to_buyer}))
}

/// Says that an order is not on its way after all.
pub fn unfulfill_order(site: &str, order: &str) -> Call {
    Call::post(path(site, order, "/unfulfill"))
}

/// Gives all of the money back; `reason` is `duplicate`, `fraudulent` or `requested`.
pub fn refund_order(site: &str, order: &str, reason: &str) -> Call {
    with(Call::post(path(site, order, "/refund")), &json!({ "reason": reason }))
}
