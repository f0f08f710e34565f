//! A name for every request, found again in its answer, in its problem and in the log.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};

/// The header that carries it, both ways.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

const MAX_LENGTH: usize = 64;

/// Chance is drawn once per process; requests are then counted, which is cheap and as unique.
static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The id the client chose, when it is a sane one (1 to 64 letters, digits, `.`, `_` or `-`), otherwise a fresh one.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    match headers.get(HEADER) {
        Some(given) if is_sane(given.as_bytes()) => given.clone(),
        _ => fresh(),
    }
}

fn is_sane(id: &[u8]) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn fresh() -> HeaderValue {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut id = *b"req_0000000000000000000000000000";
    let count = COUNT.fetch_add(1, Ordering::Relaxed) & 0xffff_ffff_ffff;
    let bytes = (u128::from(*PROCESS) << 48 | u128::from(count)).to_be_bytes();
    for (pair, byte) in id[4..].chunks_exact_mut(2).zip(&bytes[2..]) {
        pair.copy_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
    HeaderValue::from_bytes(&id).expect("hexadecimal digits are visible ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sane_ids_are_kept_and_others_replaced() {
        let mut headers = HeaderMap::new();
        let own = of(&headers);
        assert_ne!(own, of(&headers), "each request has its own");
        assert!(is_sane(own.as_bytes()));
        headers.insert(HEADER, "trace-1.2_3".parse().unwrap());
        assert_eq!(of(&headers), "trace-1.2_3");
        for odd in ["", "a b", "<script>", &"x".repeat(65)] {
            headers.insert(HEADER, odd.parse().unwrap());
            assert!(of(&headers).to_str().unwrap().starts_with("req_"), "{odd:?}");
        }
    }
}
