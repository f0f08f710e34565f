use std::collections::HashMap;

use baddie_core::error::{Error, Result};

use crate::numeric::Random;

/// Tells which of some classes a title belongs to, having seen titles of each: word and character n-grams by their
/// rarity (Cavnar & Trenkle, 1994; Salton & Buckley, 1988), and one linear support vector machine for each class by
/// dual coordinate descent (Hsieh, Chang, Lin, Keerthi & Sundararajan, 2008).
#[derive(Debug, Clone)]
pub struct Classifier {
    classes: Vec<String>,
    /// Known n-grams by their hash: their place.
    grams: HashMap<u64, u32, Plain>,
    rarity: Vec<f32>,
    /// For each n-gram the weights of all classes.
    weights: Vec<f32>,
}

/// Hashes that are hashes already are used as they are.
#[derive(Debug, Clone, Default)]
struct Plain;

#[derive(Debug)]
struct Same(u64);

impl std::hash::BuildHasher for Plain {
    type Hasher = Same;
    fn build_hasher(&self) -> Same {
        Same(0)
    }
}

impl std::hash::Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// How much a miss costs against a short weight vector.
const STRICTNESS: f32 = 2.0;
const ROUNDS: usize = 8;
const SHORTEST: usize = 2;
const LONGEST: usize = 5;

fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
}

/// Spreads the bits of a hash, so that a table may use its low ones.
fn finish(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    hash ^ (hash >> 32)
}

/// The hashes of all words, pairs of words and pieces of words of a title.
fn grams(title: &str, out: &mut Vec<u64>) {
    out.clear();
    let lower = title.to_lowercase();
    let mut before: Option<u64> = None;
    for word in lower.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| !word.is_empty()) {
        let bytes = word.as_bytes();
        let hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| mix(hash, byte));
        out.push(finish(hash));
        if let Some(before) = before {
            out.push(finish(before.rotate_left(23) ^ hash));
        }
        before = Some(hash);
        // Pieces of the word between its edges, which count as spaces.
        let length = bytes.len() + 2;
        let at = |k: usize| if k == 0 || k == length - 1 { b' ' } else { bytes[k - 1] };
        for begin in 0..length {
            let mut hash = 0x9AE1_6A3B_2F90_404F;
            for end in begin..length.min(begin + LONGEST) {
                hash = mix(hash, at(end));
                if end + 1 - begin >= SHORTEST {
                    out.push(finish(hash ^ ((end - begin) as u64) << 56));
                }
            }
        }
    }
    out.sort_unstable();
}

impl Classifier {
    /// Learns from titles and their classes.
    pub fn learn<'a>(examples: impl IntoIterator<Item = (&'a str, &'a str)>, seed: u64) -> Result<Self> {
        let mut classes: Vec<String> = Vec::new();
        let mut names: HashMap<String, usize> = HashMap::new();
        let (mut hashes, mut ends, mut labels) = (Vec::new(), vec![0], Vec::new());
        let mut own = Vec::new();
        for (title, class) in examples {
            let label = *names.entry(class.to_owned()).or_insert_with(|| {
                classes.push(class.to_owned());
                classes.len() - 1
            });
            grams(title, &mut own);
            hashes.extend_from_slice(&own);
            ends.push(hashes.len());
            labels.push(label);
        }
        if classes.len() < 2 {
            let given = format!("{} classes", classes.len());
            return Err(Error::invalid("examples", given, "give titles of at least two classes"));
        }
        let (grams, rarity) = vocabulary(&hashes, &ends);
        let mut rows = Vec::with_capacity(labels.len());
        for pair in ends.windows(2) {
            rows.push(vector(&hashes[pair[0]..pair[1]], &grams, &rarity));
        }
        let weights = machines(&rows, &labels, classes.len(), rarity.len(), seed);
        Ok(Self { classes, grams, rarity, weights })
    }

    /// The classes with their scores, the best first; a score above zero is a yes.
    pub fn rank(&self, title: &str) -> Vec<(&str, f32)> {
        let mut own = Vec::new();
        grams(title, &mut own);
        let mut scores = vec![0.0; self.classes.len()];
        for (gram, value) in vector(&own, &self.grams, &self.rarity) {
            let from = gram as usize * scores.len();
            let length = scores.len();
            for (score, weight) in scores.iter_mut().zip(&self.weights[from..from + length]) {
                *score += weight * value;
            }
        }
        let mut ranked: Vec<(&str, f32)> =
            self.classes.iter().map(String::as_str).zip(scores.iter().copied()).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        ranked
    }

    /// The most likely class.
    pub fn classify(&self, title: &str) -> &str {
        self.rank(title)[0].0
    }
}

type Grams = HashMap<u64, u32, Plain>;

/// N-grams that occur in at least two titles, and how rare they are.
fn vocabulary(hashes: &[u64], ends: &[usize]) -> (Grams, Vec<f32>) {
    let mut counts: HashMap<u64, u32, Plain> = HashMap::with_capacity_and_hasher(hashes.len() / 8, Plain);
    for pair in ends.windows(2) {
        let mut last = None;
        for &hash in &hashes[pair[0]..pair[1]] {
            if last != Some(hash) {
                *counts.entry(hash).or_default() += 1;
            }
            last = Some(hash);
        }
    }
    let mut kept: Vec<(u64, u32)> = counts.into_iter().filter(|&(_, count)| count >= 2).collect();
    kept.sort_unstable();
    let titles = ends.len() as f32;
    let rarity = kept.iter().map(|&(_, count)| (titles / count as f32).ln() + 1.0).collect();
    (kept.iter().enumerate().map(|(place, &(hash, _))| (hash, place as u32)).collect(), rarity)
}

/// The known n-grams of a title (their hashes sorted), weighed by count and rarity, of length one.
fn vector(hashes: &[u64], grams: &Grams, rarity: &[f32]) -> Vec<(u32, f32)> {
    let mut out: Vec<(u32, f32)> = Vec::with_capacity(hashes.len());
    let mut at = 0;
    while at < hashes.len() {
        let mut next = at + 1;
        while next < hashes.len() && hashes[next] == hashes[at] {
            next += 1;
        }
        if let Some(&place) = grams.get(&hashes[at]) {
            let count = (next - at) as f32;
            out.push((place, (1.0 + count.ln()) * rarity[place as usize]));
        }
        at = next;
    }
    let length = out.iter().map(|(_, v)| v * v).sum::<f32>().sqrt().max(1e-9);
    for (_, value) in &mut out {
        *value /= length;
    }
    out
}

fn machines(rows: &[Vec<(u32, f32)>], labels: &[usize], classes: usize, grams: usize, seed: u64) -> Vec<f32> {
    let mut weights = vec![0.0_f32; grams * classes];
    let mut duals = vec![0.0_f32; rows.len() * classes];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = Random::new(seed);
    let soft = 0.5 / STRICTNESS;
    let mut scores = vec![0.0_f32; classes];
    let mut steps = vec![0.0_f32; classes];
    for _ in 0..ROUNDS {
        for k in (1..order.len()).rev() {
            order.swap(k, (random.uniform() * (k + 1) as f64) as usize);
        }
        for &row in &order {
            scores.fill(0.0);
            for &(gram, value) in &rows[row] {
                let own = &weights[gram as usize * classes..(gram as usize + 1) * classes];
                for (score, weight) in scores.iter_mut().zip(own) {
                    *score += weight * value;
                }
            }
            let mut moved = false;
            for class in 0..classes {
                let side = if labels[row] == class { 1.0 } else { -1.0 };
                let dual = &mut duals[row * classes + class];
                // Vectors have length one, so the curvature is one and the softness.
                let slope = side * scores[class] - 1.0 + *dual * soft;
                let next = (*dual - slope / (1.0 + soft)).max(0.0);
                steps[class] = (next - *dual) * side;
                moved |= steps[class] != 0.0;
                *dual = next;
            }
            if moved {
                for &(gram, value) in &rows[row] {
                    let own = &mut weights[gram as usize * classes..(gram as usize + 1) * classes];
                    for (weight, step) in own.iter_mut().zip(&steps) {
                        *weight += step * value;
                    }
                }
            }
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_find_their_class() {
        let examples = [
            ("apple iphone 8 64gb silver", "phones"),
            ("samsung galaxy s9 phone black", "phones"),
            ("nokia mobile phone 3310", "phones"),
            ("bosch washing machine 8kg", "washers"),
            ("hotpoint washing machine white 7kg", "washers"),
            ("lg washer 9kg 1400 spin", "washers"),
        ];
        let classifier = Classifier::learn(examples, 1).unwrap();
        assert_eq!(classifier.classify("iphone 7 phone gold"), "phones");
        assert_eq!(classifier.classify("beko WASHING machine 6kg"), "washers");
        assert_eq!(classifier.rank("").len(), 2);
        assert!(Classifier::learn([("a", "b")], 1).is_err());
    }
}
