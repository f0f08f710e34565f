use serde::Serialize;

use super::{Ask, Document, document};
use crate::shopify::Ground;

/// All products with their variants: what a shop is taken over with.
pub const PRODUCTS: Document = document!("bulk_products");

/// A file that is to be sent to Shopify.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadInput {
    /// `BULK_MUTATION_VARIABLES`, `IMAGE` …
    pub resource: &'static str,
    /// Its name.
    pub filename: String,
    /// Its media type.
    pub mime_type: &'static str,
    /// `POST` or `PUT`.
    pub http_method: &'static str,
}

/// Asks where files may be sent to.
pub fn upload(files: &[UploadInput]) -> Ask {
    Ask::set(document!("staged_uploads_create")).with("input", files)
}

/// Has a question answered whole, in a file, while we do something else. A shop has few of them at once: who was not answered
/// is told so the second time.
pub fn run_query(query: &str, grouped: bool) -> Ask {
    Ask::once(document!("bulk_operation_run_query")).with("query", query).with("groupObjects", grouped)
}

/// What a shop is taken over with, asked of its own places: such a question is filled with nothing when it is sent.
pub fn products_at(ground: &Ground) -> String {
    let name = |place: &str| serde_json::Value::from(place).to_string();
    PRODUCTS
        .text
        .replace(r#""gid://shopify/Location/0""#, &name(&ground.location))
        .replace(r#""gid://shopify/Publication/0""#, &name(&ground.publication))
}

/// Has a change made with each line of a file that was sent before.
pub fn run_mutation(mutation: Document, path: &str) -> Ask {
    Ask::once(document!("bulk_operation_run_mutation"))
        .with("mutation", mutation.text)
        .with("stagedUploadPath", path)
}

/// Looks at how far it is.
pub fn bulk_operation(id: &str) -> Ask {
    Ask::look(document!("bulk_operation")).with("id", id)
}
