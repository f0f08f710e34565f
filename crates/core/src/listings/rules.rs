use sha2::{Digest, Sha256};

use super::{
    Capabilities, Channel, Desired, EndReason, FeeBase, FeeKind, FeeRule, FeeSchedule, Listing, ListingState,
    Offer, Presentation, SyncRun, SyncState, SyncTask,
};
use crate::clock::{Date, Timestamp};
use crate::entity::IllegalStep;
use crate::error::{Error, Fault, Kind, Result};
use crate::ids::{ChannelId, ConnectionId, EntityId, OrderId, SyncRunId, hex};
use crate::money::{Money, MoneyError, Rounding};

/// What can go wrong with listings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingError {
    /// The listing does not fit its channel.
    #[error("`{field}` does not fit the channel: {problem}")]
    Unfit {
        /// The field.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The thing is on offer there already.
    #[error("{sku:?} has a listing on this channel that has not ended: end or revise that one")]
    AlreadyListed {
        /// The SKU.
        sku: String,
    },
    /// No adapter speaks to this kind of channel.
    #[error("no adapter for channels of kind {kind:?}: enable it, or choose one of {known}")]
    UnknownKind {
        /// The kind.
        kind: String,
        /// The kinds there are.
        known: String,
    },
}

impl Fault for ListingError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unfit { .. } => Kind::Refused,
            Self::AlreadyListed { .. } => Kind::Conflict,
            Self::UnknownKind { .. } => Kind::Invalid,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Unfit { .. } => "listings.unfit",
            Self::AlreadyListed { .. } => "listings.already_listed",
            Self::UnknownKind { .. } => "listings.unknown_kind",
        }
    }
    fn field(&self) -> Option<std::borrow::Cow<'static, str>> {
        match self {
            Self::Unfit { field, .. } => Some((*field).into()),
            _ => None,
        }
    }
}

/// What a channel may be told it can sell: what is available, less the shop's reserve and the channel's buffer.
pub fn publishable(available: i64, safety_stock: i64, channel: &Channel) -> i64 {
    let qty = available.saturating_sub(safety_stock).saturating_sub(channel.buffer_qty).max(0);
    if channel.capabilities.multi_qty { qty } else { qty.min(1) }
}

impl Capabilities {
    /// Refuses content that the channel would.
    pub fn check(
        &self,
        title: &str,
        description: &str,
        price: Money,
        channel: &Channel,
    ) -> Result<(), ListingError> {
        let unfit = |field, problem| Err(ListingError::Unfit { field, problem });
        let too_long = |text: &str, most: u32| text.chars().count() > most as usize;
        if title.trim().is_empty() {
            return unfit("title", "it is empty: say what the thing is".into());
        }
        if too_long(title, self.max_title) {
            return unfit("title", format!("it has more than {} characters: shorten it", self.max_title));
        }
        if too_long(description, self.max_description) {
            let most = self.max_description;
            return unfit("description", format!("it has more than {most} characters: shorten it"));
        }
        if price.currency() != channel.currency {
            let problem = format!("it is in {}: the channel sells in {}", price.currency(), channel.currency);
            return unfit("price", problem);
        }
        if !price.is_positive() {
            return unfit("price", format!("it is {price}: ask for more than nothing"));
        }
        Ok(())
    }
}

impl FeeRule {
    fn on(&self, goods: Money, total: Money) -> Result<Money, MoneyError> {
        let base = if self.base == FeeBase::Goods { goods } else { total };
        let mut fee = base.rate(self.rate, Rounding::HalfUp)?;
        if let Some(fixed) = self.fixed {
            fee = fee.plus(fixed)?;
        }
        if let Some(least) = self.least {
            fee = fee.max(least)?;
        }
        self.most.map_or(Ok(fee), |most| fee.min(most))
    }
}

impl FeeSchedule {
    /// What the channel keeps of a sale of these goods with this shipping.
    pub fn fees(&self, goods: Money, shipping: Money) -> Result<Money, MoneyError> {
        let total = goods.plus(shipping)?;
        let charged = self.rules.iter().filter(|rule| rule.kind != FeeKind::Listing);
        let mut sum = goods.currency().zero();
        for rule in charged {
            sum = sum.plus(rule.on(goods, total)?)?;
        }
        sum.min(total.max(goods.currency().zero())?)
    }

    /// The lowest price that covers `cost` after fees.
    pub fn break_even(&self, cost: Money) -> Result<Money, MoneyError> {
        let zero = cost.currency().zero();
        let covers = |minor: i64| -> Result<bool, MoneyError> {
            let price = Money::new(minor, cost.currency());
            Ok(price.minus(self.fees(price, zero)?)?.minor() >= cost.minor())
        };
        let (mut low, mut high) = (0_i64, cost.minor().max(1));
        while !covers(high)? {
            low = high;
            high = high.checked_mul(2).ok_or(MoneyError::TooLarge)?;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if covers(middle)? { high = middle } else { low = middle + 1 }
        }
        Ok(Money::new(high, cost.currency()))
    }

    /// Refuses fees in another currency than the channel's, and rates outside 0 to 100%.
    pub fn check(&self, channel: &Channel) -> Result<()> {
        for (index, rule) in self.rules.iter().enumerate() {
            let at = format!("rules[{index}]");
            if !(0..=1_000_000).contains(&rule.rate.0) {
                let error = Error::invalid("rate", rule.rate.0, "choose 0 to 1,000,000 parts per million");
                return Err(error.within(at));
            }
            for amount in [rule.fixed, rule.least, rule.most].into_iter().flatten() {
                if amount.currency() != channel.currency || amount.is_negative() {
                    let remedy = format!("give an amount of at least zero in {}", channel.currency);
                    return Err(Error::invalid("fixed", amount, &remedy).within(at));
                }
            }
        }
        Ok(())
    }
}

/// The schedule in force on a day: the latest that has begun.
pub fn schedule_on(schedules: &[FeeSchedule], day: Date) -> Option<&FeeSchedule> {
    schedules
        .iter()
        .filter(|schedule| schedule.effective_from <= day)
        .max_by_key(|schedule| schedule.effective_from)
}

impl Listing {
    /// Whether it is, or may be, on offer.
    pub fn is_open(&self) -> bool {
        self.state != ListingState::Ended
    }

    /// Whether the channel may know of it.
    pub fn is_out(&self) -> bool {
        use ListingState as S;
        matches!(self.state, S::Publishing | S::Unknown | S::Live | S::Paused | S::Ending | S::NeedsAttention)
    }

    /// Moves to another state, if the machine allows it.
    pub fn step(&mut self, next: ListingState) -> Result<(), IllegalStep> {
        self.state = self.state.step(next)?;
        Ok(())
    }

    /// Notes that it is no longer wanted because `order` took the last unit, observed at `now`.
    /// A listing the channel has never seen ends at once; answers whether an end must be sent.
    pub fn sell_out(
        &mut self,
        order: Option<OrderId>,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<bool, IllegalStep> {
        self.desired = Desired::Unlisted;
        self.end_reason = Some(reason);
        if order.is_some() {
            self.sold_out_by = order;
            self.sold_out_at = Some(now);
        }
        if self.is_out() {
            return Ok(true);
        }
        self.end(reason, now)?;
        Ok(false)
    }

    /// Notes that it is gone. The reason given first stays.
    pub fn end(&mut self, reason: EndReason, now: Timestamp) -> Result<(), IllegalStep> {
        // What the channel has ended is gone, whatever we were about to do with it.
        if matches!(self.state, ListingState::Publishing | ListingState::Unknown) {
            self.step(ListingState::Live)?;
        }
        self.step(ListingState::Ended)?;
        self.desired = Desired::Unlisted;
        self.end_reason.get_or_insert(reason);
        self.ended_at = Some(now);
        self.published_qty = 0;
        Ok(())
    }

    /// Notes that the channel shows it with this quantity.
    pub fn confirm(
        &mut self,
        external_id: &str,
        url: Option<&str>,
        qty: i64,
        now: Timestamp,
    ) -> Result<(), IllegalStep> {
        let next = if qty > 0 { ListingState::Live } else { ListingState::Paused };
        if self.state != next {
            if matches!(self.state, ListingState::Publishing | ListingState::Unknown) {
                self.step(ListingState::Live)?;
            }
            if self.state != next {
                self.step(next)?;
            }
        }
        self.external_id = Some(external_id.to_owned());
        if let Some(url) = url {
            self.url = Some(url.to_owned());
        }
        self.published_qty = qty;
        self.live_since.get_or_insert(now);
        self.reconciled_at = Some(now);
        self.last_error = None;
        Ok(())
    }
}

impl SyncRun {
    /// A run that begins.
    pub fn begin(id: SyncRunId, channel_id: ChannelId, task: SyncTask, now: Timestamp) -> Self {
        Self {
            id,
            channel_id,
            task,
            state: SyncState::Running,
            received: 0,
            applied: 0,
            total: None,
            cursor: None,
            error: None,
            started_at: now,
            ended_at: None,
            version: 1,
        }
    }
}

/// What a listing's content hashes to: equal hashes mean there is nothing to revise.
pub fn content_hash(title: &str, description: &str, price: Money) -> String {
    let mut hasher = Sha256::new();
    for part in [title, description, &price.to_string()] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize()[..16])
}

/// The connection that a channel's secret is kept with, if it is.
pub fn connection_in(secret_ref: Option<&str>) -> Option<ConnectionId> {
    ConnectionId::parse(secret_ref?).ok()
}

impl Channel {
    /// The connection that it sells through, where its account is at a service.
    pub fn connection(&self) -> Option<ConnectionId> {
        connection_in(self.secret_ref.as_deref())
    }
}

/// The offer a channel is made for a listing.
pub fn offer_of(listing: &Listing, sku: &str, qty: i64, shows: Presentation) -> Offer {
    Offer {
        key: listing.id,
        sku: sku.to_owned(),
        title: listing.title.clone(),
        description: listing.description.clone(),
        price: listing.price,
        qty,
        seen: listing.external_id.is_some().then_some(listing.published_qty),
        shows,
        shown: listing.shown_hash.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::FeeScheduleId;
    use crate::money::{Currency, Ppm};

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn schedule(rate: i64, fixed: i64, most: Option<i64>) -> FeeSchedule {
        let rule = FeeRule {
            kind: FeeKind::FinalValue,
            base: FeeBase::Total,
            rate: Ppm(rate),
            fixed: Some(pounds(fixed)),
            least: None,
            most: most.map(pounds),
        };
        FeeSchedule {
            id: FeeScheduleId::from_u128(1),
            channel_id: ChannelId::from_u128(1),
            effective_from: Date::from_days(0).unwrap(),
            rules: vec![rule],
        }
    }

    proptest! {
        #[test]
        fn break_even_is_the_lowest_price_that_pays(
            cost in 0_i64..100_000, rate in 0_i64..500_000, fixed in 0_i64..100, most in prop::option::of(0_i64..500),
        ) {
            let schedule = schedule(rate, fixed, most);
            let price = schedule.break_even(pounds(cost)).unwrap();
            let net = |price: Money| price.minor() - schedule.fees(price, pounds(0)).unwrap().minor();
            prop_assert!(net(price) >= cost);
            if price.minor() > 0 {
                prop_assert!(net(pounds(price.minor() - 1)) < cost);
            }
        }
    }

    #[test]
    fn the_latest_schedule_that_has_begun_applies() {
        let day = |n| Date::from_days(n).unwrap();
        let mut early = schedule(1, 0, None);
        early.effective_from = day(10);
        let mut late = schedule(2, 0, None);
        late.effective_from = day(20);
        let both = [late, early];
        let rate = |n| schedule_on(&both, day(n)).map(|s| s.rules[0].rate.0);
        assert_eq!([rate(9), rate(10), rate(19), rate(20)], [None, Some(1), Some(1), Some(2)]);
    }
}
