use async_trait::async_trait;

use super::{AccountCode, Balance, Entry, Posting};
use crate::clock::Date;
use crate::entity::{Append, Parts};
use crate::error::Result;
use crate::ids::{EntryId, ItemId, OrderLineId};
use crate::money::Money;

/// Keeps the books. Nothing here is ever changed or removed; the database refuses it too.
#[async_trait]
pub trait LedgerStore: Append<Entry> + Parts<Posting> {
    /// Adds a sealed entry with its postings. Posting the same source and kind twice is a
    /// conflict, told by the commit.
    async fn post(&mut self, entry: &Entry, postings: &[Posting]) -> Result<()>;
    /// The entry that a source caused, if it has.
    async fn entry_of(&mut self, source_type: &str, source_id: &str, kind: &str) -> Result<Option<Entry>>;
    /// The entry that takes another back, if there is one.
    async fn reversal_of(&mut self, entry: EntryId) -> Result<Option<Entry>>;
    /// What every account holds, over the business days given (both ends included), by account and currency.
    async fn balances(&mut self, from: Option<Date>, to: Option<Date>) -> Result<Vec<Balance>>;
    /// What every account got each business day of those given (both included), by day, account and currency.
    async fn daily(&mut self, from: Date, to: Date) -> Result<Vec<(Date, Balance)>>;
    /// What one account holds, per currency.
    async fn balance(&mut self, account: &AccountCode) -> Result<Vec<Money>>;
    /// All postings tagged with one of these order lines.
    async fn postings_of_lines(&mut self, lines: &[OrderLineId]) -> Result<Vec<Posting>>;
    /// All postings tagged with this item.
    async fn postings_of_item(&mut self, item: ItemId) -> Result<Vec<Posting>>;
}
