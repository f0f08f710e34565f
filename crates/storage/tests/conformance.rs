//! Every store keeps the same contract.
#![allow(clippy::unwrap_used, reason = "a store that cannot be opened fails the case")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use baddie_core::clock::Timestamp;
use baddie_core::storage::Storage;
use baddie_core::storage_conformance;

/// A fresh file; the one an earlier run left under its name goes.
async fn sqlite() -> Arc<dyn Storage> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance").join(number.to_string());
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite://{}", folder.join("shop.db").display());
    baddie_storage::connect(&url, Timestamp::from_micros(0)).await.unwrap()
}

async fn memory() -> Arc<dyn Storage> {
    baddie_storage::connect("memory:", Timestamp::from_micros(0)).await.unwrap()
}

storage_conformance!([tokio::test] on_sqlite, sqlite);
storage_conformance!([tokio::test] in_memory, memory);

/// A fresh database on a real server.
#[cfg(feature = "postgres")]
async fn postgres() -> Arc<dyn Storage> {
    let server = baddie_servers::postgres::server();
    let migrate = |url: String| async move {
        baddie_storage::connect(&url, Timestamp::from_micros(0)).await.unwrap();
    };
    let url = server.url(&server.migrated(migrate).await);
    baddie_storage::connect(&url, Timestamp::from_micros(0)).await.unwrap()
}

#[cfg(feature = "postgres")]
storage_conformance!([tokio::test] on_postgres, postgres);
