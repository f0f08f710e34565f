use serde::Serialize;

use super::{Call, Expand, Listing, delete, get, post};
use crate::stripe::form::segment;

/// Where Stripe tells what happens. The answer to its making holds the secret, and no later one does.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewEndpoint {
    /// Where to.
    pub url: String,
    /// What of.
    pub enabled_events: Vec<String>,
    /// In the words of which version.
    pub api_version: Option<&'static str>,
}

/// Asks to be told.
pub fn create_endpoint(key: &str, new: &NewEndpoint) -> Call {
    post("/v1/webhook_endpoints".into(), key, new)
}

/// Looks through the places that are told.
pub fn list_endpoints(listing: &Listing) -> Call {
    get("/v1/webhook_endpoints".into(), listing)
}

/// Asks to be told no longer.
pub fn delete_endpoint(id: &str) -> Call {
    delete(format!("/v1/webhook_endpoints/{}", segment(id)), &Expand::default())
}

/// Which events.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListEvents {
    /// Of these types.
    pub types: Vec<String>,
    /// Which page.
    #[serde(flatten)]
    pub listing: Listing,
}

/// Looks through what happened in the last 30 days, newest first: to catch up on what was not heard.
pub fn list_events(which: &ListEvents) -> Call {
    get("/v1/events".into(), which)
}

/// Looks at money that a customer's bank takes back.
pub fn get_dispute(id: &str, expand: &Expand) -> Call {
    get(format!("/v1/disputes/{}", segment(id)), expand)
}

/// What is said against a dispute.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateDispute {
    /// The evidence.
    pub evidence: Evidence,
    /// Whether to hand it in; it can be done once.
    pub submit: Option<bool>,
}

/// What speaks against a dispute.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Evidence {
    /// Who carried it.
    pub shipping_carrier: Option<String>,
    /// Under which number.
    pub shipping_tracking_number: Option<String>,
    /// When it was sent.
    pub shipping_date: Option<String>,
    /// What it was.
    pub product_description: Option<String>,
    /// Anything else.
    pub uncategorized_text: Option<String>,
}

/// Speaks against a dispute.
pub fn update_dispute(key: &str, id: &str, update: &UpdateDispute) -> Call {
    post(format!("/v1/disputes/{}", segment(id)), key, update)
}

/// Which warnings of banks that a payment may be fraud.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListWarnings {
    /// Of which payment.
    pub payment_intent: Option<String>,
    /// Which page.
    #[serde(flatten)]
    pub listing: Listing,
}

/// Looks through early warnings of fraud.
pub fn list_warnings(which: &ListWarnings) -> Call {
    get("/v1/radar/early_fraud_warnings".into(), which)
}

/// Looks through payments that Stripe wants looked at.
pub fn list_reviews(listing: &Listing) -> Call {
    get("/v1/reviews".into(), listing)
}

/// Looks at a payment that Stripe wants looked at.
pub fn get_review(id: &str) -> Call {
    get(format!("/v1/reviews/{}", segment(id)), &Expand::default())
}

/// Looks at an early warning of fraud.
pub fn get_warning(id: &str) -> Call {
    get(format!("/v1/radar/early_fraud_warnings/{}", segment(id)), &Expand::default())
}

/// Says that a payment is in order.
pub fn approve_review(key: &str, id: &str) -> Call {
    post(format!("/v1/reviews/{}/approve", segment(id)), key, &Expand::default())
}

/// A list that Stripe's rules look at, such as of addresses to block.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewValueList {
    /// Its name in rules.
    pub alias: String,
    /// Its name for people.
    pub name: String,
    /// What is in it, such as `email`.
    pub item_type: Option<&'static str>,
}

/// Makes a list for rules.
pub fn create_value_list(key: &str, new: &NewValueList) -> Call {
    post("/v1/radar/value_lists".into(), key, new)
}

/// Looks through the lists for rules.
pub fn list_value_lists(listing: &Listing) -> Call {
    get("/v1/radar/value_lists".into(), listing)
}
