use async_trait::async_trait;
use baddie_core::connections::{Connection, ConnectionStore};
use baddie_core::error::Result;

use super::SqlTransaction;
use crate::seam;

#[async_trait]
impl<C: seam::Connection> ConnectionStore for SqlTransaction<C> {
    async fn to_service(&mut self, service: Option<&str>) -> Result<Vec<Connection>> {
        self.rows("AND ($2::text IS NULL OR service = $2) ORDER BY id", [service.into()]).await
    }
}
