use async_trait::async_trait;
use baddie_core::accounts::{AccountStore, Series, Shop};
use baddie_core::entity::Word;
use baddie_core::error::Result;

use super::SqlTransaction;
use crate::seam::{Columns, Connection, Param};

const NEXT_NUMBER: &str = "
    INSERT INTO counters (shop_id, series, value) VALUES ($1, $2, 1)
    ON CONFLICT (shop_id, series) DO UPDATE SET value = counters.value + 1
    RETURNING value";

const ACTIVE_OWNERS: &str =
    "SELECT count(*) FROM members WHERE shop_id = $1 AND role = 'owner' AND status = 'active'";

const HOLD_OWNERS: &str = "
    SELECT id FROM members WHERE shop_id = $1 AND role = 'owner' AND status = 'active' ORDER BY id FOR UPDATE";

#[async_trait]
impl<C: Connection> AccountStore for SqlTransaction<C> {
    async fn shop(&mut self) -> Result<Option<Shop>> {
        let id = self.shop_id();
        self.row("AND id = $2", [Param::id(id)]).await
    }

    async fn next_number(&mut self, series: Series) -> Result<i64> {
        let params = self.params([series.as_str().into()]);
        let numbers = self.connection.query(NEXT_NUMBER, &params, |row| row.int(0)).await?;
        Ok(numbers.first().copied().unwrap_or(1))
    }

    async fn last_number(&mut self, series: Series) -> Result<i64> {
        self.number("SELECT value FROM counters WHERE shop_id = $1 AND series = $2", [series.as_str().into()])
            .await
    }

    async fn hold_owners(&mut self) -> Result<()> {
        let params = self.params([]);
        self.connection.query(HOLD_OWNERS, &params, |_| Ok(())).await.map(drop)
    }

    async fn active_owners(&mut self) -> Result<i64> {
        self.number(ACTIVE_OWNERS, []).await
    }
}
