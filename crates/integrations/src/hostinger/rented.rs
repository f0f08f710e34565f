//! What else is rented at Hostinger, as far as we read it: sites, machines and shops. Its description promises no field of any
//! answer, so only what nothing can be done without must be there.

use baddie_core::clock::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::secret::Secret;

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Website {
    /// Its domain.
    #[serde(default)]
    pub domain: Option<String>,
    /// The account that its files belong to.
    #[serde(default)]
    pub username: Option<String>,
    /// Whether it is seen.
    #[serde(default)]
    pub is_enabled: bool,
    /// `wordpress`, `builder`, `horizons`, `nodejs`, `other`, or a word that is new.
    #[serde(default)]
    pub website_type: String,
}

/// How a program was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Build {
    /// Its name.
    pub uuid: String,
    /// `pending`, `running`, `completed`, `failed`, or a word that is new.
    pub state: String,
}

/// What was said while a program was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BuildLog {
    /// The lines.
    #[serde(default)]
    pub logs: Option<String>,
    /// How many there are by now.
    pub lines: u32,
}

/// A database of a site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// Who may use it.
    #[serde(default)]
    pub user: String,
    /// For which site.
    #[serde(default)]
    pub domain: Option<String>,
}

/// Where files of a site are to be sent.
#[derive(Debug, Clone, Deserialize)]
pub struct UploadUrl {
    /// Where to.
    pub url: String,
    /// What opens it, as `X-Auth`.
    #[serde(deserialize_with = "secret")]
    pub auth_key: Secret,
    /// And as `X-Auth-Rest`.
    #[serde(deserialize_with = "secret")]
    pub rest_auth_key: Secret,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    String::deserialize(from).map(Secret::new)
}

/// A machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Machine {
    /// Its number.
    pub id: i64,
    /// Its name.
    #[serde(default)]
    pub hostname: String,
    /// What it is rented as.
    #[serde(default)]
    pub plan: Option<String>,
    /// `running`, `stopped`, `initial` and many more, or a word that is new.
    pub state: String,
}

/// Something that is being done to a machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Action {
    /// Its number.
    pub id: i64,
    /// What.
    #[serde(default)]
    pub name: String,
    /// `success`, `error`, `delayed`, `sent`, `created`, or a word that is new.
    pub state: String,
}

/// When a machine was kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MachineSnapshot {
    /// Its number.
    pub id: i64,
    /// When.
    pub created_at: Timestamp,
}

/// What runs in containers under a name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Project {
    /// The name.
    pub name: String,
    /// `running`, `stopped`, `created`, `mixed`, `unknown`, or a word that is new.
    #[serde(default)]
    pub state: String,
}

/// What may come in to machines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Firewall {
    /// Its number.
    pub id: i64,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Whether its machines know it as it is.
    #[serde(default)]
    pub is_synced: bool,
    /// What may come in.
    #[serde(default)]
    pub rules: Vec<FirewallRule>,
}

/// What may come in, or may not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FirewallRule {
    /// `accept`, `drop`, or a word that is new.
    #[serde(default)]
    pub action: String,
    /// `TCP`, `SSH` …
    #[serde(default)]
    pub protocol: String,
    /// At which ports, `1024:2048`.
    #[serde(default)]
    pub port: String,
}

/// What a machine can begin as.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Template {
    /// Its number.
    pub id: i64,
    /// Its name.
    #[serde(default)]
    pub name: String,
}

/// Where machines stand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DataCenter {
    /// Its number.
    pub id: i64,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
}

/// A shop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Store {
    /// Its name at Hostinger.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub name: Option<String>,
}

/// What a shop sells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Its name at Hostinger.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub title: String,
    /// `draft`, `proposed`, `published`, `rejected`, `archived`, or a word that is new.
    #[serde(default)]
    pub status: String,
}

/// A thing that is new to a shop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProductMade {
    /// The thing.
    pub product: Product,
}

/// A variant of a thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Variant {
    /// Its name at Hostinger.
    pub id: String,
    /// Our name for it.
    #[serde(default)]
    pub sku: Option<String>,
    /// How many there are.
    #[serde(default)]
    pub inventory_quantity: i64,
}

/// Variants of a thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Variants {
    /// They.
    pub data: Vec<Variant>,
}

/// An order of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShopOrder {
    /// Its name at Hostinger.
    pub id: String,
    /// `pending`, `completed`, `archived`, `canceled`, `requires_action`, or a word that is new.
    #[serde(default)]
    pub status: String,
    /// `captured` when it is paid.
    #[serde(default)]
    pub payment_status: String,
    /// `not_fulfilled`, `fulfilled` and more, or a word that is new.
    #[serde(default)]
    pub fulfillment_status: String,
    /// What it comes to, in minor units.
    #[serde(default)]
    pub total: i64,
    /// In which currency, in small letters.
    #[serde(default)]
    pub currency_code: String,
    /// Since when.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// What was bought; only where one order was asked for.
    #[serde(default)]
    pub items: Vec<ShopLine>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShopLine {
    /// Its name at Hostinger.
    pub id: String,
    /// Our name for what was bought.
    #[serde(default)]
    pub sku: Option<String>,
    /// How many.
    #[serde(default)]
    pub quantity: i64,
    /// How many are on their way.
    #[serde(default)]
    pub fulfilled_quantity: i64,
    /// What one costs, in minor units.
    #[serde(default)]
    pub unit_price: i64,
}

/// Where a shop sells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SalesChannels {
    /// The places.
    pub sales_channels: Vec<SalesChannel>,
}

/// A place where a shop sells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SalesChannel {
    /// Its name at Hostinger.
    pub id: String,
    /// `builder`, `custom` and more, or a word that is new.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Its domain.
    #[serde(default)]
    pub domain: Option<String>,
}
