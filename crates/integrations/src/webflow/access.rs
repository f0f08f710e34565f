//! How a program comes by a token: an owner is sent to Webflow, comes back with a code, and the code is changed for a token that
//! does not run out. <https://developers.webflow.com/data/reference/oauth-app>

use async_trait::async_trait;
use baddie_core::connections::{Consent, Credentials, ServiceError, WayBack};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;

use super::manners::WebflowManners;
use super::service::WebflowService;
use super::{KIND, SCOPES};
use crate::http::{Answer, Call, Cause, Connection, Failure, Limits, Manners};
use crate::secret::Secret;

/// Where owners are sent.
const AUTHORISE: &str = "https://webflow.com/oauth/authorize";
/// Where codes are changed for tokens. Webflow's description says `/oauth/token`; programs that are let in ask here.
const TOKENS: &str = "/oauth/access_token";

/// A program that Webflow knows.
#[derive(Debug, Clone)]
pub struct App {
    /// Its name at Webflow.
    pub client_id: String,
    /// What it proves itself with; Webflow signs what it delivers to it with that.
    pub client_secret: Secret,
}

#[derive(Deserialize)]
struct Said {
    access_token: String,
}

impl App {
    /// Where an owner is sent to; `state` is a secret of theirs, which comes back.
    pub fn ask(&self, redirect: &str, state: &str) -> String {
        let text = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        format!(
            "{AUTHORISE}?response_type=code&client_id={}&scope={}&redirect_uri={}&state={}",
            text(&self.client_id),
            text(&SCOPES.join(" ")),
            text(redirect),
            text(state),
        )
    }

    /// Changes a code for a token. A code is good once: who was not answered sends the owner again.
    pub fn exchange(&self, code: &str, redirect: &str) -> Call {
        let body = json!({
            "client_id": self.client_id,
            "client_secret": self.client_secret.expose(),
            "code": code,
            "grant_type": "authorization_code",
            "redirect_uri": redirect,
        });
        Call::post(TOKENS).header("accept", "application/json").body("application/json", body.to_string())
    }
}

/// Reads what came of [`App::exchange`].
pub fn token_in(answer: &Answer) -> Result<Secret, Failure> {
    WebflowManners.judge(answer)?;
    let wrong = || Failure::new(KIND, Cause::Protocol, "the answer is no token").in_doubt(true);
    let said: Said = serde_json::from_slice(&answer.body).map_err(|_| wrong())?;
    let token = Secret::new(said.access_token);
    if token.is_empty() { Err(wrong()) } else { Ok(token) }
}

impl WebflowService {
    fn known_app(&self) -> Result<&App, ServiceError> {
        self.app
            .as_ref()
            .ok_or_else(|| ServiceError::Refused { reason: "Webflow does not know this program".into() })
    }
}

#[async_trait]
impl Consent for WebflowService {
    fn asks(&self) -> &'static [&'static str] {
        &[]
    }

    fn address(&self, _: &Credentials, way: &WayBack<'_>) -> Result<String, ServiceError> {
        Ok(self.known_app()?.ask(way.return_url, way.state))
    }

    async fn redeem(
        &self,
        _: &Credentials,
        way: &WayBack<'_>,
        query: &[(String, String)],
    ) -> Result<Credentials, ServiceError> {
        let app = self.known_app()?;
        let code = query.iter().find(|(name, _)| name == "code").map_or("", |(_, code)| code.as_str());
        if code.is_empty() {
            return Err(ServiceError::Refused { reason: "the owner brought no code".into() });
        }
        // The way to tokens begins where Webflow does, not at a version of what it can do.
        let root = self.base.trim_end_matches('/');
        let root = root.strip_suffix("/v2").unwrap_or(root);
        let to = Connection::new(Box::new(WebflowManners), root, Limits::default())?
            .hiding(&app.client_secret)
            .hiding(&Secret::new(code));
        let answer = self.http.send(&to, &app.exchange(code, way.return_url)).await?;
        let token = token_in(&answer)?;
        let given = [("token", token), ("webhook_secret", app.client_secret.clone())];
        Ok(given.into_iter().map(|(name, secret)| (name.to_owned(), secret)).collect())
    }
}
