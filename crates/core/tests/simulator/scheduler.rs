//! Many things under way at once, each moved on a little when luck says so; and a sleep that ends when the pretend time
//! does.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use baddie_core::clock::{Clock, Entropy};
use baddie_core::testing::{FixedClock, SeededEntropy};
use baddie_integrations::sandbox::Sleeper;

/// Luck.
pub(crate) struct Dice(SeededEntropy);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    pub(crate) fn below(&self, sides: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % sides.max(1)
    }

    pub(crate) fn chance(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn index(&self, of: usize) -> usize {
        usize::try_from(self.below(of as u64)).unwrap()
    }

    pub(crate) fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.index(from.len()))
    }
}

/// Waits in pretend time: a call is under way until the clock was moved far enough, or nobody has patience any more.
pub(crate) struct Slow {
    pub(crate) clock: FixedClock,
    pub(crate) patient: Arc<AtomicU64>,
}

#[async_trait]
impl Sleeper for Slow {
    async fn sleep(&self, time: Duration) {
        let until = self.clock.now().plus(time);
        std::future::poll_fn(|context| {
            if self.clock.now() >= until || self.patient.load(Ordering::Relaxed) == 0 {
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
    }
}

/// What a task came to.
pub(crate) type Doing<T> = Pin<Box<dyn Future<Output = T>>>;

/// Polls a future once.
pub(crate) async fn poll_once<T>(doing: &mut Doing<T>) -> Option<T> {
    std::future::poll_fn(|context| match doing.as_mut().poll(context) {
        std::task::Poll::Ready(done) => std::task::Poll::Ready(Some(done)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}
