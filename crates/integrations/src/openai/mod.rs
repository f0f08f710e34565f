//! Any model that speaks OpenAI's chat completions, at OpenAI or on a machine of one's own: it writes texts of listings.
//!
//! [`ask`] makes the request and sends nothing; [`OpenAi`] sends it and reads the answer. The answer's shape is asked for
//! by a schema and checked all the same; whether what it says may be said is for the engine to judge.

mod answer;
mod manners;
mod question;
mod service;

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::error::{Fault as _, Retry};
use baddie_core::listings::{TextAnswer, TextFailure, TextModel, TextTask};

use crate::http::{Cause, Connection, Failure, Http, Limits};
use crate::secret::Secret;

pub use answer::read;
pub use question::{SCHEMA, ask};
pub use service::{OpenAiService, models};

use manners::OpenAiManners;

/// The name of the adapter.
pub const KIND: &str = "openai";
/// Where OpenAI is.
pub const BASE: &str = "https://api.openai.com/v1";
/// How many tokens an answer may take, unless the settings say otherwise: a long description, and some thought.
pub const ANSWER_TOKENS: i64 = 4_000;
/// How many tokens a shop may use in a calendar month, unless it is said otherwise.
pub const TOKENS_PER_MONTH: i64 = 500_000;

/// Writing takes its time, costs money, and is short; a list of models may be long.
const LIMITS: Limits = Limits {
    attempt: Duration::from_mins(2),
    total: Duration::from_secs(150),
    attempts: 2,
    answer: 4 << 20,
    every: Duration::from_millis(200),
    burst: 5,
};

/// What it takes to ask a model.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it is, up to the version: `https://api.openai.com/v1`.
    pub base: String,
    /// Which model, as its host calls it.
    pub model: String,
    /// The key; a model on a machine of one's own may need none.
    pub key: Option<Secret>,
    /// How many tokens an answer may take.
    pub answer_tokens: i64,
    /// How often and how long.
    pub limits: Limits,
}

impl Config {
    /// This model at OpenAI.
    pub fn new(model: impl Into<String>, key: Option<Secret>) -> Self {
        Self { base: BASE.to_owned(), model: model.into(), key, answer_tokens: ANSWER_TOKENS, limits: LIMITS }
    }
}

/// A model, ready to be asked.
pub struct OpenAi {
    http: Http,
    to: Connection,
    model: String,
    answer_tokens: i64,
}

impl OpenAi {
    /// Prepares to ask; calls nobody yet.
    pub fn new(http: Http, config: &Config) -> Result<Self, Failure> {
        let wrong =
            |field: &str, why| Failure::new(KIND, Cause::Validation { field: Some(field.into()) }, why);
        if config.model.trim().is_empty() {
            return Err(wrong("model", "no model is named"));
        }
        if config.answer_tokens < 1 {
            return Err(wrong("answer_tokens", "an answer takes at least one token"));
        }
        let mut to = Connection::new(Box::new(OpenAiManners), &config.base, config.limits)?;
        if let Some(key) = &config.key {
            to = to.credential("authorization", "Bearer ", key)?;
        }
        Ok(Self { http, to, model: config.model.clone(), answer_tokens: config.answer_tokens })
    }
}

#[async_trait]
impl TextModel for OpenAi {
    fn name(&self) -> String {
        self.model.clone()
    }

    /// A token is seldom shorter than two bytes.
    fn most_tokens(&self, task: &TextTask) -> i64 {
        let asked = ask(&self.model, self.answer_tokens, task).body_bytes().len() / 2;
        i64::try_from(asked).unwrap_or(i64::MAX).saturating_add(self.answer_tokens)
    }

    async fn write(&self, task: &TextTask) -> Result<TextAnswer, TextFailure> {
        let call = ask(&self.model, self.answer_tokens, task);
        let answer = self.http.send(&self.to, &call).await.map_err(told)?;
        read(&answer)
    }
}

/// A failure in the engine's words. Asking twice costs twice, and does no other harm.
fn told(failure: Failure) -> TextFailure {
    let later = match (failure.retry(), &failure.cause) {
        (Retry::After(wait), _) => Some(wait),
        (Retry::Never, Cause::Unavailable | Cause::Timeout) => Some(Duration::from_secs(1)),
        (Retry::Never, _) => None,
    };
    let tokens = if failure.may_have_happened { None } else { Some(0) };
    TextFailure { reason: failure.to_string(), tokens, later }
}
