//! Models that shops connect by themselves: at which host, and whether it has the model that is meant.

use std::sync::Arc;

use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::connections::{
    Ability, AccountSeen, CredentialField, Credentials, Delivery, Heard, HeardPart, News, NotBelieved,
    OpenAccount, Ports, Service, ServiceError,
};
use baddie_core::listings::HostedWriter;
use serde::Deserialize;

use super::{BASE, Config, OpenAi, TOKENS_PER_MONTH};
use crate::http::{Call, Cause, Failure, Http};

/// What opens an account: the model, the key where its host asks for one, where it is unless it is OpenAI itself, and how many
/// tokens it may cost in a month.
const FIELDS: &[CredentialField] = &[
    CredentialField { name: "model", needed: true },
    CredentialField { name: "key", needed: false },
    CredentialField { name: "base", needed: false },
    CredentialField { name: "tokens_per_month", needed: false },
];

/// Hosts of models, as a service at which shops have accounts. A shop names its host together with the key for it, so no key
/// can be lured elsewhere; the client keeps it to the public internet.
pub struct OpenAiService {
    http: Http,
}

impl OpenAiService {
    /// Speaks through this client.
    pub fn new(http: Http) -> Self {
        Self { http }
    }
}

impl Service for OpenAiService {
    fn fields(&self) -> &'static [CredentialField] {
        FIELDS
    }

    fn open(&self, credentials: &Credentials) -> Result<Arc<dyn OpenAccount>, ServiceError> {
        let refused = |reason: &str| ServiceError::Refused { reason: reason.to_owned() };
        let given = |name| credentials.get(name).map(|secret| secret.expose().to_owned());
        let (key, base) = (credentials.get("key").cloned(), given("base"));
        if key.is_none() && base.is_none() {
            return Err(refused("OpenAI asks for a key; a host that asks for none is named as base"));
        }
        let tokens_per_month = match given("tokens_per_month").map(|tokens| tokens.parse()) {
            None => TOKENS_PER_MONTH,
            Some(Ok(tokens)) if tokens > 0 => tokens,
            Some(_) => return Err(refused("tokens_per_month is a whole number above 0, such as 500000")),
        };
        let base = base.unwrap_or_else(|| BASE.to_owned());
        let config = Config { base, ..Config::new(given("model").unwrap_or_default(), key) };
        let model = Arc::new(OpenAi::new(self.http.clone(), &config)?);
        Ok(Arc::new(Account { model, tokens_per_month }))
    }
}

/// What a shop has connected.
struct Account {
    model: Arc<OpenAi>,
    tokens_per_month: i64,
}

/// The models of a host, as far as we read of them.
#[derive(Deserialize)]
struct Models {
    data: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    id: String,
}

/// Asks which models there are.
pub fn models() -> Call {
    Call::get("/models")
}

#[async_trait]
impl OpenAccount for Account {
    /// The account is the host, with the organization where it names one: more is told of nobody.
    async fn probe(&self) -> Result<AccountSeen, ServiceError> {
        let OpenAi { http, to, model, .. } = &*self.model;
        let answer = match http.send(to, &models()).await {
            Err(Failure { cause: Cause::NotFound, .. }) => return Err(no_host()),
            answer => answer?,
        };
        let known = serde_json::from_slice::<Models>(&answer.body).map_err(|_| no_host())?;
        let account = match answer.header("openai-organization") {
            Some(organization) => format!("{}/{organization}", to.whereabouts()),
            None => to.whereabouts(),
        };
        let allowed = known.data.iter().any(|one| one.id == *model);
        let abilities = vec![Ability { name: model.clone(), allowed }];
        Ok(AccountSeen { account, live: true, abilities })
    }

    fn read_delivery(&self, _: &Delivery<'_>) -> Result<Option<Heard>, NotBelieved> {
        Err(NotBelieved("a host of models delivers nothing".into()))
    }

    /// Nothing: a model speaks when it is spoken to.
    async fn heard_since(&self, _: Timestamp, _: Option<&str>) -> Result<HeardPart, ServiceError> {
        Ok(HeardPart::default())
    }

    async fn look(&self, _: &str) -> Result<Vec<News>, ServiceError> {
        Ok(Vec::new())
    }

    fn ports(self: Arc<Self>) -> Ports {
        let writer = HostedWriter { model: self.model.clone(), tokens_per_month: self.tokens_per_month };
        Ports { texts: Some(writer), ..Ports::default() }
    }
}

fn no_host() -> ServiceError {
    let reason =
        "no models are listed there: name the base up to the version, such as https://api.openai.com/v1";
    ServiceError::Refused { reason: reason.to_owned() }
}
