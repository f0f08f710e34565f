use baddie_core::clock::Timestamp;
use ring::hmac;

use super::{Rejection, any_fits, base64, in_time, key, unbase64};
use crate::secret::Secret;

/// What every secret of Standard Webhooks begins with.
const PREFIX: &str = "whsec_";

/// A secret of these random bytes, as Standard Webhooks writes it.
pub fn new_standard_secret(bytes: &[u8]) -> Secret {
    Secret::new(format!("{PREFIX}{}", base64(bytes)))
}

/// Signs a delivery by Standard Webhooks: what goes into `webhook-signature` for this id, time and body. While a secret
/// is rotated the header holds one signature of each, with a space between.
pub fn sign_standard(secret: &Secret, id: &str, at: Timestamp, body: &[u8]) -> Result<String, Rejection> {
    let seconds = at.as_micros().div_euclid(1_000_000).to_string();
    let signed = [id.as_bytes(), b".", seconds.as_bytes(), b".", body].concat();
    Ok(format!("v1,{}", base64(hmac::sign(&standard_key(secret)?, &signed).as_ref())))
}

/// Checks a delivery by Standard Webhooks: `webhook-id`, `webhook-timestamp`, and the signatures in `webhook-signature`, of
/// which one must fit.
pub fn standard(
    secret: &Secret,
    id: &str,
    timestamp: &str,
    signatures: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Rejection> {
    let key = standard_key(secret)?;
    let seconds: i64 = timestamp.parse().map_err(|_| Rejection::Unreadable)?;
    let candidates = signatures.split(' ').filter_map(|one| unbase64(one.strip_prefix("v1,")?));
    let candidates: Vec<_> = candidates.collect();
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    if !any_fits(&key, &parts, &candidates) {
        return Err(Rejection::Forged);
    }
    in_time(seconds, now.as_micros().div_euclid(1_000_000))
}

fn standard_key(secret: &Secret) -> Result<hmac::Key, Rejection> {
    let text = secret.expose();
    let bytes = unbase64(text.strip_prefix(PREFIX).unwrap_or(text)).ok_or(Rejection::NoSecret)?;
    key(&bytes)
}
