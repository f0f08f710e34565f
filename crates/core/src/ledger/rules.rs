use std::collections::BTreeMap;
use std::fmt;

use super::{AccountCode, Entry, Posting, Tags};
use crate::clock::{Date, Timestamp};
use crate::error::{Fault, Kind};
use crate::ids::{EntryId, IdSource};
use crate::money::{Currency, Money, MoneyError};

/// What can go wrong with the books.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Debits and credits differ.
    #[error("the entry is off by {off}: debits and credits of a currency must be equal")]
    Unbalanced {
        /// Debits less credits.
        off: Money,
    },
    /// An entry needs two sides.
    #[error("the entry has {postings} postings: it needs at least two")]
    TooFew {
        /// How many it has.
        postings: usize,
    },
    /// A sum does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Fault for LedgerError {
    fn kind(&self) -> Kind {
        match self {
            Self::Money(error) => error.kind(),
            Self::Unbalanced { .. } | Self::TooFew { .. } => Kind::Refused,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Unbalanced { .. } => "ledger.unbalanced",
            Self::TooFew { .. } => "ledger.too_few_postings",
            Self::Money(error) => error.code(),
        }
    }
}

/// An entry in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    source_type: &'static str,
    source_id: String,
    kind: &'static str,
    reverses: Option<EntryId>,
    memo: Option<String>,
    postings: Vec<(AccountCode, Money, Tags)>,
}

impl Draft {
    /// An entry caused by `source`.
    pub fn new(source_type: &'static str, source_id: impl fmt::Display, kind: &'static str) -> Self {
        let source_id = source_id.to_string();
        Self { source_type, source_id, kind, reverses: None, memo: None, postings: Vec::new() }
    }

    /// A word for people.
    #[must_use]
    pub fn memo(mut self, memo: impl Into<String>) -> Self {
        self.memo = Some(memo.into());
        self
    }

    /// Adds to the left side. Amounts of nothing are left out; below zero they go to the right side.
    #[must_use]
    pub fn debit(mut self, account: impl Into<AccountCode>, amount: Money, tags: Tags) -> Self {
        if !amount.is_zero() {
            self.postings.push((account.into(), amount, tags));
        }
        self
    }

    /// Adds to the right side.
    pub fn credit(
        self,
        account: impl Into<AccountCode>,
        amount: Money,
        tags: Tags,
    ) -> Result<Self, MoneyError> {
        Ok(self.debit(account, amount.negated()?, tags))
    }

    /// Whether there is anything to post: a source whose amounts are all nothing posts nothing.
    pub fn is_empty(&self) -> bool {
        self.postings.is_empty()
    }

    /// Takes an entry back: the same postings with the other sign.
    pub fn reversal(entry: &Entry, postings: &[Posting]) -> Result<Self, MoneyError> {
        let mut draft = Self::new("ledger_entry", entry.id, "reversal");
        draft.reverses = Some(entry.id);
        for posting in postings {
            let tags = Tags {
                item_id: posting.item_id,
                order_line_id: posting.order_line_id,
                channel_id: posting.channel_id,
            };
            draft = draft.debit(posting.account.clone(), posting.amount.negated()?, tags);
        }
        Ok(draft)
    }

    /// The finished entry, if it balances.
    pub fn seal(
        self,
        ids: &IdSource,
        now: Timestamp,
        day: Date,
    ) -> Result<(Entry, Vec<Posting>), LedgerError> {
        if self.postings.len() < 2 {
            return Err(LedgerError::TooFew { postings: self.postings.len() });
        }
        let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
        for (_, amount, _) in &self.postings {
            let sum = sums.entry(amount.currency()).or_insert(amount.currency().zero());
            *sum = sum.plus(*amount)?;
        }
        if let Some(&off) = sums.values().find(|sum| !sum.is_zero()) {
            return Err(LedgerError::Unbalanced { off });
        }
        let entry = Entry {
            id: ids.next(now),
            source_type: self.source_type.to_owned(),
            source_id: self.source_id,
            kind: self.kind.to_owned(),
            at: now,
            business_date: day,
            reverses: self.reverses,
            memo: self.memo,
        };
        let postings = self.postings.into_iter().map(|(account, amount, tags)| Posting {
            id: ids.next(now),
            entry_id: entry.id,
            account,
            amount,
            item_id: tags.item_id,
            order_line_id: tags.order_line_id,
            channel_id: tags.channel_id,
        });
        let postings = postings.collect();
        Ok((entry, postings))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::clock::SystemEntropy;
    use crate::ledger::Account;

    fn seal(draft: Draft) -> Result<(Entry, Vec<Posting>), LedgerError> {
        let ids = IdSource::new(Arc::new(SystemEntropy::default()));
        let now = Timestamp::from_micros(0);
        draft.seal(&ids, now, Date::from_days(0).unwrap())
    }

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    #[test]
    fn a_plain_entry_says_no_more_than_it_was_told() {
        let draft = Draft::new("test", 1, "test").debit(Account::Cash, pounds(5), Tags::default());
        let (entry, _) = seal(draft.debit(Account::Sales, pounds(-5), Tags::default())).unwrap();
        assert_eq!((entry.memo, entry.reverses), (None, None));
    }

    #[test]
    fn what_cannot_be_sealed_is_named() {
        let one = Draft::new("test", 1, "test").debit(Account::Cash, pounds(5), Tags::default());
        let two = one.clone().debit(Account::Sales, pounds(-4), Tags::default());
        assert_eq!(seal(one).unwrap_err().code(), "ledger.too_few_postings");
        assert_eq!(seal(two).unwrap_err().code(), "ledger.unbalanced");
        assert!(Draft::new("test", 1, "test").debit(Account::Cash, pounds(0), Tags::default()).is_empty());
    }

    proptest! {
        #[test]
        fn only_what_balances_is_sealed(amounts in prop::collection::vec(-1000_i64..1000, 0..6)) {
            let mut draft = Draft::new("test", 1, "test");
            for &minor in &amounts {
                draft = draft.debit(Account::Cash, pounds(minor), Tags::default());
            }
            let nonzero = amounts.iter().filter(|&&minor| minor != 0).count();
            let balanced = amounts.iter().sum::<i64>() == 0;
            prop_assert_eq!(seal(draft).is_ok(), nonzero >= 2 && balanced);
        }

        #[test]
        fn a_reversal_cancels_its_entry(minor in 1_i64..1_000_000) {
            let draft = Draft::new("test", 1, "test").debit(Account::Cash, pounds(minor), Tags::default());
            let draft = draft.credit(Account::Sales, pounds(minor), Tags::default()).unwrap();
            let (entry, postings) = seal(draft).unwrap();
            let (back, undone) = seal(Draft::reversal(&entry, &postings).unwrap()).unwrap();
            prop_assert_eq!(back.reverses, Some(entry.id));
            for account in [Account::Cash, Account::Sales] {
                let sum: i64 = postings.iter().chain(&undone)
                    .filter(|p| p.account == account.into()).map(|p| p.amount.minor()).sum();
                prop_assert_eq!(sum, 0);
            }
        }
    }

    #[test]
    fn currencies_balance_each_by_itself() {
        let draft = Draft::new("test", 1, "test").debit(Account::Cash, pounds(100), Tags::default()).debit(
            Account::Cash,
            Money::new(-100, Currency::EUR),
            Tags::default(),
        );
        assert!(matches!(seal(draft), Err(LedgerError::Unbalanced { .. })));
    }
}
