use baddie_core::clock::Timestamp;

use super::{Rejection, any_fits, in_time, text_key, unhex};
use crate::secret::Secret;

/// Checks a delivery of Stripe: `Stripe-Signature: t=…,v1=…`, where `v1` is the HMAC of `t.body` in hexadecimal under
/// the whole text of the secret. While a secret is rotated there are two `v1`; other schemes are passed over. Unlike the
/// official library, a time in the future is refused too.
pub fn stripe(secret: &Secret, header: &str, body: &[u8], now: Timestamp) -> Result<(), Rejection> {
    let key = text_key(secret)?;
    let mut signed_at = None;
    let mut signatures = Vec::new();
    for item in header.split(',') {
        match item.split_once('=') {
            Some(("t", time)) => signed_at = Some(time),
            Some(("v1", signature)) => signatures.extend(unhex(signature)),
            _ => {}
        }
    }
    let signed_at = signed_at.ok_or(Rejection::Unreadable)?;
    let seconds: i64 = signed_at.parse().map_err(|_| Rejection::Unreadable)?;
    if !any_fits(&key, &[signed_at.as_bytes(), b".", body], &signatures) {
        return Err(Rejection::Forged);
    }
    in_time(seconds, now.as_micros().div_euclid(1_000_000))
}
