use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Page, step, with, with_query};
use crate::http::{Call, Repeat};

/// What an item holds: `name`, `slug`, and what its collection has besides.
pub type Fields = Map<String, Value>;

/// Which items.
#[derive(Debug, Clone, Default)]
pub struct ListItems {
    /// Which page.
    pub page: Page,
    /// With this name.
    pub name: Option<String>,
    /// With this part of an address.
    pub slug: Option<String>,
    /// In the order in which they were made, so that pages do not change with what is edited.
    pub as_made: bool,
}

impl ListItems {
    fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = Vec::from(self.page.query());
        query.extend(self.name.iter().map(|name| ("name", name.clone())));
        query.extend(self.slug.iter().map(|slug| ("slug", slug.clone())));
        if self.as_made {
            query.extend([("sortBy", "createdOn".to_owned()), ("sortOrder", "asc".to_owned())]);
        }
        query
    }
}

/// What an item of a collection shall be.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemChange {
    /// Webflow's name for it.
    pub id: String,
    /// Whether it waits to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_draft: Option<bool>,
    /// Whether it is put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// What it shall hold; what is not named stays.
    pub field_data: Fields,
}

/// What a new item of a collection is.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewItem {
    /// Whether it waits to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_draft: Option<bool>,
    /// Whether it is put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// What it holds.
    pub field_data: Fields,
}

/// Items that are alike in all but what they hold, up to a hundred of them.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewItems {
    /// Whether they wait to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_draft: Option<bool>,
    /// Whether they are put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// What each of them holds.
    pub field_data: Vec<Fields>,
}

fn path(collection: &str, rest: &str) -> String {
    format!("/collections/{}/items{rest}", step(collection))
}

/// Looks through the items of a collection.
pub fn list_items(collection: &str, which: &ListItems) -> Call {
    Call::get(with_query(&path(collection, ""), which.query()))
}

/// Looks through the items of a collection as visitors see them.
pub fn list_live_items(collection: &str, which: &ListItems) -> Call {
    Call::get(with_query(&path(collection, "/live"), which.query()))
}

/// Makes up to a hundred items in the first language of a site.
pub fn create_items(collection: &str, new: &[NewItem]) -> Call {
    with(Call::post(path(collection, "")), &json!({ "items": new }))
}

/// Makes items that are alike in all but what they hold; where a site has several languages, in the first.
pub fn create_items_in_bulk(collection: &str, new: &NewItems) -> Call {
    with(Call::post(path(collection, "/bulk")), new)
}

/// Makes up to a hundred items and shows them at once.
pub fn create_live_items(collection: &str, new: &[NewItem]) -> Call {
    with(Call::post(path(collection, "/live")), &json!({ "items": new }))
}

/// Changes up to a hundred items.
pub fn update_items(collection: &str, items: &[ItemChange]) -> Call {
    with(Call::patch(path(collection, "")), &json!({ "items": items }))
}

/// Changes up to a hundred items and shows them at once.
pub fn update_live_items(collection: &str, items: &[ItemChange]) -> Call {
    with(Call::patch(path(collection, "/live")), &json!({ "items": items }))
}

fn named(ids: &[String]) -> Value {
    let items: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    json!({ "items": items })
}

/// Throws up to a hundred items away.
pub fn delete_items(collection: &str, ids: &[String]) -> Call {
    with(Call::delete(path(collection, "")), &named(ids))
}

/// Takes up to a hundred items out of sight; they stay as drafts.
pub fn unpublish_items(collection: &str, ids: &[String]) -> Call {
    with(Call::delete(path(collection, "/live")), &named(ids))
}

/// Shows up to a hundred items as they stand; done twice, it comes to the same.
pub fn publish_items(collection: &str, ids: &[String]) -> Call {
    with(Call::post(path(collection, "/publish")), &json!({ "itemIds": ids })).repeat(Repeat::UnderItsKey)
}
