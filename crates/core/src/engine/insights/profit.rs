//! Profit: of days, of things, of tax years.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stock::check_days;
use crate::accounts::Permission;
use crate::clock::Date;
use crate::engine::{Look, Query};
use crate::error::{Error, Result};
use crate::insights::{Profit, profit};
use crate::money::Money;

/// Look at what was earned over some business days, from the books alone.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetProfit {
    /// The first day; from the start when absent.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day; until now when absent.
    #[serde(default)]
    pub to: Option<Date>,
}

#[async_trait]
impl Query for GetProfit {
    const NAME: &'static str = "reports.profit";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Profit;

    async fn run(self, look: &mut Look) -> Result<Profit> {
        let currency = look.shop().await?.currency;
        let balances = look.tx.ledger().balances(self.from, self.to).await?;
        Ok(profit(&balances, currency)?)
    }
}

/// Look at what was earned day by day, from the books alone.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetDaily {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What a day brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DailyResult {
    /// The business day.
    pub day: Date,
    /// Goods sold and shipping charged.
    pub revenue: Money,
    /// What was left of it.
    pub profit: Money,
}

#[async_trait]
impl Query for GetDaily {
    const NAME: &'static str = "reports.daily";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Vec<DailyResult>;

    async fn run(self, look: &mut Look) -> Result<Vec<DailyResult>> {
        check_days(self.from, self.to)?;
        let currency = look.shop().await?.currency;
        let mut rows: BTreeMap<Date, Vec<crate::ledger::Balance>> = BTreeMap::new();
        for (day, balance) in look.tx.ledger().daily(self.from, self.to).await? {
            rows.entry(day).or_default().push(balance);
        }
        let result = |day: Date| -> Result<DailyResult> {
            let result = profit(rows.get(&day).map_or(&[][..], Vec::as_slice), currency)?;
            Ok(DailyResult { day, revenue: result.revenue, profit: result.profit })
        };
        (self.from.as_days()..=self.to.as_days()).filter_map(Date::from_days).map(result).collect()
    }
}

/// Look at what was earned with one physical thing or one order line: every posting tagged with it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetItemProfit {
    /// The thing.
    #[serde(default)]
    pub item_id: Option<crate::ids::ItemId>,
    /// The order line.
    #[serde(default)]
    pub order_line_id: Option<crate::ids::OrderLineId>,
}

#[async_trait]
impl Query for GetItemProfit {
    const NAME: &'static str = "reports.item_profit";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = Profit;

    async fn run(self, look: &mut Look) -> Result<Profit> {
        let currency = look.shop().await?.currency;
        let postings = match (self.item_id, self.order_line_id) {
            (Some(item), None) => look.tx.ledger().postings_of_item(item).await?,
            (None, Some(line)) => look.tx.ledger().postings_of_lines(&[line]).await?,
            _ => {
                return Err(Error::invalid(
                    "item_id",
                    "not alone",
                    "name either the thing or the order line",
                ));
            }
        };
        let rows: Vec<_> = postings
            .into_iter()
            .map(|posting| crate::ledger::Balance { account: posting.account, balance: posting.amount })
            .collect();
        Ok(profit(&rows, currency)?)
    }
}

/// Look at a tax year: what was earned, and what tax was collected and is owed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetTaxYear {
    /// The first day of the year.
    pub from: Date,
    /// The last day of the year.
    pub to: Date,
}

/// A tax year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaxYear {
    /// What was earned.
    pub profit: Profit,
    /// Tax collected in the year, less what went back.
    pub tax_collected: Money,
    /// What the goods in stock cost, at the year's end.
    pub inventory_at_end: Money,
}

#[async_trait]
impl Query for GetTaxYear {
    const NAME: &'static str = "reports.tax_year";
    const PERMISSION: Permission = Permission::LedgerRead;
    type Answer = TaxYear;

    async fn run(self, look: &mut Look) -> Result<TaxYear> {
        if self.to < self.from {
            return Err(Error::invalid("to", self.to, "the last day is not before the first"));
        }
        let currency = look.shop().await?.currency;
        let year = look.tx.ledger().balances(Some(self.from), Some(self.to)).await?;
        let until = look.tx.ledger().balances(None, Some(self.to)).await?;
        let of = |rows: &[crate::ledger::Balance], account: crate::ledger::Account| {
            let code = crate::ledger::AccountCode::from(account);
            let mine = rows.iter().filter(|row| row.account == code && row.balance.currency() == currency);
            Money::sum(currency, mine.map(|row| row.balance))
        };
        Ok(TaxYear {
            profit: profit(&year, currency)?,
            tax_collected: of(&year, crate::ledger::Account::TaxPayable)?.negated()?,
            inventory_at_end: of(&until, crate::ledger::Account::Inventory)?,
        })
    }
}
