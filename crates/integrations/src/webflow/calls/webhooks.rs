use serde_json::json;

use super::{step, with};
use crate::http::Call;

/// What the engine wants to be told of: that orders are worth fetching.
pub const TRIGGERS: [&str; 3] = ["ecomm_new_order", "ecomm_order_changed", "ecomm_inventory_changed"];

/// Looks at where Webflow tells what happens at a site.
pub fn list_webhooks(site: &str) -> Call {
    Call::get(format!("/sites/{}/webhooks", step(site)))
}

/// Has Webflow tell of one kind of thing that happens, one of [`TRIGGERS`] or another.
pub fn create_webhook(site: &str, trigger: &str, url: &str) -> Call {
    let body = json!({"triggerType": trigger, "url": url});
    with(Call::post(format!("/sites/{}/webhooks", step(site))), &body)
}

/// Has Webflow tell it no longer.
pub fn delete_webhook(webhook: &str) -> Call {
    Call::delete(format!("/webhooks/{}", step(webhook)))
}
