use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::engine::Inner;
use super::{Command, Look, Query, Work};
use crate::accounts::Actor;
use crate::entity::Json;
use crate::error::{Error, Kind, Result};
use crate::ids::ShopId;
use crate::journal::{AuditEntry, IdempotencyRecord, KeptAnswer};
use crate::storage::Scope;

/// How long answers are kept under their keys; money and stock longer.
const KEEP: Duration = Duration::from_hours(24);
const KEEP_MOVES: Duration = Duration::from_hours(24 * 30);

/// A shop, seen by one actor. Cheap to clone.
#[derive(Clone)]
pub struct Shop {
    engine: Arc<Inner>,
    actor: Actor,
    id: ShopId,
    key: Option<String>,
    request_id: Option<String>,
}

/// An answer, and its JSON where a door wants that.
struct Answered<A> {
    answer: Option<A>,
    json: Option<String>,
}

impl Shop {
    pub(super) fn new(engine: Arc<Inner>, actor: Actor, id: ShopId) -> Self {
        Self { engine, actor, id, key: None, request_id: None }
    }

    /// The shop's id.
    pub fn id(&self) -> ShopId {
        self.id
    }

    /// Who sees it.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// The same shop; its next command carries this idempotency key: however often it is sent, it has one effect and
    /// one answer.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The same shop; what it does is audited under this request's id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Runs a command.
    pub async fn run<C: Command>(&self, command: C) -> Result<C::Answer> {
        let answered = self.execute(command, false).await?;
        match (answered.answer, answered.json) {
            (Some(answer), _) => Ok(answer),
            (None, Some(json)) => serde_json::from_str(&json).map_err(Error::internal),
            (None, None) => unreachable!("an answer is fresh or kept"),
        }
    }

    /// Runs a command and answers JSON; a kept answer is given again to the letter.
    pub async fn run_json<C: Command>(&self, command: C) -> Result<String> {
        let answered = self.execute(command, true).await?;
        Ok(answered.json.expect("JSON was asked for"))
    }

    /// Asks a question.
    pub async fn ask<Q: Query>(&self, query: Q) -> Result<Q::Answer> {
        self.actor.require(Q::PERMISSION)?;
        let tx = self.engine.storage.read(Scope::Shop(self.id)).await?;
        let mut look = Look { tx, now: self.engine.clock.now() };
        query.run(&mut look).await
    }

    /// Asks a question and answers JSON.
    pub async fn ask_json<Q: Query>(&self, query: Q) -> Result<String> {
        to_json(&self.ask(query).await?)
    }

    async fn execute<C: Command>(&self, command: C, want_json: bool) -> Result<Answered<C::Answer>> {
        self.actor.require(C::PERMISSION)?;
        let request = to_json(&command)?;
        let Some(key) = self.key.as_deref() else {
            let (work, answer) = self.attempt(command, &request).await?;
            let json = want_json.then(|| to_json(&answer)).transpose()?;
            work.tx.commit().await?;
            return Ok(Answered { answer: Some(answer), json });
        };
        let scope = format!("{}/{}", self.actor, C::NAME);
        let _flight = self.engine.flights.enter(format!("{}/{scope}/{key}", self.id))?;
        let request_hash: [u8; 32] = Sha256::digest(request.as_bytes()).into();
        let keep = if C::MOVES { KEEP_MOVES } else { KEEP };
        let record = |answer| {
            let at = self.engine.clock.now();
            let (scope, key) = (scope.clone(), key.to_owned());
            IdempotencyRecord { scope, key, request_hash, answer, at, keep_until: at.plus(keep) }
        };
        let mut work = self.open().await?;
        if let Some(kept) = work.tx.journal().recall(&scope, key).await? {
            return replay(kept, request_hash);
        }
        match self.perform(command, &request, &mut work).await {
            Ok(answer) => {
                let json = to_json(&answer)?;
                work.tx.journal().remember(&record(KeptAnswer::Done(json.clone()))).await?;
                work.tx.commit().await?;
                Ok(Answered { answer: Some(answer), json: Some(json) })
            }
            Err(error) => {
                drop(work);
                if error.kind().is_decision() {
                    let refusal = KeptAnswer::Refused {
                        kind: error.kind().as_str().to_owned(),
                        code: error.code().to_owned(),
                        message: error.message().to_owned(),
                        field: error.field().map(str::to_owned),
                    };
                    let mut tx = self.engine.storage.begin(Scope::Shop(self.id)).await?;
                    tx.journal().remember(&record(refusal)).await?;
                    tx.commit().await?;
                }
                Err(error)
            }
        }
    }

    async fn attempt<C: Command>(&self, command: C, request: &str) -> Result<(Work, C::Answer)> {
        let mut work = self.open().await?;
        let answer = self.perform(command, request, &mut work).await?;
        Ok((work, answer))
    }

    async fn open(&self) -> Result<Work> {
        let tx = self.engine.storage.begin(Scope::Shop(self.id)).await?;
        Ok(Work::new(tx, self.engine.clone(), self.actor))
    }

    async fn perform<C: Command>(&self, command: C, request: &str, work: &mut Work) -> Result<C::Answer> {
        let answer = command.run(work).await?;
        let entry = AuditEntry {
            id: work.id(),
            actor: self.actor.to_string(),
            operation: C::NAME.to_owned(),
            subject: work.subject.take(),
            request: Json::from_text(if C::PRIVATE { "null" } else { request }),
            request_id: self.request_id.clone(),
            at: work.now,
        };
        work.tx.add(&entry).await?;
        Ok(answer)
    }
}

fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn replay<A>(kept: IdempotencyRecord, request_hash: [u8; 32]) -> Result<Answered<A>> {
    if kept.request_hash != request_hash {
        let message =
            "this idempotency key came with another request before: use a new key for a new request";
        return Err(Error::new(Kind::Refused, "idempotency.conflict", message));
    }
    match kept.answer {
        KeptAnswer::Done(json) => Ok(Answered { answer: None, json: Some(json) }),
        KeptAnswer::Refused { kind, code, message, field } => {
            let kinds = [Kind::NotFound, Kind::Conflict, Kind::Refused, Kind::Forbidden];
            let kind = kinds.into_iter().find(|known| known.as_str() == kind).unwrap_or(Kind::Refused);
            let error = Error::new(kind, code, message);
            Err(match field {
                Some(field) => error.on_field(field),
                None => error,
            })
        }
    }
}
