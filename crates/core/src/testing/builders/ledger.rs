use async_trait::async_trait;

use super::{Sample, TWINS, at, day, id, pence, samples, whole, words};
use crate::error::Result;
use crate::ledger::{Account, AccountCode, Entry, Posting};
use crate::storage::Tx;

samples! {
    Posting on [] |posting, n, full| Posting {
        id: posting,
        entry_id: whole(n),
        account: if full { Account::Inventory.into() } else { AccountCode::clearing(n) },
        amount: pence(n, 1),
        item_id: full.then(|| id(n)),
        order_line_id: full.then(|| id(n)),
        channel_id: full.then(|| id(n)),
    };
}

#[async_trait]
impl Sample for Entry {
    const NAMED: bool = true;

    fn sample(entry: u128, n: u128, full: bool) -> Self {
        Self {
            id: id(entry),
            source_type: words("source", n),
            source_id: words("id", n),
            kind: "kind".into(),
            at: at(n, 1),
            business_date: day(n, 2),
            // An entry can take back only one that is there.
            reverses: (full && n.is_multiple_of(2)).then(|| id(n - 1)),
            memo: full.then(|| words("memo", n)),
        }
    }

    /// An entry seals its postings, so they are there first, those of twins too.
    async fn ground(tx: &mut Tx, count: u128) -> Result<()> {
        if tx.find::<Posting>(id(10)).await?.is_some() {
            return Ok(());
        }
        let sides = |entry: u128| {
            let debit = Posting { entry_id: id(entry), ..Posting::sample(10 * entry, entry, true) };
            let credit = Posting {
                id: id(10 * entry + 1),
                amount: pence(entry, 1).negated().expect("it is small"),
                ..debit.clone()
            };
            [debit, credit]
        };
        let postings: Vec<_> = (1..=count).flat_map(|n| [n, TWINS + n]).flat_map(sides).collect();
        tx.add_all(&postings).await
    }
}
