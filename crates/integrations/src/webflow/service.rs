//! Accounts at Webflow that shops connect by themselves: whose token it is, what it may do, and what Webflow delivers.

use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    Ability, AccountSeen, Consent, CredentialField, Credentials, Delivery, Heard, HeardPart, News,
    NotBelieved, OpenAccount, Ports, Service, ServiceError,
};
use baddie_core::ids::hex;
use ring::digest::{SHA256, digest};
use serde::Deserialize;

use super::access::App;
use super::calls::{self, Page, TRIGGERS};
use super::wire::{Introspection, Places, Sites};
use super::{BASE, Config, SCOPES, Site, Webflow};
use crate::http::{Call, Cause, Failure, Http};
use crate::webhook;

/// What opens an account: a token; and where Webflow delivers what happens, the secret that it signs deliveries with.
const FIELDS: &[CredentialField] = &[
    CredentialField { name: "token", needed: true },
    CredentialField { name: "webhook_secret", needed: false },
];

/// Webflow, as a service at which shops have accounts.
pub struct WebflowService {
    pub(super) http: Http,
    pub(super) base: String,
    /// This program, where Webflow knows it.
    pub(super) app: Option<App>,
}

impl WebflowService {
    /// Speaks through this client; `base` says where to call instead of Webflow itself, such as a pretend one. It is the
    /// machine's owner who says so, never a shop: otherwise a token could be lured elsewhere.
    pub fn new(http: Http, base: Option<&str>) -> Self {
        Self { http, base: base.unwrap_or(BASE).to_owned(), app: None }
    }

    /// Lets owners of sites let this program in, which Webflow knows by this name.
    #[must_use]
    pub fn app(mut self, app: App) -> Self {
        self.app = Some(app);
        self
    }
}

impl Service for WebflowService {
    fn fields(&self) -> &'static [CredentialField] {
        FIELDS
    }

    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        let missing = || ServiceError::Refused { reason: "there is no token".into() };
        let token = credentials.get("token").ok_or_else(missing)?;
        let config = Config { base: self.base.clone(), ..Config::new(token.clone()) };
        let mut webflow = Webflow::new(self.http.clone(), &config)?;
        webflow.signing = credentials.get("webhook_secret").cloned();
        Ok(Arc::new(webflow))
    }

    fn consent(&self) -> Option<&dyn Consent> {
        self.app.is_some().then_some(self as &dyn Consent)
    }
}

/// A delivery, as far as it is read: what it is about is looked up.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    trigger_type: String,
}

#[async_trait]
impl OpenAccount for Webflow {
    /// Of a token that a program was granted Webflow says what it is for; of a site's own token it does not, so the site is
    /// looked at. What may only be read and what may also be changed cannot be told apart then.
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        let granted = match self.send::<Introspection>(&calls::introspect()).await {
            Ok(told) => Some(told.authorization),
            Err(failure) if is_ours_to_mend(&failure) => None,
            Err(failure) => return Err(failure.into()),
        };
        let sites: Sites = self.send(&calls::list_sites()).await?;
        let sites = sites.sites;
        let places = granted.as_ref().map(|granted| granted.authorized_to.clone()).unwrap_or_default();
        let account = account_of(places, &sites)
            .ok_or_else(|| ServiceError::Refused { reason: "the token opens no site".into() })?;
        let abilities = match granted.and_then(|granted| granted.scope) {
            Some(scopes) => granted_of(&scopes),
            None => self.seen_at(&sites).await?,
        };
        Ok(AccountSeen { account, live: true, abilities })
    }

    /// Deliveries have no names. Two that say the same at the same time are one; one that is signed anew is another, and
    /// comes to no more than another look.
    fn read_delivery(&self, delivery: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        let secret = self.signing.as_ref().ok_or_else(|| NotBelieved("there is no webhook_secret".into()))?;
        let header = |name: &str| delivery.header(name).unwrap_or_default();
        let (time, signature) = (header("x-webflow-timestamp"), header("x-webflow-signature"));
        webhook::webflow(secret, time, signature, delivery.body, delivery.at)
            .map_err(|error| NotBelieved(error.to_string()))?;
        let told: Told = serde_json::from_slice(delivery.body)
            .map_err(|_| NotBelieved("the delivery does not say what it is about".into()))?;
        if !TRIGGERS.contains(&&*told.trigger_type) {
            return Ok(None);
        }
        let said = [time.as_bytes(), b":", delivery.body].concat();
        let name = hex(&digest(&SHA256, &said).as_ref()[..16]);
        Ok(Some(Heard { name, kind: told.trigger_type, topic: "orders".into() }))
    }

    /// Nothing: what a channel has to tell is fetched through the channel, on every schedule there is.
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }

    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }

    fn ports(self: Arc<Self>) -> Ports {
        Ports { channel: Some(self.clone()), site: Some(self), ..Ports::default() }
    }
}

impl Webflow {
    /// What may be read at the first site, by looking once at each.
    async fn seen_at(&self, sites: &[Site]) -> Result<Vec<Ability>, ServiceError> {
        let Some(site) = sites.first() else { return Ok(Vec::new()) };
        let one = Page { offset: 0, limit: 1 };
        let mut abilities = vec![Ability { name: "sites:read".into(), allowed: true }];
        for (name, call) in [
            ("cms:read", calls::list_collections(&site.id)),
            ("ecommerce:read", calls::list_orders(&site.id, None, one)),
        ] {
            abilities.push(Ability { name: name.into(), allowed: self.may(&call).await? });
        }
        Ok(abilities)
    }

    async fn may(&self, call: &Call) -> Result<bool, ServiceError> {
        match self.tell(call).await {
            Ok(()) => Ok(true),
            Err(failure) if is_ours_to_mend(&failure) || failure.cause == Cause::Conflict => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// Whether the credentials are not good for it, rather than the service down.
fn is_ours_to_mend(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::Auth | Cause::Permission | Cause::NotFound | Cause::Validation { .. })
}

/// Whose account it is: what the token was granted for; or its only site, or the workspace of its sites. A workspace stays the
/// same account when a site is added to it.
fn account_of(places: Places, sites: &[Site]) -> Option<String> {
    for mut granted in [places.workspace_ids, places.site_ids] {
        if !granted.is_empty() {
            granted.sort();
            return Some(granted.join(","));
        }
    }
    match sites {
        [] => None,
        [site] => Some(site.id.clone()),
        [first, ..] => first.workspace_id.clone().or_else(|| Some(first.id.clone())),
    }
}

fn granted_of(scopes: &str) -> Vec<Ability> {
    let granted: Vec<_> = scopes.split([' ', ',']).collect();
    let may = |wanted: &str| granted.iter().any(|scope| scope.eq_ignore_ascii_case(wanted));
    SCOPES.iter().map(|&name| Ability { name: name.to_owned(), allowed: may(name) }).collect()
}
