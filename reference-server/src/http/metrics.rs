//! What the server counts of itself, in Prometheus' text format. Routes, statuses and times only: nobody's data.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use hyper::StatusCode;

/// The statuses that are counted by themselves; the last one stands for all others.
const STATUSES: [u16; 19] =
    [200, 201, 304, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 422, 429, 431, 500, 503, 0];
/// Upper ends of the latency histogram, in microseconds.
const BUCKETS: [u64; 11] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000, 10_000_000];

/// Which route answered: its place in the table of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteIndex(pub usize);

#[derive(Default)]
struct Counts {
    answers: [AtomicU64; STATUSES.len()],
    slower: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

/// The counters of one server.
pub struct Metrics {
    routes: Vec<(&'static str, Counts)>,
    /// Requests under way.
    pub in_flight: AtomicUsize,
    /// Connections open.
    pub connections: AtomicUsize,
    /// Connections refused because there were too many.
    pub refused: AtomicU64,
}

impl Metrics {
    /// Counters for routes of these names; what no route answers is counted under `-`.
    pub fn new(names: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            routes: names.into_iter().chain(["-"]).map(|name| (name, Counts::default())).collect(),
            in_flight: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Counts one answer.
    pub fn count(&self, route: Option<RouteIndex>, status: StatusCode, took: Duration) {
        let last = self.routes.len() - 1;
        let (_, counts) = &self.routes[route.map_or(last, |route| route.0.min(last))];
        let status =
            STATUSES.iter().position(|&known| known == status.as_u16()).unwrap_or(STATUSES.len() - 1);
        counts.answers[status].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.iter().position(|&end| micros <= end).unwrap_or(BUCKETS.len());
        counts.slower[bucket].fetch_add(1, Ordering::Relaxed);
        counts.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// All of it as text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        self.render_answers(&mut text);
        self.render_times(&mut text);
        for (name, kind, help, value) in [
            ("baddie_requests_in_flight", "gauge", "Requests under way.", load(&self.in_flight)),
            ("baddie_connections", "gauge", "Connections open.", load(&self.connections)),
            (
                "baddie_connections_refused_total",
                "counter",
                "Connections refused.",
                self.refused.load(Ordering::Relaxed),
            ),
        ] {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        }
        text
    }

    fn render_answers(&self, text: &mut String) {
        text.push_str(
            "# HELP baddie_requests_total Requests answered.\n# TYPE baddie_requests_total counter\n",
        );
        for (route, counts) in &self.routes {
            for (status, answers) in STATUSES.iter().zip(&counts.answers) {
                let answers = answers.load(Ordering::Relaxed);
                if answers > 0 {
                    let _ = writeln!(
                        text,
                        "baddie_requests_total{{route=\"{route}\",status=\"{status}\"}} {answers}"
                    );
                }
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a statistic, not money")]
    fn render_times(&self, text: &mut String) {
        let name = "baddie_request_seconds";
        let _ = write!(text, "# HELP {name} Time to answer.\n# TYPE {name} histogram\n");
        for (route, counts) in &self.routes {
            let mut total = 0;
            for (end, count) in BUCKETS.iter().zip(&counts.slower) {
                total += count.load(Ordering::Relaxed);
                let end = *end as f64 / 1e6;
                let _ = writeln!(text, "{name}_bucket{{route=\"{route}\",le=\"{end}\"}} {total}");
            }
            total += counts.slower[BUCKETS.len()].load(Ordering::Relaxed);
            let sum = counts.micros.load(Ordering::Relaxed) as f64 / 1e6;
            let _ = writeln!(text, "{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {total}");
            let _ = writeln!(
                text,
                "{name}_sum{{route=\"{route}\"}} {sum}\n{name}_count{{route=\"{route}\"}} {total}"
            );
        }
    }
}

fn load(gauge: &AtomicUsize) -> u64 {
    gauge.load(Ordering::Relaxed) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_and_status() {
        let metrics = Metrics::new(["orders.get"]);
        metrics.count(Some(RouteIndex(0)), StatusCode::OK, Duration::from_micros(300));
        metrics.count(None, StatusCode::IM_A_TEAPOT, Duration::from_mins(1));
        let text = metrics.render();
        for line in [
            "baddie_requests_total{route=\"orders.get\",status=\"200\"} 1",
            "baddie_requests_total{route=\"-\",status=\"0\"} 1",
            "baddie_request_seconds_bucket{route=\"orders.get\",le=\"0.00025\"} 0",
            "baddie_request_seconds_bucket{route=\"orders.get\",le=\"0.0005\"} 1",
            "baddie_request_seconds_bucket{route=\"-\",le=\"10\"} 0",
            "baddie_request_seconds_count{route=\"-\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
