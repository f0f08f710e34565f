//! Orders, as Webflow tells of them. It cannot be asked for what changed since; it has lists, the newest order first.
//!
//! So a fetch goes through the list of all orders as far back as what is known, and then through those that change long
//! after they were placed: given back, disputed, lost. Orders that wait for their money, or stand as nobody here knows, are
//! remembered by name and looked at each time. A cursor holds how far all of that is known, what is known of the last while,
//! who is waited for, and the page.

use std::collections::BTreeSet;
use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::ids::hex;
use baddie_core::listings::{Channel, ChannelError, ChannelNotice, Pulled, Told};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::calls::{self, Page};
use super::channel::told;
use super::import::changed_at;
use super::{Order, Orders, Settings, Webflow, imported};
use crate::http::{Cause, Failure};

/// How far the clock of Webflow may be from ours, and its lists behind its shop.
const LAG: Duration = Duration::from_mins(15);
/// How long after it was placed an order is still looked for among those that were given back or disputed; longer than
/// banks let their customers dispute anything.
const MEMORY: Duration = Duration::from_hours(24 * 200);
/// The lists that are gone through, by status; the first is of all orders.
const LISTS: [Option<&str>; 4] = [None, Some("refunded"), Some("disputed"), Some("dispute-lost")];
/// How many orders of one page are looked at again on the next, because lists move while they are read.
const OVERLAP: u32 = 10;
/// How many orders are waited for at most, and how many of them are looked at in one piece.
const WAITING: usize = 100;
const AT_ONCE: usize = 10;
/// No list is gone through further than this.
const DEEPEST: u32 = 100_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// Changes from here on are not known yet.
    from: Timestamp,
    /// The latest change that was told.
    until: Timestamp,
    /// What was told of since `from`: the ends of the notices' names, with their times.
    known: BTreeSet<(Timestamp, String)>,
    /// Orders that are waited for, with what was told of them last.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    waiting: Vec<(String, String)>,
    /// Where this fetch is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    at: Option<Place>,
}

/// Where a fetch is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// When it began, by our clock.
    began: Timestamp,
    /// In which list; behind the last of them are the orders that are waited for.
    list: usize,
    /// After how many of it.
    offset: u32,
}

impl Cursor {
    fn new(from: Timestamp) -> Self {
        Self { from, until: from, known: BTreeSet::new(), waiting: Vec::new(), at: None }
    }

    fn read(text: &str) -> Result<Self, ChannelError> {
        serde_json::from_str(text).map_err(|_| ChannelError::Rejected {
            reason: "this cursor is not one of Webflow's: fetch from the beginning".into(),
        })
    }

    /// The notice of an order, if it says something new.
    fn note(&mut self, order: &Order) -> Result<Option<ChannelNotice>, Failure> {
        let awaited = self.waiting.iter().position(|(id, _)| *id == order.order_id);
        let before = awaited.map(|index| self.waiting.remove(index).1);
        let import = imported(order)?;
        let name = import.as_ref().map(|import| format!("{}@{}", order.order_id, import.external_version));
        if import.as_ref().is_none_or(|import| !import.paid) {
            self.waiting.push((order.order_id.clone(), name.clone().unwrap_or_default()));
            if self.waiting.len() > WAITING {
                self.waiting.remove(0);
            }
        }
        let (Some(import), Some(name), Some(at)) = (import, name, changed_at(order)) else { return Ok(None) };
        let due = match before {
            Some(before) => before != name,
            None => at >= self.from,
        };
        if !due || !self.known.insert((at, hex(&digest(&SHA256, name.as_bytes()).as_ref()[..6]))) {
            return Ok(None);
        }
        self.until = self.until.max(at);
        Ok(Some(ChannelNotice { external_id: name, told: Told::Order(import) }))
    }

    /// Whether a page of a list lies wholly before what can be new on it.
    fn is_past(&self, page: &[Order], list: usize, opened: Timestamp) -> bool {
        let floor = if list == 0 { self.from } else { opened.max(self.until.minus(MEMORY)) };
        page.iter().all(|order| order.accepted_on.is_some_and(|at| at < floor))
    }

    /// Ends a fetch. What changed while it was under way may have been missed, so the next one begins before this one began.
    fn close(&mut self, began: Timestamp) {
        self.from = self.from.max(self.until.min(began).minus(LAG));
        let from = self.from;
        self.known.retain(|(at, _)| *at >= from);
        self.at = None;
    }
}

impl Webflow {
    pub(super) async fn orders_since(
        &self,
        at: &Channel,
        cursor: Option<&str>,
    ) -> Result<Pulled, ChannelError> {
        let site = self.ground(&Settings::of(at)?).await.map_err(told)?.site;
        // What was sold before the site was connected is in the books already, or in nobody's.
        let opened = at.created_at;
        let mut cursor = cursor.map_or_else(|| Ok(Cursor::new(opened)), Cursor::read)?;
        let now = self.http.clock().now();
        let place = cursor.at.unwrap_or(Place { began: now, list: 0, offset: 0 });
        let mut notices = Vec::new();
        let next = match LISTS.get(place.list) {
            Some(status) => {
                let ask = calls::list_orders(&site, *status, Page::after(place.offset));
                let page: Orders = self.send(&ask).await.map_err(told)?;
                for order in &page.orders {
                    if order.accepted_on.is_none_or(|accepted| accepted >= opened) {
                        notices.extend(cursor.note(order).map_err(told)?);
                    }
                }
                Some(following(place, &page, cursor.is_past(&page.orders, place.list, opened)))
            }
            None => self.look_at_waiting(&site, place, &mut cursor, &mut notices).await?,
        };
        match next {
            Some(next) => cursor.at = Some(next),
            None => cursor.close(place.began),
        }
        let more = cursor.at.is_some();
        let cursor = serde_json::to_string(&cursor).expect("a cursor is plain data");
        Ok(Pulled { notices, cursor: Some(cursor), more })
    }

    /// Looks at some of the orders that are waited for.
    async fn look_at_waiting(
        &self,
        site: &str,
        place: Place,
        cursor: &mut Cursor,
        notices: &mut Vec<ChannelNotice>,
    ) -> Result<Option<Place>, ChannelError> {
        // Who still waits goes to the end of the line, so the first are those that were not looked at yet.
        let left = cursor.waiting.len().saturating_sub(place.offset as usize);
        let first: Vec<_> = cursor.waiting.iter().take(left.min(AT_ONCE)).map(|(id, _)| id.clone()).collect();
        let mut offset = place.offset;
        for id in &first {
            match self.send::<Order>(&calls::get_order(site, id)).await {
                Ok(order) => {
                    notices.extend(cursor.note(&order).map_err(told)?);
                    offset += u32::from(cursor.waiting.iter().any(|(waits, _)| waits == id));
                }
                Err(Failure { cause: Cause::NotFound, .. }) => {
                    cursor.waiting.retain(|(waits, _)| waits != id);
                }
                Err(failure) => return Err(told(failure)),
            }
        }
        Ok((left > AT_ONCE).then_some(Place { offset, ..place }))
    }
}

/// Where a fetch goes on after a page of a list.
fn following(place: Place, page: &Orders, past: bool) -> Place {
    let count = u32::try_from(page.orders.len()).unwrap_or(u32::MAX);
    let end = place.offset.saturating_add(count);
    let last = page.pagination.total.is_none_or(|total| u64::from(end) >= total);
    if count == 0 || last || past || end >= DEEPEST {
        return Place { list: place.list + 1, offset: 0, ..place };
    }
    // A short page is not gone over again, or there would be no end to it.
    let offset = if count > 2 * OVERLAP { end - OVERLAP } else { end };
    Place { offset, ..place }
}
