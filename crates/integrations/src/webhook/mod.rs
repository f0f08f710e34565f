//! Signatures of webhooks: what proves that a delivery comes from its service. They are checked on the raw bytes, before
//! anything is read of them, and compared in constant time. An empty secret accepts nothing.

mod shopify;
mod standard;
mod stripe;
mod webflow;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{self, HMAC_SHA256};

use crate::secret::Secret;

pub use shopify::shopify;
pub use standard::{new_standard_secret, sign_standard, standard};
pub use stripe::stripe;
pub use webflow::webflow;

/// How far the time of a signed delivery may lie from ours, on either side.
pub const TOLERANCE: Duration = Duration::from_mins(5);

/// Why a delivery is not believed. The sender learns no more than that; the log may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// There is no secret to check it with.
    #[error("there is no secret to check the delivery with")]
    NoSecret,
    /// The header that proves it is missing or unreadable.
    #[error("the signature is missing or unreadable")]
    Unreadable,
    /// No signature fits the bytes.
    #[error("the signature does not fit")]
    Forged,
    /// It was signed too long ago, or in the future.
    #[error("the delivery was signed too far from now")]
    OutOfTime,
}

/// The key of a secret's bytes.
fn key(secret: &[u8]) -> Result<hmac::Key, Rejection> {
    if secret.is_empty() { Err(Rejection::NoSecret) } else { Ok(hmac::Key::new(HMAC_SHA256, secret)) }
}

/// The key of a secret's text.
fn text_key(secret: &Secret) -> Result<hmac::Key, Rejection> {
    key(secret.expose().as_bytes())
}

/// Whether any of these signatures is the one of `parts`, one after the other. All are looked at, however early one
/// fits.
fn any_fits(key: &hmac::Key, parts: &[&[u8]], signatures: &[Vec<u8>]) -> bool {
    let signed = parts.concat();
    signatures.iter().fold(false, |fits, signature| hmac::verify(key, &signed, signature).is_ok() | fits)
}

/// Refuses a time too far from now; both in seconds since 1970.
fn in_time(signed_at: i64, now: i64) -> Result<(), Rejection> {
    if signed_at.abs_diff(now) <= TOLERANCE.as_secs() { Ok(()) } else { Err(Rejection::OutOfTime) }
}

/// Reads lower-case hexadecimal, as the services write it; anything else is nobody's signature.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}
