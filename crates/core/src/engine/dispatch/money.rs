//! Moving money at a provider, or at a channel that gives back itself what it took.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Engine, Work, outcome_of};
use crate::error::{Error, Kind, Result};
use crate::ids::{ChannelId, EntityId, PaymentTxnId, ShopId};
use crate::listings::{Channel, ChannelRefund, ChannelStatus, SalesChannel};
use crate::orders::{Order, OrderState};
use crate::outbox::{Job, Outcome};
use crate::payments::{
    Payment, PaymentCapabilities, PaymentError, PaymentOutcome, PaymentPage, PaymentProvider, PaymentRequest,
    PaymentTxn, TxnKind, TxnState, refunded_capture,
};

impl Engine {
    pub(super) async fn do_payment(&self, shop: ShopId, job: &mut Job) -> Result<Outcome> {
        let id = PaymentTxnId::parse(&job.subject)?;
        let mut work = self.work(shop).await?;
        let txn = work.tx.load::<PaymentTxn>(id).await?;
        if txn.state.is_final() || matches!(txn.state, TxnState::Succeeded) {
            return Ok(Outcome::Moot);
        }
        let payment = work.tx.load::<Payment>(txn.payment_id).await?;
        let all = work.tx.parts::<PaymentTxn>(payment.id).await?;
        // What the provider is at is looked up too, when something had it looked at before its turn.
        let may_have_happened = job.may_have_happened() || txn.state == TxnState::Pending;
        let order = work.tx.load::<Order>(payment.order_id).await?;
        let unwanted = takes_in(txn.kind) && order.state == OrderState::Cancelled;
        if unwanted && !may_have_happened {
            let mut txn = txn;
            txn.note = Some("the order was called off first".into());
            work.settle(&payment, &mut txn, TxnState::Failed).await?;
            work.tx.commit().await?;
            return Ok(Outcome::Done);
        }
        let provider = match work.holder_of(&payment, &order).await {
            Ok(provider) => provider,
            // What is in doubt stays so until its account can be asked again.
            Err(error) if may_have_happened => return Ok(Outcome::Unknown { error: error.to_string() }),
            Err(error) => return Ok(outcome_of(error)),
        };
        Engine::dispatched(&mut work, job).await?;
        work.tx.commit().await?;
        let request = PaymentRequest {
            key: id,
            order: payment.order_id,
            kind: txn.kind,
            amount: txn.amount,
            on: builds_on(&txn, &all)?,
            method: if txn.kind == TxnKind::Auth { txn.note.clone() } else { None },
            page: txn
                .return_url
                .clone()
                .map(|return_url| PaymentPage { title: format!("Order {}", order.number), return_url }),
            known_as: txn.provider_ref.clone(),
        };
        if may_have_happened {
            if unwanted
                && request.page.is_some()
                && let Err(error) = provider.shut_page(&request).await
            {
                return Ok(Outcome::Unknown { error: error.to_string() });
            }
            match provider.look_up(&request).await {
                Ok(Some(outcome)) => return self.moved(shop, id, Ok(outcome)).await,
                Err(declined @ PaymentError::Declined { .. }) => {
                    return self.moved(shop, id, Err(declined)).await;
                }
                Ok(None) => {}
                Err(error) => return Ok(Outcome::Unknown { error: error.to_string() }),
            }
        }
        let answer = provider.execute(&request).await;
        self.moved(shop, id, answer).await
    }

    async fn moved(
        &self,
        shop: ShopId,
        id: PaymentTxnId,
        answer: Result<PaymentOutcome, PaymentError>,
    ) -> Result<Outcome> {
        let mut work = self.work(shop).await?;
        let mut txn = work.tx.load::<PaymentTxn>(id).await?;
        let payment = work.tx.load::<Payment>(txn.payment_id).await?;
        let outcome = match answer {
            Ok(done) => {
                let told = txn.page_url != done.page;
                txn.provider_ref = Some(done.provider_ref);
                txn.page_url = done.page;
                if done.settled {
                    work.settle(&payment, &mut txn, TxnState::Succeeded).await?;
                    Outcome::Done
                } else {
                    if txn.state != TxnState::Pending {
                        work.settle(&payment, &mut txn, TxnState::Pending).await?;
                    } else if told {
                        work.tx.save(&mut txn).await?;
                    }
                    Outcome::UnderWay
                }
            }
            Err(PaymentError::Declined { reason }) => {
                txn.note = Some(reason.clone());
                txn.page_url = None;
                work.settle(&payment, &mut txn, TxnState::Failed).await?;
                Outcome::Done
            }
            Err(PaymentError::Unavailable { reason }) => Outcome::Again { error: reason, wait: None },
            Err(PaymentError::Unknown { reason }) => {
                if txn.state != TxnState::Unknown {
                    work.settle(&payment, &mut txn, TxnState::Unknown).await?;
                }
                Outcome::Unknown { error: reason }
            }
        };
        work.tx.commit().await?;
        Ok(outcome)
    }
}

impl Work {
    /// Who is asked to move a payment's money: its provider, or the channel that took it.
    async fn holder_of(&mut self, payment: &Payment, order: &Order) -> Result<Arc<dyn PaymentProvider>> {
        let Ok(id) = ChannelId::parse(&payment.provider) else {
            return self.provider(&payment.provider).await;
        };
        let channel = self.tx.load::<Channel>(id).await?;
        if channel.status != ChannelStatus::Active {
            let message = format!("the channel {} is {}", channel.name, channel.status);
            return Err(Error::new(Kind::Unavailable, "channels.not_active", message));
        }
        let port = self.market(&channel).await?;
        let order = order.external_id.clone().ok_or_else(|| {
            Error::new(Kind::Refused, "payments.unknown_order", "the channel knows no such order")
        })?;
        Ok(Arc::new(Till { channel, port, order }))
    }
}

/// A channel, asked to give back what it took for one of its orders.
struct Till {
    channel: Channel,
    port: Arc<dyn SalesChannel>,
    order: String,
}

#[async_trait]
impl PaymentProvider for Till {
    fn capabilities(&self) -> PaymentCapabilities {
        PaymentCapabilities { over_capture: false, part_capture: false, page: false }
    }

    async fn execute(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        if request.kind != TxnKind::Refund {
            let reason = "what its buyers pay is the channel's to take".into();
            return Err(PaymentError::Declined { reason });
        }
        let refund = ChannelRefund { key: request.key, order: self.order.clone(), amount: request.amount };
        self.port.refund(&self.channel, &refund).await
    }

    /// The channel is asked again instead: it does each key once.
    async fn look_up(&self, _: &PaymentRequest) -> Result<Option<PaymentOutcome>, PaymentError> {
        Ok(None)
    }
}

/// Whether it takes money, rather than letting it go.
fn takes_in(kind: TxnKind) -> bool {
    matches!(kind, TxnKind::Auth | TxnKind::Capture)
}

/// The provider's name for what this movement builds on.
fn builds_on(txn: &PaymentTxn, all: &[PaymentTxn]) -> Result<Option<String>> {
    let base = match txn.kind {
        TxnKind::Capture | TxnKind::Void => {
            all.iter().rfind(|other| other.kind == TxnKind::Auth && other.state == TxnState::Succeeded)
        }
        TxnKind::Refund => refunded_capture(txn, all)?,
        _ => None,
    };
    Ok(base.and_then(|other| other.provider_ref.clone()))
}
