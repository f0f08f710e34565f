use std::collections::BTreeMap;

use super::{DemandPoint, DemandSeries, Profit};
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
