use std::collections::BTreeMap;

use async_trait::async_trait;
use baddie_core::clock::Date;
use baddie_core::entity::Append;
use baddie_core::error::{Error, Kind, Result};
use baddie_core::ids::{EntryId, ItemId, OrderLineId};
use baddie_core::ledger::{AccountCode, Balance, Entry, LedgerStore, Posting};
use baddie_core::money::{Currency, Money};

use super::MemoryTransaction;

#[async_trait]
impl LedgerStore for MemoryTransaction {
    async fn post(&mut self, entry: &Entry, postings: &[Posting]) -> Result<()> {
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        for posting in postings {
            *sums.entry(posting.amount.currency()).or_default() += posting.amount.minor();
        }
        if postings.len() < 2 || sums.values().any(|sum| *sum != 0) {
            let message = "a ledger entry has at least two postings, and balances in every currency";
            return Err(Error::new(Kind::Conflict, "storage.limit", message));
        }
        Append::<Posting>::insert(self, postings).await?;
        Append::<Entry>::insert(self, std::slice::from_ref(entry)).await
    }

    async fn entry_of(&mut self, source_type: &str, source_id: &str, kind: &str) -> Result<Option<Entry>> {
        Ok(self.one(|entry: &Entry| {
            entry.source_type == source_type && entry.source_id == source_id && entry.kind == kind
        }))
    }

    async fn reversal_of(&mut self, entry: EntryId) -> Result<Option<Entry>> {
        Ok(self.one(|other: &Entry| other.reverses == Some(entry)))
    }

    async fn balances(&mut self, from: Option<Date>, to: Option<Date>) -> Result<Vec<Balance>> {
        let inside = |entry: &&Entry| {
            from.is_none_or(|day| entry.business_date >= day)
                && to.is_none_or(|day| entry.business_date <= day)
        };
        let entries: Vec<EntryId> = self.all::<Entry>().filter(inside).map(|entry| entry.id).collect();
        let mut sums: BTreeMap<(AccountCode, Currency), i64> = BTreeMap::new();
        for posting in
            self.all::<Posting>().filter(|posting| entries.binary_search(&posting.entry_id).is_ok())
        {
            *sums.entry((posting.account.clone(), posting.amount.currency())).or_default() +=
                posting.amount.minor();
        }
        let row = |((account, currency), minor)| Balance { account, balance: Money::new(minor, currency) };
        Ok(sums.into_iter().map(row).collect())
    }

    async fn daily(&mut self, from: Date, to: Date) -> Result<Vec<(Date, Balance)>> {
        let mut days: Vec<Date> = self.all::<Entry>().map(|entry| entry.business_date).collect();
        days.retain(|day| (from..=to).contains(day));
        days.sort_unstable();
        days.dedup();
        let mut rows = Vec::new();
        for day in days {
            rows.extend(self.balances(Some(day), Some(day)).await?.into_iter().map(|balance| (day, balance)));
        }
        Ok(rows)
    }

    async fn balance(&mut self, account: &AccountCode) -> Result<Vec<Money>> {
        let rows = self.balances(None, None).await?;
        Ok(rows.into_iter().filter(|row| row.account == *account).map(|row| row.balance).collect())
    }

    async fn postings_of_lines(&mut self, lines: &[OrderLineId]) -> Result<Vec<Posting>> {
        Ok(self.some(|posting: &Posting| posting.order_line_id.is_some_and(|line| lines.contains(&line))))
    }

    async fn postings_of_item(&mut self, item: ItemId) -> Result<Vec<Posting>> {
        Ok(self.some(|posting: &Posting| posting.item_id == Some(item)))
    }
}
