//! The unit of work: one transaction, one moment, one actor; and what several use cases do in the same way.

mod books;
mod market;
mod sale;
mod services;
mod stock;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::engine::Inner;
use crate::accounts::{self, Actor, Series};
use crate::clock::{Date, Timestamp};
use crate::entity::Json;
use crate::error::{Error, Result};
use crate::ids::EntityId;
use crate::insights::MarketModel;
use crate::listings::ListingModel;
use crate::outbox::{Event, Job, JobKind, JobState};
use crate::pricing::PriceModel;
use crate::storage::Transaction;
use crate::webhooks::Endpoint;

pub(super) use market::SoldBy;
pub use sale::OrderView;
pub(super) use sale::{Claim, Sale, SaleLine, Taxes, order_view};
pub(super) use services::OpenAccounts;
pub(super) use stock::{Coming, Want};

/// A use case at work.
pub struct Work {
    /// Its transaction.
    pub tx: Box<dyn Transaction>,
    /// The moment it happens.
    pub now: Timestamp,
    /// Who does it.
    pub actor: Actor,
    pub(super) engine: Arc<Inner>,
    pub(super) subject: Option<String>,
    shop: Option<accounts::Shop>,
    /// Who is told what happens, once somebody has looked.
    pub(super) endpoints: Option<Vec<Endpoint>>,
    /// The ids it has made.
    made: Mutex<HashSet<u128>>,
}

/// A question being answered.
pub struct Look {
    /// Its view of one moment's state.
    pub tx: Box<dyn Transaction>,
    now: Timestamp,
    engine: Arc<Inner>,
    /// Whether the answer holds as long as nothing changes, whatever the time.
    pub(super) timeless: bool,
}

impl Look {
    pub(super) fn new(tx: Box<dyn Transaction>, engine: Arc<Inner>) -> Self {
        Self { tx, now: engine.clock.now(), engine, timeless: true }
    }

    /// The model that says what to charge.
    pub(super) fn price_model(&self) -> Result<Arc<dyn PriceModel>> {
        self.engine.price_model().cloned()
    }

    /// The model that says how to list things.
    pub(super) fn listing_model(&self) -> Result<Arc<dyn ListingModel>> {
        self.engine.listing_model().cloned()
    }

    /// The model that sees how the market moves.
    pub(super) fn market_model(&self) -> Result<Arc<dyn MarketModel>> {
        self.engine.market_model().cloned()
    }

    /// The moment it is asked. Who takes it gives an answer that is true at that moment only.
    pub fn now(&mut self) -> Timestamp {
        self.timeless = false;
        self.now
    }

    /// The shop.
    pub async fn shop(&mut self) -> Result<accounts::Shop> {
        self.tx.accounts().shop().await?.ok_or_else(no_shop)
    }
}

fn no_shop() -> Error {
    Error::not_found("shop", "of this credential")
}

impl Work {
    pub(super) fn new(tx: Box<dyn Transaction>, engine: Arc<Inner>, actor: Actor) -> Self {
        let now = engine.clock.now();
        Self { tx, now, actor, engine, subject: None, shop: None, endpoints: None, made: Mutex::default() }
    }

    /// A fresh id.
    pub fn id<I: EntityId>(&self) -> I {
        let id: I = self.engine.ids.next(self.now);
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(id.as_u128());
        id
    }

    fn has_made(&self, id: impl EntityId) -> bool {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).contains(&id.as_u128())
    }

    /// The shop, read once.
    pub async fn shop(&mut self) -> Result<&accounts::Shop> {
        if self.shop.is_none() {
            self.shop = Some(self.tx.accounts().shop().await?.ok_or_else(no_shop)?);
        }
        self.shop.as_ref().ok_or_else(no_shop)
    }

    /// The business day of this moment.
    pub async fn today(&mut self) -> Result<Date> {
        let now = self.now;
        Ok(self.shop().await?.time_zone.date_of(now))
    }

    /// The next number of a series. Take it late: the series is locked until the transaction ends.
    pub async fn number(&mut self, series: Series) -> Result<i64> {
        self.tx.accounts().next_number(series).await
    }

    /// Names what this is about, for the audit log.
    pub fn about(&mut self, subject: impl EntityId) {
        self.subject = Some(subject.to_string());
    }

    /// Tells the world, once this is certain. What is told of one subject is told in order, though the clock of whoever
    /// told before may have been ahead of this one.
    pub async fn emit<T: Serialize>(&mut self, kind: &str, subject: impl EntityId, data: &T) -> Result<()> {
        if !self.has_made(subject)
            && let Some(last) = self.tx.outbox().last_event().await?
        {
            self.engine.ids.witness(last);
        }
        let event = Event {
            id: self.id(),
            kind: kind.to_owned(),
            subject: subject.to_string(),
            data: Json::of(data)?,
            at: self.now,
        };
        self.tx.note(&event).await?;
        self.address(&event).await
    }

    /// A job for a port, to be done once this is certain.
    pub fn job(&self, kind: JobKind, connection: impl ToString, subject: impl EntityId) -> Job {
        Job {
            id: self.id(),
            kind,
            connection: connection.to_string(),
            subject: subject.to_string(),
            state: JobState::Queued,
            attempts: 0,
            next_at: self.now,
            lease_until: None,
            dispatched_at: None,
            last_error: None,
            version: 1,
            created_at: self.now,
        }
    }

    /// Queues one job.
    pub async fn queue(
        &mut self,
        kind: JobKind,
        connection: impl ToString,
        subject: impl EntityId,
    ) -> Result<()> {
        let job = self.job(kind, connection, subject);
        self.tx.outbox().queue(&[job]).await
    }
}
