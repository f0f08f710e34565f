use super::series::Frequency;
use super::smooth::is_seasonal;
use crate::numeric::mean;

/// What sort of demand a series shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Too short to tell.
    New,
    /// Nothing for long, or ever.
    Dead,
    /// Sells nearly every step, with a season.
    Seasonal,
    /// Sells nearly every step, in like amounts.
    Smooth,
    /// Sells nearly every step, in very different amounts.
    Erratic,
    /// Sells now and then, in like amounts.
    Intermittent,
    /// Sells now and then, in very different amounts.
    Lumpy,
}

impl Class {
    /// The word for people and machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Dead => "dead",
            Self::Seasonal => "seasonal",
            Self::Smooth => "smooth",
            Self::Erratic => "erratic",
            Self::Intermittent => "intermittent",
            Self::Lumpy => "lumpy",
        }
    }
}

/// Classifies a series by the mean distance between sales (1.32) and the squared variation of their sizes (0.49):
/// Syntetos, Boylan & Croston (2005).
pub fn classify(y: &[f64], frequency: Frequency) -> Class {
    let sales: Vec<f64> = y.iter().copied().filter(|&v| v > 0.0).collect();
    let first = y.iter().position(|&v| v > 0.0).unwrap_or(y.len());
    let lived = y.len() - first;
    if sales.is_empty() {
        return Class::Dead;
    }
    let distance = lived as f64 / sales.len() as f64;
    let silent = y.iter().rev().take_while(|&&v| v == 0.0).count();
    if silent > frequency.year() / 2 && silent as f64 > 8.0 * distance {
        return Class::Dead;
    }
    if lived < 6 || sales.len() < 2 {
        return Class::New;
    }
    let centre = mean(&sales);
    let spread = sales.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / sales.len() as f64;
    let variation = spread / (centre * centre);
    match (distance > 1.32, variation > 0.49) {
        (true, true) => Class::Lumpy,
        (true, false) => Class::Intermittent,
        (false, _) if is_seasonal(y, frequency.season()) => Class::Seasonal,
        (false, true) => Class::Erratic,
        (false, false) => Class::Smooth,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_is_told() {
        let of = |y: &[f64]| classify(y, Frequency::Monthly);
        assert_eq!(of(&[0.0; 30]), Class::Dead);
        assert_eq!(of(&[1.0, 2.0]), Class::New);
        let gone: Vec<f64> = (0..60).map(|t| if t < 30 { 5.0 } else { 0.0 }).collect();
        assert_eq!(of(&gone), Class::Dead);
        assert_eq!(of(&(0..48).map(|t| 10.0 + f64::from(t % 2)).collect::<Vec<_>>()), Class::Smooth);
        assert_eq!(of(&(0..48).map(|t| f64::from(t % 3 / 2)).collect::<Vec<_>>()), Class::Intermittent);
        let lumpy: Vec<f64> =
            (0..48).map(|t| if t % 3 == 0 { f64::from(1 + 19 * (t % 2)) } else { 0.0 }).collect();
        assert_eq!(of(&lumpy), Class::Lumpy);
        let yearly: Vec<f64> = (0..60).map(|t| 10.0 + 9.0 * f64::from(t % 12 / 6)).collect();
        assert_eq!(of(&yearly), Class::Seasonal);
    }
}
