use baddie_core::clock::Date;

use crate::forecast::covariates::Covariates;
use crate::forecast::series::{Frequency, Series};
use crate::forecast::smooth::Target;
use crate::numeric::mean;

/// One series, prepared so that the mean of any stretch costs two look-ups.
struct Prepared {
    y: Vec<f64>,
    sums: Vec<f64>,
    sales: Vec<u32>,
    squares: Vec<f64>,
    slow: Vec<f64>,
    middle: Vec<f64>,
    fast: Vec<f64>,
    /// The level while the thing was to be had.
    present: Vec<f64>,
    /// For each step, the step of the last sale before it, plus one; zero when there was none.
    last: Vec<u32>,
    /// The place of the first step on the common line of time.
    begin: i64,
}

/// Turns series into rows of features, as known at an origin about a target.
pub(crate) struct Maker<'a> {
    frequency: Frequency,
    windows: &'static [usize],
    series: Vec<Prepared>,
    dated: bool,
    covariates: Option<&'a Covariates>,
    /// Sales of all series together, each measured by its own mean, by place on the line of time; as running sums.
    shop: Vec<f64>,
    shop_begin: i64,
    width: usize,
}

/// How much of the usual mean stands in for each weekday's own.
const WEEKDAY_PRIOR: f64 = 6.0;

fn stretch(sums: &[f64], from: usize, to: usize) -> f64 {
    if to > from { (sums[to] - sums[from]) / (to - from) as f64 } else { f64::NAN }
}

impl<'a> Maker<'a> {
    pub(crate) fn new(series: &[Series], frequency: Frequency, covariates: Option<&'a Covariates>) -> Self {
        let windows: &'static [usize] = match frequency {
            Frequency::Daily => &[7, 14, 28, 56, 91, 182, 364],
            Frequency::Weekly => &[2, 4, 8, 13, 26, 52],
            Frequency::Monthly => &[2, 3, 6, 12, 24],
            Frequency::Quarterly => &[2, 4, 8, 16],
        };
        let dated = series.iter().all(|one| one.start.is_some());
        let prepared: Vec<Prepared> = series.iter().map(|one| prepare(one, frequency)).collect();
        let shop_begin = prepared.iter().map(|one| one.begin).min().unwrap_or(0);
        let end = prepared.iter().map(|one| one.begin + one.y.len() as i64).max().unwrap_or(0);
        let length = if dated { (end - shop_begin) as usize } else { 0 };
        let (mut total, mut count) = (vec![0.0; length], vec![0.0; length]);
        if dated {
            for one in &prepared {
                let usual = mean(&one.y).max(1e-9);
                let at = (one.begin - shop_begin) as usize;
                for (t, value) in one.y.iter().enumerate() {
                    total[at + t] += (value / usual).min(6.0);
                    count[at + t] += 1.0;
                }
            }
        }
        let mut shop = vec![0.0];
        for (total, count) in total.iter().zip(&count) {
            shop.push(shop[shop.len() - 1] + if *count > 0.0 { total / count } else { 0.0 });
        }
        let mut maker =
            Self { frequency, windows, series: prepared, dated, covariates, shop, shop_begin, width: 0 };
        let mut row = Vec::new();
        maker.row(0, maker.series[0].y.len(), Target { from: 0, to: 1 }, &mut row);
        maker.width = row.len();
        maker
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn count(&self) -> usize {
        self.series.len()
    }

    pub(crate) fn length(&self, series: usize) -> usize {
        self.series[series].y.len()
    }

    /// How many steps back a level is remembered.
    pub(crate) fn memory(&self) -> usize {
        match self.frequency {
            Frequency::Daily => 56,
            Frequency::Weekly => 13,
            Frequency::Monthly => 12,
            Frequency::Quarterly => 6,
        }
    }

    /// Whether weekdays show.
    pub(crate) fn weekly(&self) -> bool {
        self.frequency == Frequency::Daily
    }

    pub(crate) fn values(&self, series: usize) -> &[f64] {
        &self.series[series].y
    }

    fn shop_mean(&self, from: i64, to: i64) -> f64 {
        let last = self.shop.len() as i64 - 1;
        let (from, to) = (from - self.shop_begin, to - self.shop_begin);
        if from < 0 || to > last || to <= from {
            return f64::NAN;
        }
        (self.shop[to as usize] - self.shop[from as usize]) / (to - from) as f64
    }

    /// The level at an origin as it was while the thing was to be had.
    pub(crate) fn base(&self, series: usize, origin: usize) -> f64 {
        let one = &self.series[series];
        let long = one.sums[origin] / origin.max(1) as f64;
        (0.9 * one.present[origin] + 0.1 * long).max(1e-3)
    }

    /// The level at an origin: recent means, held up by the long one.
    fn level(&self, series: usize, origin: usize) -> f64 {
        let one = &self.series[series];
        let window = self.windows[self.windows.len() / 2];
        let recent = stretch(&one.sums, origin.saturating_sub(window), origin);
        let long = one.sums[origin] / origin.max(1) as f64;
        (0.45 * one.middle[origin] + 0.45 * recent + 0.1 * long).max(1e-3)
    }

    /// How a weekday compares to the others, at an origin.
    fn weekday(&self, series: usize, origin: usize, step: usize) -> f64 {
        let one = &self.series[series];
        if self.frequency != Frequency::Daily {
            return 1.0;
        }
        let phase = step % 7;
        let (mut own, mut shop, mut count) = (0.0, 0.0, 0.0);
        let first = origin.saturating_sub(7 * 16);
        let usual = stretch(&one.sums, first, origin);
        let place = one.begin - self.shop_begin;
        let mut shop_all = 0.0;
        if self.dated {
            shop_all = self.shop_mean(one.begin + first as i64, one.begin + origin as i64);
        }
        let begin = first + (phase + 7 - first % 7) % 7;
        for t in (begin..origin).step_by(7) {
            own += one.y[t];
            count += 1.0;
            if self.dated {
                let at = (place + t as i64) as usize;
                shop += self.shop[at + 1] - self.shop[at];
            }
        }
        if count == 0.0 || usual.is_nan() || usual <= 0.0 {
            return 1.0;
        }
        let common = if self.dated && shop_all > 0.0 { shop / count / shop_all } else { 1.0 };
        ((own / usual + WEEKDAY_PRIOR * common) / (count + WEEKDAY_PRIOR)).max(1e-3)
    }

    /// What a local level expects of a target.
    pub(crate) fn local(&self, series: usize, origin: usize, target: Target) -> f64 {
        let level = self.level(series, origin);
        (target.from..target.to).map(|k| level * self.weekday(series, origin, origin + k)).sum()
    }

    /// What is expected of a target before any tree has been asked.
    pub(crate) fn start(&self, series: usize, origin: usize, target: Target) -> f64 {
        let base = self.base(series, origin);
        (target.from..target.to).map(|k| base * self.weekday(series, origin, origin + k)).sum()
    }

    /// The features of a target as known at an origin.
    pub(crate) fn row(&self, series: usize, origin: usize, target: Target, out: &mut Vec<f32>) {
        let one = &self.series[series];
        let base = self.base(series, origin);
        let soft = 0.02 + 0.05 * base;
        let ratio =
            |value: f64| if value.is_nan() { f32::NAN } else { ((value + soft) / (base + soft)).ln() as f32 };
        out.push(base.ln() as f32);
        out.push(ratio(self.level(series, origin)));
        for &window in self.windows {
            let known = origin >= window;
            out.push(if known { ratio(stretch(&one.sums, origin - window, origin)) } else { f32::NAN });
        }
        out.push(ratio(one.slow[origin]));
        out.push(ratio(one.fast[origin]));
        out.push(ratio(one.sums[origin] / origin.max(1) as f64));
        let long = self.windows[self.windows.len() - 2].min(origin);
        for window in [self.windows[2].min(origin), long] {
            let sales = one.sales[origin] - one.sales[origin - window];
            out.push(1.0 - sales as f32 / window.max(1) as f32);
        }
        out.push((origin - one.last[origin] as usize) as f32);
        let sales = f64::from(one.sales[origin] - one.sales[origin - long]);
        let sum = one.sums[origin] - one.sums[origin - long];
        let squares = one.squares[origin] - one.squares[origin - long];
        if sales > 0.0 {
            let size = sum / sales;
            out.push((size.ln()) as f32);
            out.push((squares / sales / (size * size) - 1.0).max(0.0).ln_1p() as f32);
        } else {
            out.extend([f32::NAN, f32::NAN]);
        }
        let n = long.max(1) as f64;
        let spread = (squares / n - (sum / n).powi(2)).max(0.0);
        // The dispersion of a negative binomial with these moments.
        out.push((((spread - sum / n) / (sum / n).powi(2).max(1e-6)).clamp(0.01, 50.0)).ln() as f32);
        let window = self.windows[3].min(origin);
        let most = one.y[origin - window..origin].iter().copied().fold(0.0, f64::max);
        out.push(ratio(most));
        out.push((origin as f32).ln());
        out.push(if origin > 0 { ratio(one.y[origin - 1]) } else { f32::NAN });
        out.push(if origin > 1 { ratio(one.y[origin - 2]) } else { f32::NAN });
        // The target.
        let at = origin + target.to - 1;
        let middle = origin + usize::midpoint(target.from, target.to - 1);
        out.push(target.to as f32);
        if self.frequency == Frequency::Daily {
            let same: Vec<f64> = (1..=8)
                .filter_map(|k| middle.checked_sub(7 * k))
                .filter(|&t| t < origin)
                .map(|t| one.y[t])
                .collect();
            out.push(if same.len() >= 3 { ratio(mean(&same)) } else { f32::NAN });
        }
        let year = self.frequency.year();
        let reach = match self.frequency {
            Frequency::Daily => 10,
            Frequency::Weekly => 1,
            _ => 0,
        };
        let back = self.windows[2];
        // A year ago: the target against the level of that time, of the series and of the shop.
        if middle >= year + reach && origin >= year + back && middle + reach < origin + year {
            let aim = middle - year;
            let then = stretch(&one.sums, origin - year - back, origin - year);
            let value = stretch(&one.sums, aim - reach, aim + reach + 1);
            out.push(((value + soft) / (then + soft)).ln() as f32);
        } else {
            out.push(f32::NAN);
        }
        if self.dated {
            let now = one.begin + origin as i64;
            let w = |k: usize| self.shop_mean(now - self.windows[k] as i64, now);
            let last = self.windows.len() - 1;
            out.push((w(0) / w(2)).ln() as f32);
            out.push((w(2) / w(last - 1)).ln() as f32);
            out.push((w(1) / w(last)).ln() as f32);
            let aim = one.begin + middle as i64 - year as i64;
            let then = self.shop_mean(now - year as i64 - back as i64, now - year as i64);
            out.push((self.shop_mean(aim - reach as i64, aim + reach as i64 + 1) / then).ln() as f32);
            self.calendar(one.begin + at as i64, one.begin + middle as i64, out);
        }
        if let Some(covariates) = self.covariates {
            for values in &covariates.values[series] {
                let ahead: Vec<f64> = (origin + target.from..origin + target.to)
                    .filter_map(|t| values.get(t).map(|&v| f64::from(v)))
                    .filter(|v| v.is_finite())
                    .collect();
                let value = if ahead.is_empty() { f64::NAN } else { mean(&ahead) };
                let past: Vec<f64> = values[..origin.min(values.len())]
                    .iter()
                    .rev()
                    .take(back.max(4))
                    .map(|&v| f64::from(v))
                    .filter(|v| v.is_finite())
                    .collect();
                let usual = if past.is_empty() { f64::NAN } else { mean(&past) };
                out.push(value as f32);
                out.push(if value > 0.0 && usual > 0.0 { (value / usual).ln() } else { value - usual } as f32);
            }
        }
    }

    fn calendar(&self, place: i64, middle: i64, out: &mut Vec<f32>) {
        match self.frequency {
            Frequency::Daily | Frequency::Weekly => {
                let days = if self.frequency == Frequency::Daily { middle } else { middle * 7 + 3 };
                let Some(date) = Date::from_days(days) else {
                    out.extend([f32::NAN; 4]);
                    return;
                };
                let first = Date::from_ymd(date.year(), 1, 1).map_or(0, Date::as_days);
                let days_in = days - first;
                // Christmas is when most shops change.
                let to_christmas = (358 - days_in).rem_euclid(365);
                out.push(if self.frequency == Frequency::Daily { place.rem_euclid(7) as f32 } else { 0.0 });
                out.push(days_in as f32);
                out.push(to_christmas.min(90) as f32);
                let month = Date::from_ymd(date.year(), u8::try_from(date.month()).map_or(1, |m| m as i8), 1);
                out.push(month.map_or(0.0, |m| (days - m.as_days()) as f32));
            }
            Frequency::Monthly => out.push(place.rem_euclid(12) as f32),
            Frequency::Quarterly => out.push(place.rem_euclid(4) as f32),
        }
    }
}

fn prepare(one: &Series, frequency: Frequency) -> Prepared {
    let y = one.uncensored(frequency.season().min(14));
    let n = y.len();
    let (mut sums, mut sales, mut squares, mut last) =
        (vec![0.0; n + 1], vec![0; n + 1], vec![0.0; n + 1], vec![0; n + 1]);
    for t in 0..n {
        sums[t + 1] = sums[t] + y[t];
        sales[t + 1] = sales[t] + u32::from(y[t] > 0.0);
        squares[t + 1] = squares[t] + y[t] * y[t];
        last[t + 1] = if y[t] > 0.0 { t as u32 + 1 } else { last[t] };
    }
    let absent = absences(&y);
    let smooth = |alpha: f64, skip: bool| -> Vec<f64> {
        let mut level = mean(&y[..n.min((1.0 / alpha) as usize + 1)]);
        let mut out = Vec::with_capacity(n + 1);
        out.push(level);
        for (t, &value) in y.iter().enumerate() {
            level = match absent[t] {
                Some(begin) if skip => out[begin],
                _ => level + alpha * (value - level),
            };
            out.push(level);
        }
        out
    };
    let pace = if frequency == Frequency::Daily { 0.5 } else { 1.0 };
    let (slow, middle, fast) =
        (smooth(0.05 * pace, false), smooth(0.2 * pace, false), smooth(0.6 * pace, false));
    let present =
        smooth(0.2 * pace, true).iter().zip(smooth(0.07 * pace, true)).map(|(a, b)| 0.5 * (a + b)).collect();
    let begin = one.start.map_or(0, |date| frequency.index(date));
    Prepared { y, sums, sales, squares, slow, middle, fast, present, last, begin }
}

/// For each step, where the silence began that it is part of, if that silence is too long to be chance: then the thing
/// was probably not to be had.
fn absences(y: &[f64]) -> Vec<Option<usize>> {
    let mut out = Vec::with_capacity(y.len());
    let mut silent = 0;
    // How often a step sells nothing, silences that are no chance apart.
    let (mut share, mut seen) = (0.5_f64, 2.0_f64);
    for (t, &value) in y.iter().enumerate() {
        silent = if value > 0.0 { 0 } else { silent + 1 };
        let odd = f64::from(silent) * share.ln() < UNLIKELY.ln();
        out.push(odd.then_some((t + 1).saturating_sub(silent as usize)));
        if !odd {
            seen = (seen + 1.0).min(60.0);
            share += (f64::from(u8::from(value <= 0.0)) - share) / seen;
            share = share.clamp(0.02, 0.995);
        }
    }
    out
}

/// A silence less likely than this is no chance.
const UNLIKELY: f64 = 1e-4;
