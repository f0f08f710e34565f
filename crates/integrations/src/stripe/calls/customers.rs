use serde::Serialize;

use super::{Call, Expand, Listing, Metadata, delete, get, post};
use crate::stripe::form::segment;

/// What is known of a customer. An empty text clears a field.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Customer {
    /// Where to write.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// Our notes.
    pub metadata: Metadata,
}

/// Which customers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListCustomers {
    /// Exactly this address.
    pub email: Option<String>,
    /// Which page.
    #[serde(flatten)]
    pub listing: Listing,
}

/// Makes a customer.
pub fn create_customer(key: &str, customer: &Customer) -> Call {
    post("/v1/customers".into(), key, customer)
}

/// Changes a customer.
pub fn update_customer(key: &str, id: &str, customer: &Customer) -> Call {
    post(path(id), key, customer)
}

/// Looks at a customer.
pub fn get_customer(id: &str) -> Call {
    get(path(id), &Expand::default())
}

/// Looks through customers.
pub fn list_customers(which: &ListCustomers) -> Call {
    get("/v1/customers".into(), which)
}

/// Forgets a customer, and ends what is subscribed to.
pub fn delete_customer(id: &str) -> Call {
    delete(path(id), &Expand::default())
}

fn path(id: &str) -> String {
    format!("/v1/customers/{}", segment(id))
}
