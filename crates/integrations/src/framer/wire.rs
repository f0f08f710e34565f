//! Framer's objects, as far as we read them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Project {
    /// Framer's name for it.
    pub id: String,
    /// How it is called.
    #[serde(default)]
    pub name: Option<String>,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection {
    /// Framer's name for it.
    pub id: String,
    /// How it is called.
    pub name: String,
    /// `thisPlugin`, `anotherPlugin`, `user`, or a word that is new.
    #[serde(default)]
    pub managed_by: Option<String>,
}

/// An item of a collection.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Its manager's name for it.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Its part of an address.
    #[serde(default)]
    pub slug: String,
    /// Whether it waits to be shown.
    #[serde(default)]
    pub draft: Option<bool>,
    /// What it holds, by field.
    #[serde(default)]
    pub field_data: BTreeMap<String, Entry>,
}

/// What a field of an item holds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Entry {
    /// What.
    #[serde(default)]
    pub value: Value,
}

/// Where a site was made public.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PublishInfo {
    /// At domains of its own.
    #[serde(default)]
    pub production: Value,
    /// At the address that Framer gave it.
    #[serde(default)]
    pub staging: Value,
}

/// What came of making a site public.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Published {
    /// The publication.
    pub deployment: Deployment,
    /// Where the site can be seen.
    #[serde(default)]
    pub hostnames: Vec<Hostname>,
}

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Deployment {
    /// Framer's name for it.
    pub id: String,
}

/// Where a site can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hostname {
    /// The name.
    pub hostname: String,
    /// `default`, `custom`, or a word that is new.
    #[serde(default)]
    pub r#type: String,
}

/// A way from one address to another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Redirected {
    /// Framer's name for it.
    pub id: String,
    /// Where from.
    pub from: String,
    /// Where to.
    #[serde(default)]
    pub to: Option<String>,
}
