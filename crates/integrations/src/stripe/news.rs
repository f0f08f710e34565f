//! What happens at Stripe of its own accord: which events matter, and how the things stand that they are about.

use baddie_core::clock::Timestamp;
use baddie_core::connections::{Heard, HeardPart, News, NewsState};
use baddie_core::ids::{EntityId, PaymentTxnId};
use serde::Deserialize;

use super::calls::{self, Expand, ListEvents, ListRefunds, Listing, Span};
use super::provider::TXN;
use super::wire::Session;
use super::{EVENTS, Event, List, Reference, Refund, Stripe, money};
use crate::http::Failure;

/// Money that a customer's bank takes back.
#[derive(Deserialize)]
struct Dispute {
    id: String,
    amount: i64,
    currency: String,
    charge: Reference,
    status: String,
    #[serde(default)]
    reason: String,
}

/// A payment that Stripe wants looked at.
#[derive(Deserialize)]
struct Review {
    id: String,
    open: bool,
    #[serde(default)]
    charge: Option<Reference>,
    #[serde(default)]
    payment_intent: Option<Reference>,
    #[serde(default)]
    reason: String,
}

/// A bank's early word that a payment may be fraud.
#[derive(Deserialize)]
struct Warning {
    id: String,
    charge: Reference,
    #[serde(default)]
    fraud_type: String,
}

/// What an event is to be looked at for; nothing where it is about something that the engine does not do at Stripe.
pub(super) fn heard(event: &Event) -> Option<Heard> {
    let object = &event.data.object;
    let id = event.object_id()?.to_owned();
    let (kind, id) = match object.get("object")?.as_str()? {
        // All refunds of a charge are looked at together, so that no older look at one overtakes a newer.
        "refund" => ("charge", Reference::deserialize(object.get("charge")?).ok()?.id().to_owned()),
        kind @ ("charge" | "dispute" | "review") => (kind, id),
        "radar.early_fraud_warning" => ("warning", id),
        "checkout.session" => ("page", id),
        _ => return None,
    };
    Some(Heard { name: event.id.clone(), kind: event.r#type.clone(), topic: format!("{kind}:{id}") })
}

impl Stripe {
    pub(super) async fn events_since(
        &self,
        since: Timestamp,
        part: Option<&str>,
    ) -> Result<HeardPart, Failure> {
        let created = Some(Span { gte: Some(since.as_micros().div_euclid(1_000_000)), lt: None });
        let listing = Listing {
            limit: Some(100),
            created,
            starting_after: part.map(str::to_owned),
            ..Listing::default()
        };
        // Stripe takes up to twenty types; those of interest are told apart by what they are about.
        let types = EVENTS.iter().filter(|name| matters(name)).map(|&name| name.to_owned()).collect();
        let page: List<Event> = self.send(calls::list_events(&ListEvents { types, listing })).await?;
        let next = page.data.last().filter(|_| page.has_more).map(|event| event.id.clone());
        Ok(HeardPart { heard: page.data.iter().filter_map(heard).collect(), next })
    }

    pub(super) async fn news_of(&self, topic: &str) -> Result<Vec<News>, Failure> {
        let expand = Expand::default();
        let (kind, id) = topic.split_once(':').unwrap_or_default();
        Ok(match kind {
            "charge" => self.refunds_of(id).await?.iter().filter_map(of_refund).collect(),
            "dispute" => Vec::from_iter(of_dispute(self.send(calls::get_dispute(id, &expand)).await?)),
            "review" => Vec::from_iter(of_review(self.send(calls::get_review(id)).await?)),
            "page" => Vec::from_iter(of_page(self.send(calls::get_session(id, &expand)).await?)),
            "warning" => vec![of_warning(self.send(calls::get_warning(id)).await?)],
            _ => Vec::new(),
        })
    }

    async fn refunds_of(&self, charge: &str) -> Result<Vec<Refund>, Failure> {
        let mut listing = Listing { limit: Some(100), ..Listing::default() };
        let mut refunds = Vec::new();
        loop {
            let which = ListRefunds {
                charge: Some(charge.to_owned()),
                payment_intent: None,
                listing: listing.clone(),
            };
            let page: List<Refund> = self.send(calls::list_refunds(&which)).await?;
            let last = page.data.last().map(|refund| refund.id.clone());
            refunds.extend(page.data);
            match last {
                Some(last) if page.has_more => listing.starting_after = Some(last),
                _ => return Ok(refunds),
            }
        }
    }
}

/// Whether an event is about something that is looked at.
fn matters(name: &str) -> bool {
    ["charge.", "refund.", "review.", "radar.", "checkout."].iter().any(|domain| name.starts_with(domain))
}

/// A refund that is done or has failed; what is still on its way is told of again.
fn of_refund(refund: &Refund) -> Option<News> {
    let state = match refund.status.as_deref()? {
        "succeeded" => NewsState::Refunded,
        "failed" | "canceled" => NewsState::RefundFailed,
        _ => return None,
    };
    Some(News {
        name: refund.id.clone(),
        on: refund.charge.as_ref()?.id().to_owned(),
        ours: refund.metadata.get(TXN).and_then(|name| PaymentTxnId::parse(name).ok()),
        amount: money(refund.amount, &refund.currency),
        reason: refund.failure_reason.clone().unwrap_or_else(|| "refunded at Stripe".into()),
        state,
    })
}

/// An inquiry, `warning_…`, takes no money; any other dispute takes it at once.
fn of_dispute(dispute: Dispute) -> Option<News> {
    let state = match dispute.status.as_str() {
        "needs_response" | "under_review" | "lost" => NewsState::Disputed,
        "won" => NewsState::DisputeWon,
        "warning_closed" => NewsState::Cleared,
        status if status.starts_with("warning_") => NewsState::Suspicious,
        _ => return None,
    };
    Some(News {
        name: dispute.id,
        on: dispute.charge.id().to_owned(),
        ours: None,
        amount: money(dispute.amount, &dispute.currency),
        reason: dispute.reason,
        state,
    })
}

fn of_review(review: Review) -> Option<News> {
    let on = review.charge.or(review.payment_intent)?;
    let state = if review.open { NewsState::Suspicious } else { NewsState::Cleared };
    let on = on.id().to_owned();
    Some(News { name: review.id, on, ours: None, amount: None, reason: review.reason, state })
}

/// A page of ours that is open no longer. How its payment stands is looked at by who opened it.
fn of_page(page: Session) -> Option<News> {
    let ours = page.metadata.as_ref()?.get(TXN).and_then(|name| PaymentTxnId::parse(name).ok())?;
    (page.status.as_deref() != Some("open")).then(|| News {
        on: page.id.clone(),
        name: page.id,
        ours: Some(ours),
        amount: None,
        reason: String::new(),
        state: NewsState::Concluded,
    })
}

fn of_warning(warning: Warning) -> News {
    News {
        name: warning.id,
        on: warning.charge.id().to_owned(),
        ours: None,
        amount: None,
        reason: warning.fraud_type,
        state: NewsState::Suspicious,
    }
}
