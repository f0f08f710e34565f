//! Stripe's objects, as far as we read them.

use serde::Deserialize;

use super::calls::Metadata;

/// A page of a list, or of what a search found.
#[derive(Debug, Clone, Deserialize)]
pub struct List<T> {
    /// What is on it.
    pub data: Vec<T>,
    /// Whether there is more.
    #[serde(default)]
    pub has_more: bool,
}

/// An object's name, or the object where it was asked for in full.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Reference {
    /// Its name.
    Name(String),
    /// The object.
    Whole {
        /// Its name.
        id: String,
    },
}

impl Reference {
    /// The object's name.
    pub fn id(&self) -> &str {
        match self {
            Self::Name(id) | Self::Whole { id } => id,
        }
    }
}

/// Money being taken.
#[derive(Debug, Clone, Deserialize)]
pub struct Intent {
    /// `pi_…`.
    pub id: String,
    /// `requires_payment_method`, `requires_confirmation`, `requires_action`, `processing`, `requires_capture`,
    /// `succeeded`, `canceled`, or a word that is new.
    pub status: String,
    /// How much was asked for.
    pub amount: i64,
    /// How much is set aside.
    #[serde(default)]
    pub amount_capturable: i64,
    /// How much was taken.
    #[serde(default)]
    pub amount_received: i64,
    /// The currency in small letters.
    pub currency: String,
    /// Our notes.
    #[serde(default)]
    pub metadata: Metadata,
    /// The last try.
    #[serde(default)]
    pub latest_charge: Option<Reference>,
    /// Why the last try failed.
    #[serde(default)]
    pub last_payment_error: Option<Problem>,
}

/// A page on which a customer pays.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// `cs_…`.
    pub id: String,
    /// `open`, `complete`, `expired`, or a word that is new.
    #[serde(default)]
    pub status: Option<String>,
    /// Where it is, while it is open.
    #[serde(default)]
    pub url: Option<String>,
    /// What the customer pays.
    #[serde(default)]
    pub amount_total: Option<i64>,
    /// The currency in small letters.
    #[serde(default)]
    pub currency: Option<String>,
    /// The payment, once the customer has begun it.
    #[serde(default)]
    pub payment_intent: Option<Reference>,
    /// Our notes.
    #[serde(default)]
    pub metadata: Option<Metadata>,
}

/// Why a try failed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Problem {
    /// The bank's word.
    #[serde(default)]
    pub decline_code: Option<String>,
    /// Stripe's word.
    #[serde(default)]
    pub code: Option<String>,
}

/// Money that was taken, with what Stripe thinks of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Charge {
    /// `ch_…`.
    pub id: String,
    /// How much.
    pub amount: i64,
    /// How much of it was given back.
    #[serde(default)]
    pub amount_refunded: i64,
    /// The currency in small letters.
    pub currency: String,
    /// How risky it looked.
    #[serde(default)]
    pub outcome: Option<ChargeOutcome>,
}

/// How risky a payment looked.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct ChargeOutcome {
    /// `normal`, `elevated`, `highest`, `not_assessed`, `unknown`, or a word that is new.
    #[serde(default)]
    pub risk_level: Option<String>,
    /// 0 to 100, where the account has Radar for Fraud Teams.
    #[serde(default)]
    pub risk_score: Option<i64>,
    /// Why it went as it did.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Money going back.
#[derive(Debug, Clone, Deserialize)]
pub struct Refund {
    /// `re_…`.
    pub id: String,
    /// `pending`, `requires_action`, `succeeded`, `failed`, `canceled`, or a word that is new.
    #[serde(default)]
    pub status: Option<String>,
    /// How much.
    pub amount: i64,
    /// The currency in small letters.
    pub currency: String,
    /// Of which charge.
    #[serde(default)]
    pub charge: Option<Reference>,
    /// Our notes.
    #[serde(default)]
    pub metadata: Metadata,
    /// Why it failed.
    #[serde(default)]
    pub failure_reason: Option<String>,
}
