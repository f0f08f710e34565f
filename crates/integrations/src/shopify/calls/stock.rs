use serde::Serialize;
use serde_json::json;

use super::{Ask, document};

/// How many there shall be of a thing at a place.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quantity {
    /// The thing.
    pub inventory_item_id: String,
    /// The place.
    pub location_id: String,
    /// How many.
    pub quantity: i64,
    /// How many there must have been until now; whatever there was, when `None`. Always sent: Shopify asks for the very word
    /// `null`.
    pub change_from_quantity: Option<i64>,
}

/// How many more or fewer there are of a thing at a place.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The thing.
    pub inventory_item_id: String,
    /// The place.
    pub location_id: String,
    /// How many more, or fewer.
    pub delta: i64,
    /// How many there must have been until now, as in [`Quantity`].
    pub change_from_quantity: Option<i64>,
}

/// Says how many of things there are to sell, under a key by which it is done once. `document` tells a reader of the shop's
/// history where it came from.
pub fn set_quantities(key: &str, document: &str, quantities: &[Quantity]) -> Ask {
    Ask::set(document!("inventory_set_quantities")).with("key", key).with(
        "input",
        json!({
            "name": "available",
            "reason": "correction",
            "referenceDocumentUri": document,
            "quantities": quantities,
        }),
    )
}

/// Says how many more or fewer of things there are to sell, under a key by which it is done once.
pub fn adjust(key: &str, document: &str, changes: &[Change]) -> Ask {
    Ask::set(document!("inventory_adjust_quantities")).with("key", key).with(
        "input",
        json!({
            "name": "available",
            "reason": "correction",
            "referenceDocumentUri": document,
            "changes": changes,
        }),
    )
}

/// Has a thing counted at a place.
pub fn activate(key: &str, item: &str, location: &str, available: Option<i64>) -> Ask {
    Ask::set(document!("inventory_activate"))
        .with("key", key)
        .with("inventoryItemId", item)
        .with("locationId", location)
        .with("available", available)
}

/// Looks at how many of a thing there are at a place.
pub fn inventory_item(item: &str, location: &str) -> Ask {
    Ask::look(document!("inventory_item")).with("id", item).with("location", location)
}
