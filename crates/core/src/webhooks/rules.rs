use std::time::Duration;

use super::{Attempt, Delivery, DeliveryState, Endpoint, EndpointState, Receipt};
use crate::clock::Timestamp;
use crate::entity::IllegalStep;

/// How long to wait after each try that failed, unless the settings say otherwise: as Standard Webhooks proposes, over three
/// days in all.
pub const WAITS: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];
/// Nothing that an endpoint asks for makes it wait longer.
const LONGEST: Duration = Duration::from_hours(24);
/// How long nothing may reach an endpoint before it is disabled.
pub const PATIENCE: Duration = Duration::from_hours(5 * 24);
/// How many tries of a delivery are remembered.
const REMEMBERED: usize = 20;
/// How many kinds of events an endpoint may name.
pub const MOST_KINDS: usize = 100;

impl Endpoint {
    /// Whether it wants to hear of this.
    pub fn wants(&self, kind: &str) -> bool {
        self.state == EndpointState::Active && self.events.iter().any(|wanted| fits(wanted, kind))
    }

    /// Notes that it took something, and so is well. Why it was disabled stays said until it is told again.
    pub fn answered(&mut self) {
        if self.state == EndpointState::Active {
            (self.failing_since, self.problem) = (None, None);
        }
    }

    /// Notes that something did not reach it; says whether that has gone on for too long, and it is told nothing more.
    pub fn missed(&mut self, why: &str, now: Timestamp) -> Result<bool, IllegalStep> {
        let since = *self.failing_since.get_or_insert(now);
        self.problem = Some(why.to_owned());
        let tired = self.state == EndpointState::Active && since.plus(PATIENCE) <= now;
        if tired {
            self.disable(why)?;
        }
        Ok(tired)
    }

    /// Lets it be told nothing more.
    pub fn disable(&mut self, why: &str) -> Result<(), IllegalStep> {
        self.state = self.state.step(EndpointState::Disabled)?;
        self.problem = Some(why.to_owned());
        Ok(())
    }

    /// Lets it be told again.
    pub fn enable(&mut self) -> Result<(), IllegalStep> {
        self.state = self.state.step(EndpointState::Active)?;
        self.answered();
        Ok(())
    }
}

/// Whether a kind of event is meant by `order.placed`, `order.*` or `*`.
fn fits(wanted: &str, kind: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some("") => true,
        Some(domain) => domain.ends_with('.') && kind.starts_with(domain),
        None => wanted == kind,
    }
}

/// Why this is no way to name events; `None` when it is.
pub fn misnamed(events: &[String]) -> Option<String> {
    if events.is_empty() || events.len() > MOST_KINDS {
        return Some(format!("name 1 to {MOST_KINDS} kinds of events, or * for all"));
    }
    let word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let named = |name: &String| {
        name == "*"
            || name.split_once('.').is_some_and(|(domain, what)| word(domain) && (what == "*" || word(what)))
    };
    let strange = events.iter().find(|name| name.len() > 100 || !named(name))?;
    Some(format!("{strange:?} names no event: write order.placed, order.* or *"))
}

impl Delivery {
    /// Notes how a try went; after a failed one it waits as long as `waits` says, and is given up when there is no more
    /// to wait. `chance` is any number: it spreads what waits, so that it does not come back all at once.
    pub fn tried(
        &mut self,
        receipt: &Receipt,
        waits: &[Duration],
        chance: u32,
        now: Timestamp,
    ) -> Result<(), IllegalStep> {
        self.tries += 1;
        let (status, problem) = match receipt {
            Receipt::Taken { status } => (Some(*status), None),
            Receipt::Lost { status, problem, .. } => (*status, Some(problem.clone())),
            Receipt::Gone => (Some(410), Some("it is gone".to_owned())),
        };
        self.attempts.push(Attempt { at: now, status, problem });
        let forgotten = self.attempts.len().saturating_sub(REMEMBERED);
        self.attempts.drain(..forgotten);
        let next = match receipt {
            Receipt::Taken { .. } => DeliveryState::Delivered,
            Receipt::Gone => DeliveryState::Failed,
            Receipt::Lost { wait, .. } => match wait_after(waits, self.tries, *wait, chance) {
                Some(wait) => {
                    self.next_at = now.plus(wait);
                    return Ok(());
                }
                None => DeliveryState::Failed,
            },
        };
        self.state = self.state.step(next)?;
        Ok(())
    }

    /// Sends it again, from the beginning.
    pub fn replay(&mut self, now: Timestamp) -> Result<(), IllegalStep> {
        if self.state != DeliveryState::Waiting {
            self.state = self.state.step(DeliveryState::Waiting)?;
        }
        (self.tries, self.next_at) = (0, now);
        Ok(())
    }
}

/// How long to wait after this many tries, up to a fifth longer by chance; `None` when that was the last.
fn wait_after(waits: &[Duration], tries: i64, asked: Option<Duration>, chance: u32) -> Option<Duration> {
    let planned = *waits.get(usize::try_from(tries - 1).ok()?)?;
    let longer = (planned / 5).as_millis().saturating_mul(chance.into()) >> 32;
    let longer = Duration::from_millis(u64::try_from(longer).unwrap_or_default());
    Some((planned + longer).max(asked.unwrap_or_default().min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DeliveryId, EndpointId, EntityId, EventId};

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_micros(hours * 3_600_000_000)
    }

    fn endpoint(events: &[&str]) -> Endpoint {
        Endpoint {
            id: EndpointId::from_u128(1),
            url: "https://example.org/hook".into(),
            events: events.iter().map(|&name| name.to_owned()).collect(),
            state: EndpointState::Active,
            problem: None,
            failing_since: None,
            sealed: "sealed".into(),
            sealed_before: None,
            before_until: None,
            version: 1,
            created_at: at(0),
        }
    }

    fn delivery() -> Delivery {
        Delivery {
            id: DeliveryId::from_u128(1),
            endpoint_id: EndpointId::from_u128(1),
            event_id: EventId::from_u128(1),
            subject: "ord".into(),
            state: DeliveryState::Waiting,
            tries: 0,
            next_at: at(0),
            attempts: Vec::new(),
            version: 1,
            created_at: at(0),
        }
    }

    fn lost(wait: Option<Duration>) -> Receipt {
        Receipt::Lost { status: Some(500), problem: "failing inside".into(), wait }
    }

    #[test]
    fn an_endpoint_hears_what_it_named() {
        let some = endpoint(&["order.placed", "payment.*"]);
        assert!(some.wants("order.placed") && some.wants("payment.changed"));
        assert!(!some.wants("order.cancelled") && !some.wants("payments.changed") && !some.wants("payment"));
        let mut all = endpoint(&["*"]);
        assert!(all.wants("anything.at_all"));
        all.disable("enough").unwrap();
        assert!(!all.wants("anything.at_all"));
        let named = |names: &[&str]| misnamed(&endpoint(names).events).is_none();
        assert!(named(&["*"]) && named(&["order.*", "job.given_up"]));
        for wrong in
            [&[][..], &[""], &["order"], &["order.**"], &["Order.placed"], &["order.pl aced"], &["*.placed"]]
        {
            assert!(!named(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_delivery_is_tried_over_days_and_then_given_up() {
        let (mut calm, mut late) = (delivery(), delivery());
        let mut now = at(0);
        let mut tries = 0;
        while calm.state == DeliveryState::Waiting {
            calm.tried(&lost(None), &WAITS, 0, now).unwrap();
            late.tried(&lost(None), &WAITS, u32::MAX, now).unwrap();
            if calm.state == DeliveryState::Waiting {
                let (soon, late) = (calm.next_at.since(now), late.next_at.since(now));
                assert!(late >= soon && late <= soon * 6 / 5, "{soon:?} {late:?}");
            }
            now = calm.next_at;
            tries += 1;
        }
        assert_eq!((tries, calm.state), (10, DeliveryState::Failed));
        assert!(now > at(75) && now < at(76), "{now:?}");
        assert_eq!(calm.attempts.len(), 10);
        calm.replay(now).unwrap();
        assert_eq!((calm.state, calm.tries, calm.next_at), (DeliveryState::Waiting, 0, now));
        calm.tried(&Receipt::Taken { status: 204 }, &WAITS, 0, now).unwrap();
        assert_eq!(calm.state, DeliveryState::Delivered);
        assert_eq!(calm.attempts.last().unwrap().status, Some(204));
    }

    #[test]
    fn what_an_endpoint_asks_for_is_heeded_within_reason() {
        let mut told = delivery();
        told.tried(&lost(Some(Duration::from_hours(1))), &WAITS, 0, at(0)).unwrap();
        assert_eq!(told.next_at, at(1));
        told.tried(&lost(Some(Duration::from_hours(1_000))), &WAITS, 0, at(1)).unwrap();
        assert_eq!(told.next_at, at(25));
        told.tried(&Receipt::Gone, &WAITS, 0, at(25)).unwrap();
        assert_eq!(told.state, DeliveryState::Failed);
    }

    #[test]
    fn an_endpoint_that_never_answers_is_disabled() {
        let mut deaf = endpoint(&["*"]);
        assert!(!deaf.missed("no answer", at(0)).unwrap());
        assert!(!deaf.missed("no answer", at(119)).unwrap());
        deaf.answered();
        assert!(!deaf.missed("no answer", at(120)).unwrap(), "it was well between");
        assert!(deaf.missed("no answer", at(240)).unwrap());
        assert_eq!((deaf.state, deaf.problem.as_deref()), (EndpointState::Disabled, Some("no answer")));
        assert!(!deaf.missed("no answer", at(300)).unwrap(), "once");
        deaf.answered();
        assert_eq!(deaf.problem.as_deref(), Some("no answer"), "a late answer does not hide why");
        deaf.enable().unwrap();
        assert_eq!((deaf.state, deaf.failing_since), (EndpointState::Active, None));
    }
}
