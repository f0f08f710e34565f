//! How an adapter waits, so that a test need not.

use std::time::Duration;

use async_trait::async_trait;

/// How an adapter waits: for its turn, before another try, or, in the sandbox, while a call is on its way.
#[async_trait]
pub trait Sleeper: Send + Sync {
    /// Waits so long.
    async fn sleep(&self, time: Duration);
}

/// Never waits: for tests, and for programs without a runtime.
#[derive(Debug, Clone, Copy, Default)]
pub struct Awake;

#[async_trait]
impl Sleeper for Awake {
    async fn sleep(&self, _time: Duration) {}
}

/// Waits by the timer of the tokio runtime that it is called in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timer;

#[async_trait]
impl Sleeper for Timer {
    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
