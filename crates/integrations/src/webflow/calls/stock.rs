use serde_json::json;

use super::{step, with};
use crate::http::{Call, Repeat};

fn path(skus: &str, sku: &str) -> String {
    format!("/collections/{}/items/{}/inventory", step(skus), step(sku))
}

/// Looks at how many there are of a SKU; `skus` is the collection that holds the SKUs of the site.
pub fn get_inventory(skus: &str, sku: &str) -> Call {
    Call::get(path(skus, sku))
}

/// Says how many there are of a SKU, whatever there were. It is not repeated by itself: what was sold in between would be on
/// offer again.
pub fn set_inventory(skus: &str, sku: &str, quantity: i64) -> Call {
    let body = json!({"inventoryType": "finite", "quantity": quantity});
    with(Call::patch(path(skus, sku)), &body).repeat(Repeat::Never)
}

/// Says how many more or fewer there are of a SKU. Done twice, it counts twice.
pub fn adjust_inventory(skus: &str, sku: &str, by: i64) -> Call {
    let body = json!({"inventoryType": "finite", "updateQuantity": by});
    with(Call::patch(path(skus, sku)), &body).repeat(Repeat::Never)
}
