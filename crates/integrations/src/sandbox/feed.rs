use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::listings::{ChannelNotice, Pulled, Told};
use serde::{Deserialize, Serialize};

use super::faults::Fault;
use super::place::{Place, Turn};

/// A notice as it reaches the shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Delivery {
    at: Timestamp,
    number: u64,
    notice: ChannelNotice,
}

impl Delivery {
    /// Its place in the feed, which is also where a cursor points.
    fn place(&self) -> (i64, u64) {
        (self.at.as_micros(), self.number)
    }
}

/// What a marketplace tells the shop, in the order in which it arrives. Nothing arrives before the present, so no
/// cursor ever passes what is still to come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Feed {
    deliveries: Vec<Delivery>,
    numbered: u64,
    /// Waits for a younger notice to go first.
    held: Vec<ChannelNotice>,
    /// Was not told, and when the first of it should have been.
    missed: Vec<ChannelNotice>,
    missed_since: Option<Timestamp>,
}

impl Feed {
    fn deliver(&mut self, notice: ChannelNotice, at: Timestamp) {
        self.numbered += 1;
        let delivery = Delivery { at, number: self.numbered, notice };
        let index = self.deliveries.partition_point(|other| other.place() < delivery.place());
        self.deliveries.insert(index, delivery);
    }

    /// A page of what has arrived since the cursor; `None` when the cursor is not one of ours.
    pub(super) fn since(&self, cursor: Option<&str>, now: Timestamp, page: usize) -> Option<Pulled> {
        let seen = match cursor {
            Some(cursor) => {
                let (micros, number) = cursor.split_once('.')?;
                (micros.parse().ok()?, number.parse().ok()?)
            }
            None => (i64::MIN, 0),
        };
        let from = self.deliveries.partition_point(|delivery| delivery.place() <= seen);
        let to = self.deliveries.partition_point(|delivery| delivery.at <= now).max(from);
        let arrived = &self.deliveries[from..to];
        let page = &arrived[..arrived.len().min(page)];
        let cursor = match page.last() {
            Some(last) => Some(format!("{}.{}", last.at.as_micros(), last.number)),
            None => cursor.map(str::to_owned),
        };
        let notices = page.iter().map(|delivery| delivery.notice.clone()).collect();
        Some(Pulled { notices, cursor, more: page.len() < arrived.len() })
    }
}

impl Place {
    /// Tells the shop something, as well as luck allows.
    pub(super) fn tell(&mut self, told: Told, now: Timestamp) {
        let notice = ChannelNotice { external_id: self.name("N"), told };
        let late = now.plus(Duration::from_millis(1 + self.luck.dice.throw(self.faults.delayed_ms)));
        match self.luck.notice(&self.faults) {
            Some(Fault::Lost) => {
                if self.feed.missed_since.is_none() {
                    self.feed.missed_since = Some(now);
                    self.plan(now.plus(Duration::from_millis(self.faults.lost_ms)), Turn::Relists);
                }
                self.feed.missed.push(notice);
            }
            Some(Fault::Delayed) => self.feed.deliver(notice, late),
            Some(Fault::Reordered) => {
                self.feed.held.push(notice);
                self.plan(late, Turn::TellsHeld);
            }
            Some(Fault::Duplicated) => {
                self.feed.deliver(notice.clone(), now);
                self.tell_held(now);
                self.feed.deliver(notice, late);
            }
            _ => {
                self.feed.deliver(notice, now);
                self.tell_held(now);
            }
        }
    }

    /// Tells what was held back.
    pub(super) fn tell_held(&mut self, now: Timestamp) {
        for notice in std::mem::take(&mut self.feed.held) {
            self.feed.deliver(notice, now);
        }
    }

    /// Tells everything again that was to be told since something was missed, and now that too.
    pub(super) fn relist(&mut self, now: Timestamp) {
        let Some(since) = self.feed.missed_since.take() else { return };
        let from = self.feed.deliveries.partition_point(|delivery| delivery.at < since);
        let to = self.feed.deliveries.partition_point(|delivery| delivery.at <= now);
        let mut again: Vec<_> =
            self.feed.deliveries[from..to].iter().map(|delivery| delivery.notice.clone()).collect();
        again.append(&mut self.feed.missed);
        for notice in again {
            self.feed.deliver(notice, now);
        }
    }
}
