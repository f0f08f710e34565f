use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::ids::ChannelId;
use baddie_core::listings::{EndReason, ImportedOrder};
use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::place::{Place, Shown, Turn};
use super::settings::Market;
use super::world::World;
use super::{Refusal, Sandbox};

/// How busy each hour of the day is (UTC), in a thousandth of an average hour.
const BUSY: [u64; 24] = [
    300, 200, 150, 150, 200, 300, 500, 800, 1_000, 1_200, 1_300, 1_400, 1_500, 1_400, 1_300, 1_200, 1_300,
    1_400, 1_600, 1_900, 2_000, 1_600, 900, 400,
];
const SECOND: i64 = 1_000_000;
/// Who was not looked for does not come later all at once.
const LONGEST_GAP: i64 = 3_600 * SECOND;

/// The people out there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Crowd {
    dice: Dice,
    /// Until when they have come.
    until: Option<Timestamp>,
}

impl Crowd {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::of(seed, "crowd"), until: None }
    }

    /// How many have come since they were last counted: each second may bring some, by the hour and by luck.
    fn arrive(&mut self, per_day: u32, now: Timestamp) -> u64 {
        let from = self.until.unwrap_or(now).as_micros().max(now.as_micros().saturating_sub(LONGEST_GAP));
        let seconds = from.div_euclid(SECOND)..now.as_micros().div_euclid(SECOND);
        self.until = Some(now);
        let mut came = 0;
        for second in seconds {
            let hour = usize::try_from(second.div_euclid(3_600).rem_euclid(24)).unwrap_or(0);
            let (day, rate) = (86_400_000, u64::from(per_day) * BUSY[hour]);
            came += rate / day + u64::from(self.dice.throw(day) < rate % day);
        }
        came
    }
}

/// What a buyer did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// Where.
    pub channel_id: ChannelId,
    /// Of which listing.
    pub external_id: String,
    /// The order; none for a bid, which becomes one when it wins.
    pub order: Option<String>,
}

impl Sandbox {
    /// Buys and pays; answers the marketplace's name for the order. The marketplace never sells more than it shows.
    pub fn buy(&self, channel: ChannelId, external_id: &str, qty: i64) -> Result<String, Refusal> {
        self.shop_at(channel, |place, now| place.sell(external_id, qty, true, now))
    }

    /// Buys without paying yet.
    pub fn buy_unpaid(&self, channel: ChannelId, external_id: &str, qty: i64) -> Result<String, Refusal> {
        self.shop_at(channel, |place, now| place.sell(external_id, qty, false, now))
    }

    /// Pays for an order.
    pub fn pay_later(&self, channel: ChannelId, order: &str) -> Result<(), Refusal> {
        self.change_order(channel, order, |order| order.paid = true)
    }

    /// Calls an order off.
    pub fn cancel_order(&self, channel: ChannelId, order: &str) -> Result<(), Refusal> {
        self.change_order(channel, order, |order| order.cancelled = true)
    }

    /// Bids at an auction: the bid stands so long, and then buys, or is withdrawn.
    pub fn bid(
        &self,
        channel: ChannelId,
        external_id: &str,
        stands: Duration,
        wins: bool,
    ) -> Result<(), Refusal> {
        self.shop_at(channel, |place, now| place.bid(external_id, stands, wins, now))
    }

    /// Has the marketplace itself end a listing, and tell so.
    pub fn take_down(&self, channel: ChannelId, external_id: &str, reason: EndReason) -> Result<(), Refusal> {
        self.shop_at(channel, |place, now| place.take_down(external_id, reason, now))
    }

    /// Lets buyers come as they would at `per_day` on average, since this was last called (an hour at most): more in
    /// the evening than at night, each to some listing that is on offer. Now and then one pays later, or thinks better
    /// of it. The first call only notes the time.
    pub fn tick_buyers(&self, per_day: u32) -> Result<Vec<Bought>, Refusal> {
        self.enter(|world, now| {
            let came = world.crowd.arrive(per_day, now);
            let ids: Vec<_> = world.places.keys().copied().collect();
            for id in ids {
                world.place(id);
            }
            world.changed |= came > 0;
            (0..came).map_while(|_| world.stroll(now)).collect()
        })
    }

    fn shop_at<T>(
        &self,
        channel: ChannelId,
        act: impl FnOnce(&mut Place, Timestamp) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.enter(|world, now| {
            world.changed = true;
            act(world.place(channel).ok_or(Refusal::NoSuchListing)?, now)
        })?
    }

    fn change_order(
        &self,
        channel: ChannelId,
        order: &str,
        change: impl FnOnce(&mut ImportedOrder),
    ) -> Result<(), Refusal> {
        self.shop_at(channel, |place, now| {
            if !place.orders.contains_key(order) {
                return Err(Refusal::NoSuchOrder);
            }
            place.change(order, now, change);
            Ok(())
        })
    }
}

impl World {
    /// Somebody looks around and buys; `None` when nothing is on offer anywhere.
    fn stroll(&mut self, now: Timestamp) -> Option<Bought> {
        let on_offer: Vec<_> = self
            .places
            .iter()
            .flat_map(|(id, place)| place.listings.values().map(move |shown| (*id, shown)))
            .filter(|(_, shown)| shown.on_offer())
            .map(|(id, shown): (_, &Shown)| (id, shown.external_id.clone(), shown.qty))
            .collect();
        let dice = &mut self.crowd.dice;
        let (channel_id, external_id, left) = dice.choose(&on_offer)?.clone();
        // Most people want one, some two or three.
        let wanted = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3];
        let qty = dice.choose(&wanted).copied().unwrap_or(1).min(left);
        let minutes = |count| Duration::from_secs(60 * count);
        let (mood, patience) = (dice.throw(100), minutes(1 + dice.throw(10)));
        let place = self.places.get_mut(&channel_id)?;
        if place.market == Market::Auction && mood < 50 {
            place.bid(&external_id, patience, mood < 40, now).ok()?;
            return Some(Bought { channel_id, external_id, order: None });
        }
        let pays_later = mood >= 95;
        let order = place.sell(&external_id, qty, !pays_later, now).ok()?;
        if pays_later {
            place.plan(now.plus(patience), Turn::Pays { order: order.clone() });
        } else if mood >= 92 {
            place.plan(now.plus(patience), Turn::Regrets { order: order.clone() });
        }
        Some(Bought { channel_id, external_id, order: Some(order) })
    }
}
