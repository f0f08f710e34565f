use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::dice::Dice;

/// How often something happens: so many times in a thousand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PerMille(pub u16);

/// What can go wrong in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A call was one too many.
    RateLimited,
    /// A call found nobody; nothing happened.
    Unavailable,
    /// A call went unheard; nothing happened, but the caller cannot know.
    LostRequest,
    /// A call was heard and done, but its answer went unheard.
    LostAnswer,
    /// A notice was told twice.
    Duplicated,
    /// A notice came late.
    Delayed,
    /// A notice came after a younger one.
    Reordered,
    /// A notice was not told at all, until everything recent was told again.
    Lost,
    /// A bid stood when an auction was to be ended.
    Bid,
    /// A parcel never arrived.
    LostParcel,
}

/// How often things go wrong, and for how long. What may happen to one call, or to one notice, excludes each other; so
/// the chances of each group add up, and should stay below a thousand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// The quickest answer.
    pub latency_least_ms: u64,
    /// The slowest answer.
    pub latency_most_ms: u64,
    /// Calls refused as one too many.
    pub rate_limited: PerMille,
    /// How long to wait then.
    pub rate_limited_ms: u64,
    /// Calls that find nobody.
    pub unavailable: PerMille,
    /// Calls that go unheard.
    pub lost_requests: PerMille,
    /// Calls whose answers go unheard.
    pub lost_answers: PerMille,
    /// Notices told twice.
    pub duplicated: PerMille,
    /// Notices told late.
    pub delayed: PerMille,
    /// How late, at most.
    pub delayed_ms: u64,
    /// Notices told after younger ones.
    pub reordered: PerMille,
    /// Notices not told, until everything recent is told again.
    pub lost: PerMille,
    /// How long until then.
    pub lost_ms: u64,
    /// Auctions to be ended on which a bid stands.
    pub bids: PerMille,
    /// How long it stands before it is withdrawn.
    pub bids_ms: u64,
    /// Parcels that never arrive.
    pub lost_parcels: PerMille,
}

impl Faults {
    /// A world where nothing goes wrong and everything is at once.
    pub fn none() -> Self {
        let never = PerMille(0);
        Self {
            latency_least_ms: 0,
            latency_most_ms: 0,
            rate_limited: never,
            rate_limited_ms: 1_000,
            unavailable: never,
            lost_requests: never,
            lost_answers: never,
            duplicated: never,
            delayed: never,
            delayed_ms: 20_000,
            reordered: never,
            lost: never,
            lost_ms: 120_000,
            bids: never,
            bids_ms: 60_000,
            lost_parcels: never,
        }
    }

    /// A world as a shop meets it on a middling day: each kind of fault is seen within the hour.
    pub fn demo() -> Self {
        Self {
            latency_least_ms: 20,
            latency_most_ms: 250,
            rate_limited: PerMille(10),
            unavailable: PerMille(10),
            lost_requests: PerMille(5),
            lost_answers: PerMille(10),
            duplicated: PerMille(30),
            delayed: PerMille(50),
            reordered: PerMille(30),
            lost: PerMille(10),
            bids: PerMille(50),
            lost_parcels: PerMille(5),
            ..Self::none()
        }
    }
}

impl Default for Faults {
    fn default() -> Self {
        Self::none()
    }
}

/// How much happened, and how much of it went wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Calls.
    pub calls: u64,
    /// Notices.
    pub notices: u64,
    /// What went wrong, how often.
    pub faults: BTreeMap<Fault, u64>,
}

impl Tally {
    /// How often this went wrong.
    pub fn of(&self, fault: Fault) -> u64 {
        self.faults.get(&fault).copied().unwrap_or(0)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.notices += other.notices;
        for (fault, count) in &other.faults {
            *self.faults.entry(*fault).or_default() += count;
        }
    }
}

/// A call's fate: what goes wrong with it, how long each half of its way takes, and how long to wait if it was one too
/// many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trip {
    pub(super) fault: Option<Fault>,
    pub(super) half: Duration,
    pub(super) wait: Duration,
}

/// Somebody's luck: the dice they throw, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Luck {
    pub(super) dice: Dice,
    pub(super) tally: Tally,
}

impl Luck {
    pub(super) fn of(seed: u64, name: &str) -> Self {
        Self { dice: Dice::of(seed, name), tally: Tally::default() }
    }

    /// The fate of a call.
    pub(super) fn call(&mut self, faults: &Faults) -> Trip {
        self.tally.calls += 1;
        let fault = self.strikes(&[
            (Fault::RateLimited, faults.rate_limited),
            (Fault::Unavailable, faults.unavailable),
            (Fault::LostRequest, faults.lost_requests),
            (Fault::LostAnswer, faults.lost_answers),
        ]);
        let spread = faults.latency_most_ms.saturating_sub(faults.latency_least_ms);
        let whole = faults.latency_least_ms.saturating_add(self.dice.throw(spread.saturating_add(1)));
        let wait = Duration::from_millis(faults.rate_limited_ms);
        Trip { fault, half: Duration::from_millis(whole) / 2, wait }
    }

    /// The fate of a notice.
    pub(super) fn notice(&mut self, faults: &Faults) -> Option<Fault> {
        self.tally.notices += 1;
        self.strikes(&[
            (Fault::Lost, faults.lost),
            (Fault::Delayed, faults.delayed),
            (Fault::Reordered, faults.reordered),
            (Fault::Duplicated, faults.duplicated),
        ])
    }

    /// Which of these happens, if any; one throw decides, so each happens exactly as often as it should.
    pub(super) fn strikes(&mut self, chances: &[(Fault, PerMille)]) -> Option<Fault> {
        let mut thrown = self.dice.throw(1_000);
        for (fault, PerMille(chance)) in chances {
            let Some(rest) = thrown.checked_sub(u64::from(*chance)) else {
                *self.tally.faults.entry(*fault).or_default() += 1;
                return Some(*fault);
            };
            thrown = rest;
        }
        None
    }
}
