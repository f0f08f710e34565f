//! Special functions and small tools of numeric work that several models share.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// A generator of pseudo-random numbers with a seed: `SplitMix64` (Steele, Lea & Flood, 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator that always gives the same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number from the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform().clamp(1e-15, 1.0 - 1e-15))
    }
}

/// The logarithm of the gamma function for positive arguments: shifted to 14 and more, then Stirling's series.
pub fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 14.0 {
        product *= x;
        x += 1.0;
    }
    let i = 1.0 / x;
    let i2 = i * i;
    let series = i
        * (1.0 / 12.0 - i2 * (1.0 / 360.0 - i2 * (1.0 / 1260.0 - i2 * (1.0 / 1680.0 - i2 * (1.0 / 1188.0)))));
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + series - product.ln()
}

/// The derivative of [`ln_gamma`].
pub fn digamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 6.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let i2 = 1.0 / (x * x);
    sum + x.ln() - 0.5 / x - i2 * (1.0 / 12.0 - i2 * (1.0 / 120.0 - i2 * (1.0 / 252.0 - i2 / 240.0)))
}

/// The lower regularised incomplete gamma function `P(a, x)`: series below the mean, continued fraction above
/// (Press et al., Numerical Recipes, 6.2).
pub fn gamma_p(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        for _ in 0..10_000 {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-16 {
                break;
            }
        }
        (front * sum).min(1.0)
    } else {
        let tiny = 1e-300;
        let mut b = x + 1.0 - a;
        let mut c = 1.0 / tiny;
        let mut d = 1.0 / b;
        let mut fraction = d;
        for i in 1..10_000 {
            let an = -f64::from(i) * (f64::from(i) - a);
            b += 2.0;
            d = an * d + b;
            d = 1.0 / if d.abs() < tiny { tiny } else { d };
            c = b + an / c;
            if c.abs() < tiny {
                c = tiny;
            }
            let delta = d * c;
            fraction *= delta;
            if (delta - 1.0).abs() < 1e-16 {
                break;
            }
        }
        (1.0 - front * fraction).max(0.0)
    }
}

/// The complementary error function, through the incomplete gamma function.
fn erfc(x: f64) -> f64 {
    if x >= 0.0 { upper(x) } else { 2.0 - upper(-x) }
}

fn upper(x: f64) -> f64 {
    if x < 1.5 {
        return 1.0 - gamma_p(0.5, x * x);
    }
    // Continued fraction, so that far tails keep their relative precision.
    let mut f = 0.0;
    for k in (1..=200).rev() {
        f = f64::from(k) / 2.0 / (x + f);
    }
    (-x * x).exp() / (PI.sqrt() * (x + f))
}

/// The distribution function of the standard normal.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

/// The density of the standard normal.
pub fn normal_pdf(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// The quantile function of the standard normal (Acklam's rational approximation and one step of Halley).
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let horner = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, k| sum * x + k);
    let x = if p < 0.02425 {
        let q = (-2.0 * p.ln()).sqrt();
        horner(&C, q) / (horner(&D, q) * q + 1.0)
    } else if p > 1.0 - 0.02425 {
        let q = (-2.0 * (1.0 - p).ln()).sqrt();
        -horner(&C, q) / (horner(&D, q) * q + 1.0)
    } else {
        let q = p - 0.5;
        let r = q * q;
        horner(&A, r) * q / (horner(&B, r) * r + 1.0)
    };
    let e = normal_cdf(x) - p;
    let u = e * (2.0 * PI).sqrt() * (x * x / 2.0).exp();
    x - u / (1.0 + x * u / 2.0)
}

/// The value at share `q` of sorted values, between neighbours by a straight line (type 7 of Hyndman & Fan, 1996).
pub fn quantile_sorted(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = q.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

/// The mean; zero of nothing.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn special_functions_have_their_known_values() {
        near(ln_gamma(0.5), PI.sqrt().ln(), 1e-13);
        near(ln_gamma(10.0), 362_880_f64.ln(), 1e-14);
        near(digamma(1.0), -0.577_215_664_901_532_9, 1e-9);
        near(normal_cdf(1.96), 0.975_002_104_851_779_5, 1e-14);
        near(normal_cdf(-6.0), 9.865_876_450_376_98e-10, 1e-12);
        near(normal_quantile(0.975), 1.959_963_984_540_054, 1e-13);
        near(gamma_p(3.0, 2.0), 0.323_323_583_816_936_5, 1e-13);
    }

    #[test]
    fn a_seed_repeats_itself() {
        let draw = || -> Vec<u64> {
            let mut random = Random::new(7);
            (0..4).map(|_| random.next_u64()).collect()
        };
        assert_eq!(draw(), draw());
        let mut random = Random::new(1);
        let sample: Vec<f64> = (0..40_000).map(|_| random.normal()).collect();
        assert!(mean(&sample).abs() < 0.02, "{}", mean(&sample));
        for k in 1..200 {
            let p = f64::from(k) / 200.0;
            near(normal_cdf(normal_quantile(p)), p, 1e-12);
        }
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert_eq!(quantile_sorted(&[], 0.5), 0.0);
        assert_eq!(quantile_sorted(&[1.0, 2.0, 4.0], 0.75), 3.0);
    }
}
