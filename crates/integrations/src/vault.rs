//! The vault: AES-256-GCM twice over. A key of each shop's own seals its secrets; a master key, which lies outside the
//! store, seals the keys. What is sealed is bound to its place, so it cannot be moved to another shop or connection.

use std::sync::Arc;

use baddie_core::clock::{Entropy, SystemEntropy};
use baddie_core::connections::{Holder, Place, Vault, VaultError};
use baddie_core::ids::ShopId;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::http::{Cause, Failure};
use crate::secret::Secret;

/// How many bytes a key has.
const KEY: usize = 32;
/// Says how a sealed text is made, should it ever be made in another way.
const MARK: &str = "v1.";

/// Seals under master keys given as base64 of 32 bytes each. The first one seals; all of them open, so that an old one can
/// be kept until everything was sealed anew.
pub struct Envelope {
    masters: Vec<LessSafeKey>,
    entropy: Arc<dyn Entropy>,
}

impl Envelope {
    /// A vault of these master keys, one in each line, the newest first.
    pub fn new(masters: &Secret) -> Result<Self, Failure> {
        let wrong = |why| Failure::new("vault", Cause::Validation { field: Some("master key".into()) }, why);
        let mut keys = Vec::new();
        for line in masters.expose().lines().map(str::trim).filter(|line| !line.is_empty()) {
            let bytes = Zeroizing::new(
                STANDARD
                    .decode(line)
                    .map_err(|_| wrong("a master key is not base64: `openssl rand -base64 32`"))?,
            );
            let key = key(&bytes)
                .ok_or_else(|| wrong("a master key is not 32 bytes: `openssl rand -base64 32`"))?;
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(wrong("there is no master key in the file: `openssl rand -base64 32` makes one"));
        }
        Ok(Self { masters: keys, entropy: Arc::new(SystemEntropy::default()) })
    }

    fn lock(&self, key: &LessSafeKey, place: &str, plain: &[u8]) -> String {
        let mut nonce = [0; NONCE_LEN];
        self.entropy.fill(&mut nonce);
        let mut sealed = plain.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.as_bytes()),
            &mut sealed,
        )
        .expect("a secret is far shorter than the cipher takes");
        format!("{MARK}{}", STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    fn unlock_key(&self, shop: ShopId, wrapped: &str) -> Result<LessSafeKey, VaultError> {
        let place = place_of_key(shop);
        let opened = self.masters.iter().find_map(|master| unlock(master, &place, wrapped));
        opened.and_then(|bytes| key(&bytes)).ok_or(VaultError::NoMasterKey)
    }
}

impl Vault for Envelope {
    fn new_key(&self, shop: ShopId) -> Result<String, VaultError> {
        let mut bytes = Zeroizing::new([0; KEY]);
        self.entropy.fill(&mut *bytes);
        Ok(self.lock(&self.masters[0], &place_of_key(shop), &*bytes))
    }

    fn seal(&self, key: &str, place: Place, secret: &Secret) -> Result<String, VaultError> {
        let key = self.unlock_key(place.shop, key)?;
        Ok(self.lock(&key, &place_of_secret(place), secret.expose().as_bytes()))
    }

    fn open(&self, key: &str, place: Place, sealed: &str) -> Result<Secret, VaultError> {
        let key = self.unlock_key(place.shop, key)?;
        let plain = unlock(&key, &place_of_secret(place), sealed).ok_or(VaultError::Damaged)?;
        std::str::from_utf8(&plain).map(Secret::new).map_err(|_| VaultError::Damaged)
    }
}

fn key(bytes: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, bytes).ok().map(LessSafeKey::new)
}

fn unlock(key: &LessSafeKey, place: &str, sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = STANDARD.decode(sealed.strip_prefix(MARK)?).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
    let mut plain = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let length = key.open_in_place(nonce, Aad::from(place.as_bytes()), &mut plain).ok()?.len();
    plain.truncate(length);
    Some(plain)
}

fn place_of_key(shop: ShopId) -> String {
    format!("data_keys/{shop}/wrapped")
}

fn place_of_secret(place: Place) -> String {
    let shop = place.shop;
    match place.holder {
        Holder::Connection(id) => format!("connections/{shop}/{id}/credentials"),
        Holder::Endpoint(id) => format!("webhook_endpoints/{shop}/{id}/secret"),
    }
}

#[cfg(test)]
mod tests {
    use baddie_core::ids::{ConnectionId, EntityId};

    use super::*;

    fn master(byte: u8) -> String {
        STANDARD.encode([byte; KEY])
    }

    fn vault(masters: &[u8]) -> Envelope {
        let lines: Vec<String> = masters.iter().map(|byte| master(*byte)).collect();
        Envelope::new(&Secret::new(lines.join("\n"))).unwrap()
    }

    fn place(shop: u128, connection: u128) -> Place {
        let holder = Holder::Connection(ConnectionId::from_u128(connection));
        Place { shop: ShopId::from_u128(shop), holder }
    }

    #[test]
    fn s50_what_is_sealed_opens_at_its_place_alone() {
        let vault = vault(&[1]);
        let (here, secret) = (place(1, 1), Secret::new("sk_live_canary"));
        let key = vault.new_key(here.shop).unwrap();
        let sealed = vault.seal(&key, here, &secret).unwrap();
        assert_eq!(vault.open(&key, here, &sealed).unwrap().expose(), "sk_live_canary");
        assert_ne!(vault.seal(&key, here, &secret).unwrap(), sealed, "no two are alike");
        assert_eq!(vault.open(&key, place(1, 2), &sealed).unwrap_err(), VaultError::Damaged);
        assert_eq!(vault.open(&key, place(2, 1), &sealed).unwrap_err(), VaultError::NoMasterKey);
        let other = vault.new_key(here.shop).unwrap();
        assert_eq!(vault.open(&other, here, &sealed).unwrap_err(), VaultError::Damaged);
        for at in [0, 3, 4, sealed.len() / 2, sealed.len() - 2] {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(vault.open(&key, here, &changed).unwrap_err(), VaultError::Damaged, "byte {at}");
        }
    }

    #[test]
    fn s50_an_old_master_key_opens_until_it_goes() {
        let here = place(1, 1);
        let key = vault(&[1]).new_key(here.shop).unwrap();
        let sealed = vault(&[1]).seal(&key, here, &Secret::new("x")).unwrap();
        assert_eq!(vault(&[2, 1]).open(&key, here, &sealed).unwrap().expose(), "x");
        assert_eq!(vault(&[2]).open(&key, here, &sealed).unwrap_err(), VaultError::NoMasterKey);
        let renewed = vault(&[2, 1]).new_key(here.shop).unwrap();
        assert!(vault(&[2]).seal(&renewed, here, &Secret::new("x")).is_ok(), "the newest one seals");
    }

    #[test]
    fn s14_a_poor_master_key_is_refused() {
        for poor in ["", "\n\n", "changeme", "AAAA", "!!!"] {
            assert!(Envelope::new(&Secret::new(poor)).is_err(), "{poor:?}");
        }
    }
}
