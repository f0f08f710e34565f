//! Entries of the books beside what caused them: it is there, it was done, and for the same amount.

use std::collections::{BTreeMap, HashMap};

use super::books::holds_money;
use super::{Checker, Seen};
use crate::entity::{Append, Entity, Word};
use crate::error::Result;
use crate::ids::EntityId;
use crate::ledger::{Account, AccountCode, Entry, Posting};
use crate::money::{Currency, Money};
use crate::orders::Order;
use crate::payments::{PaymentTxn, Payout, TxnKind, TxnState};
use crate::purchasing::{Acquisition, Receipt};
use crate::shipping::{Fulfilment, FulfilmentState};
use crate::storage::Tx;

type Read = (Entry, Vec<Posting>);

pub(super) async fn check(
    tx: &mut Tx,
    checker: &mut Checker,
    seen: &mut Seen,
    entries: &[Read],
) -> Result<()> {
    let txns = causes::<PaymentTxn>(tx, checker, entries, "payment_txn").await?;
    let parcels = causes::<Fulfilment>(tx, checker, entries, "fulfilment").await?;
    let receipts = causes::<Receipt>(tx, checker, entries, "receipt").await?;
    let hauls = causes::<Acquisition>(tx, checker, entries, "acquisition").await?;
    let payouts = causes::<Payout>(tx, checker, entries, "payout").await?;
    causes::<Order>(tx, checker, entries, "order").await?;
    for (entry, postings) in entries {
        let id = entry.source_id.as_str();
        let money = sum(postings, holds_money);
        let inventory = sum(postings, |account| *account == Account::Inventory.into());
        let cause = match (entry.source_type.as_str(), entry.kind.as_str()) {
            ("payment_txn", kind) => txns.get(id).map(|txn| {
                let (fine, amount) = movement(kind, txn);
                (kind_of(kind), txn.id.as_u128(), fine && money == minor(amount), txn.amount)
            }),
            ("fulfilment", "label") => parcels.get(id).and_then(|parcel| {
                let cost = parcel.label_cost?;
                let negated = cost.negated().ok();
                Some(("label", parcel.id.as_u128(), negated.is_some_and(|cost| money == minor(cost)), cost))
            }),
            ("fulfilment", _) => {
                let Some(parcel) = parcels.get(id) else { continue };
                let left = !matches!(
                    parcel.state,
                    FulfilmentState::Planned | FulfilmentState::Packed | FulfilmentState::Cancelled
                );
                checker.check("L10", left, parcel.id, || {
                    format!("the books say that it was sent, it is {}", parcel.state)
                });
                continue;
            }
            ("receipt", _) => receipts.get(id).map(|receipt| {
                ("receipt", receipt.id.as_u128(), inventory == minor(receipt.total), receipt.total)
            }),
            ("acquisition", _) => hauls.get(id).map(|haul| {
                ("acquisition", haul.id.as_u128(), inventory == minor(haul.total_paid), haul.total_paid)
            }),
            ("payout", _) => payouts.get(id).map(|payout| {
                let cash = sum(postings, |account| *account == Account::Cash.into());
                ("payout", payout.id.as_u128(), cash == minor(payout.amount), payout.amount)
            }),
            ("order", "past_sale") => {
                if let Ok(order) = crate::ids::OrderId::parse(id) {
                    seen.posted.insert(("past_sale", order.as_u128()));
                }
                continue;
            }
            _ => continue,
        };
        let Some((what, bits, fine, amount)) = cause else { continue };
        seen.posted.insert((what, bits));
        checker.check("L10", fine, entry.id, || {
            format!("it does not move the {amount} of {} {id}", entry.source_type)
        });
    }
    reversals(tx, checker, entries).await
}

/// The things that caused these entries, by the id the entry calls them; each must be there.
async fn causes<E: Entity>(
    tx: &mut Tx,
    checker: &mut Checker,
    entries: &[Read],
    source: &str,
) -> Result<HashMap<String, E>>
where
    Tx: Append<E>,
{
    let mine = entries.iter().filter(|(entry, _)| entry.source_type == source);
    let mut ids: Vec<E::Id> =
        mine.clone().filter_map(|(entry, _)| E::Id::parse(&entry.source_id).ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = if ids.is_empty() { Vec::new() } else { tx.many::<E>(&ids).await? };
    let found: HashMap<String, E> = rows.into_iter().map(|row| (row.id().to_string(), row)).collect();
    for (entry, _) in mine {
        checker.check("L10", found.contains_key(&entry.source_id), entry.id, || {
            format!("the {source} {} that caused it is not there", entry.source_id)
        });
    }
    Ok(found)
}

/// Whether a movement of money may have this entry, and what the entry does to the money the shop's holders have.
fn movement(kind: &str, txn: &PaymentTxn) -> (bool, Money) {
    let given = txn.amount.negated().unwrap_or(txn.amount);
    let (of, amount) = match kind {
        "reversed" => (TxnKind::Refund, txn.amount),
        "capture" => (TxnKind::Capture, txn.amount),
        "refund" => (TxnKind::Refund, given),
        "chargeback" => (TxnKind::Chargeback, given),
        _ => (TxnKind::ChargebackReversal, txn.amount),
    };
    let done = match kind {
        "reversed" => txn.state == TxnState::Reversed,
        _ => matches!(txn.state, TxnState::Succeeded | TxnState::Reversed),
    };
    (done && txn.kind == of, amount)
}

/// The word under which a movement's entry is noted as posted.
fn kind_of(kind: &str) -> &'static str {
    if kind == "reversed" { "reversed" } else { TxnKind::from_word(kind).map_or("", Word::as_str) }
}

fn sum(postings: &[Posting], which: impl Fn(&AccountCode) -> bool) -> BTreeMap<Currency, i128> {
    let mut sums = BTreeMap::new();
    for posting in postings.iter().filter(|posting| which(&posting.account)) {
        *sums.entry(posting.amount.currency()).or_default() += i128::from(posting.amount.minor());
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

fn minor(amount: Money) -> BTreeMap<Currency, i128> {
    let mut sums = BTreeMap::from([(amount.currency(), i128::from(amount.minor()))]);
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// What takes an entry back is its opposite.
async fn reversals(tx: &mut Tx, checker: &mut Checker, entries: &[Read]) -> Result<()> {
    for (entry, postings) in entries {
        let Some(id) = entry.reverses else { continue };
        let mut left: BTreeMap<(AccountCode, Currency), i128> = BTreeMap::new();
        for posting in tx.parts::<Posting>(id).await?.iter().chain(postings) {
            let place = (posting.account.clone(), posting.amount.currency());
            *left.entry(place).or_default() += i128::from(posting.amount.minor());
        }
        checker.check("L2", left.values().all(|sum| *sum == 0), entry.id, || {
            format!("it does not take {id} back: {left:?} is left")
        });
    }
    Ok(())
}
