use async_trait::async_trait;
use baddie_core::connections::{Connection, ConnectionStore, Hint};
use baddie_core::error::Result;
use baddie_core::ids::{ConnectionId, HintId};

use super::SqlTransaction;
use crate::seam::{self, Param};

#[async_trait]
impl<C: seam::Connection> ConnectionStore for SqlTransaction<C> {
    async fn to_service(&mut self, service: Option<&str>) -> Result<Vec<Connection>> {
        self.rows("AND ($2::text IS NULL OR service = $2) ORDER BY id", [service.into()]).await
    }

    async fn heard(&mut self, connection: ConnectionId, names: &[&str]) -> Result<Vec<String>> {
        let tail = "AND connection_id = $2 AND external_id = ANY($3::text[]) ORDER BY external_id";
        let params = [Param::id(connection), Param::Words(names.to_vec())];
        let hints: Vec<Hint> = self.rows(tail, params).await?;
        Ok(hints.into_iter().map(|hint| hint.external_id).collect())
    }

    async fn forget_heard(&mut self, before: HintId) -> Result<u64> {
        self.change("DELETE FROM hints WHERE shop_id = $1 AND id < $2", [Param::id(before)]).await
    }
}
