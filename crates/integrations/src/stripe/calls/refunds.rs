use serde::Serialize;

use super::{Call, Expand, Listing, Metadata, get, post};
use crate::stripe::form::segment;

/// Money to go back. `POST /v1/refunds`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewRefund {
    /// Of which payment …
    pub payment_intent: Option<String>,
    /// … or of which charge.
    pub charge: Option<String>,
    /// How much; all of it when absent.
    pub amount: Option<i64>,
    /// `duplicate`, `fraudulent` or `requested_by_customer`.
    pub reason: Option<&'static str>,
    /// Our notes.
    pub metadata: Metadata,
}

/// Gives money back.
pub fn create_refund(key: &str, new: &NewRefund) -> Call {
    post("/v1/refunds".into(), key, new)
}

/// Takes a refund back that waits for the customer.
pub fn cancel_refund(key: &str, id: &str) -> Call {
    post(format!("/v1/refunds/{}/cancel", segment(id)), key, &Expand::default())
}

/// Looks at a refund.
pub fn get_refund(id: &str) -> Call {
    get(format!("/v1/refunds/{}", segment(id)), &Expand::default())
}

/// Which refunds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListRefunds {
    /// Of which payment.
    pub payment_intent: Option<String>,
    /// Of which charge.
    pub charge: Option<String>,
    /// Which page.
    #[serde(flatten)]
    pub listing: Listing,
}

/// Looks through refunds, newest first.
pub fn list_refunds(which: &ListRefunds) -> Call {
    get("/v1/refunds".into(), which)
}
