//! A site at Framer as a showcase: a collection that we manage, whose items are the things that a shop shows.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use baddie_core::hosting::{Exhibit, HostError, Published, Showcase, SitePublisher};
use serde_json::Value;

use super::calls::{self, NewEntry, NewField, NewItem};
use super::devalue::Data;
use super::session::Session;
use super::{Collection, Framer, Item, wire};
use crate::http::{Cause, Failure};

/// What our names for items begin with: an item of another name is somebody else's.
const MARK: &str = "baddie-";
/// How many items are said at once.
const AT_ONCE: usize = 100;
/// The fields of an item: their names, how they are called, and of which kind they are.
const FIELDS: [(&str, &str, &str); 5] = [
    ("title", "Title", "string"),
    ("description", "Description", "string"),
    ("price", "Price", "string"),
    ("quantity", "Quantity", "number"),
    ("link", "Link", "link"),
];

#[async_trait]
impl SitePublisher for Framer {
    /// The site is made public each time: whether it was after an answer that was lost cannot be asked.
    async fn publish(&self, at: &Showcase, exhibits: &[Exhibit]) -> Result<Published, HostError> {
        self.is_meant(at)?;
        let _turn = self.turn.lock().await;
        let mut session = Session::open(self).await.map_err(told)?;
        let published = show(&mut session, &at.collection, exhibits).await;
        session.end().await;
        published.map_err(told)
    }

    async fn shown(&self, at: &Showcase) -> Result<Vec<String>, HostError> {
        self.is_meant(at)?;
        let _turn = self.turn.lock().await;
        let mut session = Session::open(self).await.map_err(told)?;
        let keys = keys(&mut session, &at.collection).await;
        session.end().await;
        keys.map_err(told)
    }
}

impl Framer {
    /// A key opens one project alone, so a showcase cannot be elsewhere.
    fn is_meant(&self, at: &Showcase) -> Result<(), HostError> {
        match &at.site {
            Some(site) if *site != self.project => Err(HostError::Refused {
                reason: "the key opens another project than the one that is named".into(),
            }),
            _ => Ok(()),
        }
    }
}

/// The collection of this name that we manage.
async fn find(session: &mut Session<'_>, name: &str) -> Result<Option<Collection>, Failure> {
    let all: Vec<Collection> = session.call(&calls::collections()).await?;
    let ours = |collection: &Collection| {
        collection.name == name && collection.managed_by.as_deref().is_none_or(|by| by == "thisPlugin")
    };
    Ok(all.into_iter().find(ours))
}

async fn keys(session: &mut Session<'_>, name: &str) -> Result<Vec<String>, Failure> {
    let Some(collection) = find(session, name).await? else { return Ok(Vec::new()) };
    let ids: Vec<String> = session.call(&calls::item_ids(&collection.id)).await?;
    let keys: BTreeSet<_> = ids.iter().filter_map(|id| id.strip_prefix(MARK)).map(str::to_owned).collect();
    Ok(keys.into_iter().collect())
}

async fn show(session: &mut Session<'_>, name: &str, exhibits: &[Exhibit]) -> Result<Published, Failure> {
    let collection = match find(session, name).await? {
        Some(collection) => collection,
        None => session.call(&calls::create_collection(name)).await?,
    };
    let fields =
        FIELDS.map(|(id, name, kind)| NewField { id: id.into(), name: name.into(), kind: kind.into() });
    session.call::<Value>(&calls::set_fields(&collection.id, &fields)).await?;
    let there: Vec<Item> = session.call(&calls::items(&collection.id)).await?;
    let plan = Plan::new(there, exhibits);
    // What is gone goes first, so that what is new may have its part of an address.
    for gone in plan.gone.chunks(AT_ONCE) {
        session.call::<Value>(&calls::remove_items(&collection.id, gone)).await?;
    }
    for items in plan.items.chunks(AT_ONCE) {
        session.call::<Value>(&calls::add_items(&collection.id, items)).await?;
    }
    let published: wire::Published = session.call(&calls::publish()).await?;
    let named = |own: bool| {
        let hosts = published.hostnames.iter().filter(|host| (host.r#type == "custom") == own);
        hosts.map(|host| host.hostname.clone()).collect::<Vec<_>>()
    };
    let own = named(true);
    if !own.is_empty() {
        session.call::<Value>(&calls::deploy(&published.deployment.id, &own)).await?;
    }
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    Ok(Published {
        added: count(plan.added),
        changed: count(plan.items.len() - plan.added),
        removed: count(plan.gone.len()),
        hostnames: [own, named(false)].concat(),
    })
}

/// What is to be done so that a collection holds just what it shall.
struct Plan {
    gone: Vec<String>,
    /// What is new and what changed.
    items: Vec<NewItem>,
    /// How much of it is new.
    added: usize,
}

impl Plan {
    fn new(there: Vec<Item>, exhibits: &[Exhibit]) -> Self {
        let mut wanted: BTreeMap<String, &Exhibit> =
            exhibits.iter().map(|exhibit| (format!("{MARK}{}", exhibit.key), exhibit)).collect();
        let mut plan = Self { gone: Vec::new(), items: Vec::new(), added: 0 };
        for item in there {
            let Some(id) = item.external_id.clone().filter(|id| id.starts_with(MARK)) else { continue };
            match wanted.remove(&id) {
                None => plan.gone.push(id),
                Some(exhibit) if holds(&item, exhibit) => {}
                Some(exhibit) => plan.items.push(item_of(id, exhibit)),
            }
        }
        plan.added = wanted.len();
        plan.items.extend(wanted.into_iter().map(|(id, exhibit)| item_of(id, exhibit)));
        plan
    }
}

fn item_of(id: String, exhibit: &Exhibit) -> NewItem {
    let Exhibit { slug, title, description, price, qty, url, .. } = exhibit;
    let values = [
        title.as_str().into(),
        description.as_str().into(),
        price.to_string().as_str().into(),
        (*qty).into(),
        url.as_deref().map_or(Data::Null, Data::from),
    ];
    let entry = |((field, _, kind), value): ((&str, &str, &str), Data)| NewEntry {
        field: field.into(),
        kind: kind.into(),
        value,
    };
    let entries = FIELDS.into_iter().zip(values).map(entry).collect();
    NewItem { id, slug: slug.clone(), draft: Some(false), entries }
}

/// Whether an item is what it shall be. What is empty may be left out.
fn holds(item: &Item, exhibit: &Exhibit) -> bool {
    let wanted = item_of(String::new(), exhibit);
    let same = |entry: &NewEntry| {
        let there = item.field_data.get(&entry.field).map_or(&Value::Null, |entry| &entry.value);
        match &entry.value {
            Data::Text(text) => there.as_str().unwrap_or_default() == text,
            Data::Number(number) => {
                // JavaScript knows no whole numbers: some write 5.0.
                let digits = there.to_string();
                digits.strip_suffix(".0").unwrap_or(&digits) == number.to_string()
            }
            _ => there.is_null() || there.as_str() == Some(""),
        }
    };
    item.slug == wanted.slug && item.draft != Some(true) && wanted.entries.iter().all(same)
}

/// A failure in the engine's words.
fn told(failure: Failure) -> HostError {
    let reason = failure.to_string();
    match failure.cause {
        _ if failure.may_have_happened => HostError::Unknown { reason },
        Cause::RateLimited { retry_after } => {
            HostError::RateLimited { wait: retry_after.unwrap_or(super::READY) }
        }
        Cause::NotFound => HostError::NotThere { reason },
        Cause::Unavailable | Cause::Timeout | Cause::Protocol => HostError::Unavailable { reason },
        Cause::Auth
        | Cause::Permission
        | Cause::Validation { .. }
        | Cause::Conflict
        | Cause::Declined { .. } => HostError::Refused { reason },
    }
}
