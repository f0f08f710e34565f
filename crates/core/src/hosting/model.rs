use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::entity::{entity, states, words};
use crate::ids::{ChannelId, ConnectionId, SiteId};
use crate::money::Money;
use crate::secret::Credentials;

/// Where on a site a shop shows what it sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Showcase {
    /// The service's id of the site; may be absent where the account has one only.
    #[serde(default)]
    pub site: Option<String>,
    /// The name of the collection that holds what is shown. It is made when it is not there.
    pub collection: String,
}

states! {
    /// Whether a site is kept in step.
    pub enum SiteState of "site" {
        /// It shows what is sold.
        Kept "kept" => [Retired],
        /// It shows nothing of the shop any longer.
        Retired "retired" => [Kept],
    }
}

/// A site that is kept in step with what a shop sells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Site {
    /// Its identity.
    pub id: SiteId,
    /// The way to its service.
    pub connection_id: ConnectionId,
    /// Where on the site things are shown.
    pub showcase: Showcase,
    /// Whose listings it shows; those of all channels when absent.
    pub channel_id: Option<ChannelId>,
    /// Whether it is kept in step.
    pub state: SiteState,
    /// What it was last made to show, as a hash.
    pub digest: Option<String>,
    /// What came of that.
    pub shown: Option<Published>,
    /// What went wrong since.
    pub problem: Option<String>,
    /// When it was last looked whether it is in step.
    pub checked_at: Option<Timestamp>,
    /// When it was last published.
    pub published_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
}
entity!(Site, SiteId, "site", versioned);

/// Something that a site shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exhibit {
    /// The shop's name for it, of letters, digits and `_`: the same as long as it is shown.
    pub key: String,
    /// Its part of an address: small letters, digits and `-`, no two alike.
    pub slug: String,
    /// What it is.
    pub title: String,
    /// More of it, in plain text.
    pub description: String,
    /// What it costs.
    pub price: Money,
    /// How many there are.
    pub qty: i64,
    /// Where it can be bought.
    pub url: Option<String>,
}

/// What a site shows now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Published {
    /// How many things were new to it.
    pub added: u64,
    /// How many were changed.
    pub changed: u64,
    /// How many were taken away.
    pub removed: u64,
    /// Where it is seen.
    pub hostnames: Vec<String>,
}

/// A domain of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Domain {
    /// Its name, such as `example.com`.
    pub name: String,
    /// How it stands, in the service's words.
    pub state: String,
    /// Until when it is paid for, where that is known.
    pub expires_at: Option<Timestamp>,
}

/// A domain that may be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DomainOffer {
    /// Its name.
    pub name: String,
    /// Whether it is free.
    pub available: bool,
    /// What it costs, for as long as it is sold at a time.
    pub price: Option<Money>,
}

/// A domain to be bought: it costs money, so the price that was shown is said again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainPurchase {
    /// Its name.
    pub name: String,
    /// What its buyer has agreed to pay; nothing is bought for another price.
    pub price: Money,
}

/// The certificate with which a domain answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// The domain.
    pub domain: String,
    /// At which port.
    pub port: u16,
    /// What is wrong with it; nothing where it is good for this domain now.
    pub problem: Option<String>,
    /// Who vouches for it; nothing where it is not good.
    pub issuer: Option<String>,
    /// Until when; nothing where it is not good.
    pub not_after: Option<Timestamp>,
    /// For which names; none where it is not good.
    pub names: Vec<String>,
}

/// Records of one name and kind in a zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneRecord {
    /// The name within the zone; `@` is the zone itself.
    pub name: String,
    /// `A`, `AAAA`, `CNAME`, `TXT`, `MX` …
    pub kind: String,
    /// How many seconds it may be remembered.
    pub ttl: u32,
    /// What it says, once or several times.
    pub values: Vec<String>,
}

/// A zone as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ZoneSnapshot {
    /// The service's name for it.
    pub id: String,
    /// Why it was kept, in the service's words.
    pub reason: String,
    /// When it was kept.
    pub kept_at: Timestamp,
}

/// What shall run: whatever of it is there is found by its name, and what is not is made.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployPlan {
    /// The name of the project.
    pub project: String,
    /// The name of the environment; the service's own usual one when absent.
    #[serde(default)]
    pub environment: Option<String>,
    /// The name of the service in it.
    pub service: String,
    /// What it is made of.
    pub source: DeploySource,
    /// Its variables; those that are there and not named stay.
    #[serde(default)]
    pub variables: Credentials,
    /// The database beside it, by the name of the host's template, such as `postgres`.
    #[serde(default)]
    pub database: Option<String>,
    /// How many of it run at once.
    #[serde(default)]
    pub replicas: Option<u32>,
    /// Under which domain of one's own it is reached; the host gives one when absent.
    #[serde(default)]
    pub domain: Option<String>,
    /// At which path it says that it is well.
    #[serde(default)]
    pub health_path: Option<String>,
}

/// What a service is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DeploySource {
    /// An image in a registry.
    Image(String),
    /// A repository, `owner/name`.
    Repository(String),
}

/// Something that runs, or could.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployTarget {
    /// The host's id of the project.
    pub project: String,
    /// Of the environment.
    pub environment: String,
    /// Of the service.
    pub service: String,
}

/// What came of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Prepared {
    /// What can be deployed now.
    pub target: DeployTarget,
    /// Where it will be reached.
    pub hostnames: Vec<String>,
    /// What a domain of one's own needs in its zone.
    pub records: Vec<ZoneRecord>,
}

words! {
    /// How a deployment stands.
    pub enum DeployState {
        /// It waits for its turn, or for somebody's word.
        Waiting "waiting",
        /// It is made ready.
        Building "building",
        /// It runs, or did until the next one took its place.
        Done "done",
        /// It failed, or fell over.
        Failed "failed",
        /// It was taken away.
        Removed "removed",
    }
}

/// A deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deployment {
    /// The host's name for it.
    pub id: String,
    /// How it stands.
    pub state: DeployState,
    /// How it stands, in the host's words.
    pub said: String,
    /// Where it is reached.
    pub url: Option<String>,
}

/// A line that something said while it was made or ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogLine {
    /// When, as the host writes it.
    pub at: String,
    /// How grave it is, where the host says so.
    pub severity: Option<String>,
    /// What.
    pub text: String,
}
