use std::time::Duration;

use baddie_core::clock::Timestamp;

/// After this many failures in a row a service counts as down.
const PATIENCE: u32 = 5;
/// How long it is left alone at first; doubled each time a trial fails too.
const REST: Duration = Duration::from_secs(5);
/// And at most.
const LONGEST_REST: Duration = Duration::from_mins(5);

/// Leaves a service alone that does not answer: after a rest one call tries whether it is back.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    rests: u32,
    closed_until: Option<Timestamp>,
}

impl Breaker {
    /// Whether a call may go out; otherwise how long it would have to wait. After a rest one call goes, and the others
    /// wait for what it finds.
    pub(super) fn admit(&mut self, now: Timestamp) -> Result<(), Duration> {
        let Some(until) = self.closed_until else { return Ok(()) };
        let left = until.since(now);
        // A clock that was set back must not keep the service shut away.
        if !left.is_zero() && left <= LONGEST_REST {
            return Err(left);
        }
        self.closed_until = Some(now.plus(self.rest()));
        Ok(())
    }

    /// Notes how a call went.
    pub(super) fn note(&mut self, answered: bool, now: Timestamp) {
        if answered {
            *self = Self::default();
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= PATIENCE {
            self.closed_until = Some(now.plus(self.rest()));
            self.rests = self.rests.saturating_add(1);
        }
    }

    fn rest(&self) -> Duration {
        REST.saturating_mul(1 << self.rests.min(16)).min(LONGEST_REST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_is_down_is_left_alone_and_tried_again() {
        let mut now = Timestamp::from_micros(0);
        let mut breaker = Breaker::default();
        for _ in 0..PATIENCE {
            assert_eq!(breaker.admit(now), Ok(()));
            breaker.note(false, now);
        }
        assert_eq!(breaker.admit(now), Err(REST));
        now = now.plus(REST);
        assert_eq!(breaker.admit(now), Ok(()));
        assert!(breaker.admit(now).is_err(), "one call tries, the others wait");
        breaker.note(false, now);
        assert_eq!(breaker.admit(now), Err(REST * 2));
        now = now.plus(REST * 2);
        assert_eq!(breaker.admit(now), Ok(()));
        breaker.note(true, now);
        assert_eq!((breaker.admit(now), breaker.admit(now)), (Ok(()), Ok(())));
    }

    #[test]
    fn a_clock_set_back_does_not_shut_a_service_away() {
        let late = Timestamp::from_micros(0).plus(Duration::from_hours(24));
        let mut breaker = Breaker::default();
        for _ in 0..PATIENCE {
            breaker.note(false, late);
        }
        assert_eq!(breaker.admit(Timestamp::from_micros(0)), Ok(()));
    }
}
