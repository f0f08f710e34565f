//! Payments on a page of Stripe's ([hosted checkout](https://docs.stripe.com/payments/checkout)): what the customer pays with
//! never comes here. What is paid is set aside, as it is without a page, and the payment takes the page's place as what the
//! movement is known by.

use std::time::Duration;

use baddie_core::ids::EntityId;
use baddie_core::payments::{PaymentOutcome, PaymentPage, PaymentRequest};

use super::calls::{self, Expand, IntentData, LineItem, NewSession, PriceData, ProductData};
use super::provider::{Decided, TXN, agrees, declined, notes, set_aside, unclear};
use super::wire::{Intent, Session};
use super::{Stripe, amount};
use crate::http::{Cause, Failure};

/// How long a page is open, from when the movement was written down. Less than the key is relied on, so that when it no longer
/// is, the page cannot be paid any more either.
const OPEN: Duration = Duration::from_hours(11);

/// How names of pages begin.
const PAGE: &str = "cs_";

impl Stripe {
    /// Opens the page, or finds it open.
    pub(super) async fn open_page(
        &self,
        request: &PaymentRequest,
        page: &PaymentPage,
    ) -> Result<Decided, Failure> {
        if self.is_old(request) {
            return Ok(Err(declined("nobody paid while the page could be open")));
        }
        let (amount, currency) = amount(request.amount)?;
        let product_data = ProductData { name: page.title.clone(), images: Vec::new() };
        let price_data = Some(PriceData { currency, unit_amount: amount, product_data });
        let until = request.key.made_at().plus(OPEN).as_micros().div_euclid(1_000_000);
        let new = NewSession {
            mode: "payment",
            line_items: vec![LineItem { quantity: Some(1), price_data, price: None }],
            success_url: Some(page.return_url.clone()),
            cancel_url: Some(page.return_url.clone()),
            client_reference_id: Some(request.order.to_string()),
            expires_at: Some(until),
            payment_intent_data: Some(IntentData {
                capture_method: Some("manual"),
                metadata: notes(TXN, request),
            }),
            metadata: notes(TXN, request),
            ..NewSession::default()
        };
        let session = self.send(calls::create_session(&request.key.to_string(), &new)).await?;
        self.ended(session, request).await
    }

    /// How a page stands, or the payment that was made on it.
    pub(super) async fn find_on_page(&self, request: &PaymentRequest) -> Result<Option<Decided>, Failure> {
        match request.known_as.as_deref() {
            Some(page) if page.starts_with(PAGE) => {
                let session = self.send(calls::get_session(page, &Expand::default())).await?;
                self.ended(session, request).await.map(Some)
            }
            Some(payment) => {
                let intent: Intent = self.send(calls::get_intent(payment, &Expand::default())).await?;
                set_aside(&intent, request).map(Some)
            }
            // The answer that named the page was lost. Opened again under its key it is the same page; what was paid on it
            // is found by our notes.
            None => {
                let found = self.find_set_aside(request).await?;
                Ok(found.filter(|found| matches!(found, Ok(outcome) if outcome.settled)))
            }
        }
    }

    pub(super) async fn shut(&self, request: &PaymentRequest) -> Result<(), Failure> {
        let Some(page) = request.known_as.as_deref().filter(|known| known.starts_with(PAGE)) else {
            return Ok(());
        };
        let key = format!("{}-shut", request.key);
        match self.send::<Session>(calls::expire_session(&key, page)).await {
            // It was paid, or its time ran out.
            Err(Failure { cause: Cause::Validation { .. }, .. }) | Ok(_) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// What came of a page.
    async fn ended(&self, session: Session, request: &PaymentRequest) -> Result<Decided, Failure> {
        let seen =
            (session.amount_total.unwrap_or_default(), session.currency.as_deref().unwrap_or_default());
        agrees(&session.metadata.unwrap_or_default(), seen, request)?;
        match (session.status.as_deref(), session.payment_intent) {
            (Some("open"), _) => {
                Ok(Ok(PaymentOutcome { provider_ref: session.id, settled: false, page: session.url }))
            }
            (Some("expired"), _) => Ok(Err(declined("nobody paid before the page was shut"))),
            (Some("complete"), Some(payment)) => {
                let intent: Intent = self.send(calls::get_intent(payment.id(), &Expand::default())).await?;
                set_aside(&intent, request)
            }
            (other, _) => Ok(Err(unclear(&format!("the page is {}", other.unwrap_or("in no state"))))),
        }
    }
}
