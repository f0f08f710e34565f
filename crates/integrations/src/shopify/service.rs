//! Shops at Shopify that shops here connect by themselves: whose token it is, what it may do, and what Shopify delivers.

use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    Ability, AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved,
    OpenAccount, Ports, Service, ServiceError,
};

use super::wire::Installation;
use super::{Config, SCOPES, ShopSeen, Shopify, calls};
use crate::http::{Cause, Failure, Http};
use crate::webhook;

/// What opens a shop: its address and a token; and where Shopify delivers what happens, the client secret of the app, which
/// it signs deliveries with.
const FIELDS: &[CredentialField] = &[
    CredentialField { name: "shop", needed: true },
    CredentialField { name: "token", needed: true },
    CredentialField { name: "webhook_secret", needed: false },
];

/// What deliveries are about that make the shop's orders worth fetching.
const ABOUT_ORDERS: [&str; 3] = ["orders/", "refunds/", "fulfillments/"];

/// Shopify, as a service at which shops have accounts.
pub struct ShopifyService {
    http: Http,
    base: Option<String>,
}

impl ShopifyService {
    /// Speaks through this client; `base` says where to call instead of the shops themselves, such as a pretend one. It is
    /// the machine's owner who says so, never a shop: otherwise a token could be lured elsewhere.
    pub fn new(http: Http, base: Option<&str>) -> Self {
        Self { http, base: base.map(str::to_owned) }
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
        let mut shop = Shopify::new(self.http.clone(), &config).map_err(told)?;
        shop.signing = credentials.get("webhook_secret").cloned();
        Ok(Arc::new(shop))
    }
}

#[async_trait]
impl OpenAccount for Shopify {
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        let shop: ShopSeen = self.ask(&calls::shop()).await.map_err(told)?;
        if !shop.myshopify_domain.eq_ignore_ascii_case(&self.shop) {
            return Err(ServiceError::Refused { reason: "the token is another shop's".into() });
        }
        let granted: Installation = self.ask(&calls::access()).await.map_err(told)?;
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
        Ports { channel: Some(self), ..Ports::default() }
    }
}

/// A failure in the engine's words: what the owner must mend, or what will pass.
fn told(failure: Failure) -> ServiceError {
    let reason = failure.to_string();
    match failure.cause {
        Cause::Auth | Cause::Permission | Cause::NotFound | Cause::Validation { .. } => {
            ServiceError::Refused { reason }
        }
        _ => ServiceError::Unavailable { reason },
    }
}
