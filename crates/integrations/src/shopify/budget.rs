//! Points: what a question costs at Shopify, and how many are left.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use baddie_core::clock::Timestamp;
use serde::Deserialize;

use crate::http::Answer;

/// The points of a shop, as it told of them last. A question is held back until there are enough for it: to be refused costs
/// a call, and tells only what was known before.
#[derive(Debug, Default)]
pub(super) struct Budget(Mutex<Points>);

#[derive(Debug, Default)]
struct Points {
    told: Option<Told>,
    /// What each document cost when it was sent last.
    costs: BTreeMap<&'static str, f64>,
    /// Points of questions that are under way, of which the shop may not know yet.
    under_way: f64,
}

/// Points that are set aside for a question, until this is dropped.
pub(super) struct Turn<'a> {
    budget: &'a Budget,
    points: f64,
    /// How long to wait until they are there.
    pub(super) wait: Duration,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.budget.points(|points| points.under_way -= self.points);
    }
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
    /// Sets the points for a document aside.
    pub(super) fn take(&self, document: &str, now: Timestamp) -> Turn<'_> {
        self.points(|points| {
            let cost = points.costs.get(document).copied().unwrap_or_default();
            points.under_way += cost;
            let wait = points.told.map_or(Duration::ZERO, |told| {
                let restored = now.since(told.at).as_secs_f64() * told.per_second;
                let left = (told.left + restored).min(told.most) - points.under_way;
                seconds(-left / told.per_second)
            });
            Turn { budget: self, points: cost, wait }
        })
    }

    /// Notes what a document cost, and what is left.
    pub(super) fn note(&self, document: &'static str, cost: Cost, now: Timestamp) {
        let status = cost.throttle_status;
        self.points(|points| {
            points.costs.insert(document, cost.requested_query_cost);
            points.told = Some(Told {
                left: status.currently_available,
                most: status.maximum_available,
                per_second: status.restore_rate,
                at: now,
            });
        });
    }

    fn points<T>(&self, act: impl FnOnce(&mut Points) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
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
        let budget = Budget::default();
        assert_eq!(budget.take("a", now).wait, Duration::ZERO, "nothing is known yet");
        budget.note("a", cost(200.0, 100.0), now);
        let first = budget.take("a", now);
        let second = budget.take("a", now);
        assert_eq!(first.wait, Duration::from_secs(2));
        assert_eq!(second.wait, Duration::from_secs(6), "the first has its points already");
        drop((first, second));
        assert_eq!(budget.take("a", now).wait, Duration::from_secs(2), "who was cut off keeps none");
        assert_eq!(budget.take("b", now).wait, Duration::ZERO);
        let much_later = now.plus(Duration::from_hours(1));
        let turns: Vec<_> = (0..6).map(|_| budget.take("a", much_later)).collect();
        let waits: Vec<_> = turns.iter().map(|turn| turn.wait.as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 4], "no more gathers than there is room for");
    }

    #[test]
    fn a_clock_set_back_costs_nobody_his_points() {
        let late = Timestamp::from_micros(0).plus(Duration::from_hours(1));
        let budget = Budget::default();
        budget.note("a", cost(10.0, 100.0), late);
        assert_eq!(budget.take("a", Timestamp::from_micros(0)).wait, Duration::ZERO);
    }

    #[test]
    fn what_makes_no_sense_is_waited_for_a_while_only() {
        let now = Timestamp::from_micros(0);
        let budget = Budget::default();
        let throttle_status =
            Throttle { maximum_available: 0.0, currently_available: -1.0, restore_rate: 0.0 };
        let odd = Cost { requested_query_cost: 10.0, throttle_status };
        budget.note("a", odd, now);
        let longest = Duration::from_secs_f64(LONGEST);
        assert_eq!((budget.take("a", now).wait, odd.wait()), (longest, longest));
        assert_eq!(cost_of(&Answer::new(200, r#"{"extensions":{"cost":"much"}}"#)), None);
    }
}
