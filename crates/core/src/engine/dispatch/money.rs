//! Moving money at a provider.

use super::{Engine, outcome_of};
use crate::error::Result;
use crate::ids::{EntityId, PaymentTxnId, ShopId};
use crate::orders::{Order, OrderState};
use crate::outbox::{Job, Outcome};
use crate::payments::{
    Payment, PaymentError, PaymentOutcome, PaymentRequest, PaymentTxn, TxnKind, TxnState, refunded_capture,
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
        let may_have_happened = job.may_have_happened();
        if !may_have_happened && takes_in(txn.kind) {
            let order = work.tx.load::<Order>(payment.order_id).await?;
            if order.state == OrderState::Cancelled {
                let mut txn = txn;
                txn.note = Some("the order was called off first".into());
                work.settle(&payment, &mut txn, TxnState::Failed).await?;
                work.tx.commit().await?;
                return Ok(Outcome::Done);
            }
        }
        let provider = match work.provider(&payment.provider).await {
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
        };
        if may_have_happened {
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
                txn.provider_ref = Some(done.provider_ref);
                if done.settled {
                    work.settle(&payment, &mut txn, TxnState::Succeeded).await?;
                    Outcome::Done
                } else {
                    if txn.state != TxnState::Pending {
                        work.settle(&payment, &mut txn, TxnState::Pending).await?;
                    }
                    Outcome::UnderWay
                }
            }
            Err(PaymentError::Declined { reason }) => {
                txn.note = Some(reason.clone());
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
