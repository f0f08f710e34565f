//! How the engine opens accounts at services, and how it keeps what opens them.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Ability, Credentials};
use crate::clock::Timestamp;
use crate::hosting::{DeployHost, DomainHost, SitePublisher, ZoneHost};
use crate::ids::{ConnectionId, EndpointId, PaymentTxnId, ShopId};
use crate::listings::{HostedWriter, SalesChannel};
use crate::money::Money;
use crate::payments::PaymentProvider;
use crate::secret::Secret;

/// One of the things that a service asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialField {
    /// Its name.
    pub name: &'static str,
    /// Whether there is no way without it.
    pub needed: bool,
}

/// Whose account it is, and what may be done there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSeen {
    /// The account, as the service names it: always the same for the same account.
    pub account: String,
    /// Whether real money moves, and real goods.
    pub live: bool,
    /// What these credentials allow.
    pub abilities: Vec<Ability>,
}

/// Why an account does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// The service does not take the credentials.
    #[error("{reason}")]
    Refused {
        /// Its words; no credential is among them.
        reason: String,
    },
    /// The service does not answer now.
    #[error("{reason}")]
    Unavailable {
        /// What was seen.
        reason: String,
    },
}

/// A service at which a shop may have an account.
pub trait Service: Send + Sync {
    /// What it asks for.
    fn fields(&self) -> &'static [CredentialField];
    /// Prepares to speak for an account; calls nobody. Refuses what can be no credentials of this service.
    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError>;
    /// How an owner lets this program in over there, instead of giving it credentials; `None` where that is not offered, or
    /// the service does not know this program.
    fn consent(&self) -> Option<&dyn Consent> {
        None
    }
}

/// A service to which an owner is sent, to let this program in (OAuth 2.0, RFC 6749, 4.1).
///
/// Contract: nobody is called before [`redeem`](Self::redeem), and it believes only a return that carries the state which was
/// sent, and whatever else the service proves itself with. What a return brings is good once: where the answer to that was
/// lost, the owner is sent again.
#[async_trait]
pub trait Consent: Send + Sync {
    /// What has to be known before the owner is sent: some of [`Service::fields`].
    fn asks(&self) -> &'static [&'static str];
    /// Where the owner is sent.
    fn address(&self, known: &Credentials, way: &WayBack<'_>) -> Result<String, ServiceError>;
    /// Checks a return, and changes what it brings for credentials as [`Service::open`] takes them.
    async fn redeem(
        &self,
        known: &Credentials,
        way: &WayBack<'_>,
        query: &[(String, String)],
    ) -> Result<Credentials, ServiceError>;
}

/// How an owner comes back.
#[derive(Debug, Clone, Copy)]
pub struct WayBack<'a> {
    /// What they bring along, so that they are known to be the one who was sent.
    pub state: &'a str,
    /// Where to.
    pub return_url: &'a str,
}

/// An account, ready to be spoken for. One is opened for a connection and kept, so that its calls share one pace.
#[async_trait]
pub trait OpenAccount: Send + Sync {
    /// Asks the service whose account it is and what may be done; changes nothing there.
    async fn probe(&self) -> Result<AccountSeen, ServiceError>;
    /// Checks that a delivery comes from the service and is about this account, on its raw bytes, before anything is read of
    /// it; and what to look at, if it is about something that matters here.
    fn read_delivery(&self, delivery: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved>;
    /// What the service told since then, `part` by part, in any order.
    async fn heard_since(&self, since: Timestamp, part: Option<&str>) -> Result<HeardPart, ServiceError>;
    /// How the thing that a hint is about stands now.
    async fn look(&self, topic: &str) -> Result<Vec<News>, ServiceError>;
    /// What the account is good for.
    fn ports(self: Arc<Self>) -> Ports;
}

/// What an account is good for: each port that it fulfils.
#[derive(Clone, Default)]
pub struct Ports {
    /// Money is moved there.
    pub payments: Option<Arc<dyn PaymentProvider>>,
    /// Things are sold there. What is told of them is fetched through the channel.
    pub channel: Option<Arc<dyn SalesChannel>>,
    /// Things are shown there.
    pub site: Option<Arc<dyn SitePublisher>>,
    /// Domains are bought and kept there.
    pub domains: Option<Arc<dyn DomainHost>>,
    /// Records of domains are kept there.
    pub zones: Option<Arc<dyn ZoneHost>>,
    /// Things run there.
    pub deploys: Option<Arc<dyn DeployHost>>,
    /// Texts of listings are written there.
    pub texts: Option<HostedWriter>,
    /// It delivers what happens there, once it is told where to.
    pub deliveries: Option<Arc<dyn Deliveries>>,
    /// Its credentials run out, and new ones are had for the old.
    pub renewal: Option<Arc<dyn Renewal>>,
}

/// A service that delivers what happens.
///
/// Contract: it may be told again and again; nothing is delivered twice for it, and what others have delivered elsewhere
/// is left alone.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Has what matters here delivered to this address.
    async fn deliver_to(&self, url: &str) -> Result<(), ServiceError>;
}

/// Credentials that run out.
///
/// Contract: what is renewed is good no more once it has been answered, so the answer is kept before it is used, and one
/// renewal at a time is asked for. One whose answer was lost may be asked for again.
#[async_trait]
pub trait Renewal: Send + Sync {
    /// Has the credentials that come after these.
    async fn renew(&self) -> Result<Renewed, ServiceError>;
}

/// Credentials that were renewed.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// Those that are others now; all others stay.
    pub credentials: Credentials,
    /// Until when they are good.
    pub until: Timestamp,
}

/// A delivery as it came.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// Its headers, their names in small letters.
    pub headers: &'a [(String, String)],
    /// Its bytes.
    pub body: &'a [u8],
    /// When it came.
    pub at: Timestamp,
}

impl<'a> Delivery<'a> {
    /// The header of this name.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A delivery that is not believed, in words for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotBelieved(pub String);

/// Something that a service told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The service's name for it: the same when it is told again.
    pub name: String,
    /// What happened, in the service's words.
    pub kind: String,
    /// What to look at again, as [`OpenAccount::look`] takes it.
    pub topic: String,
}

/// A part of what a service told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeardPart {
    /// What it told.
    pub heard: Vec<Heard>,
    /// Where the next part begins, if there is one.
    pub next: Option<String>,
}

/// How something stands at a service that was begun there, and not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The service's name for it.
    pub name: String,
    /// The service's name for the capture it is about.
    pub on: String,
    /// Our movement that began it, where it did not begin there after all.
    pub ours: Option<PaymentTxnId>,
    /// How much; nothing where no money is told of.
    pub amount: Option<Money>,
    /// Why, in the service's words.
    pub reason: String,
    /// What it is and how it stands.
    pub state: NewsState,
}

/// What is new, and how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewsState {
    /// Money went back.
    Refunded,
    /// Money was to go back, and did not.
    RefundFailed,
    /// The customer's bank has taken the money.
    Disputed,
    /// The bank has given it again.
    DisputeWon,
    /// Somebody should look at the payment.
    Suspicious,
    /// Nobody need look any longer.
    Cleared,
    /// What we began there has come to an end, which is to be looked at.
    Concluded,
}

/// Where a sealed secret belongs. What was sealed for one place cannot be opened at another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The shop.
    pub shop: ShopId,
    /// Whose it is.
    pub holder: Holder,
}

/// Whose a sealed secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A connection's: its credentials.
    Connection(ConnectionId),
    /// An endpoint's: what its deliveries are signed with.
    Endpoint(EndpointId),
}

/// Why a secret cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// None of the owner's master keys fits.
    #[error("no master key opens the shop's key: name the file that holds the one it was made with")]
    NoMasterKey,
    /// What was sealed has been changed, or belongs elsewhere.
    #[error("a sealed secret does not open at its place")]
    Damaged,
}

/// Seals secrets: a key for each shop, itself sealed by a master key that lies outside the store.
///
/// Contract: what is sealed tells nothing of what is in it but its length, opens only under the same key at the same
/// place, and is another text each time.
pub trait Vault: Send + Sync {
    /// A fresh key for a shop, sealed by the newest master key.
    fn new_key(&self, shop: ShopId) -> Result<String, VaultError>;
    /// Seals a secret for its place under the shop's key.
    fn seal(&self, key: &str, place: Place, secret: &Secret) -> Result<String, VaultError>;
    /// Opens what was sealed for this place.
    fn open(&self, key: &str, place: Place, sealed: &str) -> Result<Secret, VaultError>;
}
