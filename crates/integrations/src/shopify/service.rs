//! Shops at Shopify that shops here connect by themselves: whose token it is, what it may do, and what Shopify delivers.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    Ability, AccountSeen, Consent, CredentialField, Credentials, Deliveries, Delivery, Heard, HeardPart,
    News, NotBelieved, OpenAccount, Ports, Renewal, Renewed, Service, ServiceError, WayBack,
};

use serde_json::Value;

use super::access::{App, Granted};
use super::manners::ShopifyManners;
use super::wire::{Hook, Installation, Page};
use super::{Config, SCOPES, ShopSeen, Shopify, calls};
use crate::http::{Connection, Failure, Http};
use crate::secret::Secret;
use crate::webhook;

/// What opens a shop: its address and a token; where Shopify delivers what happens, the client secret of the app, which it
/// signs deliveries with; and where the token expires, the client id and what the next one is had for.
const FIELDS: &[CredentialField] = &[
    CredentialField { name: "shop", needed: true },
    CredentialField { name: "token", needed: true },
    CredentialField { name: "webhook_secret", needed: false },
    CredentialField { name: "client_id", needed: false },
    CredentialField { name: "refresh_token", needed: false },
];

/// How many seconds a token lives of which Shopify does not say it: those that do not expire can be asked for again, too.
const LONGEST: u64 = 24 * 60 * 60;

/// What Shopify is asked to deliver. It takes a subscription away that nobody answers for four hours, so it is looked at
/// with every look at the connection.
const TOPICS: [&str; 4] = ["ORDERS_CREATE", "ORDERS_UPDATED", "REFUNDS_CREATE", "FULFILLMENTS_UPDATE"];

/// What deliveries are about that make the shop's orders worth fetching.
const ABOUT_ORDERS: [&str; 3] = ["orders/", "refunds/", "fulfillments/"];

/// Shopify, as a service at which shops have accounts.
pub struct ShopifyService {
    http: Http,
    base: Option<String>,
    /// This program, where Shopify knows it.
    app: Option<App>,
}

impl ShopifyService {
    /// Speaks through this client; `base` says where to call instead of the shops themselves, such as a pretend one. It is
    /// the machine's owner who says so, never a shop: otherwise a token could be lured elsewhere.
    pub fn new(http: Http, base: Option<&str>) -> Self {
        Self { http, base: base.map(str::to_owned), app: None }
    }

    /// Lets owners of shops let this program in, which Shopify knows by this name.
    #[must_use]
    pub fn app(mut self, app: App) -> Self {
        self.app = Some(app);
        self
    }
}

impl Service for ShopifyService {
    fn fields(&self) -> &'static [CredentialField] {
        FIELDS
    }

    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        let given = |name: &str| {
            let missing = || ServiceError::Refused { reason: format!("there is no {name}") };
            credentials.get(name).ok_or_else(missing)
        };
        let config = Config {
            base: self.base.clone(),
            ..Config::new(given("shop")?.expose(), given("token")?.clone())
        };
        let mut shop = Shopify::new(self.http.clone(), &config)?;
        shop.signing = credentials.get("webhook_secret").cloned();
        if let Some(refresh_token) = credentials.get("refresh_token") {
            let app = App {
                client_id: given("client_id")?.expose().to_owned(),
                client_secret: given("webhook_secret")?.clone(),
            };
            shop.next = Some(Next::new(app, refresh_token.clone(), &config)?);
        }
        Ok(Arc::new(shop))
    }

    fn consent(&self) -> Option<&dyn Consent> {
        self.app.is_some().then_some(self as &dyn Consent)
    }
}

impl ShopifyService {
    fn known_app(&self) -> Result<&App, ServiceError> {
        self.app
            .as_ref()
            .ok_or_else(|| ServiceError::Refused { reason: "Shopify does not know this program".into() })
    }
}

#[async_trait]
impl Consent for ShopifyService {
    fn asks(&self) -> &'static [&'static str] {
        &["shop"]
    }

    fn address(&self, known: &Credentials, way: &WayBack<'_>) -> Result<String, ServiceError> {
        let shop = known.get("shop").map_or("", Secret::expose);
        self.known_app()?.ask(shop, way.return_url, way.state).map_err(ServiceError::from)
    }

    async fn redeem(
        &self,
        known: &Credentials,
        way: &WayBack<'_>,
        query: &[(String, String)],
    ) -> Result<Credentials, ServiceError> {
        let app = self.known_app()?;
        let returned = app.returned(query, way.state, self.http.clock().now())?;
        if !known.get("shop").is_some_and(|shop| shop.expose().eq_ignore_ascii_case(&returned.shop)) {
            return Err(ServiceError::Refused { reason: "the owner of another shop came back".into() });
        }
        let config = Config {
            base: self.base.clone(),
            ..Config::new(returned.shop.clone(), app.client_secret.clone())
        };
        let to = Connection::new(Box::new(ShopifyManners), &config.base(), config.limits)?
            .hiding(&app.client_secret)
            .hiding(&returned.code);
        let answer = self.http.send(&to, &app.exchange(&returned.code)).await?;
        let granted = Granted::read(&answer)?;
        let missing = granted.missing();
        if !missing.is_empty() {
            let reason = format!("the owner did not grant {}", missing.join(", "));
            return Err(ServiceError::Refused { reason });
        }
        let given = [
            ("shop", Some(Secret::new(returned.shop))),
            ("token", Some(granted.access_token)),
            ("webhook_secret", Some(app.client_secret.clone())),
            ("client_id", Some(Secret::new(app.client_id.clone()))),
            ("refresh_token", granted.refresh_token),
        ];
        Ok(given.into_iter().filter_map(|(name, secret)| Some((name.to_owned(), secret?))).collect())
    }
}

#[async_trait]
impl OpenAccount for Shopify {
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        let shop: ShopSeen = self.ask(&calls::shop()).await?;
        if !shop.myshopify_domain.eq_ignore_ascii_case(&self.shop) {
            return Err(ServiceError::Refused { reason: "the token is another shop's".into() });
        }
        let granted: Installation = self.ask(&calls::access()).await?;
        let may = |wanted: &str| {
            let whole = wanted.replace("read_", "write_");
            granted.access_scopes.iter().any(|scope| scope.handle == wanted || scope.handle == whole)
        };
        let abilities =
            SCOPES.iter().map(|&name| Ability { name: name.to_owned(), allowed: may(name) }).collect();
        Ok(AccountSeen { account: shop.id, live: !shop.plan.partner_development, abilities })
    }

    fn read_delivery(&self, delivery: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        let secret = self.signing.as_ref().ok_or_else(|| NotBelieved("there is no webhook_secret".into()))?;
        let header = |name: &str| delivery.header(name).unwrap_or_default();
        webhook::shopify(secret, header("x-shopify-hmac-sha256"), delivery.body)
            .map_err(|error| NotBelieved(error.to_string()))?;
        if !header("x-shopify-shop-domain").eq_ignore_ascii_case(&self.shop) {
            return Err(NotBelieved("the delivery is about another shop".into()));
        }
        let (name, kind) = (header("x-shopify-event-id"), header("x-shopify-topic"));
        if name.is_empty() {
            return Err(NotBelieved("the delivery has no name: there is no x-shopify-event-id".into()));
        }
        let matters = ABOUT_ORDERS.iter().any(|about| kind.starts_with(about));
        Ok(matters.then(|| Heard { name: name.into(), kind: kind.into(), topic: "orders".into() }))
    }

    /// Nothing: what a channel has to tell is fetched through the channel, on every schedule there is.
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }

    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }

    fn ports(self: Arc<Self>) -> Ports {
        let renewal = self.next.is_some().then(|| self.clone() as Arc<dyn Renewal>);
        // What is delivered without a secret to prove it by would not be believed.
        let deliveries = self.signing.is_some().then(|| self.clone() as Arc<dyn Deliveries>);
        Ports { channel: Some(self), renewal, deliveries, ..Ports::default() }
    }
}

#[async_trait]
impl Deliveries for Shopify {
    async fn deliver_to(&self, url: &str) -> Result<(), ServiceError> {
        let mut missing = TOPICS.to_vec();
        let mut after = None;
        loop {
            let page: Page<Hook> = self.ask(&calls::hooks(after.as_deref())).await?;
            missing.retain(|topic| !page.nodes.iter().any(|hook| hook.topic == *topic && hook.uri == url));
            after = page.page_info.next();
            if after.is_none() {
                break;
            }
        }
        for topic in missing {
            self.ask::<Value>(&calls::listen(topic, url)).await?;
        }
        Ok(())
    }
}

/// How the next token of a shop is had.
pub(super) struct Next {
    app: App,
    refresh_token: Secret,
    /// The way to it, on which the token itself does not go along.
    to: Connection,
}

impl Next {
    fn new(app: App, refresh_token: Secret, config: &Config) -> Result<Self, Failure> {
        let to = Connection::new(Box::new(ShopifyManners), &config.base(), config.limits)?
            .hiding(&app.client_secret)
            .hiding(&refresh_token);
        Ok(Self { app, refresh_token, to })
    }
}

#[async_trait]
impl Renewal for Shopify {
    async fn renew(&self) -> Result<Renewed, ServiceError> {
        let missing = || ServiceError::Refused { reason: "there is no refresh_token".into() };
        let next = self.next.as_ref().ok_or_else(missing)?;
        let asked_at = self.http.clock().now();
        let call = next.app.refresh(&next.refresh_token);
        let answer = self.http.send(&next.to, &call).await?;
        let granted = Granted::read(&answer)?;
        let mut changed = vec![("token", &granted.access_token)];
        changed.extend(granted.refresh_token.as_ref().map(|token| ("refresh_token", token)));
        let changed = changed.into_iter().map(|(name, secret)| (name.to_owned(), secret.clone()));
        let lives = Duration::from_secs(granted.expires_in.unwrap_or(LONGEST));
        Ok(Renewed { credentials: changed.collect(), until: asked_at.plus(lives) })
    }
}
