//! Stripe as the engine's payment provider. Every object carries our name of the movement that made it (`baddie_txn`,
//! `baddie_capture`) and of the order, so that a lost answer can be found again.

use std::time::Duration;

use async_trait::async_trait;
use baddie_core::ids::EntityId;
use baddie_core::payments::{
    PaymentCapabilities, PaymentError, PaymentOutcome, PaymentProvider, PaymentRequest, TxnKind,
};

use super::calls::{
    self, AutomaticMethods, Cancel, Capture, Expand, ListIntents, ListRefunds, Listing, Metadata, NewIntent,
    NewRefund, Search, Span,
};
use super::wire::{Intent, List, Problem, Refund};
use super::{KIND, Stripe, amount};
use crate::http::{Cause, Failure};

/// Our name of the movement that made an object.
pub(super) const TXN: &str = "baddie_txn";
/// Our name of the movement that took what was set aside.
const CAPTURE: &str = "baddie_capture";
/// Our name of the order.
const ORDER: &str = "baddie_order";

/// How far a search may lag behind; what is younger is looked for in the list. Stripe says a minute.
const SEARCH_LAG: Duration = Duration::from_mins(5);
/// How long a key is relied on. Stripe keeps one for a day; the rest is for clocks that differ.
const KEY_KEPT: Duration = Duration::from_hours(12);
/// So many pages of a list are looked through in one attempt; the next begins anew.
const PAGES: usize = 100;

#[async_trait]
impl PaymentProvider for Stripe {
    /// Ordinary card payments are captured once, and never above what was set aside.
    fn capabilities(&self) -> PaymentCapabilities {
        PaymentCapabilities { over_capture: false, part_capture: false, page: true }
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        // A key that Stripe may have forgotten no longer keeps it from doing things twice: looking does.
        if self.is_old(request)
            && let Some(outcome) = self.look_up(request).await?
        {
            return Ok(outcome);
        }
        let done = match request.kind {
            TxnKind::Auth => self.set_aside(request).await,
            TxnKind::Capture => self.take(request).await,
            TxnKind::Void => self.let_go(request).await,
            TxnKind::Refund => self.give_back(request).await,
            TxnKind::Chargeback | TxnKind::ChargebackReversal => {
                return Err(declined("only the customer's bank does that"));
            }
        };
        match done {
            Ok(outcome) => outcome,
            // What Stripe refuses because it is so already has happened, by an earlier try or by hand.
            Err(failure) if matches!(failure.cause, Cause::Validation { .. }) => {
                match self.look_up(request).await? {
                    Some(outcome) => Ok(outcome),
                    None => Err(told(failure)),
                }
            }
            Err(failure) => Err(told(failure)),
        }
    }

    async fn look_up(&self, request: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        let found = match request.kind {
            TxnKind::Auth if request.page.is_some() => self.find_on_page(request).await,
            TxnKind::Auth => self.find_set_aside(request).await,
            TxnKind::Capture => self.find_taken(request).await,
            TxnKind::Void => self.find_let_go(request).await,
            TxnKind::Refund => self.find_given_back(request).await,
            TxnKind::Chargeback | TxnKind::ChargebackReversal => Ok(None),
        };
        match found {
            Ok(Some(outcome)) => outcome.map(Some),
            Ok(None) => Ok(None),
            // A look that fails says nothing of what was looked for.
            Err(failure) => Err(PaymentError::Unavailable { reason: failure.to_string() }),
        }
    }

    async fn shut_page(&self, request: &PaymentRequest) -> Result<(), PaymentError> {
        self.shut(request).await.map_err(told)
    }
}

/// What came of a call, if it came to Stripe's decision at all.
pub(super) type Decided = Result<PaymentOutcome, PaymentError>;

impl Stripe {
    pub(super) fn is_old(&self, request: &PaymentRequest) -> bool {
        let (made_at, now) = (request.key.made_at(), self.clock().now());
        now.since(made_at).max(made_at.since(now)) >= KEY_KEPT
    }

    async fn set_aside(&self, request: &PaymentRequest) -> Result<Decided, Failure> {
        if let Some(page) = &request.page {
            return self.open_page(request, page).await;
        }
        let Some(method) = &request.method else {
            return Ok(Err(declined("no means of payment was given")));
        };
        let (amount, currency) = amount(request.amount)?;
        let new = NewIntent {
            amount,
            currency,
            capture_method: Some("manual"),
            payment_method: Some(method.clone()),
            confirm: Some(true),
            // Nobody is there to be asked for another step.
            error_on_requires_action: Some(true),
            automatic_payment_methods: Some(AutomaticMethods {
                enabled: true,
                allow_redirects: Some("never"),
            }),
            metadata: notes(TXN, request),
            ..NewIntent::default()
        };
        set_aside(&self.send(calls::create_intent(&request.key.to_string(), &new)).await?, request)
    }

    async fn take(&self, request: &PaymentRequest) -> Result<Decided, Failure> {
        let Some(on) = &request.on else { return Ok(Err(nothing_below())) };
        let (amount, _) = amount(request.amount)?;
        let capture = Capture {
            amount_to_capture: Some(amount),
            metadata: notes(CAPTURE, request),
            ..Capture::default()
        };
        let call = calls::capture_intent(&request.key.to_string(), on, &capture);
        taken(&self.send(call).await?, request)
    }

    async fn let_go(&self, request: &PaymentRequest) -> Result<Decided, Failure> {
        let Some(on) = &request.on else { return Ok(Err(nothing_below())) };
        let cancel = Cancel { cancellation_reason: Some("requested_by_customer") };
        let call = calls::cancel_intent(&request.key.to_string(), on, &cancel);
        let intent: Intent = self.send(call).await?;
        Ok(let_go(&intent).unwrap_or_else(|| Err(unclear(&format!("it is {}", intent.status)))))
    }

    async fn give_back(&self, request: &PaymentRequest) -> Result<Decided, Failure> {
        let Some(on) = &request.on else { return Ok(Err(nothing_below())) };
        let (amount, _) = amount(request.amount)?;
        let new = NewRefund {
            charge: Some(on.clone()),
            amount: Some(amount),
            reason: Some("requested_by_customer"),
            metadata: notes(TXN, request),
            ..NewRefund::default()
        };
        given_back(&self.send(calls::create_refund(&request.key.to_string(), &new)).await?, request)
    }

    /// Looks in two places: the search knows all but the latest, the list knows the latest.
    pub(super) async fn find_set_aside(&self, request: &PaymentRequest) -> Result<Option<Decided>, Failure> {
        let query = format!("metadata['{TXN}']:'{}'", request.key);
        let search = Search { query, limit: Some(2), page: None };
        let found: List<Intent> = self.send(calls::search_intents(&search)).await?;
        if let Some(intent) = found.data.iter().find(|intent| is_ours(&intent.metadata, TXN, request)) {
            // A search tells how it was; the object tells how it is.
            let intent = self.send(calls::get_intent(&intent.id, &Expand::default())).await?;
            return set_aside(&intent, request).map(Some);
        }
        let since = self.clock().now().minus(SEARCH_LAG).as_micros().div_euclid(1_000_000);
        let created = Some(Span { gte: Some(since), lt: None });
        let mut listing = Listing { limit: Some(100), created, ..Listing::default() };
        for _ in 0..PAGES {
            let which = ListIntents { customer: None, listing: listing.clone() };
            let page: List<Intent> = self.send(calls::list_intents(&which)).await?;
            if let Some(intent) = page.data.iter().find(|intent| is_ours(&intent.metadata, TXN, request)) {
                return set_aside(intent, request).map(Some);
            }
            let last = page.data.last().map(|intent| intent.id.clone());
            match last {
                Some(last) if page.has_more => listing.starting_after = Some(last),
                _ => return Ok(None),
            }
        }
        Err(Failure::new(KIND, Cause::Unavailable, "too much happened lately to look through all of it"))
    }

    async fn find_taken(&self, request: &PaymentRequest) -> Result<Option<Decided>, Failure> {
        let Some(on) = &request.on else { return Ok(None) };
        let intent: Intent = self.send(calls::get_intent(on, &Expand::default())).await?;
        match intent.status.as_str() {
            "requires_capture" => Ok(None),
            _ => taken(&intent, request).map(Some),
        }
    }

    async fn find_let_go(&self, request: &PaymentRequest) -> Result<Option<Decided>, Failure> {
        let Some(on) = &request.on else { return Ok(None) };
        let intent: Intent = self.send(calls::get_intent(on, &Expand::default())).await?;
        Ok(let_go(&intent))
    }

    async fn find_given_back(&self, request: &PaymentRequest) -> Result<Option<Decided>, Failure> {
        let mut listing = Listing { limit: Some(100), ..Listing::default() };
        for _ in 0..PAGES {
            let which =
                ListRefunds { charge: request.on.clone(), payment_intent: None, listing: listing.clone() };
            let page: List<Refund> = self.send(calls::list_refunds(&which)).await?;
            if let Some(refund) = page.data.iter().find(|refund| is_ours(&refund.metadata, TXN, request)) {
                return given_back(refund, request).map(Some);
            }
            let last = page.data.last().map(|refund| refund.id.clone());
            match last {
                Some(last) if page.has_more => listing.starting_after = Some(last),
                _ => return Ok(None),
            }
        }
        Err(Failure::new(KIND, Cause::Unavailable, "there are too many refunds to look through"))
    }
}

/// Our notes on what a movement makes.
pub(super) fn notes(name: &str, request: &PaymentRequest) -> Metadata {
    [(name, request.key.to_string()), (ORDER, request.order.to_string())]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

fn is_ours(metadata: &Metadata, name: &str, request: &PaymentRequest) -> bool {
    metadata.get(name).is_some_and(|key| *key == request.key.to_string())
}

/// Refuses an answer that speaks of another order, amount or currency than was asked about.
pub(super) fn agrees(
    metadata: &Metadata,
    seen: (i64, &str),
    request: &PaymentRequest,
) -> Result<(), Failure> {
    let (asked, currency) = amount(request.amount)?;
    let order = metadata.get(ORDER).is_some_and(|order| *order == request.order.to_string());
    if order && seen == (asked, currency.as_str()) {
        return Ok(());
    }
    let message = "the answer speaks of another order, amount or currency";
    Err(Failure::new(KIND, Cause::Protocol, message).in_doubt(true))
}

/// What a payment says of money to be set aside.
pub(super) fn set_aside(intent: &Intent, request: &PaymentRequest) -> Result<Decided, Failure> {
    agrees(&intent.metadata, (intent.amount, &intent.currency), request)?;
    Ok(match intent.status.as_str() {
        "requires_capture" | "succeeded" => Ok(done(&intent.id, true)),
        "processing" => Ok(done(&intent.id, false)),
        "requires_payment_method" | "requires_confirmation" | "requires_action" | "canceled" => {
            Err(declined(&reason(intent)))
        }
        other => Err(unclear(&format!("it is {other}"))),
    })
}

/// What a payment says of money to be taken.
fn taken(intent: &Intent, request: &PaymentRequest) -> Result<Decided, Failure> {
    // Taken by another of our movements, it is taken for good: what that one left over was let go.
    let taken_before = intent.metadata.contains_key(CAPTURE) && !is_ours(&intent.metadata, CAPTURE, request);
    if intent.status == "succeeded" && taken_before {
        return Ok(Err(declined("it was captured before, and can be captured once")));
    }
    let received =
        if intent.status == "processing" { amount(request.amount)?.0 } else { intent.amount_received };
    Ok(match (intent.status.as_str(), &intent.latest_charge) {
        ("succeeded" | "processing", Some(charge)) => {
            agrees(&intent.metadata, (received, &intent.currency), request)?;
            Ok(done(charge.id(), intent.status == "succeeded"))
        }
        ("canceled" | "requires_payment_method", _) => Err(declined(&reason(intent))),
        (other, _) => Err(unclear(&format!("it is {other}"))),
    })
}

/// What a payment says of money to be let go; nothing while it is still held. What a capture left over is let go with it.
fn let_go(intent: &Intent) -> Option<Decided> {
    match intent.status.as_str() {
        "canceled" => Some(Ok(done(&intent.id, true))),
        "succeeded" if intent.amount_capturable == 0 && intent.amount_received < intent.amount => {
            Some(Ok(done(&intent.id, true)))
        }
        "succeeded" => Some(Err(declined("all of it was taken"))),
        _ => None,
    }
}

/// What a refund says of money to go back.
fn given_back(refund: &Refund, request: &PaymentRequest) -> Result<Decided, Failure> {
    agrees(&refund.metadata, (refund.amount, &refund.currency), request)?;
    Ok(match refund.status.as_deref() {
        Some("succeeded") => Ok(done(&refund.id, true)),
        Some("pending" | "requires_action") => Ok(done(&refund.id, false)),
        Some("failed" | "canceled") => Err(declined(refund.failure_reason.as_deref().unwrap_or("it failed"))),
        other => Err(unclear(&format!("it is {}", other.unwrap_or("in no state")))),
    })
}

fn reason(intent: &Intent) -> String {
    match &intent.last_payment_error {
        Some(Problem { decline_code: Some(code), .. } | Problem { code: Some(code), .. }) => code.clone(),
        _ => format!("it is {}", intent.status),
    }
}

fn done(id: &str, settled: bool) -> PaymentOutcome {
    PaymentOutcome { provider_ref: id.to_owned(), settled, page: None }
}

pub(super) fn declined(reason: &str) -> PaymentError {
    PaymentError::Declined { reason: reason.to_owned() }
}

fn nothing_below() -> PaymentError {
    declined("there is nothing to build it on")
}

pub(super) fn unclear(reason: &str) -> PaymentError {
    PaymentError::Unknown { reason: reason.to_owned() }
}

/// A failure in the engine's words; what a bank says no with is its own word.
fn told(failure: Failure) -> PaymentError {
    match failure.cause {
        Cause::Declined { code } if !code.is_empty() && !failure.may_have_happened => {
            PaymentError::Declined { reason: code }
        }
        _ => failure.into(),
    }
}
