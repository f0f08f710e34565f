//! Credentials. They are wiped from memory when they are let go of, and never print.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::ids::hex;

/// A key, token or password. It has no `Display`, no `Serialize` and no `PartialEq`; [`expose`](Self::expose) is the
/// one way to read it, so that every place where a credential leaves can be found by that word.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

/// What stands where a credential stood.
const HIDDEN: &str = "(hidden)";
/// A beginning of so many letters tells nothing of a credential: what kind it is, at most.
const TELLING: usize = 8;

impl Secret {
    /// Takes a credential in. What surrounds it, such as the line break of a file, is cut off.
    pub fn new(text: impl Into<String>) -> Self {
        let text = Zeroizing::new(text.into());
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    /// The credential itself, for the one who must show it to its service.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it. An empty credential proves nothing, so it is refused wherever one is checked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text without this credential, should it stand in there; nor its beginning, where the text breaks off in it.
    pub fn hide_in(&self, text: &str) -> String {
        if self.is_empty() {
            return text.to_owned();
        }
        let mut text = text.replace(self.expose(), HIDDEN);
        let own = self.expose();
        let mut starts = (TELLING + 1..own.len()).rev().filter_map(|length| own.get(..length));
        if let Some(start) = starts.find(|start| text.ends_with(start)) {
            text.truncate(text.len() - start.len());
            text.push_str(HIDDEN);
        }
        text
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Secrets by their names: what opens an account, `{"key": "sk_…"}`, or what a program is given to run with. They print and
/// serialise as names and fingerprints alone.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "BTreeMap<String, String>")]
pub struct Credentials(BTreeMap<String, Secret>);

impl From<BTreeMap<String, String>> for Credentials {
    fn from(given: BTreeMap<String, String>) -> Self {
        Self(given.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
    }
}

impl FromIterator<(String, Secret)> for Credentials {
    fn from_iter<I: IntoIterator<Item = (String, Secret)>>(named: I) -> Self {
        Self(named.into_iter().collect())
    }
}

impl Credentials {
    /// The one of this name.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.get(name).filter(|secret| !secret.is_empty())
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, secret)| (name.as_str(), secret))
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// These, with others in the place of those of the same name.
    #[must_use]
    pub fn replaced_by(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
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
            "description": "Secrets by their names. They are never told again.",
            "additionalProperties": {"type": "string", "writeOnly": true}
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Secret};

    #[test]
    fn a_secret_does_not_print() {
        let secret = Secret::new("canary-7f31\n");
        assert_eq!(format!("{secret:?}"), "Secret");
        assert_eq!(secret.expose(), "canary-7f31");
        assert_eq!(secret.hide_in("no such key: canary-7f31!"), "no such key: (hidden)!");
        assert_eq!(secret.hide_in("no such key: canary-7f3"), "no such key: (hidden)");
        assert_eq!(secret.hide_in("no such key: canary-"), "no such key: canary-");
        assert_eq!(Secret::new("").hide_in("as it is"), "as it is");
    }

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
