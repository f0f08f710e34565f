//! What is seen while the database cannot do what it is asked, and after it.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::buyers::{ORDER, ORDERS};
use crate::client::Client;
use crate::report::Report;

/// How soon after the database the server is well again.
pub(crate) const BACK: Duration = Duration::from_secs(5);

/// A command whose effect nobody counts.
pub(crate) const FOUND: &str = "POST /api/v1/inventory/adjust";

/// What it says.
pub(crate) fn found(variant: &str) -> String {
    let cost = json!({ "minor": 1, "currency": "GBP" });
    json!({ "variant_id": variant, "change": 1, "reason": "found", "cost": cost }).to_string()
}

/// What was seen of the bad times.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// How often the server said that it cannot do it now, and when to ask again.
    pub(crate) refusals: usize,
    /// The longest time until the server was well again.
    slowest: Duration,
    /// What must not be.
    pub(crate) wrong: Vec<String>,
}

impl Seen {
    /// An order that cannot be placed now: the server says so, and when to come back.
    pub(crate) fn refusal(&mut self, client: &mut Client, key: &str) {
        match client.ask(ORDERS, Some(key), ORDER) {
            Ok(answer) if answer.status == 503 && answer.retry_after.is_some() => self.refusals += 1,
            other => self.wrong.push(format!("{key}: {other:?}")),
        }
        // It was not kept: what was refused here is bought by nobody.
    }

    /// Waits until what is said to the shop is kept again.
    pub(crate) fn is_back(&mut self, client: &mut Client, what: &str, found: &str) {
        let start = Instant::now();
        loop {
            match client.ask(FOUND, Some(what), found) {
                Ok(answer) if answer.is_done() => break,
                _ if start.elapsed() > 4 * BACK => break self.wrong.push(format!("{what}: never came back")),
                _ => thread::sleep(Duration::from_millis(10)),
            }
        }
        self.slowest = self.slowest.max(start.elapsed());
    }

    /// Tells all of it.
    pub(crate) fn tell(self, report: &mut Report) {
        report.count(self.refusals, "answers 503 with Retry-After");
        report.in_time(self.slowest, BACK, "slowest to come back");
        for wrong in self.wrong.into_iter().take(3) {
            report.demand(false, || wrong);
        }
    }
}
