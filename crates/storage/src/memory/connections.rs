use async_trait::async_trait;
use baddie_core::connections::{Connection, ConnectionStore, Hint};
use baddie_core::error::Result;
use baddie_core::ids::{ConnectionId, HintId};

use super::MemoryTransaction;

#[async_trait]
impl ConnectionStore for MemoryTransaction {
    async fn to_service(&mut self, service: Option<&str>) -> Result<Vec<Connection>> {
        Ok(self.some(|row: &Connection| service.is_none_or(|service| row.service == service)))
    }

    async fn heard(&mut self, connection: ConnectionId, names: &[&str]) -> Result<Vec<String>> {
        let heard =
            |hint: &Hint| hint.connection_id == connection && names.contains(&hint.external_id.as_str());
        let mut heard: Vec<_> = self.some(heard).into_iter().map(|hint| hint.external_id).collect();
        heard.sort_unstable();
        Ok(heard)
    }

    async fn forget_heard(&mut self, before: HintId) -> Result<u64> {
        let old = self.some(|hint: &Hint| hint.id < before);
        for hint in &old {
            self.remove::<Hint>(hint.id)?;
        }
        Ok(old.len() as u64)
    }
}
