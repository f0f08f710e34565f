use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::entity::{entity, states};
use crate::ids::{ConnectionId, DataKeyId, EntityId, HintId, ShopId};

states! {
    /// Where a connection stands.
    pub enum ConnectionState of "connection" {
        /// Its credentials have not been tried yet.
        Pending "pending" => [Active, Refused, Disconnected],
        /// The service knows them.
        Active "active" => [Failing, Disconnected],
        /// The service knew them once, and does no longer.
        Failing "failing" => [Active, Disconnected],
        /// The service never took them.
        Refused "refused" => [Active, Disconnected],
        /// Its credentials were forgotten.
        Disconnected "disconnected" => [Active],
    }
}

/// A way to an account at a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Connection {
    /// Its identity.
    pub id: ConnectionId,
    /// The service, such as `stripe`.
    pub service: String,
    /// Where it stands.
    pub state: ConnectionState,
    /// The account, as the service names it; known once the service was asked, and the same for ever.
    pub account: Option<String>,
    /// Whether real money moves, and real goods.
    pub live: bool,
    /// What may be done with it, and what may not.
    pub abilities: Vec<Ability>,
    /// What went wrong when it was last tried.
    pub problem: Option<String>,
    /// The credentials in use, sealed.
    #[serde(skip_serializing, default)]
    #[schemars(skip)]
    pub sealed: Option<String>,
    /// Credentials that must still prove that they open the same account, sealed.
    #[serde(skip_serializing, default)]
    #[schemars(skip)]
    pub candidate: Option<String>,
    /// When the service was last asked.
    pub checked_at: Option<Timestamp>,
    /// Until when everything that the service told is known to have been heard.
    pub heard_until: Option<Timestamp>,
    /// When its credentials are to be renewed, where they run out by themselves.
    pub renew_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
entity!(Connection, ConnectionId, "connection", versioned);

/// Something that credentials may allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ability {
    /// What, as the service calls it.
    pub name: String,
    /// Whether it is allowed.
    pub allowed: bool,
}

/// Something that a service told, so that told twice it takes effect once. It says what to look at again and nothing of
/// what is there: that is asked when it is looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hint {
    /// Its identity.
    pub id: HintId,
    /// Through which connection.
    pub connection_id: ConnectionId,
    /// The service's name for it, or ours for what came of it.
    pub external_id: String,
    /// What happened, in the service's words.
    pub kind: String,
    /// What to look at again.
    pub topic: String,
    /// When it was heard.
    pub received_at: Timestamp,
}
entity!(Hint, HintId, "hint", part of ConnectionId = connection_id);

/// The key that seals a shop's secrets, itself sealed by the owner's master key.
#[derive(Debug, Clone, PartialEq)]
pub struct DataKey {
    /// Its identity.
    pub id: DataKeyId,
    /// The key, sealed.
    pub wrapped: String,
    /// Counts how often it was replaced.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
entity!(DataKey, DataKeyId, "data_key", versioned);

impl DataKey {
    /// The identity of a shop's key: there is one, however many make it at once.
    pub fn of(shop: ShopId) -> DataKeyId {
        DataKeyId::from_u128(shop.as_u128())
    }
}
