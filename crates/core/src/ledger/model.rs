use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Date, Timestamp};
use crate::entity::{entity, words};
use crate::error::{Error, Result};
use crate::ids::{ChannelId, EntryId, ItemId, OrderLineId, PostingId};
use crate::money::Money;

words! {
    /// On which side of the books an account stands.
    pub enum AccountType {
        /// What the shop has.
        Asset "asset",
        /// What it owes.
        Liability "liability",
        /// What the owner put in.
        Equity "equity",
        /// What it earned.
        Income "income",
        /// What it spent.
        Expense "expense",
    }

    /// Accounts every shop has.
    pub enum Account {
        /// Goods, at their landed cost.
        Inventory "asset:inventory",
        /// Goods paid for or received whose invoice has not met the other half yet.
        GoodsInTransit "asset:goods_in_transit",
        /// Money in the bank or the till.
        Cash "asset:cash",
        /// Money that could not be explained yet.
        Suspense "asset:suspense",
        /// Owed to suppliers.
        Payables "liability:payables",
        /// Paid by customers, not yet shipped.
        CustomerDeposits "liability:customer_deposits",
        /// Collected for the tax office.
        TaxPayable "liability:tax_payable",
        /// Put in by the owner.
        OwnerCapital "equity:owner",
        /// Value that was there when the books were opened.
        OpeningBalance "equity:opening_balance",
        /// Goods sold.
        Sales "income:sales",
        /// Shipping paid by customers.
        ShippingIncome "income:shipping",
        /// Cost of what was sold.
        CostOfGoods "expense:cost_of_goods",
        /// What channels and providers keep.
        Fees "expense:fees",
        /// What carriers take.
        Postage "expense:postage",
        /// Sales given back.
        Refunds "expense:refunds",
        /// Sales taken back by the customer's bank.
        Chargebacks "expense:chargebacks",
        /// Advertising on channels.
        Advertising "expense:advertising",
        /// Stock lost, broken or miscounted.
        Shrinkage "expense:shrinkage",
        /// Everything else that was spent.
        OtherExpense "expense:other",
    }
}

/// The code of an account: one that every shop has, or the clearing account of a channel or provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct AccountCode(String);

impl AccountCode {
    /// Money that a channel, provider or till holds for the shop.
    pub fn clearing(holder: impl fmt::Display) -> Self {
        Self(format!("asset:clearing:{holder}"))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// On which side of the books the account stands.
    pub fn account_type(&self) -> AccountType {
        match self.0.split(':').next() {
            Some("liability") => AccountType::Liability,
            Some("equity") => AccountType::Equity,
            Some("income") => AccountType::Income,
            Some("expense") => AccountType::Expense,
            _ => AccountType::Asset,
        }
    }
}

impl From<Account> for AccountCode {
    fn from(account: Account) -> Self {
        Self(crate::entity::Word::as_str(account).to_owned())
    }
}

impl TryFrom<String> for AccountCode {
    type Error = Error;

    fn try_from(code: String) -> Result<Self> {
        let known = <Account as crate::entity::Word>::from_word(&code).is_some()
            || code.strip_prefix("asset:clearing:").is_some_and(|holder| !holder.is_empty());
        if known {
            Ok(Self(code))
        } else {
            Err(Error::invalid("account", format!("{code:?}"), "use an account that ledger.balances lists"))
        }
    }
}

impl From<AccountCode> for String {
    fn from(code: AccountCode) -> Self {
        code.0
    }
}

/// One balanced set of postings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Its identity.
    pub id: EntryId,
    /// What sort of thing caused it: `payment_txn`, `fulfilment`.
    pub source_type: String,
    /// Which one.
    pub source_id: String,
    /// What the source did: `capture`, `ship`.
    pub kind: String,
    /// When it was posted.
    pub at: Timestamp,
    /// The business day it belongs to.
    pub business_date: Date,
    /// The entry it takes back.
    pub reverses: Option<EntryId>,
    /// A word for people.
    pub memo: Option<String>,
}
entity!(Entry, EntryId, "ledger_entry");

/// One side of an entry. Debits are positive, credits negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Posting {
    /// Its identity.
    pub id: PostingId,
    /// The entry it is part of.
    pub entry_id: EntryId,
    /// The account.
    pub account: AccountCode,
    /// How much: debit above zero, credit below.
    pub amount: Money,
    /// The physical thing it concerns.
    pub item_id: Option<ItemId>,
    /// The order line it concerns.
    pub order_line_id: Option<OrderLineId>,
    /// The channel it concerns.
    pub channel_id: Option<ChannelId>,
}
entity!(Posting, PostingId, "posting", part of EntryId = entry_id);

/// What an account holds in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Balance {
    /// The account.
    pub account: AccountCode,
    /// Debits less credits.
    pub balance: Money,
}

/// What is known of why money moved; reports are made from these tags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tags {
    /// The physical thing.
    pub item_id: Option<ItemId>,
    /// The order line.
    pub order_line_id: Option<OrderLineId>,
    /// The channel.
    pub channel_id: Option<ChannelId>,
}
