use serde::Serialize;
use serde_json::json;

use super::{Ask, document};

/// A customer. What is `None` stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerInput {
    /// Their address for mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Telephone, with the country's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// A note about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Makes a customer, or makes the one with this address for mail equal to this.
pub fn set_customer(email: &str, customer: &CustomerInput) -> Ask {
    Ask::set(document!("customer_set")).with("identifier", json!({ "email": email })).with("input", customer)
}

/// Lists customers; `query` as Shopify's search has it.
pub fn customers(after: Option<&str>, query: Option<&str>) -> Ask {
    Ask::look(document!("customers")).with("after", after).with("query", query)
}

/// Looks for the customer with this address for mail.
pub fn find_customer(email: &str) -> Ask {
    Ask::look(document!("customer_by_identifier")).with("identifier", json!({ "emailAddress": email }))
}
