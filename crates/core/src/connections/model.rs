use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::Timestamp;
use crate::entity::{entity, states};
use crate::ids::{ConnectionId, DataKeyId, EntityId, HintId, ShopId, hex};
use crate::secret::Secret;

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

/// What opens an account, name by name: `{"key": "sk_…"}`. It prints and serialises as names and fingerprints alone.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "BTreeMap<String, String>")]
pub struct Credentials(BTreeMap<String, Secret>);

impl From<BTreeMap<String, String>> for Credentials {
    fn from(given: BTreeMap<String, String>) -> Self {
        Self(given.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
    }
}

impl DataKey {
    /// The identity of a shop's key: there is one, however many make it at once.
    pub fn of(shop: ShopId) -> DataKeyId {
        DataKeyId::from_u128(shop.as_u128())
    }
}

impl Credentials {
    /// The one of this name.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.get(name).filter(|secret| !secret.is_empty())
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All of them as one secret, to be sealed.
    pub fn packed(&self) -> Secret {
        let plain: BTreeMap<_, _> =
            self.0.iter().map(|(name, secret)| (name.as_str(), secret.expose())).collect();
        Secret::new(serde_json::to_string(&plain).expect("texts are JSON"))
    }

    /// What [`packed`](Self::packed) made; `None` when it was not.
    pub fn unpacked(packed: &Secret) -> Option<Self> {
        serde_json::from_str(packed.expose()).ok()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// A repeated request is told from a changed one by fingerprints: whoever reads them learns no credential, because
/// credentials are long and random.
impl Serialize for Credentials {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0.iter().map(|(name, secret)| (name, hex(&Sha256::digest(secret.expose().as_bytes())))),
        )
    }
}

impl JsonSchema for Credentials {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Credentials".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "What opens the account, name by name. It is sealed at once and never told again.",
            "additionalProperties": {"type": "string", "writeOnly": true}
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s51_credentials_neither_print_nor_serialise() {
        let given = r#"{"key":"sk_test_canary"}"#;
        let credentials: Credentials = serde_json::from_str(given).unwrap();
        let shown = format!("{credentials:?} {}", serde_json::to_string(&credentials).unwrap());
        assert!(shown.contains("key") && !shown.contains("canary"), "{shown}");
        let again = Credentials::unpacked(&credentials.packed()).unwrap();
        assert_eq!(again.get("key").map(Secret::expose), Some("sk_test_canary"));
        assert!(again.get("account").is_none());
    }
}
