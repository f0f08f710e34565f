use serde::Serialize;

use super::{Call, Expand, Listing, Metadata, get, post};
use crate::stripe::form::segment;

/// A page of Stripe's on which a customer pays. `POST /v1/checkout/sessions`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewSession {
    /// `payment`, `subscription` or `setup`.
    pub mode: &'static str,
    /// What is bought.
    pub line_items: Vec<LineItem>,
    /// Where the customer goes when it is paid; `{CHECKOUT_SESSION_ID}` in it becomes the session's name.
    pub success_url: Option<String>,
    /// Where the customer goes otherwise.
    pub cancel_url: Option<String>,
    /// Our name for it: the order.
    pub client_reference_id: Option<String>,
    /// Whose purchase it is, if the customer is known.
    pub customer: Option<String>,
    /// Until when it may be paid, in seconds since 1970: 30 minutes to 24 hours from now.
    pub expires_at: Option<i64>,
    /// How the payment is made.
    pub payment_intent_data: Option<IntentData>,
    /// How the subscription is made.
    pub subscription_data: Option<SubscriptionData>,
    /// `always` or `if_required`.
    pub payment_method_collection: Option<&'static str>,
    /// Where goods may go.
    pub shipping_address_collection: Option<ShippingCountries>,
    /// Our notes.
    pub metadata: Metadata,
}

/// A line on the page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LineItem {
    /// How many.
    pub quantity: Option<i64>,
    /// A price of the catalogue …
    pub price: Option<String>,
    /// … or one for this page alone.
    pub price_data: Option<PriceData>,
}

/// A price for one page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PriceData {
    /// The currency in small letters.
    pub currency: String,
    /// The price of one.
    pub unit_amount: i64,
    /// What it is.
    pub product_data: ProductData,
}

/// What is sold on one page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ProductData {
    /// Its name.
    pub name: String,
    /// Pictures of it.
    pub images: Vec<String>,
}

/// How the payment of a page is made.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IntentData {
    /// `automatic`, `automatic_async` or `manual`.
    pub capture_method: Option<&'static str>,
    /// Our notes on the payment.
    pub metadata: Metadata,
}

/// How the subscription of a page is made.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SubscriptionData {
    /// Days before the first payment.
    pub trial_period_days: Option<u32>,
    /// What happens at their end.
    pub trial_settings: Option<TrialSettings>,
    /// Our notes on the subscription.
    pub metadata: Metadata,
}

/// What happens at the end of a trial.
#[derive(Debug, Clone, Serialize)]
pub struct TrialSettings {
    /// What happens.
    pub end_behavior: EndBehavior,
}

/// What happens at the end of a trial without a means of payment.
#[derive(Debug, Clone, Serialize)]
pub struct EndBehavior {
    /// `cancel`, `create_invoice` or `pause`.
    pub missing_payment_method: &'static str,
}

impl TrialSettings {
    /// Without a means of payment this happens: `cancel`, `create_invoice` or `pause`.
    pub fn without_method(missing_payment_method: &'static str) -> Self {
        Self { end_behavior: EndBehavior { missing_payment_method } }
    }
}

/// Countries that goods may go to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ShippingCountries {
    /// Two letters each.
    pub allowed_countries: Vec<String>,
}

/// Makes a page to pay on.
pub fn create_session(key: &str, new: &NewSession) -> Call {
    post("/v1/checkout/sessions".into(), key, new)
}

/// Closes a page, so that it can no longer be paid.
pub fn expire_session(key: &str, id: &str) -> Call {
    post(format!("/v1/checkout/sessions/{}/expire", segment(id)), key, &Expand::default())
}

/// Looks at a page.
pub fn get_session(id: &str, expand: &Expand) -> Call {
    get(format!("/v1/checkout/sessions/{}", segment(id)), expand)
}

/// Looks through what is bought on a page.
pub fn list_line_items(id: &str, listing: &Listing) -> Call {
    get(format!("/v1/checkout/sessions/{}/line_items", segment(id)), listing)
}
