use serde::Serialize;

use super::{Call, Expand, Listing, Metadata, TrialSettings, delete, get, post};
use crate::stripe::form::segment;

/// A subscription. `POST /v1/subscriptions`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewSubscription {
    /// Whose.
    pub customer: String,
    /// To what.
    pub items: Vec<SubscriptionItem>,
    /// Days before the first payment …
    pub trial_period_days: Option<u32>,
    /// … or when they end, in seconds since 1970.
    pub trial_end: Option<i64>,
    /// What happens at their end.
    pub trial_settings: Option<TrialSettings>,
    /// `default_incomplete`: it begins when the first invoice is paid.
    pub payment_behavior: Option<&'static str>,
    /// How it is paid.
    pub payment_settings: Option<PaymentSettings>,
    /// Our notes.
    pub metadata: Metadata,
    /// What is told in full.
    pub expand: Vec<String>,
}

/// A line of a subscription.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SubscriptionItem {
    /// Stripe's name for the line, when it is there already.
    pub id: Option<String>,
    /// The price.
    pub price: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
}

/// How a subscription is paid.
#[derive(Debug, Clone, Serialize)]
pub struct PaymentSettings {
    /// `on_subscription` or `off`: whether the means of payment is kept for the next time.
    pub save_default_payment_method: &'static str,
}

/// A change of a subscription.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UpdateSubscription {
    /// The lines that change.
    pub items: Vec<SubscriptionItem>,
    /// `create_prorations`, `always_invoice` or `none`.
    pub proration_behavior: Option<&'static str>,
    /// Whether it ends with the period.
    pub cancel_at_period_end: Option<bool>,
    /// Our notes.
    pub metadata: Metadata,
}

/// How a subscription ends at once.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CancelSubscription {
    /// Whether what is open is invoiced.
    pub invoice_now: Option<bool>,
    /// Whether what was paid for and not had is credited.
    pub prorate: Option<bool>,
}

/// How a subscription goes on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResumeSubscription {
    /// From when its periods count.
    pub billing_cycle_anchor: Option<Anchor>,
}

/// From when periods count.
#[derive(Debug, Clone, Serialize)]
pub struct Anchor {
    /// `now` or `unchanged`.
    pub r#type: &'static str,
}

/// Makes a subscription.
pub fn create_subscription(key: &str, new: &NewSubscription) -> Call {
    post("/v1/subscriptions".into(), key, new)
}

/// Changes a subscription.
pub fn update_subscription(key: &str, id: &str, update: &UpdateSubscription) -> Call {
    post(subscription(id), key, update)
}

/// Looks at a subscription. Its period stands with its lines: `items.data[].current_period_end`.
pub fn get_subscription(id: &str, expand: &Expand) -> Call {
    get(subscription(id), expand)
}

/// Ends a subscription at once.
pub fn cancel_subscription(id: &str, cancel: &CancelSubscription) -> Call {
    delete(subscription(id), cancel)
}

/// Lets a subscription rest.
pub fn pause_subscription(key: &str, id: &str) -> Call {
    post(format!("{}/pause", subscription(id)), key, &Expand::default())
}

/// Lets a subscription go on.
pub fn resume_subscription(key: &str, id: &str, resume: &ResumeSubscription) -> Call {
    post(format!("{}/resume", subscription(id)), key, resume)
}

fn subscription(id: &str) -> String {
    format!("/v1/subscriptions/{}", segment(id))
}

/// What a change of a subscription would cost.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Preview {
    /// Whose.
    pub customer: Option<String>,
    /// Which.
    pub subscription: Option<String>,
    /// What would change.
    pub subscription_details: Option<PreviewDetails>,
}

/// What would change.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PreviewDetails {
    /// The lines.
    pub items: Vec<SubscriptionItem>,
}

/// Makes the invoice that a change would bring, without the change.
pub fn preview_invoice(key: &str, preview: &Preview) -> Call {
    post("/v1/invoices/create_preview".into(), key, preview)
}

/// Looks at an invoice.
pub fn get_invoice(id: &str, expand: &Expand) -> Call {
    get(format!("/v1/invoices/{}", segment(id)), expand)
}

/// Tries to have an invoice paid.
pub fn pay_invoice(key: &str, id: &str) -> Call {
    post(format!("/v1/invoices/{}/pay", segment(id)), key, &Expand::default())
}

/// Declares an invoice void.
pub fn void_invoice(key: &str, id: &str) -> Call {
    post(format!("/v1/invoices/{}/void", segment(id)), key, &Expand::default())
}

/// Which payments of invoices.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListInvoicePayments {
    /// Of which invoice.
    pub invoice: Option<String>,
    /// Which page.
    #[serde(flatten)]
    pub listing: Listing,
}

/// Looks through the payments of invoices.
pub fn list_invoice_payments(which: &ListInvoicePayments) -> Call {
    get("/v1/invoice_payments".into(), which)
}

/// What customers may do on the page where they manage their subscriptions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewPortal {
    /// What the page says of the shop.
    pub business_profile: Option<Profile>,
    /// What it offers.
    pub features: Features,
}

/// What a page says of the shop.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Profile {
    /// Its headline.
    pub headline: Option<String>,
}

/// What a page offers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Features {
    /// Old invoices.
    pub invoice_history: Option<Feature>,
    /// Another means of payment.
    pub payment_method_update: Option<Feature>,
    /// The end of a subscription.
    pub subscription_cancel: Option<CancelFeature>,
}

/// Something a page offers.
#[derive(Debug, Clone, Serialize)]
pub struct Feature {
    /// Whether it does.
    pub enabled: bool,
}

/// How a page lets customers end a subscription.
#[derive(Debug, Clone, Serialize)]
pub struct CancelFeature {
    /// Whether it does.
    pub enabled: bool,
    /// `immediately` or `at_period_end`.
    pub mode: Option<&'static str>,
}

/// Says what the page for customers offers.
pub fn create_portal(key: &str, new: &NewPortal) -> Call {
    post("/v1/billing_portal/configurations".into(), key, new)
}

/// A customer's visit to that page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewVisit {
    /// Who.
    pub customer: String,
    /// Where the customer comes back to.
    pub return_url: Option<String>,
    /// Which page.
    pub configuration: Option<String>,
}

/// Opens the page for a customer; the answer's `url` is where to send them.
pub fn create_visit(key: &str, new: &NewVisit) -> Call {
    post("/v1/billing_portal/sessions".into(), key, new)
}
