use async_trait::async_trait;

use super::{Connection, DataKey};
use crate::entity::Keep;
use crate::error::Result;

/// Keeps connections and the key of their credentials.
#[async_trait]
pub trait ConnectionStore: Keep<Connection> + Keep<DataKey> {
    /// All connections to a service, or all there are, oldest first.
    async fn to_service(&mut self, service: Option<&str>) -> Result<Vec<Connection>>;
}
