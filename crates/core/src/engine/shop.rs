use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::engine::Inner;
use super::{Away, Boxed, Command, Errand, Look, Query, Work};
use crate::accounts::{Actor, Permission};
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

/// What there is to know of a command without knowing its type.
#[derive(Clone, Copy)]
struct Spec {
    name: &'static str,
    permission: Permission,
    moves: bool,
    private: bool,
    shown_once: bool,
}

/// An errand about to be run.
type Way = Box<dyn for<'a> FnOnce(&'a Away) -> Boxed<'a, Box<dyn Answer>> + Send>;

impl Spec {
    fn of_errand<E: Errand>() -> Self {
        Self {
            name: E::NAME,
            permission: E::PERMISSION,
            moves: E::MOVES,
            private: E::PRIVATE,
            shown_once: false,
        }
    }

    fn of<C: Command>() -> Self {
        Self {
            name: C::NAME,
            permission: C::PERMISSION,
            moves: C::MOVES,
            private: C::PRIVATE,
            shown_once: C::SHOWN_ONCE,
        }
    }
}

/// An answer of any type.
trait Answer: Any + Send {
    fn to_json(&self) -> Result<String>;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<A: Serialize + Any + Send> Answer for A {
    fn to_json(&self) -> Result<String> {
        to_json(self)
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// An answer in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The answer.
    pub json: String,
    /// Whether it stays true until the store's [revision](crate::storage::Storage::revision) changes.
    pub timeless: bool,
}

/// A command about to run.
type Act = Box<dyn for<'w> FnOnce(&'w mut Work) -> Boxed<'w, Box<dyn Answer>> + Send>;

fn act<C: Command>(command: C) -> Act {
    Box::new(move |work| {
        Box::pin(async move { command.run(work).await.map(|answer| Box::new(answer) as Box<dyn Answer>) })
    })
}

/// An answer, fresh or kept, and its JSON where a door wants that.
struct Answered {
    answer: Option<Box<dyn Answer>>,
    json: Option<String>,
}

impl Answered {
    fn into_answer<A: DeserializeOwned + 'static>(self) -> Result<A> {
        let stray = |_| Error::internal("a stray answer");
        match self.answer {
            Some(answer) => answer.into_any().downcast().map(|answer| *answer).map_err(stray),
            None => serde_json::from_str(&self.json.unwrap_or_default()).map_err(Error::internal),
        }
    }

    fn into_json(self) -> Result<String> {
        match (self.json, self.answer) {
            (Some(json), _) => Ok(json),
            (None, Some(answer)) => answer.to_json(),
            (None, None) => Err(Error::internal("an answer of nothing")),
        }
    }
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
    /// one answer. An answer that shows a secret is given once; a repeat says so.
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
        let request = to_json(&command)?;
        self.execute(Spec::of::<C>(), request, act(command), false).await?.into_answer()
    }

    /// Runs a command and answers JSON; a kept answer is given again to the letter.
    pub async fn run_json<C: Command>(&self, command: C) -> Result<String> {
        let request = to_json(&command)?;
        self.execute(Spec::of::<C>(), request, act(command), true).await?.into_json()
    }

    /// Asks a question.
    pub async fn ask<Q: Query>(&self, query: Q) -> Result<Q::Answer> {
        let mut look = self.look(Q::PERMISSION).await?;
        query.run(&mut look).await
    }

    /// Asks a question and answers JSON.
    pub async fn ask_json<Q: Query>(&self, query: Q) -> Result<Told> {
        let mut look = self.look(Q::PERMISSION).await?;
        let answer = query.run(&mut look).await?;
        Ok(Told { json: to_json(&answer)?, timeless: look.timeless })
    }

    /// Has something done at a service, and waits for it.
    pub async fn send<E: Errand>(&self, errand: E) -> Result<E::Answer> {
        self.carry(errand).await?.into_answer()
    }

    /// Has something done at a service, and answers JSON.
    pub async fn send_json<E: Errand>(&self, errand: E) -> Result<String> {
        self.carry(errand).await?.into_json()
    }

    fn carry<E: Errand>(&self, errand: E) -> Boxed<'_, Answered> {
        let request = to_json(&errand);
        let way: Way = Box::new(move |away| {
            Box::pin(async move { errand.run(away).await.map(|answer| Box::new(answer) as Box<dyn Answer>) })
        });
        Box::pin(async move {
            let spec = Spec::of_errand::<E>();
            self.actor.require(spec.permission)?;
            let away = Away::new(self.engine.clone(), self.id);
            if !E::CHANGES {
                return Ok(Answered { answer: Some(way(&away).await?), json: None });
            }
            self.carry_out(spec, &request?, way, &away).await
        })
    }

    /// Runs an errand that changes something: it is in the audit log before it is begun, and what came of it is kept under
    /// its key. An answer that was lost with this process is asked for again under the same key: the port sees to it that
    /// nothing is done twice.
    async fn carry_out(&self, spec: Spec, request: &str, way: Way, away: &Away) -> Result<Answered> {
        let scope = self.scope_of(spec);
        let flight = self.key.as_ref().map(|key| format!("{}/{scope}/{key}", self.id));
        let _flight = flight.map(|flight| self.engine.flights.enter(flight)).transpose()?;
        let mut work = self.open().await?;
        if let Some(key) = self.key.as_deref()
            && let Some(kept) = work.tx.journal().recall(&scope, key).await?
        {
            return replay(kept, hash_of(request));
        }
        let entry = self.audited(spec, request, &mut work);
        work.tx.note(&entry).await?;
        work.tx.commit().await?;
        let done = way(away).await;
        let kept = match &done {
            Ok(answer) => Some(KeptAnswer::Done(answer.to_json()?)),
            Err(error) => error.kind().is_decision().then(|| refusal(error)),
        };
        if let (Some(kept), Some(key)) = (kept, self.key.as_deref()) {
            let mut tx = self.engine.storage.begin(Scope::Shop(self.id)).await?;
            if tx.journal().recall(&scope, key).await?.is_none() {
                tx.journal().remember(&self.record(spec, key, request, kept)).await?;
                tx.commit().await?;
            }
        }
        Ok(Answered { answer: Some(done?), json: None })
    }

    fn scope_of(&self, spec: Spec) -> String {
        format!("{}/{}", self.actor, spec.name)
    }

    /// What is kept under a key.
    fn record(&self, spec: Spec, key: &str, request: &str, answer: KeptAnswer) -> IdempotencyRecord {
        let keep = if spec.moves { KEEP_MOVES } else { KEEP };
        let at = self.engine.clock.now();
        IdempotencyRecord {
            scope: self.scope_of(spec),
            key: key.to_owned(),
            request_hash: hash_of(request),
            answer,
            at,
            keep_until: at.plus(keep),
        }
    }

    fn execute(&self, spec: Spec, request: String, act: Act, want_json: bool) -> Boxed<'_, Answered> {
        Box::pin(async move {
            self.actor.require(spec.permission)?;
            if let Some(key) = self.key.as_deref() {
                return self.execute_once(spec, &request, act, key).await;
            }
            let mut work = self.open().await?;
            let answer = self.perform(spec, &request, act, &mut work).await?;
            let json = want_json.then(|| answer.to_json()).transpose()?;
            work.tx.commit().await?;
            Ok(Answered { answer: Some(answer), json })
        })
    }

    /// Runs a command under a key: its answer, or its refusal by a rule, is kept with it.
    async fn execute_once(&self, spec: Spec, request: &str, act: Act, key: &str) -> Result<Answered> {
        let scope = self.scope_of(spec);
        let _flight = self.engine.flights.enter(format!("{}/{scope}/{key}", self.id))?;
        let request_hash = hash_of(request);
        let record = |answer| self.record(spec, key, request, answer);
        let mut work = self.open().await?;
        if let Some(kept) = work.tx.journal().recall(&scope, key).await? {
            return replay(kept, request_hash);
        }
        match self.perform(spec, request, act, &mut work).await {
            Ok(answer) => {
                let json = answer.to_json()?;
                let kept = if spec.shown_once { shown_once() } else { KeptAnswer::Done(json.clone()) };
                work.tx.journal().remember(&record(kept)).await?;
                work.tx.commit().await?;
                Ok(Answered { answer: Some(answer), json: Some(json) })
            }
            Err(error) => {
                drop(work);
                if error.kind().is_decision() {
                    let refusal = refusal(&error);
                    let mut tx = self.engine.storage.begin(Scope::Shop(self.id)).await?;
                    // The key was let go with what was undone: another process may have answered under it meanwhile.
                    if let Some(kept) = tx.journal().recall(&scope, key).await? {
                        return replay(kept, request_hash);
                    }
                    tx.journal().remember(&record(refusal)).await?;
                    tx.commit().await?;
                }
                Err(error)
            }
        }
    }

    async fn open(&self) -> Result<Work> {
        let tx = self.engine.storage.begin(Scope::Shop(self.id)).await?;
        Ok(Work::new(tx, self.engine.clone(), self.actor))
    }

    async fn perform(&self, spec: Spec, request: &str, act: Act, work: &mut Work) -> Result<Box<dyn Answer>> {
        let answer = act(work).await?;
        let entry = self.audited(spec, request, work);
        work.tx.note(&entry).await?;
        Ok(answer)
    }

    /// That something is done, for the audit log.
    fn audited(&self, spec: Spec, request: &str, work: &mut Work) -> AuditEntry {
        AuditEntry {
            id: work.id(),
            actor: self.actor.to_string(),
            operation: spec.name.to_owned(),
            subject: work.subject.take(),
            request: Json::from_text(if spec.private { "null" } else { request }),
            request_id: self.request_id.clone(),
            at: work.now,
        }
    }

    async fn look(&self, permission: Permission) -> Result<Look> {
        self.actor.require(permission)?;
        let tx = self.engine.storage.read(Scope::Shop(self.id)).await?;
        Ok(Look::new(tx, self.engine.clone()))
    }
}

fn hash_of(request: &str) -> [u8; 32] {
    Sha256::digest(request.as_bytes()).into()
}

fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn refusal(error: &Error) -> KeptAnswer {
    KeptAnswer::Refused {
        kind: error.kind().as_str().to_owned(),
        code: error.code().to_owned(),
        message: error.message().to_owned(),
        field: error.field().map(str::to_owned),
    }
}

/// What is kept in the place of an answer that holds a secret.
fn shown_once() -> KeptAnswer {
    let message = "this was done, and its secret was shown once: withdraw what was made, and make another under a \
                   new idempotency key";
    refusal(&Error::new(Kind::Conflict, "idempotency.shown_once", message))
}

fn replay(kept: IdempotencyRecord, request_hash: [u8; 32]) -> Result<Answered> {
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
