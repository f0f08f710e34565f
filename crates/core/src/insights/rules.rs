use std::collections::BTreeMap;

use super::{DemandPoint, DemandSeries, Forecast, ForecastSum, Profit};
use crate::clock::Date;
use crate::ids::VariantId;
use crate::ledger::{Account, Balance};
use crate::money::{Currency, Money, MoneyError, Ppm, Rounding};

/// Builds a series without gaps from what was shipped and the stock at the end of each day. A day that ended with
/// nothing to sell is censored: its units are what there was, not what was wanted.
pub fn demand_series(
    variant_id: VariantId,
    from: Date,
    to: Date,
    shipped: &BTreeMap<Date, i64>,
    stock_at_end: impl Fn(Date) -> i64,
) -> DemandSeries {
    let days = (from.as_days()..=to.as_days()).filter_map(Date::from_days);
    let points = days
        .map(|day| DemandPoint {
            day,
            units: shipped.get(&day).copied().unwrap_or(0),
            censored: stock_at_end(day) <= 0,
        })
        .collect();
    DemandSeries { variant_id, points }
}

/// How probable it is that more than `units` are wanted: read off the quantiles by straight lines, as far as they reach.
pub fn exceeds(sum: &ForecastSum, units: i64) -> Ppm {
    // What is left above each quantile, in parts per million.
    let known = [
        (0, 1_000_000),
        (sum.q05, 950_000),
        (sum.q25, 750_000),
        (sum.q50, 500_000),
        (sum.q75, 250_000),
        (sum.q90, 100_000),
        (sum.q95, 50_000),
        (sum.q99, 10_000),
    ];
    if units < 0 {
        return Ppm::ONE;
    }
    // A stock of three is exceeded by a wish for the fourth: halfway between lies what a rounded figure means.
    let at = i128::from(units) * 1_000 + 500;
    let above = known.partition_point(|(quantile, _)| i128::from(*quantile) <= at);
    let Some(&(right, less)) = known.get(above) else {
        return Ppm(10_000);
    };
    let (left, more) = known[above.saturating_sub(1)];
    let (width, way) = (i128::from(right - left), at - i128::from(left));
    let fallen = Rounding::HalfEven.divide(i128::from(more - less) * way, width.max(1));
    Ppm(more - i64::try_from(fallen).unwrap_or(0))
}

/// In how many days half of all futures have sold `units`: by the sums as far as they reach, by the last one's pace
/// up to a year. None when that is not foreseen.
pub fn days_left(forecast: &Forecast, units: i64) -> Option<i64> {
    let wanted = i128::from(units.max(0)) * 1_000;
    let (mut days, mut sold) = (0_i64, 0_i64);
    for sum in &forecast.sums {
        if i128::from(sum.q50) > wanted {
            let (width, way) = (i128::from(sum.q50 - sold), wanted - i128::from(sold));
            let more = i128::from(sum.days - days) * way / width.max(1);
            return Some(days + i64::try_from(more).unwrap_or(0));
        }
        (days, sold) = (sum.days, sum.q50);
    }
    if sold <= 0 {
        return None;
    }
    let days = i64::try_from(wanted * i128::from(days) / i128::from(sold)).ok()?;
    (days <= 365).then_some(days)
}

/// Reads the result of a period from the balances of its postings, in the currency of the books.
pub fn profit(balances: &[Balance], currency: Currency) -> Result<Profit, MoneyError> {
    let of = |accounts: &[Account]| -> Result<Money, MoneyError> {
        let codes: Vec<_> =
            accounts.iter().map(|&account| crate::ledger::AccountCode::from(account)).collect();
        let chosen =
            balances.iter().filter(|row| row.balance.currency() == currency && codes.contains(&row.account));
        Money::sum(currency, chosen.map(|row| row.balance))
    };
    let revenue = of(&[Account::Sales, Account::ShippingIncome])?.negated()?;
    let cost_of_goods = of(&[Account::CostOfGoods])?;
    let fees = of(&[Account::Fees])?;
    let postage = of(&[Account::Postage])?;
    let refunds = of(&[Account::Refunds, Account::Chargebacks])?;
    let other = of(&[Account::Advertising, Account::Shrinkage, Account::OtherExpense])?;
    let profit =
        [cost_of_goods, fees, postage, refunds, other].into_iter().try_fold(revenue, Money::minus)?;
    Ok(Profit { revenue, cost_of_goods, fees, postage, refunds, other, profit })
}

/// Which share of what there was has been sold.
pub fn sell_through(sold: i64, left: i64) -> Ppm {
    let all = i128::from(sold) + i128::from(left);
    if all <= 0 {
        return Ppm(0);
    }
    let share = Rounding::HalfEven.divide(i128::from(sold) * 1_000_000, all);
    Ppm(i64::try_from(share).unwrap_or(0))
}

/// The value below which this share of the sorted values lies (nearest rank).
pub fn percentile(sorted: &[i64], share: Ppm) -> Option<i64> {
    let last = sorted.len().checked_sub(1)?;
    let rank = i128::from(share.0) * sorted.len() as i128;
    let index = usize::try_from((rank + 999_999) / 1_000_000).unwrap_or(0).saturating_sub(1);
    sorted.get(index.min(last)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EntityId;

    #[test]
    fn days_without_stock_say_nothing_of_demand() {
        let day = |n| Date::from_days(n).unwrap();
        let shipped = BTreeMap::from([(day(1), 3), (day(3), 1)]);
        let stock = |at: Date| if at == day(2) { 0 } else { 5 };
        let series = demand_series(VariantId::from_u128(1), day(1), day(3), &shipped, stock);
        let seen: Vec<_> = series.points.iter().map(|p| (p.units, p.censored)).collect();
        assert_eq!(seen, [(3, false), (0, true), (1, false)]);
    }

    fn sum(days: i64, [q05, q25, q50, q75, q90, q95, q99]: [i64; 7]) -> ForecastSum {
        ForecastSum { days, mean: q50, q05, q25, q50, q75, q90, q95, q99 }
    }

    #[test]
    fn what_is_left_falls_from_certain_to_rare() {
        let sum = sum(14, [1_000, 3_000, 5_000, 8_000, 10_000, 12_000, 15_000]);
        let risk: Vec<i64> = (-1..20).map(|units| exceeds(&sum, units).0).collect();
        assert!(risk.is_sorted_by(|a, b| a >= b), "{risk:?}");
        assert_eq!((risk[0], risk[20]), (1_000_000, 10_000));
        assert!((440_000..=480_000).contains(&exceeds(&sum, 5).0), "{risk:?}");
        let never = ForecastSum { days: 7, mean: 0, q05: 0, q25: 0, q50: 0, q75: 0, q90: 0, q95: 0, q99: 0 };
        assert_eq!(exceeds(&never, 0), Ppm(10_000));
    }

    #[test]
    fn stock_lasts_until_half_of_all_futures_have_sold_it() {
        let mut forecast = Forecast {
            id: crate::ids::ForecastId::from_u128(1),
            variant_id: VariantId::from_u128(1),
            from: Date::from_days(0).unwrap(),
            period_days: 1,
            steps: Vec::new(),
            sums: vec![sum(7, [0, 1, 7_000, 9, 9, 9, 9]), sum(14, [0, 1, 21_000, 9, 9, 9, 9])],
            class: "smooth".into(),
            response: None,
            model: "m".into(),
            backtest: None,
            inputs_hash: String::new(),
            made_at: crate::clock::Timestamp::from_micros(0),
        };
        let left: Vec<_> = [0, 3, 7, 14, 42, 547, 600].map(|units| days_left(&forecast, units)).into();
        assert_eq!(left, [Some(0), Some(3), Some(7), Some(10), Some(28), Some(364), None]);
        forecast.sums.iter_mut().for_each(|sum| sum.q50 = 0);
        assert_eq!(days_left(&forecast, 5), None);
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<i64> = (1..=100).collect();
        assert_eq!(percentile(&values, Ppm(500_000)), Some(50));
        assert_eq!(percentile(&values, Ppm(950_000)), Some(95));
        assert_eq!(percentile(&values, Ppm(1_000_000)), Some(100));
        assert_eq!(percentile(&values, Ppm(0)), Some(1));
        assert_eq!(percentile(&[], Ppm(500_000)), None);
    }
}
