//! Many requests at the same instant.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Answer, Door};
use crate::report::{Broken, joined};

/// A command to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// `METHOD /path`.
    pub(crate) head: String,
    /// Its idempotency key.
    pub(crate) key: String,
    /// What it says.
    pub(crate) body: String,
}

impl Ask {
    /// A `POST` to this path.
    pub(crate) fn post(path: &str, key: impl Into<String>, body: &Value) -> Self {
        Self { head: format!("POST {path}"), key: key.into(), body: body.to_string() }
    }
}

/// What came of a rush.
#[derive(Debug)]
pub(crate) struct Rushed {
    /// The answers, in the order of the asks.
    pub(crate) answers: Vec<Answer>,
    /// How long the slowest took.
    pub(crate) slowest: Duration,
}

/// Sends all of them at the same instant, each over an open connection of its own, turn by turn to these doors.
pub(crate) fn at_once(doors: &[Door], asks: &[Ask]) -> Result<Rushed, Broken> {
    let start_line = Barrier::new(asks.len());
    let finished = thread::scope(|scope| {
        let runners: Vec<_> = asks
            .iter()
            .zip(doors.iter().cycle())
            .map(|(ask, door)| {
                let start_line = &start_line;
                scope.spawn(move || {
                    let mut client = door.client();
                    let open = client.ask("GET /healthz", None, "");
                    start_line.wait();
                    let start = Instant::now();
                    open?;
                    let answer = client.ask(&ask.head, Some(&ask.key), &ask.body)?;
                    Ok((answer, start.elapsed()))
                })
            })
            .collect();
        runners.into_iter().map(joined).collect::<Result<Vec<_>, Broken>>()
    })?;
    let slowest = finished.iter().map(|(_, took)| *took).max().unwrap_or_default();
    Ok(Rushed { answers: finished.into_iter().map(|(answer, _)| answer).collect(), slowest })
}
