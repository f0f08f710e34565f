//! Ways to services.

use std::sync::Arc;

use super::{Stage, numbers};
use crate::connections::Connection;
use crate::storage::Storage;
use crate::testing::builders::Sample;

/// Connections are found by their service, oldest first.
pub async fn connections_are_found_by_service(open: &impl AsyncFn() -> Arc<dyn Storage>) {
    let stage = Stage::set(open).await;
    let mut tx = stage.write().await;
    let named = |n, service: &str| Connection { service: service.into(), ..Connection::number(n) };
    tx.add_all(&[named(3, "b"), named(2, "a"), named(1, "a")]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = stage.write().await;
    let mut of = async |service| {
        let found = tx.connections().to_service(service).await.unwrap();
        numbers(found.iter().map(|connection| connection.id))
    };
    assert_eq!(of(Some("a")).await, [1, 2]);
    assert_eq!(of(Some("c")).await, [0; 0]);
    assert_eq!(of(None).await, [1, 2, 3]);
    drop(tx);
    let mut tx = stage.read_there().await;
    assert_eq!(tx.connections().to_service(None).await.unwrap(), []);
}
