use super::{Rejection, any_fits, text_key};
use crate::secret::Secret;

/// Checks a delivery of Shopify: `X-Shopify-Hmac-Sha256` is the HMAC of the body in base64 under the app's client
/// secret. It says nothing of the time, so a delivery is as good as its event id is new.
pub fn shopify(secret: &Secret, header: &str, body: &[u8]) -> Result<(), Rejection> {
    let key = text_key(secret)?;
    let signature = super::unbase64(header).ok_or(Rejection::Unreadable)?;
    if any_fits(&key, &[body], &[signature]) { Ok(()) } else { Err(Rejection::Forged) }
}
