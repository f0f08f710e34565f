use std::collections::BTreeMap;
use std::time::Duration;

use baddie_core::clock::Timestamp;
use baddie_core::ids::ListingId;
use baddie_core::listings::{EndReason, ImportedLine, ImportedOrder, Observed, Offer, Told};
use baddie_core::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::Refusal;
use super::faults::{Fault, Faults, Luck};
use super::feed::Feed;
use super::settings::Market;

/// A listing as buyers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The marketplace's name for it.
    pub external_id: String,
    /// The shop's name for it.
    pub key: ListingId,
    /// The SKU.
    pub sku: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Price.
    pub price: Money,
    /// How many can be bought.
    pub qty: i64,
    /// Until when a bid stands.
    pub bid_until: Option<Timestamp>,
    /// Why it ended, when it has.
    pub ended: Option<EndReason>,
}

impl Shown {
    /// Whether somebody could buy it now.
    pub fn on_offer(&self) -> bool {
        self.ended.is_none() && self.qty > 0 && self.bid_until.is_none()
    }

    fn take(&mut self, offer: &Offer) {
        self.sku.clone_from(&offer.sku);
        self.title.clone_from(&offer.title);
        self.description.clone_from(&offer.description);
        self.price = offer.price;
        self.qty = offer.qty;
    }

    pub(super) fn observed(&self) -> Observed {
        Observed {
            external_id: self.external_id.clone(),
            url: Some(format!("https://sandbox.invalid/{}", self.external_id)),
            qty: self.qty,
            price: self.price,
            ended: self.ended,
        }
    }
}

/// What will happen at a marketplace by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Turn {
    /// A bid buys, or is withdrawn.
    Bid { external_id: String, wins: bool },
    /// A buyer pays at last.
    Pays { order: String },
    /// A buyer thinks better of it.
    Regrets { order: String },
    /// Notices held back for younger ones are told, though no younger one came.
    TellsHeld,
    /// Everything recent is told again, and with it what was not told before.
    Relists,
}

/// A marketplace, as one connection sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) market: Market,
    pub(super) faults: Faults,
    pub(super) currency: Currency,
    pub(super) luck: Luck,
    pub(super) listings: BTreeMap<String, Shown>,
    /// The latest listing of each key.
    pub(super) keys: BTreeMap<ListingId, String>,
    pub(super) orders: BTreeMap<String, ImportedOrder>,
    pub(super) feed: Feed,
    agenda: Vec<(Timestamp, Turn)>,
    /// Told apart from an earlier world whose state was thrown away: names begin with when this one began.
    began: i64,
    named: u64,
}

impl Place {
    pub(super) fn new(luck: Luck, currency: Currency, now: Timestamp) -> Self {
        Self {
            market: Market::default(),
            faults: Faults::none(),
            currency,
            luck,
            listings: BTreeMap::new(),
            keys: BTreeMap::new(),
            orders: BTreeMap::new(),
            feed: Feed::default(),
            agenda: Vec::new(),
            began: now.as_micros() / 1_000_000,
            named: 0,
        }
    }

    pub(super) fn name(&mut self, what: &str) -> String {
        self.named += 1;
        format!("{what}-{:x}-{}", self.began, self.named)
    }

    pub(super) fn plan(&mut self, at: Timestamp, turn: Turn) {
        self.agenda.push((at, turn));
    }

    /// Lets everything happen that is due by `now`, each at its own time; answers whether anything was.
    pub(super) fn advance(&mut self, now: Timestamp) -> bool {
        let mut moved = false;
        loop {
            let due = self.agenda.iter().enumerate().filter(|(_, (at, _))| *at <= now);
            let Some((index, _)) = due.min_by_key(|(_, (at, _))| *at) else { return moved };
            let (at, turn) = self.agenda.remove(index);
            moved = true;
            match turn {
                Turn::Bid { external_id, wins } => self.bid_closes(&external_id, wins, at),
                Turn::Pays { order } => self.change(&order, at, |order| order.paid = true),
                Turn::Regrets { order } => self.change(&order, at, |order| order.cancelled = true),
                Turn::TellsHeld => self.tell_held(at),
                Turn::Relists => self.relist(at),
            }
        }
    }

    /// Why an offer does not fit, if it does not.
    pub(super) fn unfit(&self, offer: &Offer) -> Option<String> {
        let able = self.market.capabilities();
        let long = |text: &str, most: u32| text.chars().count() > most as usize;
        if offer.title.trim().is_empty() || long(&offer.title, able.max_title) {
            Some(format!("a title has 1 to {} characters", able.max_title))
        } else if long(&offer.description, able.max_description) {
            Some(format!("a description has at most {} characters", able.max_description))
        } else if offer.price.currency() != self.currency || !offer.price.is_positive() {
            Some(format!("a price is more than nothing, in {}", self.currency))
        } else if offer.qty < i64::from(!able.zero_qty) || (offer.qty > 1 && !able.multi_qty) {
            Some(format!("a listing here does not offer {}", offer.qty))
        } else {
            None
        }
    }

    /// Makes a listing. As at real marketplaces, a key used again makes another: whoever repeats itself blindly shows
    /// the same thing twice.
    pub(super) fn publish(&mut self, offer: &Offer) -> Observed {
        let external_id = self.name("L");
        let mut shown = Shown {
            external_id: external_id.clone(),
            key: offer.key,
            sku: String::new(),
            title: String::new(),
            description: String::new(),
            price: offer.price,
            qty: offer.qty,
            bid_until: None,
            ended: None,
        };
        shown.take(offer);
        let observed = shown.observed();
        self.keys.insert(offer.key, external_id.clone());
        self.listings.insert(external_id, shown);
        observed
    }

    /// Makes a listing equal to an offer; an ended one is no longer there to be changed.
    pub(super) fn revise(&mut self, external_id: &str, offer: &Offer) -> Option<Observed> {
        let shown = self.listings.get_mut(external_id).filter(|shown| shown.ended.is_none())?;
        shown.take(offer);
        Some(shown.observed())
    }

    /// Ends a listing; a bid on it stands in the way.
    pub(super) fn end(&mut self, external_id: &str, now: Timestamp) -> Result<(), Refusal> {
        let shown = self.listings.get(external_id).ok_or(Refusal::NoSuchListing)?;
        if shown.ended.is_some() {
            return Ok(());
        }
        if self.market == Market::Auction && shown.bid_until.is_none() {
            let late = self.luck.strikes(&[(Fault::Bid, self.faults.bids)]);
            if late.is_some() {
                self.bid(external_id, Duration::from_millis(self.faults.bids_ms), false, now)?;
            }
        }
        let shown = self.listings.get_mut(external_id).ok_or(Refusal::NoSuchListing)?;
        if shown.bid_until.is_some() {
            return Err(Refusal::BidStands);
        }
        shown.ended = Some(EndReason::Seller);
        Ok(())
    }

    /// The marketplace itself ends a listing, and tells so.
    pub(super) fn take_down(
        &mut self,
        external_id: &str,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let shown = self.listings.get_mut(external_id).ok_or(Refusal::NoSuchListing)?;
        if shown.ended.is_none() {
            shown.ended = Some(reason);
            self.tell(Told::ListingEnded { external_id: external_id.to_owned(), reason }, now);
        }
        Ok(())
    }

    /// Puts a bid on a listing, which later buys it or is withdrawn.
    pub(super) fn bid(
        &mut self,
        external_id: &str,
        stands: Duration,
        wins: bool,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let auction = self.market == Market::Auction;
        let shown = self.listings.get_mut(external_id).ok_or(Refusal::NoSuchListing)?;
        if !auction || !shown.on_offer() {
            return Err(Refusal::SoldOut { left: 0 });
        }
        let until = now.plus(stands);
        shown.bid_until = Some(until);
        self.plan(until, Turn::Bid { external_id: external_id.to_owned(), wins });
        Ok(())
    }

    fn bid_closes(&mut self, external_id: &str, wins: bool, at: Timestamp) {
        if let Some(shown) = self.listings.get_mut(external_id) {
            shown.bid_until = None;
        }
        if wins {
            // The marketplace may have taken the listing down meanwhile: then the bid is void.
            let _ = self.sell(external_id, 1, true, at);
        }
    }

    /// Sells. The marketplace never sells more than it shows: what it shows may be wrong, its own sums are not.
    pub(super) fn sell(
        &mut self,
        external_id: &str,
        qty: i64,
        paid: bool,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let stays = self.market.capabilities().zero_qty;
        let buyer = format!("Buyer {}", self.orders.len() + 1);
        let shown = self.listings.get_mut(external_id).ok_or(Refusal::NoSuchListing)?;
        let left = if shown.on_offer() { shown.qty } else { 0 };
        if qty < 1 || qty > left {
            return Err(Refusal::SoldOut { left });
        }
        shown.qty -= qty;
        let gone = shown.qty == 0 && !stays;
        if gone {
            shown.ended = Some(EndReason::SoldHere);
        }
        let line = ImportedLine {
            listing_external_id: Some(external_id.to_owned()),
            sku: Some(shown.sku.clone()),
            qty,
            unit_price: shown.price,
            taxes: Vec::new(),
        };
        let name = self.name("O");
        let order = ImportedOrder {
            external_id: name.clone(),
            external_version: 1,
            placed_at: now,
            lines: vec![line],
            shipping: self.currency.zero(),
            fees: None,
            paid,
            refunded: None,
            cancelled: false,
            buyer: Some(buyer),
        };
        self.orders.insert(name.clone(), order.clone());
        self.tell(Told::Order(order), now);
        if gone {
            let reason = EndReason::SoldHere;
            self.tell(Told::ListingEnded { external_id: external_id.to_owned(), reason }, now);
        }
        Ok(name)
    }

    /// Changes an order, if that changes anything, and tells its new version. A cancelled order stays as it is. What
    /// it would have taken is not offered again by itself: the seller says what there is.
    pub(super) fn change(&mut self, order: &str, now: Timestamp, change: impl FnOnce(&mut ImportedOrder)) {
        let Some(order) = self.orders.get_mut(order).filter(|order| !order.cancelled) else { return };
        let before = order.clone();
        change(order);
        if *order != before {
            order.external_version += 1;
            let order = order.clone();
            self.tell(Told::Order(order), now);
        }
    }
}
