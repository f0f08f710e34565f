//! Points: what a question costs at Shopify, and how many are left.

use std::collections::BTreeMap;
use std::time::Duration;

use baddie_core::clock::Timestamp;
use serde::Deserialize;

use crate::http::Answer;

/// The points of a shop, as it told of them last. A question is held back until there are enough for it: to be refused costs
/// a call, and tells only what was known before.
#[derive(Debug, Default)]
pub(super) struct Budget {
    told: Option<Told>,
    /// What each document cost when it was sent last.
    costs: BTreeMap<&'static str, f64>,
}

#[derive(Debug, Clone, Copy)]
struct Told {
    left: f64,
    most: f64,
    per_second: f64,
    at: Timestamp,
}

/// What a question cost, and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cost {
    /// What it was taken for beforehand.
    pub(super) requested_query_cost: f64,
    /// What is left.
    pub(super) throttle_status: Throttle,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Throttle {
    maximum_available: f64,
    currently_available: f64,
    restore_rate: f64,
}

impl Cost {
    /// How long until there are enough points for it.
    pub(super) fn wait(&self) -> Duration {
        let status = &self.throttle_status;
        seconds((self.requested_query_cost - status.currently_available) / status.restore_rate)
    }
}

#[derive(Default, Deserialize)]
struct Wrapped {
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Default, Deserialize)]
struct Extensions {
    #[serde(default)]
    cost: Option<Cost>,
}

/// What an answer tells of its cost.
pub(super) fn cost_of(answer: &Answer) -> Option<Cost> {
    serde_json::from_slice::<Wrapped>(&answer.body).unwrap_or_default().extensions.cost
}

/// The longest that a question is held back; if there are not enough points then, Shopify may say so.
const LONGEST: f64 = 60.0;

fn seconds(count: f64) -> Duration {
    // What is no number waits not at all.
    if count > 0.0 { Duration::from_secs_f64(count.min(LONGEST)) } else { Duration::ZERO }
}

impl Budget {
    /// Takes the points for a document, and says how long to wait until they are there.
    pub(super) fn take(&mut self, document: &'static str, now: Timestamp) -> Duration {
        let cost = self.costs.get(document).copied().unwrap_or_default();
        let Some(told) = &mut self.told else { return Duration::ZERO };
        let restored = now.since(told.at).as_secs_f64() * told.per_second;
        *told = Told { left: (told.left + restored).min(told.most) - cost, at: now, ..*told };
        seconds(-told.left / told.per_second)
    }

    /// Notes what a document cost, and what is left.
    pub(super) fn note(&mut self, document: &'static str, cost: Cost, now: Timestamp) {
        self.costs.insert(document, cost.requested_query_cost);
        let status = cost.throttle_status;
        self.told = Some(Told {
            left: status.currently_available,
            most: status.maximum_available,
            per_second: status.restore_rate,
            at: now,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(requested: f64, left: f64) -> Cost {
        let throttle_status =
            Throttle { maximum_available: 1000.0, currently_available: left, restore_rate: 50.0 };
        Cost { requested_query_cost: requested, throttle_status }
    }

    #[test]
    fn a_question_waits_until_there_are_points_for_it() {
        let now = Timestamp::from_micros(0);
        let mut budget = Budget::default();
        assert_eq!(budget.take("a", now), Duration::ZERO, "nothing is known yet");
        budget.note("a", cost(200.0, 100.0), now);
        assert_eq!(budget.take("a", now), Duration::from_secs(2));
        assert_eq!(budget.take("a", now), Duration::from_secs(6), "the first has its points already");
        let later = now.plus(Duration::from_secs(6));
        assert_eq!(budget.take("b", later), Duration::ZERO);
        let much_later = now.plus(Duration::from_hours(1));
        let waits: Vec<_> = (0..6).map(|_| budget.take("a", much_later).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 4], "no more gathers than there is room for");
    }

    #[test]
    fn a_clock_set_back_costs_nobody_his_points() {
        let late = Timestamp::from_micros(0).plus(Duration::from_hours(1));
        let mut budget = Budget::default();
        budget.note("a", cost(10.0, 100.0), late);
        assert_eq!(budget.take("a", Timestamp::from_micros(0)), Duration::ZERO);
    }

    #[test]
    fn what_makes_no_sense_is_waited_for_a_while_only() {
        let now = Timestamp::from_micros(0);
        let mut budget = Budget::default();
        let throttle_status =
            Throttle { maximum_available: 0.0, currently_available: -1.0, restore_rate: 0.0 };
        let odd = Cost { requested_query_cost: 10.0, throttle_status };
        budget.note("a", odd, now);
        let longest = Duration::from_secs_f64(LONGEST);
        assert_eq!((budget.take("a", now), odd.wait()), (longest, longest));
        assert_eq!(cost_of(&Answer::new(200, r#"{"extensions":{"cost":"much"}}"#)), None);
    }
}
