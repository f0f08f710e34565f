//! Accounts at Stripe that shops connect by themselves: whose key it is, and what it may do.

use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    Ability, AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved,
    OpenAccount, Ports, Service, ServiceError,
};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::calls::{self, ListEvents, ListIntents, ListRefunds, ListWarnings, Listing};
use super::news::heard;
use super::{BASE, Config, List, Stripe};
use crate::http::{Call, Cause, Failure, Http};
use crate::webhook;

/// What opens an account: a key; where a platform means one of its connected accounts, that account; and where Stripe
/// delivers events, the secret that it signs them with.
const FIELDS: &[CredentialField] = &[
    CredentialField { name: "key", needed: true },
    CredentialField { name: "account", needed: false },
    CredentialField { name: "webhook_secret", needed: false },
];

/// Stripe, as a service at which shops have accounts.
pub struct StripeService {
    http: Http,
    base: String,
}

impl StripeService {
    /// Speaks through this client; `base` says where to call instead of Stripe itself, such as a pretend one. It is the
    /// machine's owner who says so, never a shop: otherwise a key could be lured elsewhere.
    pub fn new(http: Http, base: Option<&str>) -> Self {
        Self { http, base: base.unwrap_or(BASE).to_owned() }
    }
}

impl Service for StripeService {
    fn fields(&self) -> &'static [CredentialField] {
        FIELDS
    }

    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        let refused = |reason: &str| ServiceError::Refused { reason: reason.to_owned() };
        let key = credentials.get("key").ok_or_else(|| refused("there is no key"))?;
        if !["sk_", "rk_"].iter().any(|mark| key.expose().starts_with(mark)) {
            return Err(refused("the key is no secret key: it begins with sk_ or rk_"));
        }
        let account = credentials.get("account").map(|account| account.expose().to_owned());
        if account.as_ref().is_some_and(|account| !account.starts_with("acct_")) {
            return Err(refused("the account is no account of Stripe: it begins with acct_"));
        }
        let config = Config { base: self.base.clone(), account, ..Config::new(key.clone()) };
        let mut stripe = Stripe::new(self.http.clone(), &config)?;
        stripe.signing = credentials.get("webhook_secret").cloned();
        Ok(Arc::new(stripe))
    }
}

/// An account, of which no more is read than its name.
#[derive(Deserialize)]
struct Named {
    id: String,
}

#[async_trait]
impl OpenAccount for Stripe {
    /// Looks once at each of the things that matter. What may only be read and what may also be changed cannot be told apart
    /// without changing something.
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        let account: Named = self.send(calls::get_account()).await?;
        let mut abilities = Vec::new();
        for (name, call) in looks() {
            abilities.push(Ability { name: name.to_owned(), allowed: self.may(call).await? });
        }
        let account = match &self.account {
            Some(meant) if *meant != account.id => {
                return Err(ServiceError::Refused { reason: "Stripe speaks of another account".into() });
            }
            _ => account.id,
        };
        // Play money and real money are two accounts in all but their name.
        let account = if self.live { account } else { format!("{account}/test") };
        Ok(AccountSeen { account, live: self.live, abilities })
    }

    fn read_delivery(&self, delivery: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        let secret = self.signing.as_ref().ok_or_else(|| NotBelieved("there is no webhook_secret".into()))?;
        let signature = delivery.header("stripe-signature").unwrap_or_default();
        webhook::stripe(secret, signature, delivery.body, delivery.at)
            .map_err(|error| NotBelieved(error.to_string()))?;
        let event = self.read_event(delivery.body).map_err(|failure| NotBelieved(failure.to_string()))?;
        Ok(heard(&event))
    }

    async fn heard_since(&self, since: Timestamp, part: Option<&str>) -> Result<HeardPart, ServiceError> {
        self.events_since(since, part).await.map_err(ServiceError::from)
    }

    async fn look(&self, topic: &str) -> Result<Vec<News>, ServiceError> {
        match self.news_of(topic).await {
            // What is gone tells nothing more.
            Err(Failure { cause: Cause::NotFound, .. }) => Ok(Vec::new()),
            news => news.map_err(ServiceError::from),
        }
    }

    fn ports(self: Arc<Self>) -> Ports {
        Ports { payments: Some(self), ..Ports::default() }
    }
}

impl Stripe {
    async fn may(&self, call: Call) -> Result<bool, ServiceError> {
        match self.send::<List<IgnoredAny>>(call).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.cause == Cause::Permission => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// A look at each of the things that a key may be allowed.
fn looks() -> [(&'static str, Call); 6] {
    let listing = || Listing { limit: Some(1), ..Listing::default() };
    let intents = ListIntents { listing: listing(), ..ListIntents::default() };
    let refunds = ListRefunds { listing: listing(), ..ListRefunds::default() };
    let events = ListEvents { listing: listing(), ..ListEvents::default() };
    let warnings = ListWarnings { listing: listing(), ..ListWarnings::default() };
    [
        ("payment_intents", calls::list_intents(&intents)),
        ("refunds", calls::list_refunds(&refunds)),
        ("events", calls::list_events(&events)),
        ("radar.early_fraud_warnings", calls::list_warnings(&warnings)),
        ("reviews", calls::list_reviews(&listing())),
        ("webhook_endpoints", calls::list_endpoints(&listing())),
    ]
}
