//! Everything that is asked of Framer, as plain values: a request goes in, a [`Method`] comes out, and nothing is sent. Names are
//! Framer's own. Nothing is done once under a key; but all of it may be done twice, except to make a collection.

use super::devalue::{Data, encode};

/// A call of one of Framer's methods.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// With what.
    pub args: Vec<Data>,
    /// Whether it changes something.
    pub changes: bool,
}

impl Method {
    fn look(name: &'static str, args: impl IntoIterator<Item = Data>) -> Self {
        Self { name, args: args.into_iter().collect(), changes: false }
    }

    fn act(name: &'static str, args: impl IntoIterator<Item = Data>) -> Self {
        Self { changes: true, ..Self::look(name, args) }
    }

    /// The frame that calls it, under a number.
    pub fn frame(&self, id: i64) -> String {
        encode(&Data::Object(vec![
            ("type", "methodInvocation".into()),
            ("methodName", self.name.into()),
            ("id", id.into()),
            ("args", Data::List(self.args.clone())),
        ]))
    }
}

/// The frame of a message that holds nothing but its kind.
fn bare(kind: &str) -> String {
    encode(&Data::Object(vec![("type", kind.into())]))
}

/// Says that we are ready, once Framer is.
pub fn ready() -> String {
    bare("pluginReadySignal")
}

/// Says that we are still there.
pub fn ping() -> String {
    bare("ping")
}

/// Takes leave.
pub fn leave() -> String {
    bare("client-disconnect")
}

/// Looks at the project.
pub fn project() -> Method {
    Method::look("getProjectInfo2", [])
}

/// Looks at where and when it was made public.
pub fn publish_info() -> Method {
    Method::look("getPublishInfo", [])
}

/// Looks at the collections that programs manage.
pub fn collections() -> Method {
    Method::look("getManagedCollections", [])
}

/// Makes a collection that a program manages.
pub fn create_collection(name: &str) -> Method {
    Method::act("createManagedCollection", [name.into()])
}

/// A field of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct NewField {
    /// Its name in items.
    pub id: String,
    /// How it is called.
    pub name: String,
    /// `string`, `number`, `boolean`, `link`, `image`, `formattedText` …
    pub kind: String,
}

/// Gives a collection its fields, all of them.
pub fn set_fields(collection: &str, fields: &[NewField]) -> Method {
    let field = |field: &NewField| {
        Data::Object(vec![
            ("id", field.id.as_str().into()),
            ("name", field.name.as_str().into()),
            ("type", field.kind.as_str().into()),
        ])
    };
    let fields = fields.iter().map(field).collect();
    Method::act("setManagedCollectionFields", [collection.into(), Data::List(fields)])
}

/// What a field of an item holds.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// The field.
    pub field: String,
    /// Its kind.
    pub kind: String,
    /// What.
    pub value: Data,
}

/// An item of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct NewItem {
    /// Our name for it: an item of this name that is there becomes this one.
    pub id: String,
    /// Its part of an address.
    pub slug: String,
    /// Whether it waits to be shown; not said when `None`.
    pub draft: Option<bool>,
    /// What it holds.
    pub entries: Vec<NewEntry>,
}

/// Adds items to a collection, or changes those that are there.
pub fn add_items(collection: &str, items: &[NewItem]) -> Method {
    let entry = |entry: &NewEntry| {
        let held = vec![("type", entry.kind.as_str().into()), ("value", entry.value.clone())];
        (entry.field.clone(), Data::Object(held))
    };
    let item = |item: &NewItem| {
        let mut fields = vec![("id", item.id.as_str().into()), ("slug", item.slug.as_str().into())];
        fields.extend(item.draft.map(|draft| ("draft", draft.into())));
        fields.push(("fieldData", Data::Named(item.entries.iter().map(entry).collect())));
        Data::Object(fields)
    };
    let items = items.iter().map(item).collect();
    Method::act("addManagedCollectionItems2", [collection.into(), Data::List(items)])
}

/// Looks at our names for the items of a collection.
pub fn item_ids(collection: &str) -> Method {
    Method::look("getManagedCollectionItemIds", [collection.into()])
}

/// Looks at the items of a collection, whoever manages it.
pub fn items(collection: &str) -> Method {
    Method::look("getCollectionItems3", [collection.into()])
}

/// Puts the items of a collection in order.
pub fn set_order(collection: &str, ids: &[String]) -> Method {
    Method::act("setManagedCollectionItemOrder", [collection.into(), ids.into()])
}

/// Takes items out of a collection.
pub fn remove_items(collection: &str, ids: &[String]) -> Method {
    Method::act("removeManagedCollectionItems", [collection.into(), ids.into()])
}

/// A way from one address of a site to another.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRedirect {
    /// Where from.
    pub from: String,
    /// Where to.
    pub to: String,
    /// Whether in all languages.
    pub expand_to_all_locales: bool,
}

/// Adds ways from one address to another.
pub fn add_redirects(redirects: &[NewRedirect]) -> Method {
    let redirect = |redirect: &NewRedirect| {
        Data::Object(vec![
            ("from", redirect.from.as_str().into()),
            ("to", redirect.to.as_str().into()),
            ("expandToAllLocales", redirect.expand_to_all_locales.into()),
        ])
    };
    Method::act("addRedirects", [Data::List(redirects.iter().map(redirect).collect())])
}

/// Looks at the ways from one address to another.
pub fn redirects() -> Method {
    Method::look("getRedirects", [])
}

/// Makes the site public as it stands, at the address that Framer gave it.
pub fn publish() -> Method {
    Method::act("publish", [])
}

/// Shows a publication at domains of the site's own.
pub fn deploy(deployment: &str, domains: &[String]) -> Method {
    Method::act("deploy", [deployment.into(), domains.into()])
}
