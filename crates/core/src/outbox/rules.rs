use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::{Job, JobKind, JobState};
use crate::clock::Timestamp;
use crate::entity::IllegalStep;
use crate::ids::ShopId;

/// How often a job is tried before somebody must look.
pub const MAX_ATTEMPTS: i64 = 12;
/// How often money that may have moved is looked up before somebody must look: two days, ten minutes apart. A provider that
/// is down for an hour must not leave a payment in doubt.
pub const MAX_LOOKS: i64 = 300;
/// How long a worker may be at a job of most kinds.
pub const LEASE: Duration = Duration::from_mins(2);

/// Which of the due jobs a worker takes: at most `per_connection` of each connection, less those `busy` there already;
/// one per subject, so that what is said of a thing is said in order; at most `limit`.
pub fn share_out(
    due: Vec<(ShopId, Job)>,
    limit: usize,
    per_connection: usize,
    busy: &[(ShopId, String, usize)],
) -> Vec<(ShopId, Job)> {
    let mut taken: HashMap<(ShopId, String), usize> =
        busy.iter().map(|(shop, connection, count)| ((*shop, connection.clone()), *count)).collect();
    let mut subjects = HashSet::new();
    let mut mine = Vec::new();
    for (shop, job) in due {
        let count = taken.entry((shop, job.connection.clone())).or_default();
        if mine.len() < limit && *count < per_connection && subjects.insert((shop, job.subject.clone())) {
            *count += 1;
            mine.push((shop, job));
        }
    }
    mine
}

/// How a try went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Certainly not done; to be tried again, not before the wait the other side asked for.
    Again {
        /// What went wrong.
        error: String,
        /// How long the other side asked to wait.
        wait: Option<Duration>,
    },
    /// Perhaps done: to be looked up.
    Unknown {
        /// What was seen.
        error: String,
    },
    /// The other side is at it: to be looked up, however long that takes.
    UnderWay,
    /// Not to be tried again.
    Hopeless {
        /// Why.
        error: String,
    },
    /// No longer wanted.
    Moot,
}

/// How long to wait before try number `attempt`: doubling from half a second to ten minutes.
pub fn backoff(attempt: i64) -> Duration {
    let doublings = u32::try_from(attempt.clamp(1, 12) - 1).unwrap_or(0);
    Duration::from_millis(500).saturating_mul(1 << doublings).min(Duration::from_mins(10))
}

impl JobKind {
    /// How long a worker may be at it before another takes it over.
    pub fn lease(self) -> Duration {
        match self {
            // A model may think for long about a great shop.
            Self::Advise => Duration::from_hours(1),
            // A hosted model is asked twice at most, each time within minutes.
            Self::Write => Duration::from_mins(10),
            // A whole collection is read and written, some calls a second.
            Self::PublishSite | Self::TakeOver => Duration::from_mins(30),
            _ => LEASE,
        }
    }
}

impl Job {
    /// Moves to another state, if the machine allows it.
    pub fn step(&mut self, next: JobState) -> Result<(), IllegalStep> {
        self.state = self.state.step(next)?;
        Ok(())
    }

    /// Notes how a try went.
    pub fn conclude(&mut self, outcome: Outcome, now: Timestamp) -> Result<(), IllegalStep> {
        self.lease_until = None;
        let exhausted = self.attempts >= MAX_ATTEMPTS;
        match outcome {
            Outcome::Done => self.step(JobState::Succeeded)?,
            Outcome::Moot => self.step(JobState::Cancelled)?,
            Outcome::Hopeless { error } => {
                self.last_error = Some(error);
                self.step(JobState::Dead)?;
            }
            Outcome::Again { error, wait } => {
                self.last_error = Some(error);
                self.dispatched_at = None;
                self.next_at = now.plus(wait.unwrap_or_default().max(backoff(self.attempts)));
                self.step(if exhausted { JobState::Dead } else { JobState::RetryWait })?;
            }
            Outcome::Unknown { error } => {
                let exhausted =
                    if self.kind == JobKind::Pay { self.attempts >= MAX_LOOKS } else { exhausted };
                self.last_error = Some(error);
                self.next_at = now.plus(backoff(self.attempts));
                self.step(if exhausted { JobState::Dead } else { JobState::NeedsReconcile })?;
            }
            Outcome::UnderWay => {
                self.last_error = None;
                self.next_at = now.plus(backoff(self.attempts));
                self.step(JobState::NeedsReconcile)?;
            }
        }
        Ok(())
    }

    /// Whether an earlier try of it may have happened.
    pub fn may_have_happened(&self) -> bool {
        self.dispatched_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{EntityId, JobId};
    use crate::outbox::JobKind;

    fn job(state: JobState) -> Job {
        Job {
            id: JobId::from_u128(1),
            kind: JobKind::End,
            connection: "chn".into(),
            subject: "lst".into(),
            state,
            attempts: 1,
            next_at: Timestamp::from_micros(0),
            lease_until: None,
            dispatched_at: Some(Timestamp::from_micros(0)),
            last_error: None,
            version: 1,
            created_at: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn waits_double_and_stop_growing() {
        assert_eq!(backoff(1), Duration::from_millis(500));
        assert_eq!(backoff(4), Duration::from_secs(4));
        assert_eq!(backoff(60), Duration::from_mins(10));
    }

    #[test]
    fn what_may_have_happened_is_looked_up_first() {
        let now = Timestamp::from_micros(1);
        let mut lost = job(JobState::Leased);
        lost.conclude(Outcome::Unknown { error: "timeout".into() }, now).unwrap();
        assert_eq!((lost.state, lost.may_have_happened()), (JobState::NeedsReconcile, true));
        let mut refused = job(JobState::Leased);
        refused
            .conclude(Outcome::Again { error: "429".into(), wait: Some(Duration::from_secs(9)) }, now)
            .unwrap();
        assert_eq!((refused.state, refused.may_have_happened()), (JobState::RetryWait, false));
        assert_eq!(refused.next_at, now.plus(Duration::from_secs(9)));
        let mut tired = job(JobState::Leased);
        tired.attempts = MAX_ATTEMPTS;
        tired.conclude(Outcome::Again { error: "503".into(), wait: None }, now).unwrap();
        assert_eq!(tired.state, JobState::Dead);
    }

    #[test]
    fn money_in_doubt_is_not_given_up_within_the_hour() {
        let now = Timestamp::from_micros(1);
        let looked = |kind, attempts, outcome: Outcome| {
            let mut job = Job { kind, attempts, ..job(JobState::Leased) };
            job.conclude(outcome, now).unwrap();
            job.state
        };
        let unknown = || Outcome::Unknown { error: "no answer".into() };
        assert_eq!(looked(JobKind::Pay, MAX_ATTEMPTS, unknown()), JobState::NeedsReconcile);
        assert_eq!(looked(JobKind::Pay, MAX_LOOKS, unknown()), JobState::Dead);
        assert_eq!(looked(JobKind::Publish, MAX_ATTEMPTS, unknown()), JobState::Dead);
        assert_eq!(looked(JobKind::Pay, 100 * MAX_LOOKS, Outcome::UnderWay), JobState::NeedsReconcile);
    }

    #[test]
    fn what_is_done_stays_done() {
        for state in [JobState::Succeeded, JobState::Cancelled] {
            assert!(job(state).conclude(Outcome::Done, Timestamp::from_micros(1)).is_err());
        }
    }
}
