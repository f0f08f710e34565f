use async_trait::async_trait;
use baddie_core::error::Result;
use baddie_core::hosting::{HostingStore, Site};

use super::MemoryTransaction;

#[async_trait]
impl HostingStore for MemoryTransaction {
    async fn sites(&mut self) -> Result<Vec<Site>> {
        Ok(self.some(|_: &Site| true))
    }
}
