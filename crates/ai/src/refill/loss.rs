use crate::forecast::NegativeBinomial;
use crate::numeric::{gamma_p, ln_gamma, normal_cdf, normal_pdf};

/// How much of a random demand a stock leaves unmet, and how much of the stock is left, on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    /// Expected demand beyond the stock.
    pub short: f64,
    /// Expected stock beyond the demand.
    pub left: f64,
}

/// The loss of normal demand (Zipkin, 2000, appendix C).
pub fn normal_loss(stock: f64, mean: f64, sd: f64) -> Loss {
    let z = (stock - mean) / sd;
    // The smaller side is computed, so that it keeps its digits.
    let small = |z: f64| normal_pdf(z) - z * normal_cdf(-z);
    let (short, left) = if z >= 0.0 {
        let short = sd * tail(z, small(z));
        (short, short + stock - mean)
    } else {
        let left = sd * tail(-z, small(-z));
        (left + mean - stock, left)
    };
    Loss { short, left }
}

/// Far out the difference of two tiny numbers loses its digits; a continued fraction keeps them.
fn tail(z: f64, plain: f64) -> f64 {
    if z < 4.0 {
        return plain;
    }
    // 1 - z * M(z), with M the ratio of Mills as a continued fraction: M = 1/(z + 1/(z + 2/(z + ...))).
    let mut f = 0.0;
    for k in (2..=200).rev() {
        f = f64::from(k) / (z + f);
    }
    // M = 1/(z + c), so 1 - zM = c/(z + c), with c = 1/(z + f).
    let c = 1.0 / (z + f);
    normal_pdf(z) * c / (z + c)
}

/// The second loss of normal demand: the integral of the first from the stock on.
pub fn normal_second_loss(stock: f64, mean: f64, sd: f64) -> f64 {
    let z = (stock - mean) / sd;
    0.5 * sd * sd * ((z * z + 1.0) * normal_cdf(-z) - z * normal_pdf(z))
}

/// The loss of Poisson demand.
pub fn poisson_loss(stock: f64, mean: f64) -> Loss {
    let at_most = poisson_cdf(stock, mean);
    let short = (mean - stock) * (1.0 - at_most) + mean * poisson_pmf(stock, mean);
    Loss { short, left: short + stock - mean }
}

/// The probability of exactly `k` under a Poisson distribution.
pub(super) fn poisson_pmf(k: f64, mean: f64) -> f64 {
    if k < 0.0 { 0.0 } else { (k * mean.ln() - mean - ln_gamma(k + 1.0)).exp() }
}

/// The probability of at most `k` under a Poisson distribution.
pub(super) fn poisson_cdf(k: f64, mean: f64) -> f64 {
    if k < 0.0 { 0.0 } else { 1.0 - gamma_p(k.floor() + 1.0, mean) }
}

/// The loss of gamma demand with a shape and a scale.
pub fn gamma_loss(stock: f64, shape: f64, scale: f64) -> Loss {
    let beyond = |a: f64| 1.0 - gamma_p(a, stock / scale);
    let short = shape * scale * beyond(shape + 1.0) - stock * beyond(shape);
    Loss { short, left: short + stock - shape * scale }
}

/// The loss of negative binomial demand with a mean and a standard deviation; the variance must exceed the mean.
pub fn negative_binomial_loss(stock: f64, mean: f64, sd: f64) -> Loss {
    let d = NegativeBinomial::new(mean, (sd * sd - mean) / (mean * mean));
    let mut left = 0.0;
    for k in 0..=stock.max(0.0) as u32 {
        let k = f64::from(k);
        left += (stock - k) * d.ln_likelihood(k).exp();
    }
    Loss { short: left + mean - stock, left }
}
