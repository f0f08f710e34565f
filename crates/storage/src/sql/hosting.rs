use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::hosting::{HostingStore, Site};

use super::SqlTransaction;
use crate::seam::Connection;

#[async_trait]
impl<C: Connection> HostingStore for SqlTransaction<C> {
    async fn sites(&mut self) -> Result<Vec<Site>> {
        self.rows("ORDER BY id", []).await
    }
}
