//! Hostinger's domains, zones and what is paid, as far as we read them. Its description promises no field of any answer, so only what nothing can be
//! done without must be there.

use baddie_core::clock::Timestamp;
use baddie_core::money::{Currency, Money};
use serde::{Deserialize, Serialize};

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
