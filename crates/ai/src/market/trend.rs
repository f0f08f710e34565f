use baddie_core::error::{Error, Result};
use baddie_core::money::Money;

use crate::forecast::{Frequency, Series};
use crate::numeric::{normal_cdf, quantile_sorted};

/// Where demand is heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Change of the level per year, as a factor: 1.1 is a tenth more.
    pub per_year: f64,
    /// The chance that a movement as steady as this is no chance, from 0 to 1.
    pub certainty: f64,
    /// For each step of the year's or week's season how it compares to the mean; empty where none shows.
    pub season: Vec<f64>,
    /// The latest quarter of the values against the quarter before, as a factor.
    pub momentum: f64,
}

/// The most values that are compared pair by pair.
const PAIRS: usize = 400;

/// Trend and season of a series: the median of all slopes (Theil, 1950; Sen, 1968), how steady it is (Mann, 1945;
/// Kendall, 1955), and the season's figures by classical decomposition.
pub fn trend(series: &Series, frequency: Frequency) -> Result<Trend> {
    series.check()?;
    let y = series.uncensored(14);
    // Long series are summed into blocks, so that pairs stay few.
    let block = y.len().div_ceil(PAIRS).max(if frequency == Frequency::Daily { 7 } else { 1 });
    let skip = y.len() % block;
    let blocks: Vec<f64> = y[skip..].chunks(block).map(|c| c.iter().sum::<f64>() / block as f64).collect();
    let n = blocks.len();
    let (mut slopes, mut score) = (Vec::new(), 0.0);
    for i in 0..n {
        for j in i + 1..n {
            let rise = blocks[j] - blocks[i];
            slopes.push(rise / (j - i) as f64);
            score += if rise > 0.0 {
                1.0
            } else if rise < 0.0 {
                -1.0
            } else {
                0.0
            };
        }
    }
    slopes.sort_by(f64::total_cmp);
    let mut sorted = blocks.clone();
    sorted.sort_by(f64::total_cmp);
    let middle = quantile_sorted(&sorted, 0.5).max(crate::numeric::mean(&blocks) * 0.25).max(1e-9);
    let slope = quantile_sorted(&slopes, 0.5);
    let year = frequency.year() as f64 / block as f64;
    let size = n as f64;
    let spread = (size * (size - 1.0) * (2.0 * size + 5.0) / 18.0).sqrt().max(1e-9);
    let quarter = (n / 4).max(1);
    let mean = |slice: &[f64]| slice.iter().sum::<f64>() / slice.len().max(1) as f64;
    let recent = mean(&blocks[n.saturating_sub(quarter)..]);
    let before = mean(&blocks[n.saturating_sub(2 * quarter)..n.saturating_sub(quarter)]);
    let momentum = if before > 0.0 { recent / before } else { 1.0 };
    Ok(Trend {
        per_year: (1.0 + slope * year / middle).clamp(0.0, 100.0),
        certainty: if n < 4 { 0.0 } else { 2.0 * normal_cdf(f64::abs(score) / spread) - 1.0 },
        season: crate::forecast::season_of(&y, frequency),
        momentum,
    })
}

/// Where a price stands among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Others that ask less.
    pub below: usize,
    /// Others that ask more.
    pub above: usize,
    /// The middle of the others.
    pub middle: Money,
}

/// Where a price stands among what others ask; none when there are no others.
pub fn position(price: Money, others: &[Money]) -> Result<Option<Position>> {
    let mut asked = Vec::with_capacity(others.len());
    for (k, other) in others.iter().enumerate() {
        if other.currency() != price.currency() {
            let remedy = "compare prices of one currency";
            return Err(Error::invalid(format!("others[{k}]"), other, remedy));
        }
        asked.push(other.minor());
    }
    asked.sort_unstable();
    Ok(asked.get(asked.len() / 2).map(|&middle| Position {
        below: asked.iter().filter(|&&a| a < price.minor()).count(),
        above: asked.iter().filter(|&&a| a > price.minor()).count(),
        middle: Money::new(middle, price.currency()),
    }))
}

/// The share of stock that sells within a period: what was seen, drawn towards `usual` by the weight of ten things, so
/// that two sold of two is no certainty.
pub fn sell_through(sold: u32, listed: u32, usual: f64) -> Result<f64> {
    if sold > listed {
        return Err(Error::invalid("sold", sold, "no more can sell than was listed"));
    }
    if !(0.0..=1.0).contains(&usual) {
        return Err(Error::invalid("usual", usual, "give a share from 0 to 1"));
    }
    Ok((f64::from(sold) + 10.0 * usual) / (f64::from(listed) + 10.0))
}

#[cfg(test)]
mod tests {
    use baddie_core::money::Currency;

    use super::*;

    #[test]
    fn a_rise_is_seen_through_noise() {
        let y: Vec<f64> = (0..48).map(|t| 100.0 + 2.0 * f64::from(t) + f64::from(t % 5)).collect();
        let said = trend(&Series::new("a", y), Frequency::Monthly).unwrap();
        assert!((said.per_year - 1.16).abs() < 0.03 && said.certainty > 0.99, "{said:?}");
        let flat = trend(&Series::new("a", vec![5.0; 48]), Frequency::Monthly).unwrap();
        assert!((flat.per_year - 1.0).abs() < 1e-9 && flat.certainty < 0.01 && flat.season.is_empty());
        let one = trend(&Series::new("a", vec![5.0]), Frequency::Daily).unwrap();
        assert!(one.per_year.is_finite() && one.momentum.is_finite());
    }

    #[test]
    fn a_season_is_seen() {
        let y: Vec<f64> = (0..60).map(|t| 10.0 + if t % 12 == 11 { 20.0 } else { 0.0 }).collect();
        let said = trend(&Series::new("a", y), Frequency::Monthly).unwrap();
        assert!(said.season[11] > 2.0 * said.season[0], "{said:?}");
    }

    #[test]
    fn positions_and_shares() {
        let pounds = |minor| Money::new(minor, Currency::GBP);
        let said = position(pounds(500), &[pounds(400), pounds(600), pounds(700)]).unwrap().unwrap();
        assert_eq!((said.below, said.above, said.middle), (1, 2, pounds(600)));
        assert!(position(pounds(500), &[]).unwrap().is_none());
        assert!((sell_through(2, 2, 0.3).unwrap() - 5.0 / 12.0).abs() < 1e-12);
        assert!(sell_through(3, 2, 0.3).is_err());
    }
}
