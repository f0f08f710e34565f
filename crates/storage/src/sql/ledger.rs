use async_trait::async_trait;
use baddie_core::clock::Date;
use baddie_core::entity::Append;
use baddie_core::error::{Error, Result};
use baddie_core::ids::{EntryId, ItemId, OrderLineId};
use baddie_core::ledger::{AccountCode, Balance, Entry, LedgerStore, Posting};
use baddie_core::money::Money;

use super::SqlTransaction;
use crate::seam::{Columns, Connection, Param};

const BALANCES: &str = "
    SELECT p.account, p.currency, sum(p.amount)::bigint FROM ledger_postings p
    JOIN ledger_entries e ON e.shop_id = p.shop_id AND e.id = p.entry_id
    WHERE p.shop_id = $1
        AND ($2::date IS NULL OR e.business_date >= $2) AND ($3::date IS NULL OR e.business_date <= $3)
    GROUP BY p.account, p.currency ORDER BY p.account, p.currency";

const DAILY: &str = "
    SELECT p.account, p.currency, sum(p.amount)::bigint, e.business_date FROM ledger_entries e
    JOIN ledger_postings p ON p.shop_id = e.shop_id AND p.entry_id = e.id
    WHERE e.shop_id = $1 AND e.business_date BETWEEN $2 AND $3
    GROUP BY e.business_date, p.account, p.currency ORDER BY e.business_date, p.account, p.currency";

const ALL_BALANCES: &str = "
    SELECT account, currency, sum(amount)::bigint FROM ledger_postings
    WHERE shop_id = $1 GROUP BY account, currency ORDER BY account, currency";

const BALANCE: &str = "
    SELECT account, currency, sum(amount)::bigint FROM ledger_postings
    WHERE shop_id = $1 AND account = $2 GROUP BY account, currency ORDER BY currency";

fn balance(row: &impl Columns) -> Result<Balance> {
    let account = AccountCode::try_from(row.text(0)?.to_owned()).map_err(Error::internal)?;
    let currency = row.text(1)?.parse().map_err(Error::internal)?;
    Ok(Balance { account, balance: Money::new(row.int(2)?, currency) })
}

#[async_trait]
impl<C: Connection> LedgerStore for SqlTransaction<C> {
    async fn post(&mut self, entry: &Entry, postings: &[Posting]) -> Result<()> {
        // The entry comes last: it seals its postings, and the database checks the balance as it does.
        Append::<Posting>::insert_later(self, postings).await?;
        Append::<Entry>::insert_later(self, std::slice::from_ref(entry)).await
    }

    async fn entry_of(&mut self, source_type: &str, source_id: &str, kind: &str) -> Result<Option<Entry>> {
        let of = [source_type.into(), source_id.into(), kind.into()];
        self.row("AND source_type = $2 AND source_id = $3 AND kind = $4", of).await
    }

    async fn reversal_of(&mut self, entry: EntryId) -> Result<Option<Entry>> {
        self.row("AND reverses = $2", [Param::id(entry)]).await
    }

    async fn balances(&mut self, from: Option<Date>, to: Option<Date>) -> Result<Vec<Balance>> {
        if from.is_none() && to.is_none() {
            let params = self.params([]);
            return self.connection.query(ALL_BALANCES, &params, |row| balance(row)).await;
        }
        let params = self.params([from.into(), to.into()]);
        self.connection.query(BALANCES, &params, |row| balance(row)).await
    }

    async fn daily(&mut self, from: Date, to: Date) -> Result<Vec<(Date, Balance)>> {
        let params = self.params([from.into(), to.into()]);
        self.connection.query(DAILY, &params, |row| Ok((row.day(3)?, balance(row)?))).await
    }

    async fn balance(&mut self, account: &AccountCode) -> Result<Vec<Money>> {
        let params = self.params([account.as_str().into()]);
        self.connection.query(BALANCE, &params, |row| balance(row).map(|row| row.balance)).await
    }

    async fn postings_of_lines(&mut self, lines: &[OrderLineId]) -> Result<Vec<Posting>> {
        self.rows("AND order_line_id = ANY($2::uuid[]) ORDER BY id", [Param::ids(lines)]).await
    }

    async fn postings_of_item(&mut self, item: ItemId) -> Result<Vec<Posting>> {
        self.rows("AND item_id = $2 ORDER BY id", [Param::id(item)]).await
    }
}
