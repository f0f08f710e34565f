//! Accounts at Hostinger that shops connect by themselves: whose token it is, and what it may do.

use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    Ability, AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved,
    OpenAccount, Ports, Service, ServiceError,
};
use serde::de::IgnoredAny;

use super::wire::Subscription;
use super::{BASE, Config, Hostinger, calls};
use crate::http::{Call, Cause, Http};

/// What opens an account.
const FIELDS: &[CredentialField] = &[CredentialField { name: "token", needed: true }];

/// Hostinger, as a service at which shops have accounts.
pub struct HostingerService {
    http: Http,
    base: String,
}

impl HostingerService {
    /// Speaks through this client; `base` says where to call instead of Hostinger itself, such as a pretend one. It is the
    /// machine's owner who says so, never a shop: otherwise a token could be lured elsewhere.
    pub fn new(http: Http, base: Option<&str>) -> Self {
        Self { http, base: base.unwrap_or(BASE).to_owned() }
    }
}

impl Service for HostingerService {
    fn fields(&self) -> &'static [CredentialField] {
        FIELDS
    }

    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        let missing = || ServiceError::Refused { reason: "there is no token".into() };
        let token = credentials.get("token").ok_or_else(missing)?;
        let config = Config { base: self.base.clone(), ..Config::new(token.clone()) };
        Ok(Arc::new(Hostinger::new(self.http.clone(), &config)?))
    }
}

#[async_trait]
impl OpenAccount for Hostinger {
    /// Hostinger names no account. Its first subscription is never taken from it, also when it is over, so that is its name.
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        let paid_for: Vec<Subscription> = self.send(calls::subscriptions()).await?;
        let dated = paid_for.into_iter().filter_map(|one| Some((one.created_at?, one.id)));
        let Some((_, first)) = dated.min() else {
            let reason = "the account cannot be told from others: nothing was ever bought there".into();
            return Err(ServiceError::Refused { reason });
        };
        let mut abilities = Vec::new();
        for (name, call) in looks() {
            abilities.push(Ability { name: name.to_owned(), allowed: self.may(call).await? });
        }
        Ok(AccountSeen { account: first, live: true, abilities })
    }

    fn read_delivery(&self, _: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        Err(NotBelieved("Hostinger delivers nothing".into()))
    }

    /// Nothing: it keeps no list of what happened.
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }

    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }

    fn ports(self: Arc<Self>) -> Ports {
        Ports { domains: Some(self.clone()), zones: Some(self), ..Ports::default() }
    }
}

impl Hostinger {
    async fn may(&self, call: Call) -> Result<bool, ServiceError> {
        match self.send::<IgnoredAny>(call).await {
            Ok(_) => Ok(true),
            Err(failure) if matches!(failure.cause, Cause::Permission | Cause::NotFound) => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// A look at each of the things that an account may have to do with.
fn looks() -> [(&'static str, Call); 5] {
    [
        ("domains", calls::portfolio()),
        ("payments", calls::payment_methods()),
        ("sites", calls::websites(1)),
        ("machines", calls::machines()),
        ("shops", calls::stores(1)),
    ]
}
