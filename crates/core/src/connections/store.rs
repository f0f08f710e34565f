use async_trait::async_trait;

use super::{Connection, DataKey, Hint};
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::ids::{ConnectionId, HintId};

/// Keeps connections and the key of their credentials.
#[async_trait]
pub trait ConnectionStore: Keep<Connection> + Keep<DataKey> + Parts<Hint> {
    /// All connections to a service, or all there are, oldest first.
    async fn to_service(&mut self, service: Option<&str>) -> Result<Vec<Connection>>;
    /// Which of these a connection has heard already.
    async fn heard(&mut self, connection: ConnectionId, names: &[&str]) -> Result<Vec<String>>;
    /// Forgets what was heard before this one; how much that was.
    async fn forget_heard(&mut self, before: HintId) -> Result<u64>;
}
