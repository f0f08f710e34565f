use baddie_core::error::{Error, Result};
use baddie_core::money::Money;
use baddie_core::pricing::{Limits, Strategy, clamp, with_ending};

/// How demand answers to the price, around a price that was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    /// Units that sell in the period at the present price.
    pub units: f64,
    /// The elasticity, below zero.
    pub elasticity: f64,
    /// Its standard error.
    pub error: f64,
}

/// A price with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The price.
    pub price: Money,
    /// The expected profit of the period at it, and where it lies in 9 of 10 cases.
    pub profit: [f64; 3],
    /// The expected units of the period.
    pub units: f64,
    /// Why, in words.
    pub explanation: String,
}

/// How far from the price that was seen a constant elasticity is believed, as a factor.
const BELIEVED: f64 = 2.0;
/// Levels of the elasticity's distribution that stand for it: its mean and 1.645 deviations to each side.
const SIDES: [(f64, f64); 3] = [(-1.645, 0.185), (0.0, 0.63), (1.645, 0.185)];

/// Stock counts as cleared when so much of it is expected to be gone: where demand is uncertain, all of it never is.
const CLEARED: f64 = 0.9;

impl Demand {
    fn check(&self) -> Result<()> {
        if !self.units.is_finite() || self.units < 0.0 {
            return Err(Error::invalid("units", self.units, "give a finite number that is not below zero"));
        }
        if !self.elasticity.is_finite() || self.elasticity >= 0.0 {
            return Err(Error::invalid(
                "elasticity",
                self.elasticity,
                "demand falls with the price: give it below 0",
            ));
        }
        if !self.error.is_finite() || self.error < 0.0 {
            return Err(Error::invalid("error", self.error, "give a finite number that is not below zero"));
        }
        Ok(())
    }

    /// Units at a price `ratio` times the present one.
    fn at(&self, ratio: f64, deviations: f64) -> f64 {
        let elasticity = (self.elasticity + deviations * self.error).min(-0.01);
        self.units
            * ratio.clamp(1.0 / BELIEVED, BELIEVED).powf(elasticity)
            * if ratio > BELIEVED { (-(ratio / BELIEVED - 1.0) * 4.0).exp() } else { 1.0 }
    }
}

/// Price, expected units, expected profit and where it lies in 9 of 10 cases, over a ladder of prices. `margin` says
/// what a sale at a price leaves; no more than `stock` can be sold.
pub fn profit_curve(
    demand: &Demand,
    current: Money,
    margin: &dyn Fn(Money) -> Result<Money>,
    prices: &[Money],
    stock: i64,
) -> Result<Vec<(Money, f64, [f64; 3])>> {
    demand.check()?;
    if !current.is_positive() {
        return Err(Error::invalid("current", current, "give a price above zero"));
    }
    prices
        .iter()
        .map(|&price| {
            let margin = margin(price)?.minor() as f64;
            let ratio = price.minor() as f64 / current.minor() as f64;
            let most = stock.max(0) as f64;
            let [low, middle, high] = SIDES.map(|(side, _)| demand.at(ratio, side).min(most));
            let units = SIDES[0].1 * low + SIDES[1].1 * middle + SIDES[2].1 * high;
            let middle = units * margin;
            let sides = [low * margin, high * margin];
            let (least, most) = (sides[0].min(sides[1]).min(middle), sides[0].max(sides[1]).max(middle));
            Ok((price, units, [least, middle, most]))
        })
        .collect()
}

/// A price for a strategy, within the limits: the floor and the advertised minimum are never broken, whatever the
/// strategy or the ending asks for.
///
/// `margin` says what a sale at a price leaves after cost, fees, label and tax; `others` are what competitors ask;
/// no more than `stock` can be sold, and [`Strategy::ClearStock`] is to sell it all within the period.
pub fn advise(
    strategy: Strategy,
    demand: &Demand,
    current: Money,
    margin: &dyn Fn(Money) -> Result<Money>,
    others: &[Money],
    stock: i64,
    limits: &Limits,
) -> Result<Advice> {
    let floor = limits.advertised.map_or(Ok(limits.floor), |least| least.max(limits.floor))?;
    if let Some(ceiling) = limits.ceiling
        && ceiling.minor() < floor.minor()
    {
        return Err(Error::invalid("ceiling", ceiling, "it must not lie below the floor"));
    }
    let hold = |price: Money| clamp(price, current, floor, limits.ceiling, limits.step);
    let (low, high) =
        (hold(Money::new(0, current.currency()))?, hold(Money::new(i64::MAX / 4, current.currency()))?);
    let high = if limits.ceiling.is_none() && limits.step.is_none() {
        hold(Money::new(current.minor().saturating_mul(3), current.currency()))?
    } else {
        high
    };
    let ladder: Vec<Money> = (0..=240)
        .map(|k| Money::new(low.minor() + (high.minor() - low.minor()) * k / 240, current.currency()))
        .collect();
    let curve = profit_curve(demand, current, margin, &ladder, stock)?;
    let mut asked: Vec<i64> = others.iter().map(|price| price.minor()).collect();
    asked.sort_unstable();
    let (wanted, why) = match strategy {
        Strategy::MaximizeProfit => {
            let best =
                curve.iter().fold(&curve[0], |best, one| if one.2[1] > best.2[1] { one } else { best });
            (
                best.0,
                format!(
                    "demand answers with an elasticity of {:.2}; this price earns most",
                    demand.elasticity
                ),
            )
        }
        Strategy::MaximizeSales => {
            let mut paying = curve[240].0;
            for &(price, ..) in &curve {
                if margin(price)?.is_positive() {
                    paying = price;
                    break;
                }
            }
            (paying, "the lowest price that still earns something on each sale".to_owned())
        }
        Strategy::MatchCompetition | Strategy::PremiumPositioning if asked.is_empty() => {
            (current, "nobody else's price is known, so it stays".to_owned())
        }
        Strategy::MatchCompetition => {
            let middle = asked[asked.len() / 2];
            (Money::new(middle, current.currency()), format!("the middle of {} other prices", asked.len()))
        }
        Strategy::PremiumPositioning => {
            let upper = asked[(asked.len() * 3 / 4).min(asked.len() - 1)];
            let above = Money::new(upper.saturating_add(upper / 20), current.currency());
            (above, format!("a twentieth above three quarters of {} other prices", asked.len()))
        }
        Strategy::ClearStock => match curve.iter().rev().find(|one| one.1 >= CLEARED * stock as f64) {
            Some(gone) => {
                (gone.0, format!("the highest price at which {stock} are expected to be gone in time"))
            }
            None => (curve[0].0, format!("no price within the limits is expected to move {stock} in time")),
        },
    };
    let held = hold(wanted)?;
    let ended = limits.ending.map_or(held, |ending| with_ending(held, ending, floor));
    // An ending is a wish; the limits are not.
    let price = if hold(ended)? == ended { ended } else { held };
    let (_, units, profit) = profit_curve(demand, current, margin, &[price], stock)?[0];
    let bound = if held == wanted { "" } else { "; held within the owner's limits" };
    let explanation = format!("{price}: {why}{bound}. Expected: {units:.1} sold.");
    Ok(Advice { price, profit, units, explanation })
}

#[cfg(test)]
mod tests {
    use baddie_core::money::{Currency, Ppm};
    use proptest::prelude::*;

    use super::{Demand, Limits, Money, Result, advise};
    use baddie_core::pricing::Strategy as Aim;

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn over(cost: i64) -> impl Fn(Money) -> Result<Money> {
        move |price| Ok(price.minus(pounds(cost))?)
    }

    fn strategies() -> impl Strategy<Value = Aim> {
        prop_oneof![
            Just(Aim::MaximizeProfit),
            Just(Aim::MaximizeSales),
            Just(Aim::MatchCompetition),
            Just(Aim::PremiumPositioning),
            Just(Aim::ClearStock),
        ]
    }

    proptest! {
        #[test]
        fn limits_are_never_broken(
            strategy in strategies(), floor in 1_i64..5_000, room in 0_i64..9_000, current in 1_i64..9_000,
            advertised in prop::option::of(1_i64..6_000), step in prop::option::of(0_i64..500_000),
            ending in prop::option::of(0_i64..100), others in prop::collection::vec(1_i64..9_000, 0..5),
            elasticity in -5.0_f64..-0.1, units in 0.0_f64..100.0,
        ) {
            let least = advertised.map_or(floor, |a| a.max(floor));
            let limits = Limits {
                floor: pounds(floor), ceiling: Some(pounds(least + room)), advertised: advertised.map(pounds),
                step: step.map(Ppm), ending,
            };
            let demand = Demand { units, elasticity, error: 0.3 };
            let others: Vec<Money> = others.into_iter().map(pounds).collect();
            let said = advise(strategy, &demand, pounds(current), &over(300), &others, 20, &limits).unwrap();
            prop_assert!(said.price.minor() >= least && said.price.minor() <= least + room);
            if let Some(step) = step {
                let away = (said.price.minor() - current).abs();
                // The floor and the ceiling win over the step.
                let free = current >= least && current <= least + room;
                prop_assert!(!free || away <= current * step / 1_000_000 + 1);
            }
            prop_assert!(said.profit.is_sorted());
        }
    }

    #[test]
    fn the_best_price_is_the_textbooks() {
        // With constant elasticity e the best price is cost * e / (1 + e).
        let demand = Demand { units: 50.0, elasticity: -3.0, error: 0.0 };
        let limits = Limits {
            floor: pounds(100),
            ceiling: Some(pounds(2_000)),
            advertised: None,
            step: None,
            ending: None,
        };
        let said =
            advise(Aim::MaximizeProfit, &demand, pounds(800), &over(600), &[], 5_000, &limits).unwrap();
        assert!((said.price.minor() - 900).abs() <= 8, "{}", said.price);
        // With nothing more to sell than sells already, the lower price earns nothing.
        let few = advise(Aim::MaximizeProfit, &demand, pounds(800), &over(600), &[], 10, &limits).unwrap();
        assert!(few.price.minor() > 1_200, "{}", few.price);
        let nonsense = Demand { elasticity: 0.5, ..demand };
        assert!(advise(Aim::ClearStock, &nonsense, pounds(8), &over(6), &[], 0, &limits).is_err());
    }
}
