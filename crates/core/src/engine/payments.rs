//! Money: taking it, giving it back, and what channels pay out.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::{Command, Look, Query, Work};
use crate::accounts::Permission;
use crate::clock::Timestamp;
use crate::error::{Error, Kind, Result};
use crate::ids::{ChannelId, OrderId, PaymentId};
use crate::ledger::{Account, Draft, Posting, Tags};
use crate::listings::Channel;
use crate::money::Money;
use crate::orders::{Order, OrderState};
use crate::outbox::JobKind;
use crate::page::{Page, PageRequest};
use crate::payments::{
    Payment, PaymentRuleError, PaymentTxn, Payout, PayoutLine, RefundSplit, TxnKind, TxnState, capture_entry,
    money_back_entry, payout_entry, refund_parts, split_refund, split_reversal,
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
    async fn payment_view(&mut self, payment: Payment) -> Result<PaymentView> {
        let txns = self.tx.parts::<PaymentTxn>(payment.id).await?;
        Ok(PaymentView { payment, txns })
    }

    async fn payable(&mut self, order: OrderId, amount: Option<Money>) -> Result<(Order, Money)> {
        let order = self.tx.load::<Order>(order).await?;
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

    fn new_payment(&self, order: &Order, provider: &str) -> Payment {
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

    fn new_txn(&self, payment: &Payment, kind: TxnKind, amount: Money, note: Option<String>) -> PaymentTxn {
        PaymentTxn {
            id: self.id(),
            payment_id: payment.id,
            kind,
            amount,
            state: TxnState::Initiated,
            provider_ref: None,
            note,
            version: 1,
            created_at: self.now,
        }
    }

    /// Admits a movement and either carries it out here, where the money lies in the till or at a channel, or asks
    /// the provider for it. Money counts as moved from this moment on, so that nobody can move it twice.
    async fn start(
        &mut self,
        mut payment: Payment,
        kind: TxnKind,
        amount: Money,
        note: Option<String>,
    ) -> Result<PaymentView> {
        let provider = self.engine.provider(&payment.provider).ok().cloned();
        let over = provider.as_ref().is_some_and(|provider| provider.capabilities().over_capture);
        payment.admit(kind, amount, over)?;
        self.tx.save(&mut payment).await?;
        let parts = if kind == TxnKind::Refund && provider.is_some() {
            refund_parts(&self.tx.parts::<PaymentTxn>(payment.id).await?, amount)?
        } else {
            vec![amount]
        };
        for part in parts {
            let mut txn = self.new_txn(&payment, kind, part, note.clone());
            self.tx.add(&txn).await?;
            if provider.is_some() {
                self.queue(JobKind::Pay, &payment.provider, txn.id).await?;
            } else {
                self.settle(&payment, &mut txn, TxnState::Succeeded).await?;
            }
        }
        self.about(payment.id);
        self.payment_view(payment).await
    }

    /// Notes how a movement ended, and posts what it did.
    pub(super) async fn settle(
        &mut self,
        payment: &Payment,
        txn: &mut PaymentTxn,
        state: TxnState,
    ) -> Result<()> {
        let was = txn.state;
        txn.step(state)?;
        self.tx.save(txn).await?;
        let mut order = self.tx.load::<Order>(payment.order_id).await?;
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
        self.emit("payment.changed", payment.id, &told).await
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
fn refuse_cancelled(order: &Order) -> Result<()> {
    if order.state != OrderState::Cancelled {
        return Ok(());
    }
    let message = "the order is cancelled: nothing is to be paid";
    Err(Error::new(Kind::Conflict, "payments.order_cancelled", message))
}

/// Record money that came in by hand: cash, a bank transfer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPayment {
    /// The order.
    pub order_id: OrderId,
    /// How much; all that is open when absent.
    #[serde(default)]
    pub amount: Option<Money>,
    /// A word on it.
    #[serde(default)]
    pub note: Option<String>,
}

#[async_trait]
impl Command for RecordPayment {
    const NAME: &'static str = "payments.record";
    const PERMISSION: Permission = Permission::PaymentsWrite;
    const MOVES: bool = true;
    type Answer = PaymentView;

    async fn run(self, work: &mut Work) -> Result<PaymentView> {
        let (order, amount) = work.payable(self.order_id, self.amount).await?;
        let mut payment = work.new_payment(&order, "manual");
        payment.authorised = amount;
        work.tx.add(&payment).await?;
        work.start(payment, TxnKind::Capture, amount, self.note).await
    }
}

/// Ask a provider to set money for an order aside.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorisePayment {
    /// The order.
    pub order_id: OrderId,
    /// Who is asked.
    pub provider: String,
    /// How much; all that is open when absent.
    #[serde(default)]
    pub amount: Option<Money>,
    /// What the customer pays with, as the provider calls it; never a card number.
    #[serde(default)]
    pub method: Option<String>,
}

#[async_trait]
impl Command for AuthorisePayment {
    const NAME: &'static str = "payments.authorise";
    const PERMISSION: Permission = Permission::PaymentsWrite;
    const MOVES: bool = true;
    type Answer = PaymentView;

    async fn run(self, work: &mut Work) -> Result<PaymentView> {
        work.engine.provider(&self.provider)?;
        if self.method.as_deref().is_some_and(looks_like_a_card) {
            let remedy = "it looks like a card number: give the provider's token for it";
            return Err(Error::invalid("method", "not shown", remedy));
        }
        let (order, amount) = work.payable(self.order_id, self.amount).await?;
        let payment = work.new_payment(&order, &self.provider);
        work.tx.add(&payment).await?;
        work.start(payment, TxnKind::Auth, amount, self.method).await
    }
}

/// 13 to 19 digits with a right check digit (ISO/IEC 7812-1, Luhn) are taken for a card number.
fn looks_like_a_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let only_digits = text.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '-');
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, &digit)| if index % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    only_digits && (13..=19).contains(&digits.len()) && sum.is_multiple_of(10)
}

/// What is done to a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStep {
    /// Take what was set aside.
    Capture,
    /// Let it go.
    Void,
    /// Give it back.
    Refund,
    /// The customer's bank took it back.
    Chargeback,
    /// The bank gave it again.
    ChargebackReversal,
}

/// Capture, void or refund a payment, or note down what the customer's bank did with it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MovePayment {
    /// The payment.
    pub payment_id: PaymentId,
    /// What is done.
    pub step: PaymentStep,
    /// How much; all there is when absent.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Why, in words.
    #[serde(default)]
    pub reason: Option<String>,
}

#[async_trait]
impl Command for MovePayment {
    const NAME: &'static str = "payments.move";
    const PERMISSION: Permission = Permission::PaymentsWrite;
    const MOVES: bool = true;
    type Answer = PaymentView;

    async fn run(self, work: &mut Work) -> Result<PaymentView> {
        let payment = work.tx.load::<Payment>(self.payment_id).await?;
        let (kind, all) = match self.step {
            PaymentStep::Capture => (TxnKind::Capture, payment.authorised.minus(payment.captured)?),
            PaymentStep::Void => (TxnKind::Void, payment.authorised.minus(payment.captured)?),
            PaymentStep::Refund => (TxnKind::Refund, payment.held()?),
            PaymentStep::Chargeback => (TxnKind::Chargeback, payment.held()?),
            PaymentStep::ChargebackReversal => (TxnKind::ChargebackReversal, payment.disputed),
        };
        let amount = self.amount.unwrap_or(all);
        if kind == TxnKind::Capture {
            let order = work.tx.load::<Order>(payment.order_id).await?;
            refuse_cancelled(&order)?;
        }
        if matches!(kind, TxnKind::Chargeback | TxnKind::ChargebackReversal) {
            return work.note_bank_act(payment, kind, amount, self.reason).await;
        }
        work.start(payment, kind, amount, self.reason).await
    }
}

impl Work {
    /// What the customer's bank did has happened already: nobody is asked.
    async fn note_bank_act(
        &mut self,
        mut payment: Payment,
        kind: TxnKind,
        amount: Money,
        note: Option<String>,
    ) -> Result<PaymentView> {
        payment.admit(kind, amount, false)?;
        self.tx.save(&mut payment).await?;
        let mut txn = self.new_txn(&payment, kind, amount, note);
        self.tx.add(&txn).await?;
        self.settle(&payment, &mut txn, TxnState::Succeeded).await?;
        self.about(payment.id);
        self.payment_view(payment).await
    }
}

/// Look at a payment.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetPayment {
    /// The payment.
    pub payment_id: PaymentId,
}

#[async_trait]
impl Query for GetPayment {
    const NAME: &'static str = "payments.get";
    const PERMISSION: Permission = Permission::PaymentsRead;
    type Answer = PaymentView;

    async fn run(self, look: &mut Look) -> Result<PaymentView> {
        let payment = look.tx.load::<Payment>(self.payment_id).await?;
        let txns = look.tx.parts::<PaymentTxn>(payment.id).await?;
        Ok(PaymentView { payment, txns })
    }
}

/// Look through the payments, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListPayments {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListPayments {
    const NAME: &'static str = "payments.list";
    const PERMISSION: Permission = Permission::PaymentsRead;
    type Answer = Page<Payment>;

    async fn run(self, look: &mut Look) -> Result<Page<Payment>> {
        look.tx.page::<Payment>(&self.page).await
    }
}

/// Record what a channel paid out, with what it is made of. Whatever the lines do not explain goes to suspense.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPayout {
    /// Who paid.
    pub channel_id: ChannelId,
    /// The channel's name for it; the same payout is recorded once.
    pub external_id: String,
    /// How much arrived.
    pub amount: Money,
    /// What it is made of: sales above zero, fees and refunds below.
    pub lines: Vec<PayoutLine>,
    /// When it arrived; now when absent.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

#[async_trait]
impl Command for RecordPayout {
    const NAME: &'static str = "payouts.record";
    const PERMISSION: Permission = Permission::PaymentsWrite;
    const MOVES: bool = true;
    type Answer = Payout;

    async fn run(self, work: &mut Work) -> Result<Payout> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        if let Some(known) = work.tx.payments().payout_by_external(channel.id, &self.external_id).await? {
            return Ok(known);
        }
        if self.lines.len() > 10_000 {
            return Err(Error::invalid("lines", "too many", "keep it to 10,000"));
        }
        let id = work.id();
        let (draft, residue) = payout_entry(id, channel.id, self.amount, &self.lines)?;
        let at = self.at.unwrap_or(work.now);
        let payout = Payout {
            id,
            channel_id: channel.id,
            external_id: self.external_id,
            amount: self.amount,
            lines: self.lines,
            residue,
            at,
            business_date: work.shop().await?.time_zone.date_of(at),
        };
        work.tx.add(&payout).await?;
        work.post(draft).await?;
        work.about(id);
        Ok(payout)
    }
}

/// Look through what channels paid out, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListPayouts {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListPayouts {
    const NAME: &'static str = "payouts.list";
    const PERMISSION: Permission = Permission::PaymentsRead;
    type Answer = Page<Payout>;

    async fn run(self, look: &mut Look) -> Result<Page<Payout>> {
        look.tx.page::<Payout>(&self.page).await
    }
}

calls! {
    /// Money.
    Payments by payments:
    /// Records money that came in by hand.
    write record: RecordPayment;
    /// Asks a provider to set money aside.
    write authorise: AuthorisePayment;
    /// Captures, voids, refunds, or notes a chargeback.
    write shift: MovePayment;
    /// Records a payout.
    write record_payout: RecordPayout;
    /// A payment.
    read get: GetPayment;
    /// A page of payments.
    read list: ListPayments;
    /// A page of payouts.
    read payouts: ListPayouts;
}

#[cfg(test)]
mod tests {
    use super::looks_like_a_card;

    #[test]
    fn card_numbers_are_recognised() {
        assert!(looks_like_a_card("4242 4242 4242 4242"));
        assert!(!looks_like_a_card("4242 4242 4242 4243"));
        assert!(!looks_like_a_card("pm_4242424242424242"));
        assert!(!looks_like_a_card("tok_visa"));
    }
}
