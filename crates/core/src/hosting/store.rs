use async_trait::async_trait;

use super::Site;
use crate::entity::Keep;
use crate::error::Result;

/// Keeps which sites are kept in step.
#[async_trait]
pub trait HostingStore: Keep<Site> {
    /// All sites, oldest first.
    async fn sites(&mut self) -> Result<Vec<Site>>;
}
