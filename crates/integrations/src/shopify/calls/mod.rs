//! Requests as the Admin API takes them: a document that lies beside this page, and what it is filled with. Made here, sent
//! elsewhere.

mod bulk;
mod customers;
mod orders;
mod products;
mod shop;
mod stock;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::http::{Call, Repeat};

pub use bulk::{PRODUCTS, UploadInput, bulk_operation, products_at, run_mutation, run_query, upload};
pub use customers::{CustomerInput, customers, find_customer, set_customer};
pub use orders::{
    Cancelling, CaptureInput, FulfillmentInput, Goods, GoodsLine, RefundInput, RefundLine, Refunding,
    Tracking, cancel_fulfillment, cancel_order, capture, fulfill, fulfillment, fulfillment_orders,
    fulfillments, job, order, order_lines, order_money, orders, refund, track,
};
pub use products::{
    CustomId, FileInput, InventoryItemInput, MetafieldInput, OptionInput, OptionValue, OptionValueName,
    ProductInput, QuantityInput, VariantInput, Which, add_files, add_variants, change_files, change_variants,
    define_key, find_product, find_variant, product_operation, products, publish, remove_variants,
    set_product, update_product,
};
pub use shop::{access, hooks, listen, locations, publications, shop, unlisten};
pub use stock::{Change, Quantity, activate, adjust, inventory_item, set_quantities};

/// Where all of it is asked for.
const PATH: &str = concat!("/admin/api/", "2026-10", "/graphql.json");

/// A document, by the name of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The document of this file.
macro_rules! document {
    ($name:literal) => {
        $crate::shopify::calls::Document {
            name: $name,
            text: include_str!(concat!("documents/", $name, ".graphql")),
        }
    };
}
use document;

/// A document and what it is filled with.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The document.
    pub document: Document,
    /// What its variables stand for.
    pub variables: Map<String, Value>,
    /// What may be done when the answer is lost.
    pub repeat: Repeat,
}

impl Ask {
    /// Looks at something.
    fn look(document: Document) -> Self {
        Self { document, variables: Map::new(), repeat: Repeat::Freely }
    }

    /// Changes something, and done twice it comes to the same: what is set is the whole state, or there is a key.
    fn set(document: Document) -> Self {
        Self { repeat: Repeat::UnderItsKey, ..Self::look(document) }
    }

    /// Changes something that would be changed again if it were sent again.
    fn once(document: Document) -> Self {
        Self { repeat: Repeat::Never, ..Self::look(document) }
    }

    fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("what is asked for is plain data with texts for keys");
        self.variables.insert(name.to_owned(), value);
        self
    }

    /// The request.
    pub fn call(&self) -> Call {
        let body = json!({ "query": self.document.text, "variables": self.variables }).to_string();
        Call::post(PATH).repeat(self.repeat).body("application/json", body)
    }
}
