use super::{Payment, PaymentTxn, PayoutKind, PayoutLine, TxnKind, TxnState};
use crate::error::{Error, Fault, Kind, Result};
use crate::ids::ChannelId;
use crate::ledger::{Account, AccountCode, Draft, Tags};
use crate::money::{Money, MoneyError};
use crate::orders::{Order, PaymentStatus};

/// What can go wrong with payments.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentRuleError {
    /// More than is there was to be moved.
    #[error("{requested} is more than the {available} that can be {verb}: lower the amount")]
    TooMuch {
        /// What was to be done: `captured`, `refunded`.
        verb: &'static str,
        /// How much was asked for.
        requested: Money,
        /// How much there is.
        available: Money,
    },
    /// The movement names another payment's or order's money.
    #[error("no provider {name:?} is connected: use one of {known}")]
    UnknownProvider {
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
}

impl Fault for PaymentRuleError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooMuch { .. } => Kind::Refused,
            Self::UnknownProvider { .. } => Kind::Invalid,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::TooMuch { verb: "refunded", .. } => "payments.refund_above_capture",
            Self::TooMuch { .. } => "payments.too_much",
            Self::UnknownProvider { .. } => "payments.unknown_provider",
        }
    }
    fn field(&self) -> Option<std::borrow::Cow<'static, str>> {
        Some(match self {
            Self::TooMuch { .. } => "amount".into(),
            Self::UnknownProvider { .. } => "provider".into(),
        })
    }
}

impl Payment {
    /// Captured money that is neither given back nor disputed.
    pub fn held(&self) -> Result<Money, MoneyError> {
        self.captured.minus(self.refunded)?.minus(self.disputed)
    }

    /// Counts a movement in, before it is sent: nobody can spend the same money meanwhile.
    pub fn admit(&mut self, kind: TxnKind, amount: Money, over_capture: bool) -> Result<()> {
        if !amount.is_positive() {
            return Err(Error::invalid("amount", amount, "move more than nothing"));
        }
        let bounded = |verb, available: Money| -> Result<()> {
            if amount.min(available)? == amount {
                return Ok(());
            }
            Err(PaymentRuleError::TooMuch { verb, requested: amount, available }.into())
        };
        match kind {
            TxnKind::Auth => self.authorised = self.authorised.plus(amount)?,
            TxnKind::Capture => {
                if !over_capture {
                    bounded("captured", self.authorised.minus(self.captured)?)?;
                }
                self.captured = self.captured.plus(amount)?;
            }
            TxnKind::Void => {
                bounded("voided", self.authorised.minus(self.captured)?)?;
                self.authorised = self.authorised.minus(amount)?;
            }
            TxnKind::Refund => {
                bounded("refunded", self.held()?)?;
                self.refunded = self.refunded.plus(amount)?;
            }
            TxnKind::Chargeback => {
                bounded("charged back", self.held()?)?;
                self.disputed = self.disputed.plus(amount)?;
            }
            TxnKind::ChargebackReversal => {
                bounded("given again", self.disputed)?;
                self.disputed = self.disputed.minus(amount)?;
            }
        }
        Ok(())
    }

    /// Takes a movement out again that failed or was reversed.
    pub fn withdraw(&mut self, kind: TxnKind, amount: Money) -> Result<(), MoneyError> {
        match kind {
            TxnKind::Auth => self.authorised = self.authorised.minus(amount)?,
            TxnKind::Capture => self.captured = self.captured.minus(amount)?,
            TxnKind::Void => self.authorised = self.authorised.plus(amount)?,
            TxnKind::Refund => self.refunded = self.refunded.minus(amount)?,
            TxnKind::Chargeback => self.disputed = self.disputed.minus(amount)?,
            TxnKind::ChargebackReversal => self.disputed = self.disputed.plus(amount)?,
        }
        Ok(())
    }
}

impl PaymentTxn {
    /// Moves to another state, if the machine allows it.
    pub fn step(&mut self, next: TxnState) -> Result<(), crate::entity::IllegalStep> {
        // A provider may undo a refund it has reported done; nothing else that succeeded is taken back.
        if next == TxnState::Reversed && self.kind != TxnKind::Refund {
            return Err(crate::entity::IllegalStep {
                entity: "payment_txn",
                from: "succeeded",
                to: "reversed",
                allowed: Vec::new(),
            });
        }
        self.state = self.state.step(next)?;
        Ok(())
    }
}

/// How far an order worth `due` is paid by these payments.
pub fn payment_status(payments: &[Payment], due: Money) -> Result<PaymentStatus, MoneyError> {
    let currency = due.currency();
    let sum = |amount: fn(&Payment) -> Money| Money::sum(currency, payments.iter().map(amount));
    let (authorised, captured) = (sum(|p| p.authorised)?, sum(|p| p.captured)?);
    let (refunded, disputed) = (sum(|p| p.refunded)?, sum(|p| p.disputed)?);
    Ok(if disputed.is_positive() {
        PaymentStatus::Disputed
    } else if refunded.is_positive() && refunded == captured {
        PaymentStatus::Refunded
    } else if refunded.is_positive() && captured.minus(refunded)?.minor() != due.minor() {
        PaymentStatus::PartRefunded
    } else if captured.is_positive() && captured.minor() < due.minor() {
        PaymentStatus::PartCaptured
    } else if captured.is_positive() || (due.is_zero() && !payments.is_empty()) {
        PaymentStatus::Captured
    } else if authorised.is_positive() {
        PaymentStatus::Authorised
    } else if payments.is_empty() {
        PaymentStatus::None
    } else {
        PaymentStatus::Voided
    })
}

/// Who holds the money of a payment.
pub fn clearing(provider: &str) -> AccountCode {
    if provider == "manual" { Account::Cash.into() } else { AccountCode::clearing(provider) }
}

/// The entry for money that came in.
pub fn capture_entry(
    source_type: &'static str,
    source: impl std::fmt::Display,
    provider: &str,
    amount: Money,
    channel_id: Option<ChannelId>,
) -> Result<Draft, MoneyError> {
    let tags = Tags { channel_id, ..Tags::default() };
    Draft::new(source_type, source, "capture").debit(clearing(provider), amount, tags).credit(
        Account::CustomerDeposits,
        amount,
        tags,
    )
}

/// How much of a refund comes out of the deposit, how much out of tax collected, and how much is a loss of revenue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundSplit {
    /// Out of what was paid and never earned.
    pub deposit: Money,
    /// Out of tax collected on what was sent.
    pub tax: Money,
    /// Out of revenue.
    pub revenue: Money,
}

/// Splits a refund: deposits first, then revenue and tax in the proportion in which they were earned.
pub fn split_refund(order: &Order, amount: Money) -> Result<RefundSplit, MoneyError> {
    let nothing = amount.currency().zero();
    let deposit = amount.min(order.deposit.max(nothing)?)?;
    let earned = amount.minus(deposit)?;
    let shop_total = order.total.minus(order.facilitator_tax)?;
    let tax = if shop_total.is_positive() {
        earned.share(order.tax.minor(), shop_total.minor(), crate::money::Rounding::HalfEven)?
    } else {
        nothing
    };
    Ok(RefundSplit { deposit, tax, revenue: earned.minus(tax)? })
}

/// The entry for money that goes back: a refund, or with `account` [`Account::Chargebacks`] a chargeback.
pub fn money_back_entry(
    draft: Draft,
    provider: &str,
    split: RefundSplit,
    account: Account,
    tags: Tags,
) -> Result<Draft, MoneyError> {
    let whole = split.deposit.plus(split.tax)?.plus(split.revenue)?;
    draft
        .debit(Account::CustomerDeposits, split.deposit, tags)
        .debit(Account::TaxPayable, split.tax, tags)
        .debit(account, split.revenue, tags)
        .credit(clearing(provider), whole, tags)
}

/// The entry for a payout: the bank gets what arrived, each line explains a part, suspense takes the rest.
/// Answers the entry and the rest.
pub fn payout_entry(
    source: impl std::fmt::Display,
    channel: ChannelId,
    amount: Money,
    lines: &[PayoutLine],
) -> Result<(Draft, Money), MoneyError> {
    let tags = Tags { channel_id: Some(channel), ..Tags::default() };
    let clearing = AccountCode::clearing(channel);
    let mut draft = Draft::new("payout", source, "payout").debit(Account::Cash, amount, tags);
    let mut explained = amount.currency().zero();
    for line in lines {
        explained = explained.plus(line.amount)?;
        let account = match line.kind {
            PayoutKind::Fee => Account::Fees.into(),
            PayoutKind::Ad => Account::Advertising.into(),
            PayoutKind::Label => Account::Postage.into(),
            PayoutKind::Sale | PayoutKind::Refund | PayoutKind::Adjustment | PayoutKind::Reserve => {
                clearing.clone()
            }
        };
        draft = draft.credit(account, line.amount, tags)?;
    }
    let residue = amount.minus(explained)?;
    Ok((draft.credit(Account::Suspense, residue, tags)?, residue))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::Timestamp;
    use crate::ids::{EntityId, OrderId, PaymentId};
    use crate::money::Currency;

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn payment() -> Payment {
        Payment {
            id: PaymentId::from_u128(1),
            order_id: OrderId::from_u128(1),
            provider: "manual".into(),
            authorised: pounds(0),
            captured: pounds(0),
            refunded: pounds(0),
            disputed: pounds(0),
            version: 1,
            created_at: Timestamp::from_micros(0),
        }
    }

    proptest! {
        #[test]
        fn nobody_gets_back_more_than_was_taken(steps in prop::collection::vec((0_usize..6, 1_i64..500), 0..40)) {
            let kinds = [TxnKind::Auth, TxnKind::Capture, TxnKind::Void, TxnKind::Refund,
                         TxnKind::Chargeback, TxnKind::ChargebackReversal];
            let mut payment = payment();
            for (kind, amount) in steps {
                let before = payment.clone();
                if payment.admit(kinds[kind], pounds(amount), false).is_err() {
                    prop_assert_eq!(&payment, &before);
                }
                prop_assert!(payment.captured.minor() <= payment.authorised.minor());
                prop_assert!(payment.refunded.minor() + payment.disputed.minor() <= payment.captured.minor());
                prop_assert!(payment.disputed.minor() >= 0);
            }
        }
    }

    #[test]
    fn a_refund_above_the_capture_is_refused_by_name() {
        let mut payment = payment();
        payment.admit(TxnKind::Auth, pounds(500), false).unwrap();
        payment.admit(TxnKind::Capture, pounds(500), false).unwrap();
        let error = payment.admit(TxnKind::Refund, pounds(501), false).unwrap_err();
        assert_eq!((error.code(), error.field()), ("payments.refund_above_capture", Some("amount")));
    }
}
