//! A site at Webflow as a showcase: a collection whose items are the things that a shop shows.
//!
//! Each item carries the shop's name for its thing in a field of its own. An item without one is somebody else's.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use baddie_core::hosting::{Exhibit, HostError, Published, Showcase, SitePublisher};
use serde_json::Value;

use super::calls::{
    self, Fields, ItemChange, ListItems, NewCollection, NewField, NewItems, PAGE, Page, PublishSite,
};
use super::wire::{ItemsPublished, whole_of};
use super::{Collection, Item, Items, MINUTE, Site, Webflow};
use crate::http::{Cause, Failure};

/// The fields that items carry beside their name and their part of an address: under which name, of which kind, how they
/// are called there, and what for.
const FIELDS: [(&str, &str, &str, &str); 5] = [
    (KEY, "PlainText", "Baddie key", "The shop's name for it. An item without one is left alone."),
    ("description", "PlainText", "Description", "More of it."),
    ("price", "PlainText", "Price", "What it costs, with its currency."),
    ("quantity", "Number", "Quantity", "How many there are."),
    ("link", "Link", "Link", "Where it can be bought."),
];
const KEY: &str = "baddie-key";

#[async_trait]
impl SitePublisher for Webflow {
    /// What is gone goes first, so that what is new may have its part of an address. Then all is read again: what is there by
    /// then, and is not seen as it stands, is shown. So whatever was answered, a repetition finds what is missing.
    async fn publish(&self, at: &Showcase, exhibits: &[Exhibit]) -> Result<Published, HostError> {
        let site = self.site(at.site.as_deref()).await.map_err(told)?;
        let collection = match self.collection(&site, &at.collection).await.map_err(told)? {
            Some(collection) => collection,
            None => self.make_collection(&site, &at.collection).await.map_err(told)?,
        };
        self.complete(&collection).await?;
        let plan = Plan::new(self.ours(&collection.id).await.map_err(told)?, exhibits);
        let (added, changed, removed) = (plan.new.len(), plan.changes.len(), plan.gone.len());
        self.carry_out(&collection.id, plan).await.map_err(told)?;
        let mut there = self.ours(&collection.id).await.map_err(told)?;
        if there.iter().any(|item| !is_seen(item)) {
            self.show_items(&collection.id, &there).await?;
            there = self.ours(&collection.id).await.map_err(told)?;
        }
        let hostnames =
            self.show_site(&site, &collection, &there, added + changed + removed > 0).await.map_err(told)?;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        Ok(Published { added: count(added), changed: count(changed), removed: count(removed), hostnames })
    }

    async fn shown(&self, at: &Showcase) -> Result<Vec<String>, HostError> {
        let site = self.site(at.site.as_deref()).await.map_err(told)?;
        let Some(collection) = self.collection(&site, &at.collection).await.map_err(told)? else {
            return Ok(Vec::new());
        };
        let items = self.ours(&collection.id).await.map_err(told)?;
        let keys: BTreeSet<_> = items.iter().filter_map(key_of).map(str::to_owned).collect();
        Ok(keys.into_iter().collect())
    }
}

impl Webflow {
    /// The collection of this name, with its fields.
    async fn collection(&self, site: &Site, name: &str) -> Result<Option<Collection>, Failure> {
        let named = |collection: &Collection| collection.display_name.as_deref() == Some(name);
        let Some(found) = self.collections(&site.id).await?.into_iter().find(named) else { return Ok(None) };
        self.send(&calls::get_collection(&found.id)).await.map(Some)
    }

    async fn make_collection(&self, site: &Site, name: &str) -> Result<Collection, Failure> {
        let new = NewCollection {
            display_name: name.to_owned(),
            singular_name: name.to_owned(),
            slug: None,
            fields: FIELDS.iter().map(field).collect(),
        };
        self.send(&calls::create_collection(&site.id, &new)).await
    }

    /// Gives a collection the fields that it lacks. One that is there and of another kind is somebody's, and stays.
    async fn complete(&self, collection: &Collection) -> Result<(), HostError> {
        for wanted in &FIELDS {
            let (slug, kind, ..) = wanted;
            match collection.fields.iter().find(|known| known.slug.as_deref() == Some(*slug)) {
                Some(known) if known.r#type != *kind => {
                    let reason = format!(
                        "the field {slug:?} of the collection is of the kind {}, not {kind}: choose another collection",
                        known.r#type
                    );
                    return Err(HostError::Refused { reason });
                }
                Some(_) => {}
                None => {
                    self.tell(&calls::create_field(&collection.id, &field(wanted))).await.map_err(told)?;
                }
            }
        }
        Ok(())
    }

    /// The items that carry a key.
    async fn ours(&self, collection: &str) -> Result<Vec<Item>, Failure> {
        let mut which = ListItems { page: Page::after(0), as_made: true, ..ListItems::default() };
        let mut ours = Vec::new();
        loop {
            let page: Items = self.send(&calls::list_items(collection, &which)).await?;
            let count = u32::try_from(page.items.len()).unwrap_or(u32::MAX);
            ours.extend(page.items.into_iter().filter(|item| key_of(item).is_some()));
            which.page.offset = which.page.offset.saturating_add(count);
            let end = u64::from(which.page.offset);
            if count == 0 || page.pagination.total.is_none_or(|total| end >= total) {
                return Ok(ours);
            }
        }
    }

    async fn carry_out(&self, collection: &str, plan: Plan) -> Result<(), Failure> {
        for gone in plan.gone.chunks(PAGE as usize) {
            for call in [calls::unpublish_items(collection, gone), calls::delete_items(collection, gone)] {
                match self.tell(&call).await {
                    // Not seen by anybody, or gone already.
                    Err(Failure { cause: Cause::NotFound, .. }) => {}
                    done => done?,
                }
            }
        }
        for changes in plan.changes.chunks(PAGE as usize) {
            self.tell(&calls::update_items(collection, changes)).await?;
        }
        for new in plan.new.chunks(PAGE as usize) {
            let new = NewItems { is_draft: Some(false), is_archived: Some(false), field_data: new.to_vec() };
            self.tell(&calls::create_items_in_bulk(collection, &new)).await?;
        }
        Ok(())
    }

    async fn show_items(&self, collection: &str, items: &[Item]) -> Result<(), HostError> {
        let unseen: Vec<_> = items.iter().filter(|item| !is_seen(item)).map(|item| item.id.clone()).collect();
        for ids in unseen.chunks(PAGE as usize) {
            let published: ItemsPublished =
                self.send(&calls::publish_items(collection, ids)).await.map_err(told)?;
            if let Some(error) = published.errors.first() {
                let reason =
                    format!("{} things are not shown, the first because: {error}", published.errors.len());
                return Err(HostError::Refused {
                    reason: Failure::new(super::KIND, Cause::Protocol, reason).message,
                });
            }
        }
        Ok(())
    }

    /// Makes the site public where that is due, and says where it is seen. It is due when something was changed just now; and
    /// after an answer that was lost, when the site was last made public before what it shall show.
    async fn show_site(
        &self,
        site: &Site,
        collection: &Collection,
        items: &[Item],
        changed: bool,
    ) -> Result<Vec<String>, Failure> {
        let (ids, hostnames) = self.hosts(site).await?;
        let latest = items.iter().filter_map(|item| item.last_updated).chain(collection.last_updated).max();
        if changed || site.last_published < latest {
            let publish = PublishSite { custom_domains: Some(ids), publish_to_webflow_subdomain: Some(true) };
            self.tell(&calls::publish_site(&site.id, &publish)).await?;
        }
        Ok(hostnames)
    }
}

/// What is to be done so that a collection holds just what it shall.
struct Plan {
    gone: Vec<String>,
    changes: Vec<ItemChange>,
    new: Vec<Fields>,
}

impl Plan {
    fn new(there: Vec<Item>, exhibits: &[Exhibit]) -> Self {
        let mut wanted: BTreeMap<&str, &Exhibit> =
            exhibits.iter().map(|exhibit| (exhibit.key.as_str(), exhibit)).collect();
        let mut plan = Self { gone: Vec::new(), changes: Vec::new(), new: Vec::new() };
        for item in there {
            // A second item of one key was made when an answer was lost.
            match key_of(&item).and_then(|key| wanted.remove(key)) {
                None => plan.gone.push(item.id),
                Some(exhibit) if holds(&item, exhibit) => {}
                Some(exhibit) => plan.changes.push(ItemChange {
                    id: item.id,
                    is_draft: Some(false),
                    is_archived: Some(false),
                    field_data: fields_of(exhibit),
                }),
            }
        }
        plan.new = wanted.into_values().map(fields_of).collect();
        plan
    }
}

fn field((_, kind, name, help): &(&str, &'static str, &str, &str)) -> NewField {
    NewField {
        r#type: kind,
        display_name: (*name).to_owned(),
        help_text: Some((*help).to_owned()),
        is_required: Some(false),
    }
}

/// The shop's name for the thing that an item is.
fn key_of(item: &Item) -> Option<&str> {
    item.field_data.get(KEY).and_then(Value::as_str).filter(|key| !key.is_empty())
}

/// What an item of a thing holds.
fn fields_of(exhibit: &Exhibit) -> Fields {
    let Exhibit { key, slug, title, description, price, qty, url } = exhibit;
    Fields::from_iter([
        ("name".to_owned(), title.clone().into()),
        ("slug".to_owned(), slug.clone().into()),
        (KEY.to_owned(), key.clone().into()),
        ("description".to_owned(), description.clone().into()),
        ("price".to_owned(), price.to_string().into()),
        ("quantity".to_owned(), (*qty).into()),
        ("link".to_owned(), url.clone().into()),
    ])
}

/// Whether an item is what it shall be. What is empty may be left out.
fn holds(item: &Item, exhibit: &Exhibit) -> bool {
    let empty = |value: &Value| value.is_null() || value.as_str() == Some("");
    let same = |(name, wanted): (&String, &Value)| {
        let there = item.field_data.get(name).unwrap_or(&Value::Null);
        let number = wanted.is_number() && whole_of(there) == whole_of(wanted);
        there == wanted || number || empty(there) && empty(wanted)
    };
    !item.is_draft && !item.is_archived && fields_of(exhibit).iter().all(same)
}

/// Whether visitors see an item as it stands.
fn is_seen(item: &Item) -> bool {
    item.last_published.is_some() && item.last_published >= item.last_updated
}

/// A failure in the engine's words.
fn told(failure: Failure) -> HostError {
    let reason = failure.to_string();
    match failure.cause {
        _ if failure.may_have_happened => HostError::Unknown { reason },
        Cause::RateLimited { retry_after } => HostError::RateLimited { wait: retry_after.unwrap_or(MINUTE) },
        Cause::NotFound => HostError::NotThere { reason },
        Cause::Unavailable | Cause::Timeout | Cause::Protocol => HostError::Unavailable { reason },
        Cause::Auth
        | Cause::Permission
        | Cause::Validation { .. }
        | Cause::Conflict
        | Cause::Declined { .. } => HostError::Refused { reason },
    }
}
