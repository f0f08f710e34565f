//! How a token comes about: a shop's owner is sent to Shopify, comes back with a code, and the code is changed for a token.
//! Nothing here calls anybody but by a [`Call`] that somebody else sends.
//! <https://shopify.dev/docs/apps/build/authentication-authorization>

use baddie_core::clock::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;
use serde::Deserialize;
use serde_json::json;

use super::manners::ShopifyManners;
use super::{KIND, SCOPES, is_shop};
use crate::http::{Answer, Call, Cause, Failure, Manners, Repeat};
use crate::secret::Secret;
use crate::webhook::unhex;

/// Where codes are changed for tokens.
const TOKENS: &str = "/admin/oauth/access_token";
/// How far the time of a return may lie from ours, in seconds.
const TOLERANCE: u64 = 90;

/// A program that Shopify knows.
#[derive(Debug, Clone)]
pub struct App {
    /// Its name at Shopify.
    pub client_id: String,
    /// What it proves itself with.
    pub client_secret: Secret,
}

/// A token, and how long it lives.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The token.
    pub access_token: Secret,
    /// What was granted, with commas between.
    pub scope: String,
    /// How many seconds the token lives; for ever when absent.
    pub expires_in: Option<u64>,
    /// What the next token is had for; good once.
    pub refresh_token: Option<Secret>,
    /// How many seconds that is good for.
    pub refresh_token_expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct Said {
    access_token: String,
    scope: String,
    expires_in: Option<u64>,
    refresh_token: Option<String>,
    refresh_token_expires_in: Option<u64>,
}

/// A return from Shopify that is believed.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The shop that was opened.
    pub shop: String,
    /// What its token is had for.
    pub code: Secret,
}

/// What the page of an embedded program says of who looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// The shop, `https://something.myshopify.com`.
    pub dest: String,
    /// Who says so: the same shop.
    pub iss: String,
    /// The user.
    pub sub: String,
    /// From when it is good, in seconds since 1970.
    pub nbf: u64,
    /// Until when.
    pub exp: u64,
}

impl Granted {
    /// Reads what came of [`App::exchange`], [`App::refresh`] or [`App::exchange_session`].
    pub fn read(answer: &Answer) -> Result<Self, Failure> {
        ShopifyManners.judge(answer)?;
        let said: Said = serde_json::from_slice(&answer.body)
            .map_err(|_| Failure::new(KIND, Cause::Protocol, "the answer is no token").in_doubt(true))?;
        Ok(Self {
            access_token: Secret::new(said.access_token),
            scope: said.scope,
            expires_in: said.expires_in,
            refresh_token: said.refresh_token.map(Secret::new),
            refresh_token_expires_in: said.refresh_token_expires_in,
        })
    }

    /// Which of [`SCOPES`] were not granted. To read comes with to write.
    pub fn missing(&self) -> Vec<&'static str> {
        let granted: Vec<&str> = self.scope.split(',').map(str::trim).collect();
        let has = |scope: &str| {
            granted.contains(&scope) || granted.contains(&scope.replace("read_", "write_").as_str())
        };
        SCOPES.iter().copied().filter(|scope| !has(scope)).collect()
    }
}

impl Session {
    /// The shop.
    pub fn shop(&self) -> &str {
        self.dest.trim_start_matches("https://")
    }
}

impl App {
    /// Where a shop's owner is sent to; `state` is a secret of theirs, which comes back.
    pub fn ask(&self, shop: &str, redirect: &str, state: &str) -> Result<String, Failure> {
        check_shop(shop)?;
        let query = form(&[
            ("client_id", &self.client_id),
            ("scope", &SCOPES.join(",")),
            ("redirect_uri", redirect),
            ("state", state),
        ]);
        Ok(format!("https://{shop}/admin/oauth/authorize?{query}"))
    }

    /// Checks a return: that it belongs to the one who was sent, comes from Shopify, just now, and is about a shop of theirs.
    pub fn returned(
        &self,
        query: &[(String, String)],
        state: &str,
        now: Timestamp,
    ) -> Result<Returned, Failure> {
        let given =
            |name: &str| query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.client_secret.expose().as_bytes());
        let mut rest: Vec<(&str, &str)> = query
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .filter(|(key, _)| *key != "hmac")
            .collect();
        rest.sort_unstable();
        let signature = unhex(given("hmac")).unwrap_or_default();
        let signed = hmac::verify(&key, form(&rest).as_bytes(), &signature).is_ok();
        if self.client_secret.is_empty() || !signed {
            return Err(unproven("it is not signed by Shopify"));
        }
        // Both are secrets of one length, looked at to the end.
        let same = hmac::sign(&key, state.as_bytes());
        if state.is_empty() || hmac::verify(&key, given("state").as_bytes(), same.as_ref()).is_err() {
            return Err(unproven("it is not the return of the one who was sent"));
        }
        let seconds = now.as_micros().div_euclid(1_000_000);
        let told: i64 = given("timestamp").parse().unwrap_or_default();
        if told.abs_diff(seconds) > TOLERANCE {
            return Err(unproven("it was signed too far from now"));
        }
        check_shop(given("shop"))?;
        Ok(Returned { shop: given("shop").to_owned(), code: Secret::new(given("code")) })
    }

    /// Changes a code for a token that does not need the owner, and expires.
    pub fn exchange(&self, code: &Secret) -> Call {
        // A code is good once: who was not answered sends the owner again.
        self.token(&json!({ "code": code.expose(), "expiring": "1" })).repeat(Repeat::Never)
    }

    /// Has the next token for the last one's `refresh_token`. It is kept before it is used: the old one is good no more.
    pub fn refresh(&self, refresh_token: &Secret) -> Call {
        let body = json!({ "grant_type": "refresh_token", "refresh_token": refresh_token.expose() });
        self.token(&body).repeat(Repeat::Never)
    }

    /// Changes the word of an embedded page for a token that does not need the owner.
    pub fn exchange_session(&self, session: &Secret) -> Call {
        self.token(&json!({
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": session.expose(),
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": "1",
        }))
        .repeat(Repeat::UnderItsKey)
    }

    fn token(&self, wanted: &serde_json::Value) -> Call {
        let mut body = wanted.clone();
        body["client_id"] = self.client_id.clone().into();
        body["client_secret"] = self.client_secret.expose().into();
        Call::post(TOKENS).header("accept", "application/json").body("application/json", body.to_string())
    }

    /// Checks the word of an embedded page (RFC 7519, HS256): that Shopify wrote it for this program, this minute, and one shop.
    pub fn session(&self, token: &str, now: Timestamp) -> Result<Session, Failure> {
        if self.client_secret.is_empty() {
            return Err(unproven("there is no secret to check it with"));
        }
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[&self.client_id]);
        rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // The clock is ours to read, below.
        (rules.validate_exp, rules.validate_nbf) = (false, false);
        let key = DecodingKey::from_secret(self.client_secret.expose().as_bytes());
        let session = jsonwebtoken::decode::<Session>(token, &key, &rules)
            .map_err(|_| unproven("the session is not Shopify's word to this program"))?
            .claims;
        let seconds = u64::try_from(now.as_micros().div_euclid(1_000_000)).unwrap_or_default();
        let early = session.nbf > seconds.saturating_add(SLACK);
        if early || session.exp.saturating_add(SLACK) <= seconds {
            return Err(unproven("the session is not good now"));
        }
        let domain =
            |address: &str| address.trim_start_matches("https://").trim_end_matches("/admin").to_owned();
        check_shop(session.shop())?;
        if domain(&session.iss) != session.shop() {
            return Err(unproven("the session is of one shop and speaks of another"));
        }
        Ok(session)
    }
}

/// How far clocks may lie apart, in seconds; as Shopify's own library has it.
const SLACK: u64 = 10;

fn check_shop(shop: &str) -> Result<(), Failure> {
    let field = || Some("shop".to_owned());
    let wrong =
        || Failure::new(KIND, Cause::Validation { field: field() }, "it is no something.myshopify.com");
    is_shop(shop).then_some(()).ok_or_else(wrong)
}

fn unproven(why: &str) -> Failure {
    Failure::new(KIND, Cause::Auth, why)
}

/// What stays as it is in a query, as Shopify signs it (ECMA-262, `encodeURIComponent`).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

fn form(pairs: &[(&str, &str)]) -> String {
    let pair = |(key, value): &(&str, &str)| {
        format!("{}={}", utf8_percent_encode(key, PLAIN), utf8_percent_encode(value, PLAIN))
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}
