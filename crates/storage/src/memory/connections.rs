use async_trait::async_trait;
use baddie_core::connections::{Connection, ConnectionStore};
use baddie_core::error::Result;

use super::MemoryTransaction;

#[async_trait]
impl ConnectionStore for MemoryTransaction {
    async fn to_service(&mut self, service: Option<&str>) -> Result<Vec<Connection>> {
        Ok(self.some(|row: &Connection| service.is_none_or(|service| row.service == service)))
    }
}
