use super::{FulfilmentStatus, Order, OrderLine, Promotion, PromotionKind};
use crate::clock::Timestamp;
use crate::error::{Error, Fault, Kind, Result};
use crate::ledger::{Account, Draft, Tags};
use crate::money::{Currency, Money, MoneyError, Rounding};

/// The most lines an order may have.
pub const MAX_LINES: usize = 500;

/// What can go wrong with orders.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// More than is open was to be sent or called off.
    #[error("{requested} of {sku:?} were to go, {open} are open: lower the quantity")]
    NotOpen {
        /// The SKU.
        sku: String,
        /// How many were named.
        requested: i64,
        /// How many are open.
        open: i64,
    },
    /// More came back than was sent.
    #[error("{requested} of {sku:?} were to come back, {sent} were sent and not returned yet")]
    NotSent {
        /// The SKU.
        sku: String,
        /// How many were named.
        requested: i64,
        /// How many can come back.
        sent: i64,
    },
    /// A line has no price.
    #[error("{sku:?} has no price: give the variant one, name a listing, or name the price of the line")]
    NoPrice {
        /// The SKU.
        sku: String,
    },
    /// A coupon cannot be used.
    #[error("the coupon {code:?} cannot be used: {why}")]
    Coupon {
        /// The code.
        code: String,
        /// Why.
        why: &'static str,
    },
    /// Something sent cannot be called off.
    #[error("{sent} units were sent: call off the remaining lines, or take the others back")]
    AlreadySent {
        /// How many.
        sent: i64,
    },
    /// The order cannot be confirmed yet.
    #[error("the order is not paid for: record or authorise {missing} first")]
    NotPaid {
        /// How much is missing.
        missing: Money,
    },
}

impl Fault for OrderError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotOpen { .. } | Self::NotSent { .. } | Self::AlreadySent { .. } | Self::NotPaid { .. } => {
                Kind::Conflict
            }
            Self::NoPrice { .. } | Self::Coupon { .. } => Kind::Refused,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotOpen { .. } => "orders.not_open",
            Self::NotSent { .. } => "orders.not_sent",
            Self::NoPrice { .. } => "orders.no_price",
            Self::Coupon { .. } => "orders.coupon",
            Self::AlreadySent { .. } => "orders.already_sent",
            Self::NotPaid { .. } => "orders.not_paid",
        }
    }
}

impl OrderLine {
    /// How many are still to be sent.
    pub fn open(&self) -> i64 {
        self.qty - self.fulfilled - self.cancelled
    }

    /// The line after its discount, without tax.
    pub fn net(&self) -> Result<Money, MoneyError> {
        self.unit_price.times(self.qty)?.minus(self.discount)
    }

    fn taxes_where(&self, facilitator: bool) -> Result<Money, MoneyError> {
        let taxes = self.taxes.iter().filter(|tax| tax.facilitator == facilitator);
        Money::sum(self.unit_price.currency(), taxes.map(|tax| tax.amount))
    }

    /// Tax the shop collects on the line.
    pub fn tax(&self) -> Result<Money, MoneyError> {
        self.taxes_where(false)
    }

    /// Tax the channel collects and pays itself.
    pub fn facilitator_tax(&self) -> Result<Money, MoneyError> {
        self.taxes_where(true)
    }

    /// The part of an amount of the whole line that belongs to its units from `from` on, `count` of them. Parts of
    /// successive units add up to the whole, whatever the steps.
    pub fn part_of(&self, whole: Money, from: i64, count: i64) -> Result<Money, MoneyError> {
        let upto = |units| whole.share(units, self.qty, Rounding::HalfEven);
        upto(from + count)?.minus(upto(from)?)
    }

    /// Notes that `qty` units left.
    pub fn fulfil(&mut self, qty: i64) -> Result<(), OrderError> {
        if qty > self.open() {
            return Err(OrderError::NotOpen { sku: self.sku.clone(), requested: qty, open: self.open() });
        }
        self.fulfilled += qty;
        Ok(())
    }

    /// Notes that `qty` units are no longer wanted.
    pub fn cancel(&mut self, qty: i64) -> Result<(), OrderError> {
        if qty > self.open() {
            return Err(OrderError::NotOpen { sku: self.sku.clone(), requested: qty, open: self.open() });
        }
        self.cancelled += qty;
        Ok(())
    }

    /// Notes that `qty` units came back.
    pub fn take_back(&mut self, qty: i64) -> Result<(), OrderError> {
        let sent = self.fulfilled - self.returned;
        if qty > sent {
            return Err(OrderError::NotSent { sku: self.sku.clone(), requested: qty, sent });
        }
        self.returned += qty;
        Ok(())
    }
}

/// The sums of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Lines after discounts, without tax.
    pub goods: Money,
    /// What discounts took off.
    pub discount: Money,
    /// Tax the shop collects.
    pub tax: Money,
    /// Tax the channel collects.
    pub facilitator_tax: Money,
    /// Everything the customer pays.
    pub total: Money,
}

/// Adds an order up from its lines and its shipping.
pub fn totals(lines: &[OrderLine], shipping: Money) -> Result<Totals, MoneyError> {
    let nothing = shipping.currency().zero();
    let mut sums =
        Totals { goods: nothing, discount: nothing, tax: nothing, facilitator_tax: nothing, total: nothing };
    for line in lines {
        sums.goods = sums.goods.plus(line.net()?)?;
        sums.discount = sums.discount.plus(line.discount)?;
        sums.tax = sums.tax.plus(line.tax()?)?;
        sums.facilitator_tax = sums.facilitator_tax.plus(line.facilitator_tax()?)?;
    }
    sums.total = sums.goods.plus(shipping)?.plus(sums.tax)?.plus(sums.facilitator_tax)?;
    Ok(sums)
}

/// Shares a discount among lines by their value, so that no line falls below nothing.
pub fn spread_discount(lines: &mut [OrderLine], discount: Money) -> Result<(), MoneyError> {
    if discount.is_zero() {
        return Ok(());
    }
    let values = lines.iter().map(|line| line.unit_price.times(line.qty)).collect::<Result<Vec<_>, _>>()?;
    let discount = discount.min(Money::sum(discount.currency(), values.iter().copied())?)?;
    let weights: Vec<i64> = values.iter().map(|value| value.minor()).collect();
    for (line, share) in lines.iter_mut().zip(discount.allocate(&weights)?) {
        line.discount = share;
    }
    Ok(())
}

impl Order {
    /// The order's currency.
    pub fn currency(&self) -> Currency {
        self.total.currency()
    }

    /// What the shop is to get for it as it stands now: tax that the channel pays itself is not the shop's.
    pub fn due(&self) -> Result<Money, MoneyError> {
        self.total.minus(self.facilitator_tax)?.plus(self.adjusted)
    }
}

/// How far the lines are sent.
pub fn fulfilment_status(lines: &[OrderLine]) -> FulfilmentStatus {
    let sum = |count: fn(&OrderLine) -> i64| lines.iter().map(count).sum::<i64>();
    let (open, sent, back) = (sum(OrderLine::open), sum(|l| l.fulfilled), sum(|l| l.returned));
    match (open, sent) {
        (0, 0) => FulfilmentStatus::Cancelled,
        (_, 0) => FulfilmentStatus::Unfulfilled,
        (0, _) if back == sent => FulfilmentStatus::Returned,
        (0, _) => FulfilmentStatus::Fulfilled,
        _ => FulfilmentStatus::PartFulfilled,
    }
}

/// Units of a line that leave together.
#[derive(Debug, Clone)]
pub struct Leaving<'a> {
    /// The line, as it was before.
    pub line: &'a OrderLine,
    /// How many leave.
    pub qty: i64,
    /// What they cost.
    pub cost: Money,
}

/// The entry for units that leave: deposits become revenue, tax and shipping income; inventory becomes cost of goods.
/// Answers the entry and how much of the deposits was earned. Shipping is earned with the first parcel.
pub fn revenue_entry(
    order: &Order,
    leaving: &[Leaving<'_>],
    first_parcel: bool,
    source: impl std::fmt::Display,
) -> Result<(Draft, Money), MoneyError> {
    let mut draft = Draft::new("fulfilment", source, "ship");
    let mut earned = order.currency().zero();
    for unit in leaving {
        let tags = Tags {
            item_id: unit.line.item_id,
            order_line_id: Some(unit.line.id),
            channel_id: order.channel_id,
        };
        let revenue = unit.line.part_of(unit.line.net()?, unit.line.fulfilled, unit.qty)?;
        let tax = unit.line.part_of(unit.line.tax()?, unit.line.fulfilled, unit.qty)?;
        earned = earned.plus(revenue)?.plus(tax)?;
        draft = draft.credit(Account::Sales, revenue, tags)?.credit(Account::TaxPayable, tax, tags)?;
        draft =
            draft.debit(Account::CostOfGoods, unit.cost, tags).credit(Account::Inventory, unit.cost, tags)?;
    }
    let tags = Tags { channel_id: order.channel_id, ..Tags::default() };
    if first_parcel {
        earned = earned.plus(order.shipping)?;
        draft = draft.credit(Account::ShippingIncome, order.shipping, tags)?;
    }
    Ok((draft.debit(Account::CustomerDeposits, earned, tags), earned))
}

impl Promotion {
    /// Refuses promotions that say nothing or contradict themselves.
    pub fn check(&self) -> Result<()> {
        crate::accounts::check_text("name", &self.name, 100)?;
        match (self.kind, self.rate, self.amount) {
            (PromotionKind::Percent, Some(rate), _) if (1..=1_000_000).contains(&rate.0) => Ok(()),
            (PromotionKind::Percent, rate, _) => {
                let given = rate.map_or("absent".into(), |rate| rate.0.to_string());
                Err(Error::invalid("rate", given, "choose 1 to 1,000,000 parts per million"))
            }
            (PromotionKind::Amount, None, Some(amount)) if amount.is_positive() => Ok(()),
            (PromotionKind::Amount, ..) => {
                Err(Error::invalid("amount", "absent", "give an amount, and no rate"))
            }
        }
    }

    /// What it takes off goods of this worth.
    pub fn discount_on(&self, goods: Money, now: Timestamp, code: &str) -> Result<Money> {
        let refused = |why| OrderError::Coupon { code: code.to_owned(), why };
        if self.starts_at.is_some_and(|start| now < start) {
            return Err(refused("it is not valid yet").into());
        }
        if self.ends_at.is_some_and(|end| now >= end) {
            return Err(refused("it is no longer valid").into());
        }
        let discount = match self.kind {
            PromotionKind::Percent => {
                let share = goods.rate(self.rate.unwrap_or_default(), Rounding::HalfUp)?;
                self.amount.map_or(Ok(share), |most| share.min(most))?
            }
            PromotionKind::Amount => self.amount.ok_or_else(|| refused("it grants nothing"))?,
        };
        Ok(discount.min(goods)?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::{EntityId, OrderId, OrderLineId, VariantId};
    use crate::listings::TaxLine;
    use crate::money::Ppm;

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn line(qty: i64, price: i64, tax: i64) -> OrderLine {
        let tax = TaxLine {
            jurisdiction: "GB".into(),
            rate: Ppm(200_000),
            amount: pounds(tax),
            facilitator: false,
        };
        OrderLine {
            id: OrderLineId::from_u128(1),
            order_id: OrderId::from_u128(1),
            variant_id: VariantId::from_u128(1),
            listing_id: None,
            item_id: None,
            sku: "A".into(),
            title: "A".into(),
            qty,
            fulfilled: 0,
            cancelled: 0,
            returned: 0,
            unit_price: pounds(price),
            discount: pounds(0),
            taxes: vec![tax],
            cost_at_sale: pounds(0),
            version: 1,
        }
    }

    proptest! {
        #[test]
        fn parts_of_a_line_add_up(qty in 1_i64..40, whole in 0_i64..100_000, steps in prop::collection::vec(1_i64..9, 1..50)) {
            let line = line(qty, 1, 0);
            let (mut from, mut sum) = (0, 0);
            for step in steps {
                let step = step.min(qty - from);
                let part = line.part_of(pounds(whole), from, step).unwrap();
                prop_assert!(!part.is_negative());
                sum += part.minor();
                from += step;
            }
            let rest = line.part_of(pounds(whole), from, qty - from).unwrap();
            prop_assert_eq!(sum + rest.minor(), whole);
        }

        #[test]
        fn a_discount_is_shared_to_the_penny(
            lines in prop::collection::vec((1_i64..20, 0_i64..5_000), 1..8), discount in 0_i64..20_000,
        ) {
            prop_assume!(lines.iter().any(|&(_, price)| price > 0));
            let mut lines: Vec<_> = lines.iter().map(|&(qty, price)| line(qty, price, 0)).collect();
            let worth: i64 = lines.iter().map(|l| l.qty * l.unit_price.minor()).sum();
            spread_discount(&mut lines, pounds(discount)).unwrap();
            prop_assert_eq!(lines.iter().map(|l| l.discount.minor()).sum::<i64>(), discount.min(worth));
            for line in &lines {
                prop_assert!(!line.net().unwrap().is_negative());
            }
        }

        #[test]
        fn a_line_is_open_sent_or_called_off(qty in 1_i64..50, steps in prop::collection::vec((0_u8..3, 1_i64..20), 0..30)) {
            let mut line = line(qty, 1, 0);
            for (what, n) in steps {
                let before = line.clone();
                let done = match what {
                    0 => line.fulfil(n),
                    1 => line.cancel(n),
                    _ => line.take_back(n),
                };
                if done.is_err() {
                    prop_assert_eq!(&line, &before);
                }
                prop_assert_eq!(line.qty, line.open() + line.fulfilled + line.cancelled);
                prop_assert!(line.open() >= 0 && line.returned <= line.fulfilled);
            }
        }
    }

    #[test]
    fn a_total_is_the_sum_of_its_parts() {
        let lines = [line(2, 1000, 400), line(1, 550, 110)];
        let sums = totals(&lines, pounds(300)).unwrap();
        assert_eq!((sums.goods, sums.tax, sums.total), (pounds(2550), pounds(510), pounds(3360)));
        assert!(totals(&lines, Money::new(1, Currency::EUR)).is_err(), "one currency per order");
    }
}
