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
    /// The provider takes a payment in one piece.
    #[error("{provider} takes a payment in one piece, and this one was captured before: let go of the rest")]
    CapturedOnce {
        /// The provider.
        provider: String,
    },
    /// The provider has no page of its own on which a customer could pay.
    #[error(
        "{provider} has no page on which a customer could pay: name what they pay with, by payments.authorise"
    )]
    NoPage {
        /// The provider.
        provider: String,
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
            Self::TooMuch { .. } | Self::CapturedOnce { .. } | Self::NoPage { .. } => Kind::Refused,
            Self::UnknownProvider { .. } => Kind::Invalid,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::TooMuch { verb: "refunded", .. } => "payments.refund_above_capture",
            Self::TooMuch { .. } => "payments.too_much",
            Self::CapturedOnce { .. } => "payments.captured_once",
            Self::NoPage { .. } => "payments.no_page",
            Self::UnknownProvider { .. } => "payments.unknown_provider",
        }
    }
    fn field(&self) -> Option<std::borrow::Cow<'static, str>> {
        Some(match self {
            Self::TooMuch { .. } => "amount".into(),
            Self::CapturedOnce { .. } => return None,
            Self::NoPage { .. } | Self::UnknownProvider { .. } => "provider".into(),
        })
    }
}

impl Payment {
    /// Captured money that is neither given back nor disputed.
    pub fn held(&self) -> Result<Money, MoneyError> {
        self.captured.minus(self.refunded)?.minus(self.disputed)
    }

    /// What is set aside or taken and has not gone back: what an order can count on.
    pub fn certain(&self) -> Result<Money, MoneyError> {
        self.authorised.minus(self.refunded)?.minus(self.disputed)
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

    /// What there is to give back of it by now: what it holds, less the captures that are still on their way, which may
    /// fail. `txns` are its movements.
    pub fn arrived(&self, txns: &[PaymentTxn]) -> Result<Money, MoneyError> {
        let open = txns.iter().filter(|txn| txn.kind == TxnKind::Capture && txn.state.is_open());
        self.held()?.minus(Money::sum(self.captured.currency(), open.map(|txn| txn.amount))?)
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
    } else if captured.is_positive() {
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

impl RefundSplit {
    /// The same the other way.
    pub fn negated(self) -> Result<Self, MoneyError> {
        Ok(Self {
            deposit: self.deposit.negated()?,
            tax: self.tax.negated()?,
            revenue: self.revenue.negated()?,
        })
    }
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

/// Splits what comes back of a chargeback that was won: first what was lost of revenue and tax, in the proportion in
/// which it was `taken`, then the deposit.
pub fn split_reversal(taken: RefundSplit, amount: Money) -> Result<RefundSplit, MoneyError> {
    let lost = taken.tax.plus(taken.revenue)?;
    let earned = amount.min(lost)?;
    let tax = if lost.is_positive() {
        earned.share(taken.tax.minor(), lost.minor(), crate::money::Rounding::HalfEven)?
    } else {
        lost
    };
    Ok(RefundSplit { deposit: amount.minus(earned)?, tax, revenue: earned.minus(tax)? })
}

/// How much of each capture is left to be given back, oldest first. A provider gives back out of one capture at a
/// time; each refund comes out of the first that has it all.
fn captures_left(txns: &[PaymentTxn]) -> Result<Vec<(&PaymentTxn, Money)>, MoneyError> {
    let taken = txns.iter().filter(|txn| txn.kind == TxnKind::Capture && txn.state == TxnState::Succeeded);
    let mut left: Vec<_> = taken.map(|txn| (txn, txn.amount)).collect();
    let counts = |txn: &&PaymentTxn| {
        txn.kind == TxnKind::Refund && !matches!(txn.state, TxnState::Failed | TxnState::Reversed)
    };
    for refund in txns.iter().filter(counts) {
        if let Some((_, rest)) = left.iter_mut().find(|(_, rest)| rest.minor() >= refund.amount.minor()) {
            *rest = rest.minus(refund.amount)?;
        }
    }
    Ok(left)
}

/// The parts in which `amount` is given back, so that each comes out of one capture.
pub fn refund_parts(txns: &[PaymentTxn], amount: Money) -> Result<Vec<Money>, MoneyError> {
    let mut parts = Vec::new();
    let mut rest = amount;
    for (_, left) in captures_left(txns)? {
        let part = rest.min(left)?;
        if part.is_positive() {
            parts.push(part);
            rest = rest.minus(part)?;
        }
    }
    if rest.is_positive() {
        parts.push(rest);
    }
    Ok(parts)
}

/// The capture that a refund comes out of.
pub fn refunded_capture<'a>(
    refund: &PaymentTxn,
    txns: &'a [PaymentTxn],
) -> Result<Option<&'a PaymentTxn>, MoneyError> {
    let before = txns.iter().take_while(|txn| txn.id != refund.id).count();
    let left = captures_left(&txns[..before])?;
    Ok(left.into_iter().find(|(_, rest)| rest.minor() >= refund.amount.minor()).map(|(capture, _)| capture))
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

    fn txn(n: u128, kind: TxnKind, minor: i64) -> PaymentTxn {
        PaymentTxn {
            id: crate::ids::PaymentTxnId::from_u128(n),
            payment_id: PaymentId::from_u128(1),
            kind,
            amount: pounds(minor),
            state: TxnState::Succeeded,
            provider_ref: Some(format!("bank-{n}")),
            note: None,
            return_url: None,
            page_url: None,
            version: 1,
            created_at: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn a_refund_comes_out_of_captures_that_have_it() {
        let mut txns = vec![txn(1, TxnKind::Capture, 2000), txn(2, TxnKind::Capture, 500)];
        assert_eq!(refund_parts(&txns, pounds(2500)).unwrap(), [pounds(2000), pounds(500)]);
        txns.push(txn(3, TxnKind::Refund, 1600));
        assert_eq!(refund_parts(&txns, pounds(900)).unwrap(), [pounds(400), pounds(500)]);
        txns.extend([
            txn(4, TxnKind::Refund, 450),
            txn(5, TxnKind::Refund, 400),
            txn(6, TxnKind::Refund, 60),
        ]);
        let from = |n: usize| {
            let capture = refunded_capture(&txns[n], &txns).unwrap();
            capture.map(|capture| capture.id.as_u128())
        };
        assert_eq!([from(2), from(3), from(4), from(5)], [Some(1), Some(2), Some(1), None]);
    }

    #[test]
    fn a_won_chargeback_undoes_the_loss_first() {
        let taken = RefundSplit { deposit: pounds(300), tax: pounds(200), revenue: pounds(1000) };
        let won = |minor| split_reversal(taken, pounds(minor)).unwrap();
        assert_eq!(won(1500), taken);
        assert_eq!(won(601), RefundSplit { deposit: pounds(0), tax: pounds(100), revenue: pounds(501) });
        assert_eq!(won(1201), RefundSplit { deposit: pounds(1), ..taken });
    }

    #[test]
    fn what_was_let_go_is_not_captured() {
        let due = pounds(0);
        assert_eq!(payment_status(&[payment()], due), Ok(PaymentStatus::Voided));
        let set_aside = Payment { authorised: pounds(500), ..payment() };
        assert_eq!(payment_status(&[set_aside], due), Ok(PaymentStatus::Authorised));
        assert_eq!(payment_status(&[], due), Ok(PaymentStatus::None));
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
