//! How money that moved reaches the order and the books.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine::Work;
use crate::error::{Error, Kind, Result};
use crate::ids::OrderId;
use crate::ledger::{Account, Draft, Posting, Tags};
use crate::money::Money;
use crate::orders::{Order, OrderState};
use crate::outbox::JobKind;
use crate::payments::{
    Payment, PaymentRuleError, PaymentTxn, RefundSplit, TxnKind, TxnState, capture_entry, money_back_entry,
    refund_parts, split_refund, split_reversal,
};

/// A payment with everything that happened to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentView {
    /// The payment.
    #[serde(flatten)]
    pub payment: Payment,
    /// What happened to it, oldest first.
    pub txns: Vec<PaymentTxn>,
}

impl Work {
    pub(super) async fn payment_view(&mut self, payment: Payment) -> Result<PaymentView> {
        let txns = self.tx.parts::<PaymentTxn>(payment.id).await?;
        Ok(PaymentView { payment, txns })
    }

    pub(super) async fn payable(&mut self, order: OrderId, amount: Option<Money>) -> Result<(Order, Money)> {
        let order = self.tx.hold::<Order>(order).await?;
        refuse_cancelled(&order)?;
        let payments = self.tx.parts::<Payment>(order.id).await?;
        let promised = payments.iter().try_fold(order.currency().zero(), |sum, payment| {
            sum.plus(payment.authorised)?.minus(payment.refunded)
        })?;
        let open = order.due()?.minus(promised)?;
        let amount = amount.unwrap_or(open);
        if !amount.is_positive() || amount.min(open)? != amount {
            return Err(PaymentRuleError::TooMuch { verb: "paid", requested: amount, available: open }.into());
        }
        Ok((order, amount))
    }

    pub(super) fn new_payment(&self, order: &Order, provider: &str) -> Payment {
        let nothing = order.currency().zero();
        Payment {
            id: self.id(),
            order_id: order.id,
            provider: provider.to_owned(),
            authorised: nothing,
            captured: nothing,
            refunded: nothing,
            disputed: nothing,
            version: 1,
            created_at: self.now,
        }
    }

    pub(super) fn new_txn(
        &self,
        payment: &Payment,
        kind: TxnKind,
        amount: Money,
        note: Option<String>,
    ) -> PaymentTxn {
        PaymentTxn {
            id: self.id(),
            payment_id: payment.id,
            kind,
            amount,
            state: TxnState::Initiated,
            provider_ref: None,
            note,
            return_url: None,
            page_url: None,
            version: 1,
            created_at: self.now,
        }
    }

    /// Admits a movement and either carries it out here, where the money lies in the till or at a channel, or asks
    /// the provider for it, or the channel that gives back itself what it took. Money counts as moved from this moment on, so that nobody can move it twice.
    pub(super) async fn start(
        &mut self,
        mut payment: Payment,
        kind: TxnKind,
        amount: Money,
        note: Option<String>,
    ) -> Result<PaymentView> {
        let elsewhere = self.is_at_provider(&payment.provider)
            || kind == TxnKind::Refund && self.gives_back_itself(&payment.provider).await?;
        if elsewhere {
            payment = self.ask_provider(payment, kind, amount, note).await?;
        } else {
            payment.admit(kind, amount, false)?;
            self.tx.save(&mut payment).await?;
            let mut txn = self.new_txn(&payment, kind, amount, note);
            self.tx.note(&txn).await?;
            self.settle(&payment, &mut txn, TxnState::Succeeded).await?;
        }
        self.about(payment.id);
        self.payment_view(payment).await
    }

    /// Admits a movement, and queues what asks the provider for it.
    pub(in crate::engine) async fn ask_provider(
        &mut self,
        mut payment: Payment,
        kind: TxnKind,
        amount: Money,
        note: Option<String>,
    ) -> Result<Payment> {
        // Money can be let go of and given back whatever its provider can do, also while it is disconnected.
        let can = match kind {
            TxnKind::Capture => Some(self.provider(&payment.provider).await?.capabilities()),
            _ => None,
        };
        if can.is_some_and(|can| !can.part_capture) {
            let txns = self.tx.parts::<PaymentTxn>(payment.id).await?;
            if txns.iter().any(|txn| txn.kind == kind && txn.state != TxnState::Failed) {
                return Err(PaymentRuleError::CapturedOnce { provider: payment.provider }.into());
            }
        }
        let parts = if kind == TxnKind::Refund {
            let txns = self.tx.parts::<PaymentTxn>(payment.id).await?;
            let available = payment.arrived(&txns)?;
            if amount.min(available)? != amount {
                return Err(
                    PaymentRuleError::TooMuch { verb: "refunded", requested: amount, available }.into()
                );
            }
            refund_parts(&txns, amount)?
        } else {
            vec![amount]
        };
        payment.admit(kind, amount, can.is_some_and(|can| can.over_capture))?;
        self.tx.save(&mut payment).await?;
        for part in parts {
            let txn = self.new_txn(&payment, kind, part, note.clone());
            self.tx.note(&txn).await?;
            self.queue(JobKind::Pay, &payment.provider, txn.id).await?;
        }
        Ok(payment)
    }

    /// Notes a movement that happened without our asking: at the customer's bank, the provider or the channel; `name` is what
    /// they call it.
    pub(in crate::engine) async fn note_moved(
        &mut self,
        mut payment: Payment,
        kind: TxnKind,
        amount: Money,
        note: Option<String>,
        name: Option<String>,
    ) -> Result<Payment> {
        payment.admit(kind, amount, false)?;
        self.tx.save(&mut payment).await?;
        let mut txn = PaymentTxn { provider_ref: name, ..self.new_txn(&payment, kind, amount, note) };
        self.tx.note(&txn).await?;
        self.settle(&payment, &mut txn, TxnState::Succeeded).await?;
        Ok(payment)
    }

    /// Notes how a movement ended, and posts what it did.
    pub(in crate::engine) async fn settle(
        &mut self,
        payment: &Payment,
        txn: &mut PaymentTxn,
        state: TxnState,
    ) -> Result<()> {
        let was = txn.state;
        txn.step(state)?;
        self.tx.save(txn).await?;
        let mut order = self.tx.hold::<Order>(payment.order_id).await?;
        match state {
            TxnState::Succeeded => self.moved(payment, txn, &mut order).await?,
            TxnState::Failed | TxnState::Reversed => {
                let mut payment = self.tx.load::<Payment>(payment.id).await?;
                payment.withdraw(txn.kind, txn.amount)?;
                self.tx.save(&mut payment).await?;
                if was == TxnState::Succeeded {
                    self.unmove(txn).await?;
                    order.deposit = order.deposit.plus(txn.amount)?;
                    self.tx.save(&mut order).await?;
                }
            }
            TxnState::Initiated | TxnState::Pending | TxnState::Unknown => {}
        }
        let told = serde_json::json!({"order": order.id, "kind": txn.kind, "amount": txn.amount, "state": txn.state});
        self.emit("payment.changed", payment.id, &told).await?;
        // Money that was on its way when its order was called off has found nothing to pay for.
        let came_in = matches!(txn.kind, TxnKind::Auth | TxnKind::Capture) && state == TxnState::Succeeded;
        if came_in && order.adjusted.is_negative() {
            self.give_back_at_providers(&order).await?;
        }
        Ok(())
    }

    /// Asks the providers for what they have taken above what the order is worth, and lets go of what they have set
    /// aside for one that was called off. What is still on its way follows when it has arrived.
    pub(in crate::engine) async fn give_back_at_providers(&mut self, order: &Order) -> Result<()> {
        let payments = self.tx.parts::<Payment>(order.id).await?;
        let mut surplus = order.due()?.negated()?;
        for payment in &payments {
            surplus = surplus.plus(payment.held()?)?;
        }
        for payment in payments {
            if !self.is_at_provider(&payment.provider) {
                continue;
            }
            let txns = self.tx.parts::<PaymentTxn>(payment.id).await?;
            let amount = surplus.min(payment.arrived(&txns)?)?;
            let asked = txns.iter().filter(|txn| txn.kind == TxnKind::Auth && txn.state.is_open());
            let asked = Money::sum(order.currency(), asked.map(|txn| txn.amount))?;
            let aside = payment.authorised.minus(payment.captured)?.minus(asked)?;
            let called_off = || Some("called off".to_owned());
            let mut payment = payment;
            if amount.is_positive() {
                surplus = surplus.minus(amount)?;
                payment = self.ask_provider(payment, TxnKind::Refund, amount, called_off()).await?;
            }
            if aside.is_positive() && order.state == OrderState::Cancelled {
                self.ask_provider(payment, TxnKind::Void, aside, called_off()).await?;
            }
        }
        Ok(())
    }

    async fn moved(&mut self, payment: &Payment, txn: &PaymentTxn, order: &mut Order) -> Result<()> {
        let tags = Tags { channel_id: order.channel_id, ..Tags::default() };
        match txn.kind {
            TxnKind::Auth => {}
            TxnKind::Capture => {
                let draft =
                    capture_entry("payment_txn", txn.id, &payment.provider, txn.amount, order.channel_id)?;
                self.post(draft).await?;
                order.deposit = order.deposit.plus(txn.amount)?;
            }
            TxnKind::ChargebackReversal => {
                let won = split_reversal(self.charged_back(payment).await?, txn.amount)?.negated()?;
                let draft = Draft::new("payment_txn", txn.id, "chargeback_reversal");
                self.post(money_back_entry(draft, &payment.provider, won, Account::Chargebacks, tags)?)
                    .await?;
                order.deposit = order.deposit.minus(won.deposit)?;
            }
            TxnKind::Void => return Ok(()),
            TxnKind::Refund | TxnKind::Chargeback => {
                let split = split_refund(order, txn.amount)?;
                let refund = txn.kind == TxnKind::Refund;
                let account = if refund { Account::Refunds } else { Account::Chargebacks };
                let kind = if refund { "refund" } else { "chargeback" };
                let draft = Draft::new("payment_txn", txn.id, kind);
                self.post(money_back_entry(draft, &payment.provider, split, account, tags)?).await?;
                order.deposit = order.deposit.minus(split.deposit)?;
            }
        }
        self.confirm_if_paid(order).await?;
        self.tx.save(order).await
    }

    /// What chargebacks have taken of a payment, less what came back of them, as the books have it.
    async fn charged_back(&mut self, payment: &Payment) -> Result<RefundSplit> {
        let nothing = payment.captured.currency().zero();
        let mut taken = RefundSplit { deposit: nothing, tax: nothing, revenue: nothing };
        for txn in self.tx.parts::<PaymentTxn>(payment.id).await? {
            let kind = match txn.kind {
                TxnKind::Chargeback => "chargeback",
                TxnKind::ChargebackReversal => "chargeback_reversal",
                _ => continue,
            };
            let entry = self.tx.ledger().entry_of("payment_txn", &txn.id.to_string(), kind).await?;
            let Some(entry) = entry else { continue };
            for posting in self.tx.parts::<Posting>(entry.id).await? {
                for (account, sum) in [
                    (Account::CustomerDeposits, &mut taken.deposit),
                    (Account::TaxPayable, &mut taken.tax),
                    (Account::Chargebacks, &mut taken.revenue),
                ] {
                    if posting.account == account.into() {
                        *sum = sum.plus(posting.amount)?;
                    }
                }
            }
        }
        Ok(taken)
    }

    /// A refund that the provider undid is money of the customer's again.
    async fn unmove(&mut self, txn: &PaymentTxn) -> Result<()> {
        let payment = self.tx.load::<Payment>(txn.payment_id).await?;
        let draft = Draft::new("payment_txn", txn.id, "reversed")
            .debit(crate::payments::clearing(&payment.provider), txn.amount, Tags::default())
            .credit(Account::CustomerDeposits, txn.amount, Tags::default())?;
        self.post(draft).await.map(|_| ())
    }
}

/// Refuses to take money for an order that was called off.
pub(super) fn refuse_cancelled(order: &Order) -> Result<()> {
    if order.state != OrderState::Cancelled {
        return Ok(());
    }
    let message = "the order is cancelled: nothing is to be paid";
    Err(Error::new(Kind::Conflict, "payments.order_cancelled", message))
}
