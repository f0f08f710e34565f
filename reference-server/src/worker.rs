//! The worker: does the work that waits, again and again.
//!
//! A turn lasts as long as the slowest call it makes. So the next one begins beside it: a channel that does not answer
//! holds up its own jobs and nobody else's.

use std::time::Duration;

use baddie::{Engine, TickReport};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::log;

/// How many turns may be under way at once.
const TURNS: usize = 16;
/// The pause between the beginnings of two turns, when there is nothing to do.
const PAUSE: Duration = Duration::from_millis(100);
/// The pause after a turn failed; the store may need a moment.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Turns until told to stop; the turns under way are finished first.
pub async fn run(engine: Engine, stop: CancellationToken) {
    let mut turns = JoinSet::new();
    let mut next = Instant::now();
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => {}
            Some(turn) = turns.join_next() => if let Some(pause) = pause_after(turn) {
                next = Instant::now() + pause;
            },
            () = sleep_until(next), if turns.len() < TURNS => {
                let engine = engine.clone();
                turns.spawn(async move { engine.tick().await });
                next = Instant::now() + PAUSE;
            }
        }
    }
    while let Some(turn) = turns.join_next().await {
        pause_after(turn);
    }
}

/// When to begin again, if a turn has something to say about that.
fn pause_after(turn: Result<baddie::Result<TickReport>, JoinError>) -> Option<Duration> {
    match turn {
        Ok(Ok(report)) => (report.taken > 0).then_some(Duration::ZERO),
        Ok(Err(error)) => {
            log::error(format_args!("worker: {error}"));
            Some(PAUSE_AFTER_FAILURE)
        }
        Err(error) => {
            log::error(format_args!("worker: a turn broke off: {error}"));
            Some(PAUSE_AFTER_FAILURE)
        }
    }
}
