use std::collections::BTreeMap;

use baddie_core::catalog::Condition;
use baddie_core::error::{Error, Result};
use baddie_core::listings::FeeSchedule;
use baddie_core::money::Money;
use baddie_core::pricing::{Appraisal, Comparable, Costs, MarkdownStep, PricePoint, Subject, net};

use super::markdown::markdown;
use crate::numeric::normal_quantile;

/// How strongly the chance of a sale falls with the price, where the comparables do not say.
const STEEPNESS: f64 = 3.0;
/// What a step in condition is worth: about a sixth of the price.
const CONDITION_STEP: f64 = 0.17;
/// The prior: one sale in this many days of offering at the typical price, known as well as from one comparable.
const PRIOR_DAYS: f64 = 45.0;
const HALF_YEAR: f64 = 182.0;
/// A period of the markdown, and how many there are.
const PERIOD: i64 = 7;
const PERIODS: usize = 26;
/// What waiting a day costs, as a share of the money: a fifth in a year, and the room it takes.
const PATIENCE: f64 = 0.001;

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort();
    words.dedup();
    words
}

fn rank(condition: Condition) -> f64 {
    match condition {
        Condition::New => 0.0,
        Condition::LikeNew => 1.0,
        Condition::VeryGood => 2.0,
        Condition::Good => 3.0,
        Condition::Acceptable => 4.0,
        Condition::ForParts => 7.0,
    }
}

/// How much each comparable counts: shared words by their rarity, the same brand and category, how long ago.
fn likeness(subject: &Subject, comparables: &[Comparable]) -> Vec<f64> {
    let all: Vec<Vec<String>> = comparables.iter().map(|c| words(&c.title)).collect();
    let mut seen: BTreeMap<&str, f64> = BTreeMap::new();
    for word in all.iter().flatten() {
        *seen.entry(word).or_default() += 1.0;
    }
    let n = comparables.len() as f64 + 1.0;
    let rarity = |word: &str| (1.0 + n / (1.0 + seen.get(word).copied().unwrap_or(0.0))).ln();
    let own = words(&subject.title);
    let length = |words: &[String]| words.iter().map(|w| rarity(w).powi(2)).sum::<f64>().sqrt().max(1e-9);
    let own_length = length(&own);
    comparables
        .iter()
        .zip(&all)
        .map(|(c, words)| {
            let shared: f64 =
                words.iter().filter(|w| own.binary_search(w).is_ok()).map(|w| rarity(w).powi(2)).sum();
            let alike = shared / (own_length * length(words));
            let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
                (Some(a), Some(b)) if a.to_lowercase() == b.to_lowercase() => 1.0,
                (Some(_), Some(_)) => 0.25,
                _ => 0.7,
            };
            let recent = (-c.age.max(0.0) / HALF_YEAR * std::f64::consts::LN_2).exp();
            let paid = if c.sold { 1.0 } else { 0.4 };
            (0.05 + alike).powi(2)
                * same(&c.brand, &subject.brand)
                * same(&c.category, &subject.category)
                * recent
                * paid
        })
        .collect()
}

/// What a one-of-a-kind thing would bring, from things like it: a weighted log-normal of their prices at the
/// subject's condition, the hazard of a sale by price (Lancaster, 1990), and the markdown that earns most.
pub fn appraise(
    subject: &Subject,
    comparables: &[Comparable],
    fees: Option<&FeeSchedule>,
    costs: &Costs,
) -> Result<Appraisal> {
    let currency = subject.cost.currency();
    for (k, c) in comparables.iter().enumerate() {
        if !c.price.is_positive() || c.price.currency() != currency {
            let remedy = "give a price above zero, in the currency of the cost";
            return Err(Error::invalid(format!("comparables[{k}].price"), c.price, remedy));
        }
        if c.days.is_some_and(|d| !d.is_finite() || d < 0.0) || !c.age.is_finite() {
            let given = format!("{:?} days, age {}", c.days, c.age);
            return Err(Error::invalid(
                format!("comparables[{k}].days"),
                given,
                "give finite days, none below zero",
            ));
        }
    }
    if comparables.is_empty() {
        return Err(Error::invalid("comparables", "empty", "give at least one thing like it with its price"));
    }
    let weights = likeness(subject, comparables);
    let total: f64 = weights.iter().sum();
    let effective = total * total / weights.iter().map(|w| w * w).sum::<f64>();
    let logs: Vec<f64> = comparables
        .iter()
        .map(|c| {
            let steps = match (subject.condition, c.condition) {
                (Some(own), Some(other)) => rank(own) - rank(other),
                _ => 0.0,
            };
            // Asking prices of what has not sold lie above what is paid.
            let asked = if c.sold { 0.0 } else { 0.08 };
            (c.price.minor() as f64).ln() - CONDITION_STEP * steps - asked
        })
        .collect();
    // A weighted median is not moved by one dreamer's price.
    let mut order: Vec<usize> = (0..logs.len()).collect();
    order.sort_by(|&a, &b| logs[a].total_cmp(&logs[b]));
    let mut sum = 0.0;
    let median = order.iter().find(|&&k| {
        sum += weights[k];
        sum >= total / 2.0
    });
    let middle = logs[*median.unwrap_or(&order[0])];
    let gaps: f64 = logs.iter().zip(&weights).map(|(l, w)| w * (l - middle).clamp(-1.0, 1.0).abs()).sum();
    // A mean absolute gap of one is a deviation of 1.25; few comparables are held up by a usual spread of a third.
    let spread = (1.2533 * gaps / total * effective + 0.33 * 2.0) / (effective + 2.0);
    let at = |level: f64| money((middle + normal_quantile(level) * spread).exp(), currency);
    let (mut sales, mut days) = (1.0, PRIOR_DAYS);
    for ((c, w), log) in comparables.iter().zip(&weights).zip(&logs) {
        if let Some(on_offer) = c.days {
            let share = w / total * effective;
            sales += share * f64::from(u8::from(c.sold));
            days += share * on_offer.max(0.5) * (-STEEPNESS * (log - middle).clamp(-1.5, 1.5)).exp();
        }
    }
    let per_day = sales / days;
    let typical = middle.exp();
    let hazard = |price: f64| per_day * (price / typical).powf(-STEEPNESS);
    let floor = subject.cost.minor().max(1) as f64;
    let top = typical * (2.0 * spread).exp();
    let bottom = (typical * 0.35).min(top / 2.0).max(1.0);
    let ladder: Vec<Money> =
        (0..24).map(|k| money(top * (bottom / top).powf(f64::from(k) / 23.0), currency)).collect();
    let mut earned = Vec::with_capacity(ladder.len());
    for &price in &ladder {
        earned.push(net(price, fees, costs)?.minor() as f64 - floor);
    }
    let curve: Vec<(Money, f64)> = ladder
        .iter()
        .zip(&earned)
        .map(|(&price, earned)| {
            let h = hazard(price.minor() as f64);
            // A sale at rate h against impatience: h / (h + patience) of the profit.
            (price, earned * h / (h + PATIENCE))
        })
        .collect();
    // The best path over half a year of weeks: one unit, prices that never rise, impatience as falling worth.
    let means: Vec<Vec<f64>> =
        ladder.iter().map(|p| vec![hazard(p.minor() as f64) * PERIOD as f64; PERIODS]).collect();
    let path_prices: Vec<f64> = earned.iter().map(|e| e.max(0.0)).collect();
    let plan = path_of(&path_prices, &means, &ladder)?;
    let asking = plan.first().map_or(at(0.5), |step| step.price);
    let h = hazard(asking.minor() as f64);
    let profit = curve.iter().map(|c| c.1).fold(f64::NEG_INFINITY, f64::max);
    let whole = |minor: f64| Money::new(minor.clamp(-9e15, 9e15).round() as i64, currency);
    Ok(Appraisal {
        low: at(0.1),
        typical: at(0.5),
        high: at(0.9),
        weight: effective,
        per_day,
        asking,
        profit: whole(profit),
        days: std::f64::consts::LN_2 / h,
        path: plan,
        curve: curve.into_iter().map(|(price, profit)| PricePoint { price, profit: whole(profit) }).collect(),
    })
}

fn path_of(earned: &[f64], means: &[Vec<f64>], ladder: &[Money]) -> Result<Vec<MarkdownStep>> {
    // Waiting costs: the rest value at the end is a bit of the least price, and each week later earns a bit less, which
    // the program sees as a lower chance of a sale.
    let patient: Vec<Vec<f64>> = means
        .iter()
        .map(|row| {
            let mut fade = 1.0;
            row.iter()
                .map(|m| {
                    fade *= 1.0 - PATIENCE * PERIOD as f64;
                    m * fade
                })
                .collect()
        })
        .collect();
    let least = earned.iter().copied().fold(f64::INFINITY, f64::min);
    let plan = markdown(earned, &patient, 1, 0.5 * least, false)?;
    let mut path: Vec<MarkdownStep> = Vec::new();
    let mut lowest = i64::MAX;
    for (t, best) in plan.plan.iter().enumerate() {
        let price = ladder[best[1]];
        if price.minor() < lowest {
            lowest = price.minor();
            path.push(MarkdownStep { after_days: t as i64 * PERIOD, price });
        }
    }
    Ok(path)
}

fn money(minor: f64, currency: baddie_core::money::Currency) -> Money {
    Money::new(minor.clamp(1.0, 9e15).round() as i64, currency)
}

#[cfg(test)]
mod tests {
    use baddie_core::clock::Date;
    use baddie_core::ids::{ChannelId, EntityId, FeeScheduleId};
    use baddie_core::money::{Currency, Ppm};

    use super::*;

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn free() -> FeeSchedule {
        FeeSchedule {
            id: FeeScheduleId::from_u128(1),
            channel_id: ChannelId::from_u128(1),
            effective_from: Date::from_ymd(2024, 1, 1).unwrap(),
            rules: Vec::new(),
        }
    }

    fn sold(title: &str, price: i64, condition: Condition) -> Comparable {
        Comparable {
            title: title.to_owned(),
            brand: Some("Barbour".to_owned()),
            category: None,
            condition: Some(condition),
            price: pounds(price),
            sold: true,
            days: Some(20.0),
            age: 10.0,
        }
    }

    #[test]
    fn like_things_set_the_price() {
        let comparables = [
            sold("Barbour Bedale wax jacket C40 green", 9_000, Condition::Good),
            sold("Barbour Bedale wax jacket C42 navy", 9_600, Condition::Good),
            sold("Barbour Bedale jacket olive", 8_800, Condition::Good),
            sold("Barbour wool scarf", 2_500, Condition::New),
        ];
        let subject = |condition| Subject {
            title: "Barbour Bedale wax jacket C38".to_owned(),
            brand: Some("Barbour".to_owned()),
            category: None,
            condition: Some(condition),
            cost: pounds(2_000),
        };
        let costs = Costs { shipping: pounds(0), label: pounds(400), tax: Ppm(0) };
        let said = appraise(&subject(Condition::Good), &comparables, Some(&free()), &costs).unwrap();
        assert!((8_500..=9_700).contains(&said.typical.minor()), "{}", said.typical);
        assert!(said.low.minor() < said.typical.minor() && said.typical.minor() < said.high.minor());
        let worn = appraise(&subject(Condition::Acceptable), &comparables, Some(&free()), &costs).unwrap();
        assert!(worn.typical.minor() < said.typical.minor());
        assert!(
            said.path.is_sorted_by(|a, b| a.after_days < b.after_days && a.price.minor() > b.price.minor()),
            "{:?}",
            said.path
        );
        assert_eq!(said.path[0].price, said.asking);
        assert!(appraise(&subject(Condition::Good), &[], Some(&free()), &costs).is_err());
    }
}
