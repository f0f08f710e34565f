use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::entity::{Json, entity, states, words};
use crate::ids::{EventId, JobId};

words! {
    /// What is to be done at a port.
    pub enum JobKind {
        /// Put a listing on its channel.
        Publish "listing.publish",
        /// Make a listing at its channel equal to what is wanted: content, price, quantity.
        Revise "listing.revise",
        /// Tell a channel how many are left.
        PushQuantity "listing.push_quantity",
        /// Take a listing off its channel.
        End "listing.end",
        /// Compare a listing with its channel.
        Reconcile "listing.reconcile",
        /// Ask a channel what happened.
        Pull "channel.pull",
        /// Take over what a channel has on offer.
        TakeOver "channel.take_over",
        /// Tell a channel of the parcels of an order that left.
        TellParcels "order.tell_parcels",
        /// Call an order off at its channel.
        CallOff "order.call_off",
        /// Move money at a provider.
        Pay "payment.execute",
        /// Buy a label from a carrier.
        BuyLabel "fulfilment.buy_label",
        /// Ask a service whose account a connection opens, and what it may do there.
        CheckConnection "connection.check",
        /// Renew the credentials of a connection that run out.
        Renew "connection.renew",
        /// Make a site show what is sold.
        PublishSite "site.publish",
        /// Look again at something of which a service told.
        Hear "connection.hear",
        /// Ask a service what it told lately, in case it was not heard.
        CatchUp "connection.catch_up",
        /// Tell an endpoint what happened.
        Deliver "webhook.deliver",
        /// Let a hosted model write a text.
        Write "listing.write",
        /// Ask the models about the shop.
        Advise "forecasts.refresh",
    }
}

states! {
    /// Where a job stands.
    pub enum JobState of "job" {
        /// Waiting to be done.
        Queued "queued" => [Leased, Cancelled],
        /// A worker is at it.
        Leased "leased" => [Succeeded, RetryWait, NeedsReconcile, Dead, Cancelled, Queued],
        /// To be tried again later.
        RetryWait "retry_wait" => [Queued, Leased, Cancelled],
        /// It may have happened: look it up before trying again.
        NeedsReconcile "needs_reconcile" => [Leased, Succeeded, Queued, Dead],
        /// Done.
        Succeeded "succeeded" => [],
        /// Given up; somebody must look.
        Dead "dead" => [Queued],
        /// No longer wanted.
        Cancelled "cancelled" => [],
    }
}

/// Something that happened, told after it is certain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Its identity: the same however often it is told.
    pub id: EventId,
    /// What happened: `order.placed`.
    pub kind: String,
    /// The id of what it happened to; events of one subject are told in order.
    pub subject: String,
    /// What there is to know.
    pub data: Json,
    /// When.
    pub at: Timestamp,
}
entity!(Event, EventId, "event");

/// Something to be done at a port.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// Its identity.
    pub id: JobId,
    /// What.
    pub kind: JobKind,
    /// Through which connection: the id of a channel, the name of a provider. Jobs of one connection share its limits.
    pub connection: String,
    /// The id of what it is about. While one waits, no second one of the kind is queued for the subject.
    pub subject: String,
    /// Where it stands.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: i64,
    /// Not to be done before.
    pub next_at: Timestamp,
    /// Until when its worker may be at it.
    pub lease_until: Option<Timestamp>,
    /// When the call was about to be sent: from then on it may have happened.
    pub dispatched_at: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// Counts its edits.
    pub version: i64,
    /// When it was queued.
    pub created_at: Timestamp,
}
entity!(Job, JobId, "job", versioned);
