use baddie_core::error::{Error, Result};

use crate::numeric::Random;

/// A price on trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arm {
    /// What a sale at this price leaves.
    pub margin: f64,
    /// How long it was asked.
    pub time: f64,
    /// How many were sold.
    pub sold: f64,
    /// Whether the owner's limits allow it now.
    pub allowed: bool,
}

/// Which price to ask next: Thompson's sampling (1933) with Poisson sales and a gamma prior worth one step at the
/// common rate. Prices outside the limits are never chosen.
pub fn choose(arms: &[Arm], seed: u64) -> Result<usize> {
    for (k, arm) in arms.iter().enumerate() {
        let sound = arm.margin.is_finite() && arm.time.is_finite() && arm.sold.is_finite();
        if !sound || arm.time < 0.0 || arm.sold < 0.0 {
            return Err(Error::invalid(
                format!("arms[{k}]"),
                format!("{arm:?}"),
                "give finite numbers, none below zero",
            ));
        }
    }
    let (time, sold) = arms.iter().fold((0.0, 0.0), |(t, s), arm| (t + arm.time, s + arm.sold));
    let common = (sold + 1.0) / (time + 1.0);
    let mut random = Random::new(seed);
    let mut best: Option<(f64, usize)> = None;
    for (k, arm) in arms.iter().enumerate() {
        let rate = gamma(common + arm.sold, &mut random) / (1.0 + arm.time);
        let worth = arm.margin * rate;
        if arm.allowed && best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, k));
        }
    }
    best.map(|(_, k)| k).ok_or_else(|| Error::invalid("arms", "none allowed", "allow at least one price"))
}

/// A draw from the gamma distribution with scale one (Marsaglia & Tsang, 2000).
fn gamma(shape: f64, random: &mut Random) -> f64 {
    if shape < 1.0 {
        let u = random.uniform().max(1e-300);
        return gamma(shape + 1.0, random) * u.powf(1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = random.normal();
        let v = (1.0 + c * x).powi(3);
        let u = random.uniform().max(1e-300);
        if v > 0.0 && u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

/// What happened once under the policy that was in force.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// The probability with which that policy chose what it chose.
    pub chosen: f64,
    /// The probability with which the policy in question would have chosen the same.
    pub asked: f64,
    /// What it brought.
    pub reward: f64,
    /// What a model says the policy in question brings here, on average over its choices.
    pub expected: f64,
    /// What the model says of the choice that was made.
    pub model: f64,
}

/// What a policy would have brought per trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// How many trials it rests on, after weighing.
    pub trials: f64,
}

/// What another price policy would have earned: the doubly robust estimate (Dudík, Langford & Li, 2011), with weights
/// capped at 20.
pub fn off_policy(trials: &[Trial]) -> Result<Estimate> {
    for (k, trial) in trials.iter().enumerate() {
        if trial.chosen.is_nan() || trial.chosen <= 0.0 || trial.chosen > 1.0 {
            let remedy = "give the probability of the choice that was made, above 0 and at most 1";
            return Err(Error::invalid(format!("trials[{k}].chosen"), trial.chosen, remedy));
        }
    }
    if trials.len() < 2 {
        return Err(Error::invalid("trials", format!("{} of them", trials.len()), "give at least two"));
    }
    let n = trials.len() as f64;
    let weights: Vec<f64> = trials.iter().map(|t| (t.asked / t.chosen).min(20.0)).collect();
    let values: Vec<f64> =
        trials.iter().zip(&weights).map(|(t, w)| t.expected + w * (t.reward - t.model)).collect();
    let value = values.iter().sum::<f64>() / n;
    let spread = values.iter().map(|v| (v - value).powi(2)).sum::<f64>() / (n - 1.0);
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
    let trials = if squares > 0.0 { sum * sum / squares } else { 0.0 };
    Ok(Estimate { value, error: (spread / n).sqrt(), trials })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_price_is_found_and_limits_hold() {
        let rates = [1.0, 0.8, 0.2];
        let mut arms = [4.0, 6.0, 9.0].map(|margin| Arm { margin, time: 0.0, sold: 0.0, allowed: true });
        let mut random = Random::new(11);
        let mut chosen = [0; 3];
        for round in 0..400 {
            let k = choose(&arms, round).unwrap();
            chosen[k] += 1;
            arms[k].time += 1.0;
            arms[k].sold += f64::from(u8::from(random.uniform() < rates[k]));
        }
        assert!(chosen[1] > 250, "{chosen:?}");
        arms[1].allowed = false;
        assert!((0..50).all(|seed| choose(&arms, seed).unwrap() != 1));
        for arm in &mut arms {
            arm.allowed = false;
        }
        assert!(choose(&arms, 1).is_err());
    }

    #[test]
    fn another_policy_is_judged_from_what_happened() {
        let mut random = Random::new(5);
        let trials: Vec<Trial> = (0..20_000)
            .map(|_| {
                let high = random.uniform() < 0.3;
                let sold = random.uniform() < if high { 0.2 } else { 0.5 };
                let reward = f64::from(u8::from(sold)) * if high { 10.0 } else { 3.0 };
                let (chosen, asked) = if high { (0.3, 1.0) } else { (0.7, 0.0) };
                Trial { chosen, asked, reward, expected: 1.8, model: if high { 1.8 } else { 1.4 } }
            })
            .collect();
        let said = off_policy(&trials).unwrap();
        assert!((said.value - 2.0).abs() < 4.0 * said.error && said.error < 0.1, "{said:?}");
    }
}
