//! The books: every entry balances, is made of the accounts its cause may touch, and agrees with its cause.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Checker, Pages, Seen, sources};
use crate::error::Result;
use crate::ledger::{Account, AccountCode, Entry, Posting};
use crate::money::{Currency, Money};
use crate::payments::Payout;
use crate::storage::Tx;

/// What may post, and to which accounts: `*` stands for whoever holds money, the till or a clearing account. A correction by
/// hand may touch all but the accounts that stock and orders keep.
const CAUSES: &[(&str, &str, &[Account], bool)] = &[
    ("payment_txn", "capture", &[Account::CustomerDeposits], true),
    ("payment_txn", "refund", &[Account::CustomerDeposits, Account::TaxPayable, Account::Refunds], true),
    (
        "payment_txn",
        "chargeback",
        &[Account::CustomerDeposits, Account::TaxPayable, Account::Chargebacks],
        true,
    ),
    (
        "payment_txn",
        "chargeback_reversal",
        &[Account::CustomerDeposits, Account::TaxPayable, Account::Chargebacks],
        true,
    ),
    ("payment_txn", "reversed", &[Account::CustomerDeposits], true),
    (
        "fulfilment",
        "ship",
        &[
            Account::CustomerDeposits,
            Account::Sales,
            Account::TaxPayable,
            Account::ShippingIncome,
            Account::CostOfGoods,
            Account::Inventory,
        ],
        false,
    ),
    ("fulfilment", "label", &[Account::Postage], true),
    ("order", "fees", &[Account::Fees], true),
    (
        "order",
        "past_sale",
        &[
            Account::Sales,
            Account::TaxPayable,
            Account::ShippingIncome,
            Account::CostOfGoods,
            Account::OpeningBalance,
        ],
        true,
    ),
    ("item", "opening", &[Account::Inventory, Account::OpeningBalance], false),
    ("adjustment", "found", &[Account::Inventory, Account::OpeningBalance, Account::Shrinkage], false),
    ("adjustment", "write_off", &[Account::Inventory, Account::Shrinkage], false),
    ("receipt", "receive", &[Account::Inventory, Account::Payables], false),
    ("acquisition", "haul", &[Account::Inventory], true),
    ("return", "restock", &[Account::Inventory, Account::CostOfGoods], false),
    ("payout", "payout", &[Account::Fees, Account::Advertising, Account::Postage, Account::Suspense], true),
];

/// Whether money lies there: the till, or somebody who holds it for the shop.
pub(super) fn holds_money(account: &AccountCode) -> bool {
    *account == Account::Cash.into() || account.as_str().starts_with("asset:clearing:")
}

fn may_post(entry: &Entry, account: &AccountCode) -> bool {
    match (entry.source_type.as_str(), entry.kind.as_str()) {
        ("manual", "manual") => {
            *account != Account::Inventory.into() && *account != Account::CustomerDeposits.into()
        }
        ("ledger_entry", "reversal") => true,
        cause => CAUSES.iter().any(|(source, kind, accounts, money)| {
            (*source, *kind) == cause
                && (accounts.iter().any(|known| *account == (*known).into())
                    || (*money && holds_money(account)))
        }),
    }
}

pub(super) async fn check(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen) -> Result<()> {
    let mut sums: BTreeMap<(AccountCode, Currency), i128> = BTreeMap::new();
    let mut causes: HashSet<u64> = HashSet::new();
    let mut taken_back = HashSet::new();
    let mut pages = Pages::new();
    while let Some(entries) = pages.next::<Entry>(tx).await? {
        let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
        let mut postings: BTreeMap<_, Vec<Posting>> = BTreeMap::new();
        for posting in tx.parts_of_all::<Posting>(&ids).await? {
            let place = (posting.account.clone(), posting.amount.currency());
            *sums.entry(place).or_default() += i128::from(posting.amount.minor());
            postings.entry(posting.entry_id).or_default().push(posting);
        }
        let entries: Vec<_> = entries
            .into_iter()
            .map(|entry| {
                let mine = postings.remove(&entry.id).unwrap_or_default();
                (entry, mine)
            })
            .collect();
        for (entry, mine) in &entries {
            one_entry(checker, entry, mine);
            let mut cause = DefaultHasher::new();
            (&entry.source_type, &entry.source_id, &entry.kind).hash(&mut cause);
            checker.check("L3", causes.insert(cause.finish()), entry.id, || {
                format!("{} {} has posted its {} twice", entry.source_type, entry.source_id, entry.kind)
            });
            if let Some(id) = entry.reverses {
                checker.check("L2", taken_back.insert(id), entry.id, || format!("{id} is taken back twice"));
            }
        }
        sources::check(tx, checker, seen, &entries).await?;
    }
    for (what, bits, id) in std::mem::take(&mut seen.due) {
        checker.check("L10", seen.posted.contains(&(what, bits)), id, || {
            format!("the books know nothing of this {what}")
        });
    }
    balances(tx, checker, sums).await?;
    payouts(tx, checker, seen).await
}

fn one_entry(checker: &mut Checker, entry: &Entry, postings: &[Posting]) {
    checker.check("L1", postings.len() >= 2, entry.id, || format!("it has {} postings", postings.len()));
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for posting in postings {
        *sums.entry(posting.amount.currency()).or_default() += i128::from(posting.amount.minor());
    }
    checker.check("L1", sums.values().all(|sum| *sum == 0), entry.id, || format!("it is off by {sums:?}"));
    let stray = postings.iter().find(|posting| !may_post(entry, &posting.account));
    checker.check("L10", stray.is_none(), entry.id, || {
        let account = stray.map_or("", |posting| posting.account.as_str());
        format!("the {} of a {} does not touch {account}", entry.kind, entry.source_type)
    });
}

/// What the accounts hold is what the entries have put there: no posting stands outside an entry.
async fn balances(
    tx: &mut Tx,
    checker: &mut Checker,
    mut sums: BTreeMap<(AccountCode, Currency), i128>,
) -> Result<()> {
    let mut trial: BTreeMap<Currency, i128> = BTreeMap::new();
    for row in tx.ledger().balances(None, None).await? {
        let minor = i128::from(row.balance.minor());
        *trial.entry(row.balance.currency()).or_default() += minor;
        let told = sums.remove(&(row.account.clone(), row.balance.currency())).unwrap_or(0);
        checker.check("L4", told == minor, row.account.as_str(), || {
            format!("it holds {minor} minor units of {}, its entries make {told}", row.balance.currency())
        });
    }
    sums.retain(|_, sum| *sum != 0);
    checker.check("L4", sums.is_empty(), "accounts", || format!("without a balance: {sums:?}"));
    for (currency, sum) in trial {
        checker.check("L4", sum == 0, currency, || format!("the trial balance is {sum} minor units"));
    }
    Ok(())
}

async fn payouts(tx: &mut Tx, checker: &mut Checker, seen: &Seen) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(payouts) = pages.next::<Payout>(tx).await? {
        for payout in payouts {
            let explained = Money::sum(payout.amount.currency(), payout.lines.iter().map(|line| line.amount));
            let rest = explained.and_then(|sum| payout.amount.minus(sum));
            checker.check("L6", rest.as_ref() == Ok(&payout.residue), payout.id, || {
                format!("{} is kept as unexplained, the lines leave {rest:?}", payout.residue)
            });
            let posted = seen.posted.contains(&("payout", crate::ids::EntityId::as_u128(payout.id)));
            checker.check("L6", posted || payout.amount.is_zero(), payout.id, || {
                "the books know nothing of it".into()
            });
        }
    }
    Ok(())
}
