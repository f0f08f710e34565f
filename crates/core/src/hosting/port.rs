//! How the engine speaks to those who show, name and run things for a shop.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    Certificate, DeployPlan, DeployTarget, Deployment, Domain, DomainOffer, DomainPurchase, Exhibit, LogLine,
    Prepared, Published, Showcase, ZoneRecord, ZoneSnapshot,
};

/// How a call to such a service failed; decides what happens next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The service has no such thing.
    #[error("there is no such thing: {reason}")]
    NotThere {
        /// What was looked for, or the service's words.
        reason: String,
    },
    /// It cannot be done, and not by trying again.
    #[error("the service will not do it: {reason}")]
    Refused {
        /// The service's words.
        reason: String,
    },
    /// Too many calls.
    #[error("the service asks to wait {} ms", wait.as_millis())]
    RateLimited {
        /// How long to wait.
        wait: Duration,
    },
    /// Certainly nothing happened; try again.
    #[error("the service does not answer: {reason}")]
    Unavailable {
        /// What was seen.
        reason: String,
    },
    /// Perhaps it happened: look before doing anything else.
    #[error("the service's answer was lost: {reason}")]
    Unknown {
        /// What was seen.
        reason: String,
    },
}

/// A site that shows what a shop sells.
///
/// Contract: a call ends within the adapter's own time budget. Both may be repeated whatever was answered: a showcase is
/// made to hold what it shall hold, however it stands when the call begins.
#[async_trait]
pub trait SitePublisher: Send + Sync {
    /// Makes a showcase hold just these things, and everybody see it. What somebody else keeps there under keys that are not
    /// the shop's is left alone.
    async fn publish(&self, at: &Showcase, exhibits: &[Exhibit]) -> Result<Published, HostError>;
    /// The keys of the shop's things that a showcase holds, in order; none where there is no such collection.
    async fn shown(&self, at: &Showcase) -> Result<Vec<String>, HostError>;
}

/// Where domains are bought and kept.
///
/// Contract: [`buy`](Self::buy) spends money once at most: a domain that the account has already is answered and not bought
/// again, nothing is sent twice, and an answer that was lost is [`HostError::Unknown`] until the domain is among
/// [`domains`](Self::domains), or [`HostError::Unavailable`] when it is certain that nothing was bought.
#[async_trait]
pub trait DomainHost: Send + Sync {
    /// The domains of the account, by name.
    async fn domains(&self) -> Result<Vec<Domain>, HostError>;
    /// Which of these names may be had, and for what.
    async fn offers(&self, names: &[String]) -> Result<Vec<DomainOffer>, HostError>;
    /// Buys a domain at the price that was agreed to, and at no other.
    async fn buy(&self, purchase: &DomainPurchase) -> Result<Domain, HostError>;
    /// The certificate with which a domain, whosever it is, answers at this port: what buyers see, not what the account was
    /// promised.
    async fn certificate(&self, domain: &str, port: u16) -> Result<Certificate, HostError>;
}

/// Where the records of domains are kept.
///
/// Contract: all but [`restore`](Self::restore) may be repeated whatever was answered. What a zone cannot hold is refused
/// before anything is changed.
#[async_trait]
pub trait ZoneHost: Send + Sync {
    /// What a zone says, by name and kind.
    async fn records(&self, domain: &str) -> Result<Vec<ZoneRecord>, HostError>;
    /// Makes the zone say this of these names and kinds, and leaves all others as they are.
    async fn set(&self, domain: &str, records: &[ZoneRecord]) -> Result<(), HostError>;
    /// Takes what the zone says of a name and kind out of it; succeeds where it says nothing.
    async fn clear(&self, domain: &str, name: &str, kind: &str) -> Result<(), HostError>;
    /// How the zone was before, the latest first.
    async fn snapshots(&self, domain: &str) -> Result<Vec<ZoneSnapshot>, HostError>;
    /// Makes the zone what it was.
    async fn restore(&self, domain: &str, snapshot: &str) -> Result<(), HostError>;
}

/// Where things run.
///
/// Contract: [`prepare`](Self::prepare) may be repeated whatever was answered: nothing is made twice. Values of variables
/// are in no error, log or debug output. [`deploy`](Self::deploy) is not repeated by itself; a lost answer is
/// [`HostError::Unknown`].
#[async_trait]
pub trait DeployHost: Send + Sync {
    /// Makes what the plan names, as far as it is not there, and sets what it says; deploys nothing by itself.
    async fn prepare(&self, plan: &DeployPlan) -> Result<Prepared, HostError>;
    /// Deploys, the newest or this commit.
    async fn deploy(&self, target: &DeployTarget, commit: Option<&str>) -> Result<Deployment, HostError>;
    /// How a deployment stands.
    async fn deployment(&self, id: &str) -> Result<Deployment, HostError>;
    /// The last lines that it said, the oldest first, at most so many.
    async fn logs(&self, id: &str, most: usize) -> Result<Vec<LogLine>, HostError>;
    /// Lets an earlier deployment run again.
    async fn roll_back(&self, id: &str) -> Result<(), HostError>;
}
