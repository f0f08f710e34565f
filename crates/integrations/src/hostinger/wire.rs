//! Hostinger's objects, as far as we read them. Its description promises no field of any answer, so only what nothing can be
//! done without must be there.

use baddie_core::clock::Timestamp;
use baddie_core::money::{Currency, Money};
use serde::{Deserialize, Deserializer, Serialize};

use crate::secret::Secret;

/// A page of a list.
#[derive(Debug, Clone, Deserialize)]
pub struct Page<T> {
    /// What is on it.
    pub data: Vec<T>,
    /// Which one it is.
    #[serde(default)]
    pub meta: Meta,
}

/// Which page of a list it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// Its number, from 1.
    pub current_page: u64,
    /// How much is on a page.
    pub per_page: u64,
    /// How much there is.
    pub total: u64,
}

impl Meta {
    /// Whether there is another.
    pub fn has_more(self) -> bool {
        self.current_page.saturating_mul(self.per_page) < self.total
    }
}

/// An answer that is one thing.
#[derive(Debug, Clone, Deserialize)]
pub struct One<T> {
    /// The thing.
    pub data: T,
}

/// Word that something was done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Done {
    /// In its words.
    #[serde(default)]
    pub message: String,
}

/// Whether a name is free.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Availability {
    /// The name.
    #[serde(default)]
    pub domain: Option<String>,
    /// Whether it is free.
    pub is_available: bool,
    /// Whether it is another than was asked for.
    #[serde(default)]
    pub is_alternative: bool,
    /// What its ending asks of who buys it.
    #[serde(default)]
    pub restriction: Option<String>,
}

/// A domain among others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PortfolioDomain {
    /// Its name; nothing for one that is free and not chosen yet.
    #[serde(default)]
    pub domain: Option<String>,
    /// `active`, `pending_setup`, `expired`, `requested`, `pending_verification`, `deleted`, `suspended`, `failed`, or a word
    /// that is new.
    pub status: String,
    /// Until when it is paid for.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DomainDetails {
    /// Its name.
    pub domain: String,
    /// As of [`PortfolioDomain`].
    pub status: String,
    /// More of how it stands.
    #[serde(default)]
    pub message: Option<String>,
    /// Whether it is hidden whose it is.
    #[serde(default)]
    pub is_privacy_protected: bool,
    /// Whether it is kept from being moved elsewhere.
    #[serde(default)]
    pub is_locked: bool,
    /// Until when it is paid for.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// Where who comes to a domain is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Forwarding {
    /// `301` or `302`.
    pub redirect_type: String,
    /// Where to.
    pub redirect_url: String,
}

/// In whose name domains may be held. Who that is, is not read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Whois {
    /// Its number.
    pub id: i64,
    /// For this ending.
    #[serde(default)]
    pub tld: String,
    /// `individual`, `organization`, or a word that is new.
    #[serde(default)]
    pub entity_type: String,
}

/// A domain on its way.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Transfer {
    /// Its name.
    pub domain: String,
    /// How far it is.
    pub status: String,
}

/// Something that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CatalogItem {
    /// Its name in the catalogue.
    pub id: String,
    /// Its name for people, such as `.COM Domain`.
    #[serde(default)]
    pub name: String,
    /// `DOMAIN`, `VPS`, `EMAIL`, or a word that is new.
    #[serde(default)]
    pub category: String,
    /// What it costs, by the time that it is sold for.
    #[serde(default)]
    pub prices: Vec<CatalogPrice>,
}

/// What something costs for a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CatalogPrice {
    /// What is named to buy at this price.
    pub id: String,
    /// In which currency.
    #[serde(default)]
    pub currency: String,
    /// In minor units, later on.
    #[serde(default)]
    pub price: Option<i64>,
    /// In minor units, for the first time.
    #[serde(default)]
    pub first_period_price: Option<i64>,
    /// For how many …
    #[serde(default)]
    pub period: i64,
    /// … `day`, `week`, `month`, `year`; `none` for what is sold for good.
    #[serde(default)]
    pub period_unit: String,
}

impl CatalogPrice {
    /// What is paid at first, where that can be told.
    pub fn first(&self) -> Option<Money> {
        let minor = self.first_period_price.or(self.price).filter(|minor| *minor >= 0)?;
        let currency: Currency = self.currency.to_ascii_uppercase().parse().ok()?;
        Some(Money::new(minor, currency))
    }
}

/// Something that was bought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PurchaseOrder {
    /// Its number.
    pub id: i64,
    /// Under which it is paid for.
    #[serde(default)]
    pub subscription_id: Option<String>,
    /// `completed`, `pending`, `processing`, `failed`, `refunded`, `cancelled`, `awaiting_payment`, `payment_initiated`,
    /// `fraud_refund`, or a word that is new.
    #[serde(default)]
    pub status: String,
    /// In which currency.
    #[serde(default)]
    pub currency: String,
    /// What it cost without tax, in minor units.
    #[serde(default)]
    pub subtotal: Option<i64>,
    /// What it cost with tax, in minor units.
    #[serde(default)]
    pub total: Option<i64>,
}

impl PurchaseOrder {
    /// What it cost without tax.
    pub fn cost(&self) -> Option<Money> {
        let currency: Currency = self.currency.to_ascii_uppercase().parse().ok()?;
        Some(Money::new(self.subtotal?, currency))
    }

    /// Whether nothing came of it.
    pub fn has_failed(&self) -> bool {
        matches!(self.status.as_str(), "failed" | "refunded" | "cancelled" | "fraud_refund")
    }
}

/// Something that is paid for again and again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Subscription {
    /// Its name at Hostinger.
    pub id: String,
    /// What it is for.
    #[serde(default)]
    pub name: String,
    /// `active`, `paused`, `cancelled`, `not_renewing`, `transferred`, `in_trial`, `future`, or a word that is new.
    #[serde(default)]
    pub status: String,
    /// Since when.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
}

/// A means to pay with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaymentMethod {
    /// Its number.
    pub id: i64,
    /// Its name for people.
    #[serde(default)]
    pub name: String,
    /// Whether it is the usual one.
    #[serde(default)]
    pub is_default: bool,
    /// Whether its time is over.
    #[serde(default)]
    pub is_expired: bool,
}

/// What a zone says of a name and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneEntry {
    /// The name within the zone; `@` is the zone itself.
    pub name: String,
    /// `A`, `TXT` …
    #[serde(rename = "type")]
    pub kind: String,
    /// How many seconds it may be remembered.
    #[serde(default)]
    pub ttl: u32,
    /// What it says.
    #[serde(default)]
    pub records: Vec<ZoneValue>,
}

/// One of the things that a zone says of a name and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneValue {
    /// What, as zone files write it.
    pub content: String,
    /// Whether it is kept and not said.
    #[serde(default, skip_serializing)]
    pub is_disabled: bool,
}

/// A zone as it was.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Snapshot {
    /// Its number.
    pub id: i64,
    /// Why it was kept.
    #[serde(default)]
    pub reason: String,
    /// When.
    pub created_at: Timestamp,
}

/// A zone as it was, with what it said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SnapshotWhole {
    /// Its number.
    pub id: i64,
    /// What the zone said.
    #[serde(default)]
    pub snapshot: Vec<ZoneEntry>,
}

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
