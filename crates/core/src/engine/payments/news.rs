//! What was done to a payment at its provider, and not by us: refunds made there, disputes, signs of fraud.

use crate::connections::{Connection, Heard, Hint, News, NewsState};
use crate::engine::Work;
use crate::error::{Kind, Result};
use crate::ids::ConnectionId;
use crate::orders::Order;
use crate::outbox::JobKind;
use crate::payments::{Payment, PaymentTxn, TxnKind, TxnState};

impl Work {
    /// Applies how something stands at a provider. Applied again, or after something later, it changes nothing: each
    /// movement is known by the provider's name for it. Says whether the payment it is about is known.
    pub(in crate::engine) async fn apply_news(
        &mut self,
        connection: ConnectionId,
        news: &News,
    ) -> Result<bool> {
        // One after the other, so that the same is not applied twice at once.
        self.tx.hold::<Connection>(connection).await?;
        let Some(payment) = self.payment_of(connection, news).await? else { return Ok(false) };
        self.tx.hold::<Order>(payment.order_id).await?;
        match news.state {
            NewsState::Refunded => self.note_back(connection, &payment, news, TxnKind::Refund).await?,
            NewsState::RefundFailed => self.take_refund_back(&payment, news).await?,
            NewsState::Disputed => {
                self.note_back(connection, &payment, news, TxnKind::Chargeback).await?;
                self.flag(connection, &payment, news, "disputed").await?;
            }
            NewsState::DisputeWon => {
                self.note_back(connection, &payment, news, TxnKind::Chargeback).await?;
                self.note_back(connection, &payment, news, TxnKind::ChargebackReversal).await?;
            }
            NewsState::Suspicious => self.flag(connection, &payment, news, "suspicious").await?,
            NewsState::Cleared => self.flag(connection, &payment, news, "cleared").await?,
            NewsState::Concluded => self.look_again(&payment).await?,
        }
        Ok(true)
    }

    /// The payment that news is about, if it was made through this connection: of another's nothing is believed.
    async fn payment_of(&mut self, connection: ConnectionId, news: &News) -> Result<Option<Payment>> {
        let mut captures = self.tx.payments().txns_by_ref(&news.on).await?;
        captures.retain(|txn| matches!(txn.kind, TxnKind::Capture | TxnKind::Auth));
        // What was begun, and not answered, is known by our own name for it.
        if let (true, Some(ours)) = (captures.is_empty(), news.ours) {
            captures.extend(self.tx.find::<PaymentTxn>(ours).await?);
        }
        let Some(capture) = captures.first() else { return Ok(None) };
        let payment = self.tx.load::<Payment>(capture.payment_id).await?;
        Ok((payment.provider == connection.to_string()).then_some(payment))
    }

    /// Notes money that went back at the provider, unless it is known. What cannot be is not booked, but told: more than is
    /// there, or another currency.
    async fn note_back(
        &mut self,
        connection: ConnectionId,
        payment: &Payment,
        news: &News,
        kind: TxnKind,
    ) -> Result<()> {
        let Some(amount) = news.amount else { return Ok(()) };
        let known = self.tx.parts::<PaymentTxn>(payment.id).await?;
        let same = |txn: &&PaymentTxn| {
            txn.kind == kind && (news.ours == Some(txn.id) || txn.provider_ref.as_deref() == Some(&news.name))
        };
        // Our own are concluded by the job that began them.
        if known.iter().any(|txn| same(&txn)) || news.ours.is_some() {
            return Ok(());
        }
        let payment = self.tx.load::<Payment>(payment.id).await?;
        if amount.currency() != payment.captured.currency() {
            return self.flag(connection, &payment, news, "another_currency").await;
        }
        match payment.clone().admit(kind, amount, false) {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), Kind::Refused | Kind::Invalid) => {
                return self.flag(connection, &payment, news, "more_than_is_there").await;
            }
            Err(error) => return Err(error),
        }
        let (reason, name) = (Some(news.reason.clone()), Some(news.name.clone()));
        self.note_moved(payment, kind, amount, reason, name).await.map(drop)
    }

    /// Has what the provider is at looked up, before its turn.
    async fn look_again(&mut self, payment: &Payment) -> Result<()> {
        for txn in self.tx.parts::<PaymentTxn>(payment.id).await? {
            if txn.state.is_open() {
                self.queue(JobKind::Pay, &payment.provider, txn.id).await?;
            }
        }
        Ok(())
    }

    /// A refund that was reported done and did not arrive is money of the customer's again.
    async fn take_refund_back(&mut self, payment: &Payment, news: &News) -> Result<()> {
        let known = self.tx.parts::<PaymentTxn>(payment.id).await?;
        let refund = known
            .into_iter()
            .find(|txn| txn.kind == TxnKind::Refund && txn.provider_ref.as_deref() == Some(&news.name));
        match refund {
            Some(mut txn) if txn.state == TxnState::Succeeded => {
                txn.note = Some(news.reason.clone());
                self.settle(payment, &mut txn, TxnState::Reversed).await
            }
            _ => Ok(()),
        }
    }

    /// Tells once that somebody should look at a payment, or need not any longer.
    async fn flag(
        &mut self,
        connection: ConnectionId,
        payment: &Payment,
        news: &News,
        why: &'static str,
    ) -> Result<()> {
        let told = Heard { name: format!("{why}:{}", news.name), kind: why.into(), topic: news.on.clone() };
        if !self.tx.connections().heard(connection, &[&told.name]).await?.is_empty() {
            return Ok(());
        }
        self.note_hint(connection, &told).await?;
        let News { name, amount, reason, .. } = news;
        let told = serde_json::json!({
            "order": payment.order_id, "why": why, "name": name, "amount": amount, "reason": reason
        });
        self.emit("payment.flagged", payment.id, &told).await
    }

    /// Writes down that something was heard, or what came of it.
    pub(in crate::engine) async fn note_hint(
        &mut self,
        connection: ConnectionId,
        heard: &Heard,
    ) -> Result<()> {
        let hint = Hint {
            id: self.id(),
            connection_id: connection,
            external_id: heard.name.clone(),
            kind: heard.kind.clone(),
            topic: heard.topic.clone(),
            received_at: self.now,
        };
        self.tx.add(&hint).await
    }
}
