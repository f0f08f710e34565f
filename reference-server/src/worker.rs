//! The worker: does the work that waits, again and again.

use std::time::Duration;

use baddie::Engine;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::log;

/// The pause between two turns.
const PAUSE: Duration = Duration::from_millis(250);
/// The pause after a turn failed; the store may need a moment.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Turns until told to stop; the turn under way is finished first.
pub async fn run(engine: Engine, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match engine.tick().await {
            Ok(_) => PAUSE,
            Err(error) => {
                log::error(format_args!("worker: {error}"));
                PAUSE_AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(pause) => {}
        }
    }
}
