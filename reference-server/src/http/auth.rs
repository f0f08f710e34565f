//! Who is asking: `Authorization: Bearer …` becomes a credential.
//!
//! A credential is remembered for a few seconds, so that reading a page of things costs one look at the store and not
//! a hundred; a token that was revoked dies within that time. Tokens are kept as digests only.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use baddie::{Credential, Engine};
use hyper::header::AUTHORIZATION;
use hyper::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::problem::Problem;

/// How long a credential is believed without asking again.
pub const REMEMBERED: Duration = Duration::from_secs(5);
const CAPACITY: usize = 4096;
const MAX_TOKEN: usize = 4096;

/// The digest of a token: its name in caches and limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// As many bits as a table's key needs.
    pub fn head(self) -> u128 {
        let (head, _) = self.0.split_at(16);
        head.iter().fold(0, |bits, &byte| bits << 8 | u128::from(byte))
    }
}

/// The token of a request, and its digest. A request without one and a request with a bad one are answered alike.
pub fn token(headers: &HeaderMap) -> Result<(&str, TokenDigest), Problem> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Err(unauthenticated());
    };
    let token = line
        .to_str()
        .ok()
        .and_then(|line| line.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| (1..=MAX_TOKEN).contains(&token.len()))
        .ok_or_else(unauthenticated)?;
    Ok((token, TokenDigest(Sha256::digest(token.as_bytes()).into())))
}

/// The one answer to whoever cannot prove who they are.
pub fn unauthenticated() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "auth.unauthenticated",
        "send a valid key or access token as `Authorization: Bearer …`",
    )
}

/// The credentials seen lately.
#[derive(Default)]
pub struct Memory {
    seen: RwLock<HashMap<TokenDigest, (Arc<Credential>, Instant)>>,
}

impl Memory {
    /// The credential of this token, when it was proved a moment ago.
    pub fn recall(&self, digest: TokenDigest) -> Option<Arc<Credential>> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let (credential, until) = seen.get(&digest)?;
        (Instant::now() < *until).then(|| Arc::clone(credential))
    }

    /// Asks the engine who this is, and remembers it.
    pub async fn prove(
        &self,
        engine: &Engine,
        token: &str,
        digest: TokenDigest,
    ) -> Result<Arc<Credential>, Problem> {
        // Counted from before the question: the answer may be stale by the time it comes.
        let until = Instant::now() + REMEMBERED;
        let credential = Arc::new(engine.authenticate(token).await.map_err(|error| match error.kind() {
            baddie::Kind::Unauthenticated => unauthenticated(),
            _ => error.into(),
        })?);
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= CAPACITY {
            let now = Instant::now();
            seen.retain(|_, (_, until)| now < *until);
        }
        // When thousands are active at once, the rest is simply asked for each time.
        if seen.len() < CAPACITY {
            seen.insert(digest, (Arc::clone(&credential), until));
        }
        Ok(credential)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (AUTHORIZATION, line.parse().unwrap())).collect()
    }

    #[test]
    fn only_one_bearer_token_is_taken() {
        assert_eq!(token(&headers(&["Bearer abc"])).unwrap().0, "abc");
        assert_eq!(token(&headers(&["bearer  abc "])).unwrap().0, "abc");
        for wrong in
            [&[][..], &["abc"], &["Basic abc"], &["Bearer "], &["Bearer a", "Bearer b"], &["Bearer \u{e4}"]]
        {
            assert_eq!(token(&headers(wrong)).unwrap_err().code(), "auth.unauthenticated", "{wrong:?}");
        }
    }
}
