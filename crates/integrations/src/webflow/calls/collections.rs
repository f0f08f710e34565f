use serde::Serialize;

use super::{step, with};
use crate::http::Call;

/// Looks at the collections of a site.
pub fn list_collections(site: &str) -> Call {
    Call::get(format!("/sites/{}/collections", step(site)))
}

/// Looks at a collection, with its fields.
pub fn get_collection(collection: &str) -> Call {
    Call::get(format!("/collections/{}", step(collection)))
}

/// A field of a collection. Webflow makes the name under which items hold it out of the one that is shown: in small letters,
/// with `-` for spaces.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewField {
    /// `PlainText`, `Number`, `Link` …
    pub r#type: &'static str,
    /// How it is called.
    pub display_name: String,
    /// What it is for, for whoever edits it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_text: Option<String>,
    /// Whether an item must have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_required: Option<bool>,
}

/// A collection. It has fields for a name and a part of an address by itself.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCollection {
    /// How it is called.
    pub display_name: String,
    /// How one of its items is called.
    pub singular_name: String,
    /// Its part of an address; made out of its name when `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Its further fields.
    pub fields: Vec<NewField>,
}

/// Makes a collection.
pub fn create_collection(site: &str, new: &NewCollection) -> Call {
    with(Call::post(format!("/sites/{}/collections", step(site))), new)
}

/// Gives a collection one more field.
pub fn create_field(collection: &str, new: &NewField) -> Call {
    with(Call::post(format!("/collections/{}/fields", step(collection))), new)
}
