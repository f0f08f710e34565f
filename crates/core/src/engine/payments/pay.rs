//! Money that comes in and goes back, at the till and at providers.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settle::{PaymentView, refuse_cancelled};
use crate::accounts::Permission;
use crate::engine::way_back::check_way_back;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{OrderId, PaymentId};
use crate::money::Money;
use crate::orders::Order;
use crate::outbox::JobKind;
use crate::page::{Page, PageRequest};
use crate::payments::{Payment, PaymentRuleError, PaymentTxn, TxnKind};

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
    /// Who is asked: a provider of this engine, or a connection, by its id or, where there is one of it, by its service.
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
        let provider = work.payer(&self.provider).await?;
        if self.method.as_deref().is_some_and(looks_like_a_card) {
            let remedy = "it looks like a card number: give the provider's token for it";
            return Err(Error::invalid("method", "not shown", remedy));
        }
        let (order, amount) = work.payable(self.order_id, self.amount).await?;
        let payment = work.new_payment(&order, &provider);
        work.tx.add(&payment).await?;
        work.start(payment, TxnKind::Auth, amount, self.method).await
    }
}

/// Have a customer pay for an order on a page of a provider's: what they pay with never comes here. The movement's
/// `page_url` says where to send them, once the provider has answered; `payment.changed` tells when it is there, and how it
/// ended. What is paid is set aside, to be captured.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPaymentPage {
    /// The order.
    pub order_id: OrderId,
    /// Whose page it is: a provider of this engine, or a connection, by its id or, where there is one of it, by its service.
    pub provider: String,
    /// How much; all that is open when absent.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Where the customer is sent back to, however it ends.
    pub return_url: String,
}

#[async_trait]
impl Command for OpenPaymentPage {
    const NAME: &'static str = "payments.open_page";
    const PERMISSION: Permission = Permission::PaymentsWrite;
    const MOVES: bool = true;
    type Answer = PaymentView;

    async fn run(self, work: &mut Work) -> Result<PaymentView> {
        check_way_back(&self.return_url)?;
        let name = work.payer(&self.provider).await?;
        let provider = work.provider(&name).await?;
        if !provider.capabilities().page {
            return Err(PaymentRuleError::NoPage { provider: self.provider }.into());
        }
        let (order, amount) = work.payable(self.order_id, self.amount).await?;
        let mut payment = work.new_payment(&order, &name);
        work.tx.add(&payment).await?;
        payment.admit(TxnKind::Auth, amount, false)?;
        work.tx.save(&mut payment).await?;
        let txn = PaymentTxn {
            return_url: Some(self.return_url),
            ..work.new_txn(&payment, TxnKind::Auth, amount, None)
        };
        work.tx.note(&txn).await?;
        work.queue(JobKind::Pay, &payment.provider, txn.id).await?;
        work.about(payment.id);
        work.payment_view(payment).await
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
        let order_id = work.tx.load::<Payment>(self.payment_id).await?.order_id;
        let order = work.tx.hold::<Order>(order_id).await?;
        // Read again, now that nobody else moves it.
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
            refuse_cancelled(&order)?;
        }
        if matches!(kind, TxnKind::Chargeback | TxnKind::ChargebackReversal) {
            // What the customer's bank did has happened already: nobody is asked.
            let payment = work.note_moved(payment, kind, amount, self.reason, None).await?;
            work.about(payment.id);
            return work.payment_view(payment).await;
        }
        work.start(payment, kind, amount, self.reason).await
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
