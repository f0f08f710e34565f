//! The books: balanced, sealed, summed.

use std::sync::Arc;

use super::{Stage, assert_duplicate, by_the_commit, numbers};
use crate::error::Kind;
use crate::ledger::{Account, AccountCode, Balance, Entry, Posting};
use crate::money::{Currency, Money};
use crate::storage::Storage;
use crate::testing::builders::{Sample, day, id};

fn entry(n: u128) -> Entry {
    Entry {
        reverses: None,
        source_type: "test".into(),
        business_date: day(n, 0),
        ..Entry::sample(n, n, true)
    }
}

fn posting(n: u128, of: u128, account: Account, amount: Money) -> Posting {
    Posting { entry_id: id(of), account: account.into(), amount, ..Posting::sample(n, n, false) }
}

fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

/// Two sides of an entry.
fn sides(of: u128, debit: Account, credit: Account, minor: i64) -> [Posting; 2] {
    [posting(10 * of, of, debit, gbp(minor)), posting(10 * of + 1, of, credit, gbp(-minor))]
}

/// An entry has two sides or more, which balance in every currency; otherwise nothing of it is kept.
pub async fn an_entry_balances_or_is_not_kept(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let yen = |minor| Money::new(minor, Currency::JPY);
    let (cash, sales) = (Account::Cash, Account::Sales);
    let unsound = [
        vec![],
        vec![posting(1, 1, cash, gbp(1))],
        vec![posting(1, 1, cash, gbp(2)), posting(2, 1, sales, gbp(-1))],
        vec![posting(1, 1, cash, gbp(2)), posting(2, 1, sales, yen(-2))],
    ];
    for postings in unsound {
        let mut tx = stage.write().await;
        let posted = tx.ledger().post(&entry(1), &postings).await;
        let error = by_the_commit(posted, tx).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "storage.limit"), "{postings:?}");
    }
    assert_eq!(stage.read().await.ledger().balances(None, None).await.unwrap(), []);
    let sound = [
        posting(1, 1, cash, gbp(2)),
        posting(2, 1, sales, gbp(-2)),
        posting(3, 1, cash, yen(5)),
        posting(4, 1, sales, yen(-5)),
    ];
    let mut tx = stage.write().await;
    tx.ledger().post(&entry(1), &sound).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stage.read().await.parts::<Posting>(id(1)).await.unwrap(), sound);
}

/// What a source did is posted once, and found by it.
pub async fn a_source_is_posted_once(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let first = entry(1);
    let mut tx = stage.write().await;
    tx.ledger().post(&first, &sides(1, Account::Cash, Account::Sales, 5)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    let again = Entry { id: id(2), ..first.clone() };
    let posted = tx.ledger().post(&again, &sides(2, Account::Cash, Account::Sales, 5)).await;
    assert_duplicate(by_the_commit(posted, tx).await, "a source");
    let mut tx = stage.write().await;
    let other = Entry { id: id(2), kind: "other".into(), ..first.clone() };
    tx.ledger().post(&other, &sides(2, Account::Cash, Account::Sales, 5)).await.unwrap();
    let found = tx.ledger().entry_of("test", &first.source_id, "kind").await.unwrap();
    assert_eq!(found, Some(first.clone()));
    assert_eq!(tx.ledger().entry_of("test", "nobody", "kind").await.unwrap(), None);
    drop(tx);
    let mut tx = stage.read_there().await;
    assert_eq!(tx.ledger().entry_of("test", &first.source_id, "kind").await.unwrap(), None);
}

/// An entry is taken back by one other.
pub async fn an_entry_is_taken_back_once(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let reversal = |n| Entry { reverses: Some(id(1)), ..entry(n) };
    let mut tx = stage.write().await;
    tx.ledger().post(&entry(1), &sides(1, Account::Cash, Account::Sales, 5)).await.unwrap();
    assert_eq!(tx.ledger().reversal_of(id(1)).await.unwrap(), None);
    tx.ledger().post(&reversal(2), &sides(2, Account::Sales, Account::Cash, 5)).await.unwrap();
    assert_eq!(tx.ledger().reversal_of(id(1)).await.unwrap(), Some(reversal(2)));
    let twice = tx.ledger().post(&reversal(3), &sides(3, Account::Sales, Account::Cash, 5)).await;
    assert_duplicate(by_the_commit(twice, tx).await, "a reversal");
}

/// Nothing is added to an entry once it is posted.
pub async fn a_sealed_entry_stays_as_it_is(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    tx.ledger().post(&entry(1), &sides(1, Account::Cash, Account::Sales, 5)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    let error = tx.add_all(&[posting(7, 1, Account::Cash, gbp(1))]).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Conflict, "storage.limit"), "{error}");
    drop(tx);
    let mut tx = stage.write().await;
    tx.ledger().post(&entry(2), &sides(2, Account::Cash, Account::Sales, 5)).await.unwrap();
    assert_eq!(tx.parts::<Posting>(id(2)).await.unwrap().len(), 2);
    let more = [posting(98, 2, Account::Cash, gbp(1)), posting(99, 2, Account::Sales, gbp(-1))];
    let error = tx.add_all(&more).await.unwrap_err();
    assert_eq!(error.code(), "storage.limit", "not in the transaction that posted it either");
    drop(tx);
    assert_eq!(stage.read().await.parts::<Posting>(id(1)).await.unwrap().len(), 2);
}

/// What accounts hold is summed by account and currency, over the business days asked for, both ends included.
pub async fn balances_are_summed_by_day(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    for (n, minor) in [(1, 5), (2, 70), (3, 900)] {
        tx.ledger().post(&entry(n), &sides(n, Account::Cash, Account::Sales, minor)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    let holds = |minor| {
        let row = |account: Account, minor| Balance { account: account.into(), balance: gbp(minor) };
        vec![row(Account::Cash, minor), row(Account::Sales, -minor)]
    };
    for (from, to, expected) in [
        (None, None, holds(975)),
        (Some(2), None, holds(970)),
        (None, Some(2), holds(75)),
        (Some(2), Some(2), holds(70)),
        (Some(4), None, vec![]),
    ] {
        let (from, to) = (from.map(|n: u128| day(n, 0)), to.map(|n: u128| day(n, 0)));
        assert_eq!(tx.ledger().balances(from, to).await.unwrap(), expected, "{from:?} to {to:?}");
    }
    assert_eq!(tx.ledger().balance(&Account::Cash.into()).await.unwrap(), [gbp(975)]);
    assert_eq!(tx.ledger().balance(&AccountCode::clearing("nobody")).await.unwrap(), []);
    assert_eq!(stage.read_there().await.ledger().balances(None, None).await.unwrap(), []);
}

/// Postings are found by the order lines and the thing they concern.
pub async fn postings_are_found_by_what_they_concern(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let [mut debit, mut credit] = sides(1, Account::Cash, Account::Sales, 5);
    debit.order_line_id = Some(id(4));
    credit.order_line_id = Some(id(5));
    credit.item_id = Some(id(6));
    let mut tx = stage.write().await;
    tx.ledger().post(&entry(1), &[debit, credit]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.read().await;
    for (lines, expected) in
        [(vec![4], vec![10]), (vec![5, 4], vec![10, 11]), (vec![6], vec![]), (vec![], vec![])]
    {
        let lines: Vec<_> = lines.into_iter().map(id).collect();
        let found = tx.ledger().postings_of_lines(&lines).await.unwrap();
        assert_eq!(numbers(found.iter().map(|posting| posting.id)), expected, "{lines:?}");
    }
    let found = tx.ledger().postings_of_item(id(6)).await.unwrap();
    assert_eq!(numbers(found.iter().map(|posting| posting.id)), [11]);
    assert_eq!(stage.read_there().await.ledger().postings_of_item(id(6)).await.unwrap(), []);
}
