use serde::Deserialize;
use serde_json::Value;

use super::{KIND, Stripe};
use crate::http::{Cause, Failure};

/// The events that are listened to, and asked for again after a time of silence.
pub const EVENTS: [&str; 30] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "review.opened",
    "review.closed",
    "radar.early_fraud_warning.created",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.trial_will_end",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.upcoming",
];

/// Something that happened at Stripe. It may come twice, late and out of order: it says what to look at again, and is
/// never taken for the present state.
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    /// `evt_…`: the same when it comes again.
    pub id: String,
    /// Such as `payment_intent.succeeded`.
    pub r#type: String,
    /// When, in seconds since 1970.
    pub created: i64,
    /// Whether it is about real money.
    pub livemode: bool,
    /// The connected account it is about.
    #[serde(default)]
    pub account: Option<String>,
    /// What it is about.
    pub data: EventData,
}

/// What an event is about.
#[derive(Debug, Clone, Deserialize)]
pub struct EventData {
    /// The object as it was then.
    pub object: Value,
    /// What was different before.
    #[serde(default)]
    pub previous_attributes: Option<Value>,
}

impl Event {
    /// The name of the object it is about.
    pub fn object_id(&self) -> Option<&str> {
        self.data.object.get("id")?.as_str()
    }
}

impl Stripe {
    /// Reads a delivery whose signature was checked, and refuses one that is not for this account, or is about play money
    /// where real money moves.
    pub fn read_event(&self, body: &[u8]) -> Result<Event, Failure> {
        let refused = |why| Failure::new(KIND, Cause::Protocol, why);
        let event: Event = serde_json::from_slice(body).map_err(|_| refused("the delivery is no event"))?;
        if event.livemode != self.live {
            return Err(refused("the event is about another kind of money"));
        }
        if event.account != self.account {
            return Err(refused("the event is about another account"));
        }
        Ok(event)
    }
}
