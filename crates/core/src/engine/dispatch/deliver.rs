//! Telling endpoints what happened. What is to be told was written down with what happened; here it is sent, of each
//! subject in order, until its endpoint has it.

use std::time::Duration;

use serde::Serialize;

use super::{Engine, Outcome};
use crate::clock::Timestamp;
use crate::engine::Work;
use crate::entity::{Json, Keep};
use crate::error::Result;
use crate::ids::{DeliveryId, EntityId, ShopId};
use crate::outbox::{Event, Job, JobKind, LEASE};
use crate::storage::Scope;
use crate::webhooks::{Delivery, DeliveryState, Endpoint, EndpointState, Parcel, Receipt};

/// How many deliveries are handed to workers at once.
const BATCH: usize = 128;
/// How long a delivery is a worker's, before it is handed out again: longer than a worker may be at it.
const HANDED: Duration = LEASE.saturating_mul(2);

/// What an endpoint is told.
#[derive(Serialize)]
struct Told<'a> {
    r#type: &'a str,
    timestamp: Timestamp,
    subject: &'a str,
    data: &'a Json,
}

impl Engine {
    /// Hands what is to be told by now to workers. Only what happened first to a subject is handed out, so nothing that
    /// happened later can overtake it.
    pub(super) async fn hand_out(&self, shop: ShopId) -> Result<()> {
        if !self.0.has_courier() {
            return Ok(());
        }
        let mut look = self.0.storage.read(Scope::Shop(shop)).await?;
        let due = look.webhooks().to_tell(self.0.clock.now(), 1).await?;
        drop(look);
        if due.is_empty() {
            return Ok(());
        }
        let mut work = self.work(shop).await?;
        let now = work.now;
        let mut jobs = Vec::new();
        for mut delivery in work.tx.webhooks().to_tell(now, BATCH).await? {
            delivery.next_at = now.plus(HANDED);
            // Another process that hands out the same is as good.
            if Keep::<Delivery>::update(&mut *work.tx, &delivery).await? {
                jobs.push(work.job(JobKind::Deliver, delivery.endpoint_id, delivery.id));
            }
        }
        work.tx.outbox().queue(&jobs).await?;
        work.tx.commit().await
    }

    pub(super) async fn do_deliver(&self, shop: ShopId, job: &Job) -> Result<Outcome> {
        let id = DeliveryId::parse(&job.subject)?;
        let courier = self.0.courier()?;
        let mut work = self.work(shop).await?;
        let delivery = work.tx.load::<Delivery>(id).await?;
        let endpoint = work.tx.load::<Endpoint>(delivery.endpoint_id).await?;
        if delivery.state != DeliveryState::Waiting || endpoint.state != EndpointState::Active {
            return Ok(Outcome::Moot);
        }
        let event = work.tx.load::<Event>(delivery.event_id).await?;
        let signing = work.signing(&endpoint).await;
        let at = work.now;
        drop(work);
        let told =
            Told { r#type: &event.kind, timestamp: event.at, subject: &event.subject, data: &event.data };
        let body = Json::of(&told)?;
        let receipt = match &signing {
            Ok(secrets) => {
                let parcel = Parcel { url: &endpoint.url, secrets, id: event.id, at, body: body.as_str() };
                courier.carry(&parcel).await
            }
            // Until its secret can be opened again, nothing can be told.
            Err(error) => Receipt::Lost { status: None, problem: error.message().to_owned(), wait: None },
        };
        let mut work = self.work(shop).await?;
        work.note_receipt(id, &receipt).await?;
        work.tx.commit().await?;
        Ok(Outcome::Done)
    }
}

impl Work {
    async fn note_receipt(&mut self, id: DeliveryId, receipt: &Receipt) -> Result<()> {
        let mut delivery = self.tx.hold::<Delivery>(id).await?;
        if delivery.state != DeliveryState::Waiting {
            return Ok(());
        }
        let chance = u32::from_le_bytes(self.engine.ids.secret());
        delivery.tried(receipt, &self.engine.webhook_waits, chance, self.now)?;
        let problem = delivery.attempts.last().and_then(|attempt| attempt.problem.clone());
        self.tx.save(&mut delivery).await?;
        let endpoint = self.tx.load::<Endpoint>(delivery.endpoint_id).await?;
        let well = matches!(receipt, Receipt::Taken { .. });
        if well && endpoint.failing_since.is_none() {
            return Ok(());
        }
        let mut endpoint = self.tx.hold::<Endpoint>(endpoint.id).await?;
        let problem = problem.unwrap_or_default();
        let tired = match receipt {
            Receipt::Taken { .. } => {
                endpoint.answered();
                false
            }
            Receipt::Gone if endpoint.state == EndpointState::Active => {
                endpoint.disable(&problem)?;
                true
            }
            Receipt::Gone => false,
            Receipt::Lost { .. } => endpoint.missed(&problem, self.now)?,
        };
        self.tx.save(&mut endpoint).await?;
        if tired {
            self.note_endpoints().await?;
            let told = serde_json::json!({"url": endpoint.url, "problem": problem});
            self.emit("webhook.disabled", endpoint.id, &told).await?;
        }
        Ok(())
    }

    /// Writes down who is to be told of an event, together with what happened.
    pub(in crate::engine) async fn address(&mut self, event: &Event) -> Result<()> {
        if !self.shop().await?.has_endpoints {
            return Ok(());
        }
        if self.endpoints.is_none() {
            self.endpoints = Some(self.tx.webhooks().endpoints(Some(EndpointState::Active)).await?);
        }
        let endpoints = self.endpoints.as_deref().unwrap_or_default();
        let wanting = endpoints.iter().filter(|endpoint| endpoint.wants(&event.kind));
        let deliveries: Vec<Delivery> = wanting.map(|endpoint| self.delivery(endpoint, event)).collect();
        if deliveries.is_empty() {
            return Ok(());
        }
        self.tx.add_all(&deliveries).await
    }

    fn delivery(&self, endpoint: &Endpoint, event: &Event) -> Delivery {
        Delivery {
            id: self.id(),
            endpoint_id: endpoint.id,
            event_id: event.id,
            subject: event.subject.clone(),
            state: DeliveryState::Waiting,
            tries: 0,
            next_at: self.now,
            attempts: Vec::new(),
            version: 1,
            created_at: self.now,
        }
    }
}
