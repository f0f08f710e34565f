//! How the engine opens accounts at services, and how it keeps what opens them.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Ability, Credentials};
use crate::ids::{ConnectionId, ShopId};
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
}

/// An account, ready to be spoken for. One is opened for a connection and kept, so that its calls share one pace.
#[async_trait]
pub trait OpenAccount: Send + Sync {
    /// Asks the service whose account it is and what may be done; changes nothing there.
    async fn probe(&self) -> Result<AccountSeen, ServiceError>;
    /// The account as a payment provider, if it moves money.
    fn payments(self: Arc<Self>) -> Option<Arc<dyn PaymentProvider>>;
}

/// Where a sealed secret belongs. What was sealed for one place cannot be opened at another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The shop.
    pub shop: ShopId,
    /// The connection.
    pub connection: ConnectionId,
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
