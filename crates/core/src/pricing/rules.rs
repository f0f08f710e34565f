use super::PricingRule;
use crate::error::{Error, Fault, Kind, Result};
use crate::money::{Money, MoneyError, Ppm, Rounding};

/// What can go wrong with prices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// The price would lose money.
    #[error("{price} is below the floor of {floor}: raise the price, lower the floor, or set a loss budget")]
    BelowFloor {
        /// The price.
        price: Money,
        /// The lowest allowed.
        floor: Money,
    },
}

impl Fault for PricingError {
    fn kind(&self) -> Kind {
        Kind::Refused
    }
    fn code(&self) -> &'static str {
        "pricing.below_floor"
    }
}

/// The lowest price a program may set: the greater of the owner's floor and the break-even, less the loss budget
/// where the rule states one. A floor set by the owner is never undercut, budget or not.
pub fn floor(
    min_price: Option<Money>,
    break_even: Money,
    loss_budget: Option<Money>,
) -> Result<Money, MoneyError> {
    let economic = match loss_budget {
        Some(budget) => break_even.minus(budget)?.max(break_even.currency().zero())?,
        None => break_even,
    };
    min_price.map_or(Ok(economic), |set| set.max(economic))
}

/// A price held within its limits: not below the floor, not above the ceiling, not further from the present price
/// than the largest step. The floor wins over the others.
pub fn clamp(
    wanted: Money,
    current: Money,
    floor: Money,
    ceiling: Option<Money>,
    max_step: Option<Ppm>,
) -> Result<Money, MoneyError> {
    let mut price = wanted;
    if let Some(step) = max_step {
        let room = current.rate(step, Rounding::HalfEven)?;
        price = price.max(current.minus(room)?)?.min(current.plus(room)?)?;
    }
    if let Some(ceiling) = ceiling {
        price = price.min(ceiling)?;
    }
    price.max(floor)
}

/// The nearest price at or below `price` with this ending, or the nearest above when that would fall below the floor.
pub fn with_ending(price: Money, ending: i64, floor: Money) -> Money {
    let unit = 10_i64.pow(price.currency().decimals());
    let ending = ending.rem_euclid(unit.max(1));
    let below = (price.minor() - ending).div_euclid(unit) * unit + ending;
    let chosen = if below < floor.minor() { below + unit } else { below };
    Money::new(chosen, price.currency())
}

impl PricingRule {
    /// Refuses numbers that make no sense.
    pub fn check(&self) -> Result<()> {
        crate::accounts::check_text("name", &self.name, 100)?;
        if self.after_days < 0 {
            return Err(Error::invalid("after_days", self.after_days, "it cannot be below zero"));
        }
        if self.every_days < 1 {
            return Err(Error::invalid("every_days", self.every_days, "it is at least 1"));
        }
        for (field, rate) in [("step", self.step), ("most", self.most)] {
            if rate.0 < 1 || rate > Ppm::ONE {
                return Err(Error::invalid(field, rate.0, "choose 1 to 1,000,000 parts per million"));
            }
        }
        Ok(())
    }

    /// What a listing should cost after being live for `days`, having started at `first`. `None` while no step is due.
    pub fn price_after(&self, first: Money, days: i64, floor: Money) -> Result<Option<Money>, MoneyError> {
        if days < self.after_days {
            return Ok(None);
        }
        let steps = (days - self.after_days) / self.every_days + 1;
        let off = Ppm(self.step.0.saturating_mul(steps).min(self.most.0));
        let price = first.minus(first.rate(off, Rounding::HalfEven)?)?.max(floor)?;
        let price = self.ending.map_or(price, |ending| with_ending(price, ending, floor));
        price.min(first).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::{EntityId, PricingRuleId};
    use crate::money::Currency;

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn rule(ending: Option<i64>) -> PricingRule {
        PricingRule {
            id: PricingRuleId::from_u128(1),
            name: "age".into(),
            channel_id: None,
            after_days: 30,
            every_days: 10,
            step: Ppm(100_000),
            most: Ppm(400_000),
            loss_budget: None,
            ending,
            active: true,
            version: 1,
        }
    }

    #[test]
    fn steps_come_with_age_and_stop() {
        let after = |days| rule(None).price_after(pounds(1000), days, pounds(500)).unwrap().map(Money::minor);
        assert_eq!(after(29), None);
        assert_eq!(
            [after(30), after(39), after(40), after(400)],
            [Some(900), Some(900), Some(800), Some(600)]
        );
    }

    proptest! {
        #[test]
        fn no_rule_goes_below_its_floor(first in 1_i64..100_000, floor in 0_i64..100_000, days in 0_i64..500,
                                        ending in prop::option::of(0_i64..100)) {
            prop_assume!(floor <= first);
            if let Some(price) = rule(ending).price_after(pounds(first), days, pounds(floor)).unwrap() {
                prop_assert!(price.minor() >= floor && price.minor() <= first, "{price}");
            }
        }

        #[test]
        fn the_floor_wins(wanted in 0_i64..10_000, current in 0_i64..10_000, floor in 0_i64..10_000,
                          ceiling in prop::option::of(0_i64..10_000), step in prop::option::of(0_i64..1_000_000)) {
            let price = clamp(pounds(wanted), pounds(current), pounds(floor),
                              ceiling.map(pounds), step.map(Ppm)).unwrap();
            prop_assert!(price.minor() >= floor);
        }
    }

    #[test]
    fn an_owners_floor_is_not_undercut_by_a_budget() {
        assert_eq!(floor(Some(pounds(700)), pounds(800), Some(pounds(300))).unwrap(), pounds(700));
        assert_eq!(floor(None, pounds(800), Some(pounds(300))).unwrap(), pounds(500));
        assert_eq!(floor(None, pounds(800), None).unwrap(), pounds(800));
    }
}
