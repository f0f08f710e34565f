//! The books, as people see and mend them.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::{Command, Look, Query, Work};
use crate::accounts::{Permission, check_text};
use crate::clock::Date;
use crate::error::{Error, Kind, Result};
use crate::ids::{EntryId, ItemId};
use crate::ledger::{Account, AccountCode, AccountType, Balance, Draft, Entry, Posting, Tags};
use crate::money::Money;
use crate::page::{Page, PageRequest};

/// An entry with its postings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntryView {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// Its sides.
    pub postings: Vec<Posting>,
}

/// Look through the books, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListEntries {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListEntries {
    const NAME: &'static str = "ledger.entries";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Page<EntryView>;

    async fn run(self, look: &mut Look) -> Result<Page<EntryView>> {
        let page = look.tx.page::<Entry>(&self.page).await?;
        let ids: Vec<_> = page.items.iter().map(|entry| entry.id).collect();
        let postings = look.tx.parts_of_all::<Posting>(&ids).await?;
        Ok(page.map(|entry| {
            let postings = postings.iter().filter(|posting| posting.entry_id == entry.id).cloned().collect();
            EntryView { entry, postings }
        }))
    }
}

/// Look at what every account holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetBalances {
    /// Only what was posted on this business day or later.
    #[serde(default)]
    pub from: Option<Date>,
    /// Only what was posted on this business day or earlier.
    #[serde(default)]
    pub to: Option<Date>,
}

/// What an account holds, and on which side of the books it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountBalance {
    /// The account and its balance.
    #[serde(flatten)]
    pub balance: Balance,
    /// Its side.
    pub account_type: AccountType,
}

#[async_trait]
impl Query for GetBalances {
    const NAME: &'static str = "ledger.balances";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Vec<AccountBalance>;

    async fn run(self, look: &mut Look) -> Result<Vec<AccountBalance>> {
        let rows = look.tx.ledger().balances(self.from, self.to).await?;
        let typed =
            |balance: Balance| AccountBalance { account_type: balance.account.account_type(), balance };
        Ok(rows.into_iter().map(typed).collect())
    }
}

/// One side of an entry made by hand.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManualPosting {
    /// The account.
    pub account: AccountCode,
    /// How much: debit above zero, credit below.
    pub amount: Money,
    /// The physical thing it concerns.
    #[serde(default)]
    pub item_id: Option<ItemId>,
}

/// Post an entry by hand: an expense, money put in or taken out, a correction of suspense.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostEntry {
    /// What it is about, in words.
    pub memo: String,
    /// Its sides; debits and credits of each currency must be equal.
    pub postings: Vec<ManualPosting>,
}

#[async_trait]
impl Command for PostEntry {
    const NAME: &'static str = "ledger.post";
    const PERMISSION: Permission = Permission::LedgerWrite;
    const MOVES: bool = true;
    type Answer = EntryView;

    async fn run(self, work: &mut Work) -> Result<EntryView> {
        check_text("memo", &self.memo, 500)?;
        if self.postings.len() > 100 {
            return Err(Error::invalid("postings", self.postings.len(), "keep it to 100"));
        }
        let kept: [AccountCode; 2] = [Account::Inventory.into(), Account::CustomerDeposits.into()];
        let id: crate::ids::AdjustmentId = work.id();
        let mut draft = Draft::new("manual", id, "manual").memo(self.memo);
        for (index, posting) in self.postings.into_iter().enumerate() {
            if kept.contains(&posting.account) {
                let remedy = "stock and orders keep this account: adjust those instead";
                let error = Error::invalid("account", posting.account.as_str(), remedy);
                return Err(error.within(format!("postings[{index}]")));
            }
            let tags = Tags { item_id: posting.item_id, ..Tags::default() };
            draft = draft.debit(posting.account, posting.amount, tags);
        }
        if draft.is_empty() {
            return Err(Error::invalid("postings", "empty", "an entry has at least two sides"));
        }
        let entry = work.post(draft).await?.expect("a draft with postings posts an entry");
        work.about(entry.id);
        let postings = work.tx.parts::<Posting>(entry.id).await?;
        Ok(EntryView { entry, postings })
    }
}

/// Take an entry back that was made by hand, by its opposite.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReverseEntry {
    /// The entry.
    pub entry_id: EntryId,
}

#[async_trait]
impl Command for ReverseEntry {
    const NAME: &'static str = "ledger.reverse";
    const PERMISSION: Permission = Permission::LedgerWrite;
    const MOVES: bool = true;
    type Answer = EntryView;

    async fn run(self, work: &mut Work) -> Result<EntryView> {
        let entry = work.tx.load::<Entry>(self.entry_id).await?;
        if entry.source_type != "manual" {
            let message = format!("it was posted by a {}: undo that instead", entry.source_type);
            return Err(Error::new(Kind::Refused, "ledger.not_manual", message));
        }
        if work.tx.ledger().reversal_of(entry.id).await?.is_some() {
            return Err(Error::new(
                Kind::Conflict,
                "ledger.reversed_already",
                "it has been taken back already",
            ));
        }
        let postings = work.tx.parts::<Posting>(entry.id).await?;
        let draft = Draft::reversal(&entry, &postings)?;
        let entry = work.post(draft).await?.expect("a reversal has postings");
        work.about(entry.id);
        let postings = work.tx.parts::<Posting>(entry.id).await?;
        Ok(EntryView { entry, postings })
    }
}

calls! {
    /// The books.
    Books by ledger:
    /// Posts an entry by hand.
    write post: PostEntry;
    /// Takes one back.
    write reverse: ReverseEntry;
    /// A page of entries.
    read entries: ListEntries;
    /// What every account holds.
    read balances: GetBalances;
}
