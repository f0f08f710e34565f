use std::collections::BTreeSet;

use baddie_core::clock::Date;
use baddie_core::error::{Error, Result};

/// How much time one step of a series covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// A day.
    Daily,
    /// Seven days.
    Weekly,
    /// A calendar month.
    Monthly,
    /// Three calendar months.
    Quarterly,
}

impl Frequency {
    /// Steps after which a season comes round that a single series can show: a week of days, a year of the others.
    pub fn season(self) -> usize {
        match self {
            Self::Daily => 7,
            Self::Weekly => 52,
            Self::Monthly => 12,
            Self::Quarterly => 4,
        }
    }

    /// Steps of a year, nearly.
    pub fn year(self) -> usize {
        match self {
            Self::Daily => 364,
            Self::Weekly => 52,
            Self::Monthly => 12,
            Self::Quarterly => 4,
        }
    }

    /// Reads `D`, `W`, `M` or `Q`.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "D" | "d" => Ok(Self::Daily),
            "W" | "w" => Ok(Self::Weekly),
            "M" | "m" => Ok(Self::Monthly),
            "Q" | "q" => Ok(Self::Quarterly),
            _ => Err(Error::invalid("freq", format!("{text:?}"), "use D, W, M or Q")),
        }
    }

    /// The number of a date's step on the line of time: equal for all dates of one step, one more for the next.
    pub fn index(self, date: Date) -> i64 {
        let months = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
        match self {
            Self::Daily => date.as_days(),
            // Steps of seven days are counted from the date they begin on; see `Series::from_dated`.
            Self::Weekly => date.as_days().div_euclid(7),
            Self::Monthly => months,
            Self::Quarterly => months.div_euclid(3),
        }
    }
}

/// What happened over time to one thing, step by step without gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name; unique among the series of one call.
    pub id: String,
    /// Things of one group are thought to behave alike; may be empty.
    pub group: String,
    /// The date of the first value, where known: it tells the calendar and aligns series with each other.
    pub start: Option<Date>,
    /// The values, oldest first.
    pub y: Vec<f64>,
    /// Steps on which there was nothing to sell, so that the value says little; empty when there were none.
    pub censored: Vec<bool>,
}

impl Series {
    /// A series without dates.
    pub fn new(id: impl Into<String>, y: Vec<f64>) -> Self {
        Self { id: id.into(), group: String::new(), start: None, y, censored: Vec::new() }
    }

    /// Makes a series of dated rows: refuses rows out of order and doubled dates, and takes dates that are missing
    /// between two rows for steps on which nothing was sold.
    pub fn from_dated(id: &str, group: &str, frequency: Frequency, rows: &[(Date, f64)]) -> Result<Self> {
        let field = |row: usize| format!("series[{id}].rows[{row}].date");
        let mut y: Vec<f64> = Vec::with_capacity(rows.len());
        let mut last: Option<i64> = None;
        let first = rows.first().map(|row| row.0.as_days());
        for (row, &(date, value)) in rows.iter().enumerate() {
            let step = match (frequency, first) {
                (Frequency::Weekly, Some(first)) => {
                    let days = date.as_days() - first;
                    if days.rem_euclid(7) != 0 {
                        let remedy = "weekly rows lie whole weeks apart; check the frequency";
                        return Err(Error::invalid(field(row), given(date), remedy));
                    }
                    days / 7
                }
                _ => frequency.index(date),
            };
            if let Some(last) = last {
                if step == last {
                    return Err(Error::invalid(
                        field(row),
                        given(date),
                        "give each step once; add up its rows",
                    ));
                }
                if step < last {
                    return Err(Error::invalid(
                        field(row),
                        given(date),
                        "sort the rows by date, oldest first",
                    ));
                }
                let gap = (step - last - 1) as usize;
                if gap + y.len() > MOST_STEPS {
                    let remedy = "the gap is too long for the frequency; check the date";
                    return Err(Error::invalid(field(row), given(date), remedy));
                }
                y.extend(std::iter::repeat_n(0.0, gap));
            }
            y.push(value);
            last = Some(step);
        }
        Ok(Self {
            id: id.to_owned(),
            group: group.to_owned(),
            start: rows.first().map(|row| row.0),
            y,
            censored: Vec::new(),
        })
    }

    /// The values known before a step, as a series of its own.
    #[must_use]
    pub fn until(&self, steps: usize) -> Self {
        let mut short = self.clone();
        short.y.truncate(steps);
        short.censored.truncate(steps);
        short
    }

    /// Whether a step is censored.
    pub fn is_censored(&self, step: usize) -> bool {
        self.censored.get(step).copied().unwrap_or(false)
    }

    /// Refuses what cannot be forecast: nothing, not numbers, below zero, too long.
    pub fn check(&self) -> Result<()> {
        let id = &self.id;
        if self.y.is_empty() {
            return Err(Error::invalid(format!("series[{id}]"), "empty", "give at least one value"));
        }
        if self.y.len() > MOST_STEPS {
            let remedy = "give at most a million values, or use longer steps";
            return Err(Error::invalid(format!("series[{id}]"), format!("{} long", self.y.len()), remedy));
        }
        for (row, &value) in self.y.iter().enumerate() {
            let remedy = if value.is_nan() {
                "leave the row out or give a number"
            } else if value.is_infinite() || value > LARGEST {
                "give a number below 10^15"
            } else if value < 0.0 {
                "demand is zero or more; book returns apart from sales"
            } else {
                continue;
            };
            return Err(Error::invalid(format!("series[{id}].rows[{row}].units"), value, remedy));
        }
        if !self.censored.is_empty() && self.censored.len() != self.y.len() {
            let given = format!("{} flags for {} values", self.censored.len(), self.y.len());
            return Err(Error::invalid(
                format!("series[{id}].censored"),
                given,
                "give one flag for each value",
            ));
        }
        Ok(())
    }

    /// The values as demand: censored steps raised to what the steps around them sold, if that is more.
    ///
    /// A censored value is a lower bound of demand; the mean of the nearest open steps (up to `reach` on each side)
    /// stands in for what was not seen.
    pub fn uncensored(&self, reach: usize) -> Vec<f64> {
        if !self.censored.iter().any(|&flag| flag) {
            return self.y.clone();
        }
        let open: Vec<(usize, f64)> =
            (0..self.y.len()).filter(|&t| !self.is_censored(t)).map(|t| (t, self.y[t])).collect();
        let mut y = self.y.clone();
        for (t, value) in y.iter_mut().enumerate() {
            if !self.is_censored(t) || open.is_empty() {
                continue;
            }
            let at = open.partition_point(|&(step, _)| step < t);
            let near = &open[at.saturating_sub(reach)..(at + reach).min(open.len())];
            let usual = near.iter().map(|&(_, v)| v).sum::<f64>() / near.len() as f64;
            *value = value.max(usual);
        }
        y
    }
}

/// The longest series that is taken.
pub const MOST_STEPS: usize = 1_000_000;
const LARGEST: f64 = 1e15;

fn given(date: Date) -> String {
    String::from(date)
}

/// Refuses series that cannot be forecast together.
pub fn check_all(series: &[Series]) -> Result<()> {
    let mut ids = BTreeSet::new();
    for one in series {
        one.check()?;
        if !ids.insert(one.id.as_str()) {
            let remedy = "give every series its own id";
            return Err(Error::invalid("series.id", format!("{:?} twice", one.id), remedy));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: (i16, i8, i8)) -> Date {
        Date::from_ymd(text.0, text.1, text.2).unwrap()
    }

    #[test]
    fn gaps_are_steps_without_sales() {
        let rows = [(day((2024, 1, 30)), 2.0), (day((2024, 2, 2)), 1.0)];
        let series = Series::from_dated("a", "", Frequency::Daily, &rows).unwrap();
        assert_eq!(series.y, [2.0, 0.0, 0.0, 1.0]);
        let rows = [(day((2023, 11, 1)), 2.0), (day((2024, 2, 1)), 1.0)];
        assert_eq!(Series::from_dated("a", "", Frequency::Monthly, &rows).unwrap().y, [2.0, 0.0, 0.0, 1.0]);
        assert_eq!(Series::from_dated("a", "", Frequency::Quarterly, &rows).unwrap().y, [2.0, 1.0]);
    }

    #[test]
    fn disorder_is_named() {
        let rows = [(day((2024, 1, 2)), 2.0), (day((2024, 1, 1)), 1.0)];
        let error = Series::from_dated("shoe", "", Frequency::Daily, &rows).unwrap_err();
        assert_eq!(error.field(), Some("series[shoe].rows[1].date"));
        let rows = [(day((2024, 1, 2)), 2.0), (day((2024, 1, 2)), 1.0)];
        assert!(
            Series::from_dated("shoe", "", Frequency::Daily, &rows).unwrap_err().message().contains("once")
        );
        let rows = [(day((2024, 1, 2)), 2.0), (day((2024, 1, 4)), 1.0)];
        assert!(Series::from_dated("shoe", "", Frequency::Weekly, &rows).is_err());
    }

    #[test]
    fn what_is_no_demand_is_named() {
        for bad in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            let error = Series::new("hat", vec![1.0, bad]).check().unwrap_err();
            assert_eq!(error.field(), Some("series[hat].rows[1].units"));
        }
        assert!(Series::new("hat", vec![]).check().is_err());
        assert!(check_all(&[Series::new("a", vec![1.0]), Series::new("a", vec![1.0])]).is_err());
    }

    #[test]
    fn days_without_stock_are_not_days_without_demand() {
        let mut series = Series::new("a", vec![4.0, 0.0, 6.0, 0.0]);
        series.censored = vec![false, true, false, false];
        assert_eq!(series.uncensored(1), [4.0, 5.0, 6.0, 0.0]);
    }
}
