use serde::Serialize;

use super::{Call, Expand, Listing, Metadata, get, post};
use crate::stripe::form::segment;

/// Money to be taken. `POST /v1/payment_intents`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewIntent {
    /// How much.
    pub amount: i64,
    /// The currency in small letters.
    pub currency: String,
    /// Whose payment it is.
    pub customer: Option<String>,
    /// `automatic`, `automatic_async` or `manual`: set aside first, taken later.
    pub capture_method: Option<&'static str>,
    /// The means of payment.
    pub payment_method: Option<String>,
    /// Whether to try it at once.
    pub confirm: Option<bool>,
    /// Whether the customer is away.
    pub off_session: Option<bool>,
    /// Whether to fail rather than ask the customer for another step.
    pub error_on_requires_action: Option<bool>,
    /// Which means of payment Stripe offers.
    pub automatic_payment_methods: Option<AutomaticMethods>,
    /// Where the customer comes back to.
    pub return_url: Option<String>,
    /// What is written on it.
    pub description: Option<String>,
    /// Where the receipt goes.
    pub receipt_email: Option<String>,
    /// Where the goods go.
    pub shipping: Option<Shipping>,
    /// Our notes.
    pub metadata: Metadata,
    /// What is told in full.
    pub expand: Vec<String>,
}

/// Lets Stripe choose the means of payment.
#[derive(Debug, Clone, Serialize)]
pub struct AutomaticMethods {
    /// Whether it does.
    pub enabled: bool,
    /// `always` or `never`: whether one may lead the customer elsewhere.
    pub allow_redirects: Option<&'static str>,
}

/// Where goods go.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shipping {
    /// To whom.
    pub name: String,
    /// Where.
    pub address: Address,
}

/// An address.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Address {
    /// Street and number.
    pub line1: Option<String>,
    /// More of it.
    pub line2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or county.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country, two letters.
    pub country: Option<String>,
}

/// Sets up a payment.
pub fn create_intent(key: &str, new: &NewIntent) -> Call {
    post("/v1/payment_intents".into(), key, new)
}

/// How a payment is confirmed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Confirm {
    /// The means of payment.
    pub payment_method: Option<String>,
    /// Where the customer comes back to.
    pub return_url: Option<String>,
    /// Whether the customer is away.
    pub off_session: Option<bool>,
}

/// Tries a payment.
pub fn confirm_intent(key: &str, id: &str, confirm: &Confirm) -> Call {
    post(format!("/v1/payment_intents/{}/confirm", segment(id)), key, confirm)
}

/// How much is taken of what was set aside; the rest is let go.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Capture {
    /// How much; all of it when absent.
    pub amount_to_capture: Option<i64>,
    /// Our notes.
    pub metadata: Metadata,
    /// What is told in full.
    pub expand: Vec<String>,
}

/// Takes what was set aside.
pub fn capture_intent(key: &str, id: &str, capture: &Capture) -> Call {
    post(format!("/v1/payment_intents/{}/capture", segment(id)), key, capture)
}

/// Why a payment is let go.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cancel {
    /// `duplicate`, `fraudulent`, `requested_by_customer` or `abandoned`.
    pub cancellation_reason: Option<&'static str>,
}

/// Lets a payment go.
pub fn cancel_intent(key: &str, id: &str, cancel: &Cancel) -> Call {
    post(format!("/v1/payment_intents/{}/cancel", segment(id)), key, cancel)
}

/// Looks at a payment.
pub fn get_intent(id: &str, expand: &Expand) -> Call {
    get(format!("/v1/payment_intents/{}", segment(id)), expand)
}

/// Which payments.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListIntents {
    /// Whose.
    pub customer: Option<String>,
    /// Which page.
    #[serde(flatten)]
    pub listing: Listing,
}

/// Looks through payments, newest first; sees what was made a moment ago.
pub fn list_intents(which: &ListIntents) -> Call {
    get("/v1/payment_intents".into(), which)
}

/// A search, in Stripe's query language.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Search {
    /// Such as `metadata['order_id']:'1001'`.
    pub query: String,
    /// How many, 1 to 100.
    pub limit: Option<u32>,
    /// The page, as the one before named it.
    pub page: Option<String>,
}

/// Searches payments. It lags behind by up to a minute, so what is not found may be there.
pub fn search_intents(search: &Search) -> Call {
    get("/v1/payment_intents/search".into(), search)
}
