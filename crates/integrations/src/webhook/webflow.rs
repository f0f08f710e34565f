use baddie_core::clock::Timestamp;

use super::{Rejection, any_fits, in_time, text_key, unhex};
use crate::secret::Secret;

/// Checks a delivery of Webflow: `x-webflow-signature` is the HMAC of `timestamp:body` in hexadecimal, and
/// `x-webflow-timestamp` is in milliseconds.
pub fn webflow(
    secret: &Secret,
    timestamp: &str,
    signature: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Rejection> {
    let key = text_key(secret)?;
    let signatures: Vec<_> = unhex(signature).into_iter().collect();
    let millis: i64 = timestamp.parse().map_err(|_| Rejection::Unreadable)?;
    if !any_fits(&key, &[timestamp.as_bytes(), b":", body], &signatures) {
        return Err(Rejection::Forged);
    }
    in_time(millis.div_euclid(1_000), now.as_micros().div_euclid(1_000_000))
}
