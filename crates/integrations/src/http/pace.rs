use std::time::Duration;

use baddie_core::clock::Timestamp;

/// How many calls a connection makes: so many at once, then one every so often (the generic cell rate algorithm, ITU-T
/// I.371). A service that asks to wait is heard for the whole connection.
#[derive(Debug)]
pub(super) struct Pace {
    every: Duration,
    burst: u32,
    /// The longest that anybody waits for a place.
    patience: Duration,
    /// When the bucket is empty of calls again.
    empty_at: Option<Timestamp>,
    /// From when until when the service wants to hear nothing.
    held: Option<(Timestamp, Timestamp)>,
}

impl Pace {
    pub(super) fn new(every: Duration, burst: u32, patience: Duration) -> Self {
        Self { every, burst: burst.max(1), patience, empty_at: None, held: None }
    }

    /// Takes the next place and says how long to wait for it; takes none if that is longer than `most`, and says so.
    pub(super) fn take(&mut self, now: Timestamp, most: Duration) -> Result<Duration, Duration> {
        // Later than this nobody can have taken a place, unless the clock was set back: it costs nobody its lost time.
        let latest = now.plus(self.every * self.burst + self.patience);
        let empty_at = self.empty_at.filter(|at| *at <= latest).map_or(now, |at| at.max(now));
        let own = empty_at.since(now).saturating_sub(self.every * (self.burst - 1));
        let held =
            self.held.filter(|(from, _)| *from <= now).map_or(Duration::ZERO, |(_, until)| until.since(now));
        let wait = own.max(held);
        if wait >= most {
            return Err(wait);
        }
        self.empty_at = Some(empty_at.plus(self.every));
        Ok(wait)
    }

    /// Makes everybody wait.
    pub(super) fn hold(&mut self, now: Timestamp, wait: Duration) {
        let until = self.held.map_or(now, |(_, until)| until).max(now.plus(wait));
        self.held = Some((now, until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn a_burst_goes_at_once_and_the_rest_in_turn() {
        let now = Timestamp::from_micros(0);
        let mut pace = Pace::new(SECOND, 3, HOUR);
        let waits: Vec<_> = (0..6).map(|_| pace.take(now, HOUR).map(|wait| wait.as_secs())).collect();
        assert_eq!(waits, [Ok(0), Ok(0), Ok(0), Ok(1), Ok(2), Ok(3)]);
        assert_eq!(pace.take(now.plus(SECOND * 60), HOUR), Ok(Duration::ZERO));
    }

    #[test]
    fn who_cannot_wait_takes_no_place() {
        let now = Timestamp::from_micros(0);
        let mut pace = Pace::new(SECOND, 1, HOUR);
        assert_eq!(pace.take(now, SECOND), Ok(Duration::ZERO));
        for _ in 0..9 {
            assert_eq!(pace.take(now, SECOND), Err(SECOND));
        }
        assert_eq!(pace.take(now, HOUR), Ok(SECOND));
    }

    #[test]
    fn all_wait_when_the_service_asks_for_it() {
        let now = Timestamp::from_micros(0);
        let mut pace = Pace::new(Duration::ZERO, 1, HOUR);
        pace.hold(now, SECOND * 5);
        pace.hold(now, SECOND);
        assert_eq!(pace.take(now, HOUR), Ok(SECOND * 5));
        assert_eq!(pace.take(now.plus(SECOND * 5), HOUR), Ok(Duration::ZERO));
    }

    #[test]
    fn a_clock_set_back_costs_nobody_the_time_it_lost() {
        let mut pace = Pace::new(SECOND, 1, SECOND * 10);
        let late = Timestamp::from_micros(0).plus(HOUR);
        assert_eq!(pace.take(late, SECOND), Ok(Duration::ZERO));
        pace.hold(late, HOUR);
        assert_eq!(pace.take(Timestamp::from_micros(0), SECOND), Ok(Duration::ZERO));
    }
}
