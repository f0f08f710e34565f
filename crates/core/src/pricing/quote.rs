use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::listings::FeeSchedule;
use crate::money::{Currency, Money, Ppm, Rounding};

/// What selling on a channel costs besides its fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costs {
    /// What the buyer pays for shipping.
    pub shipping: Money,
    /// What the label costs.
    pub label: Money,
    /// Tax that is inside the price and owed, as a rate on what remains: 20% VAT is 200,000.
    pub tax: Ppm,
}

/// The buyer's question at the shelf, answered for one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// What it will probably sell for.
    pub price: Money,
    /// What the channel keeps.
    pub fees: Money,
    /// What is left after fees, label and tax, before the cost.
    pub net: Money,
    /// What is left after the cost, too.
    pub profit: Money,
    /// Profit per cost; none when it costs nothing.
    pub roi: Option<Ppm>,
    /// The lowest price that loses nothing.
    pub break_even: Money,
    /// The most one should pay for it.
    pub highest_cost: Money,
}

impl Costs {
    /// No label, no tax, and shipping for nothing.
    pub fn none(currency: Currency) -> Self {
        Self { shipping: currency.zero(), label: currency.zero(), tax: Ppm(0) }
    }
}

/// What is left of a price after fees, label and tax, before the cost of the thing.
pub fn net(price: Money, fees: Option<&FeeSchedule>, costs: &Costs) -> Result<Money> {
    let gross = price.plus(costs.shipping)?;
    // Tax inside a price: price * rate / (1 + rate).
    let tax = gross.share(costs.tax.0, Ppm::ONE.0 + costs.tax.0, Rounding::HalfUp)?;
    Ok(gross.minus(kept(price, fees, costs)?)?.minus(costs.label)?.minus(tax)?)
}

/// What a channel keeps of a price; nothing where it has no fees.
fn kept(price: Money, fees: Option<&FeeSchedule>, costs: &Costs) -> Result<Money> {
    Ok(fees.map_or(Ok(price.currency().zero()), |fees| fees.fees(price, costs.shipping))?)
}

/// What buying a thing for `cost` would bring if it sells for `price`, and the most to pay for it when every unit of
/// money spent is to earn at least `wanted` (a rate of return).
pub fn quote(
    cost: Money,
    price: Money,
    fees: Option<&FeeSchedule>,
    costs: &Costs,
    wanted: Ppm,
) -> Result<Quote> {
    if cost.is_negative() {
        return Err(Error::invalid("cost", cost, "give what it costs, zero or more"));
    }
    if !(0..=100 * Ppm::ONE.0).contains(&wanted.0) {
        return Err(Error::invalid("wanted", wanted.0, "choose 0 to 100,000,000 parts per million"));
    }
    if !(0..=Ppm::ONE.0).contains(&costs.tax.0) {
        return Err(Error::invalid("tax", costs.tax.0, "choose 0 to 1,000,000 parts per million"));
    }
    let left = net(price, fees, costs)?;
    let profit = left.minus(cost)?;
    let roi = cost.is_positive().then(|| {
        let exact =
            Rounding::HalfEven.divide(i128::from(profit.minor()) * 1_000_000, i128::from(cost.minor()));
        Ppm(i64::try_from(exact).unwrap_or(i64::MAX))
    });
    let (mut low, mut high) = (0_i64, cost.minor().max(1));
    let pays = |minor: i64| -> Result<bool> {
        Ok(net(Money::new(minor, cost.currency()), fees, costs)?.minor() >= cost.minor())
    };
    while !pays(high)? {
        low = high;
        high = high.checked_mul(2).filter(|&h| h < 1_i64 << 52).ok_or_else(|| {
            Error::invalid("fees", "all of the price", "with these fees and taxes no price covers the cost")
        })?;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if pays(middle)? { high = middle } else { low = middle + 1 }
    }
    // Rounded down: a unit more would earn less than is wanted.
    let exact = i128::from(left.minor()) * i128::from(Ppm::ONE.0) / i128::from(Ppm::ONE.0 + wanted.0);
    let most = Money::new(i64::try_from(exact).unwrap_or(0), left.currency());
    Ok(Quote {
        price,
        fees: kept(price, fees, costs)?,
        net: left,
        profit,
        roi,
        break_even: Money::new(high, cost.currency()),
        highest_cost: most.max(cost.currency().zero())?,
    })
}

#[cfg(test)]
mod tests {
    use crate::clock::Date;
    use crate::ids::{ChannelId, EntityId, FeeScheduleId};
    use crate::listings::{FeeBase, FeeKind, FeeRule};
    use crate::money::Currency;
    use proptest::prelude::*;

    use super::*;

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn schedule(rate: i64, fixed: i64) -> FeeSchedule {
        FeeSchedule {
            id: FeeScheduleId::from_u128(1),
            channel_id: ChannelId::from_u128(1),
            effective_from: Date::from_ymd(2024, 1, 1).unwrap(),
            rules: vec![FeeRule {
                kind: FeeKind::FinalValue,
                base: FeeBase::Total,
                rate: Ppm(rate),
                fixed: Some(pounds(fixed)),
                least: None,
                most: None,
            }],
        }
    }

    proptest! {
        #[test]
        fn a_quote_keeps_its_word(cost in 0_i64..20_000, price in 100_i64..50_000, rate in 0_i64..250_000,
                                  label in 0_i64..900, tax in 0_i64..250_000, wanted in 0_i64..2_000_000) {
            let fees = schedule(rate, 30);
            let costs = Costs { shipping: pounds(299), label: pounds(label), tax: Ppm(tax) };
            let said = quote(pounds(cost), pounds(price), Some(&fees), &costs, Ppm(wanted)).unwrap();
            let at = |minor| net(pounds(minor), Some(&fees), &costs).unwrap().minor();
            prop_assert!(at(said.break_even.minor()) >= cost);
            prop_assert!(said.break_even.minor() == 0 || at(said.break_even.minor() - 1) < cost);
            let most = said.highest_cost.minor();
            prop_assert!(most == 0 || (said.net.minor() - most) * 1_000_000 >= most * wanted);
            prop_assert!((said.net.minor() - most - 1) * 1_000_000 < (most + 1) * wanted);
            prop_assert_eq!(said.net.minor() - cost, said.profit.minor());
        }
    }

    #[test]
    fn fees_that_take_all_are_named() {
        let costs = Costs { shipping: pounds(0), label: pounds(0), tax: Ppm(0) };
        let error =
            quote(pounds(100), pounds(500), Some(&schedule(1_000_000, 30)), &costs, Ppm(0)).unwrap_err();
        assert_eq!(error.field(), Some("fees"));
    }
}
