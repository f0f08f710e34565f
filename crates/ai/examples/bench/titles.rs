//! The titles set: learn on one split, be right on the other.

use std::path::Path;
use std::time::Instant;

use baddie_ai::listing::Classifier;

use crate::data::{fields, text};

pub(crate) fn run(data: &Path, dev: bool) -> String {
    let rows: Vec<Vec<String>> =
        text(&data.join("titles/titles.csv.gz")).lines().skip(1).map(fields).collect();
    let train: Vec<&Vec<String>> = rows.iter().filter(|f| f[4] == "train").collect();
    // For development a fifth of the training part is held back.
    let held = |f: &[String]| f[0].parse::<u64>().unwrap() % 5 == 0;
    let (train, test): (Vec<_>, Vec<_>) = if dev {
        train.into_iter().partition(|f| !held(f))
    } else {
        (train, rows.iter().filter(|f| f[4] == "test").collect())
    };
    #[expect(clippy::disallowed_methods, reason = "elapsed time is what is measured")]
    let now = Instant::now;
    let began = now();
    let model = Classifier::learn(train.iter().map(|f| (f[2].as_str(), f[3].as_str())), 1).unwrap();
    let learned = began.elapsed().as_secs_f64();
    let began = now();
    let said: Vec<&str> = test.iter().map(|f| model.classify(&f[2])).collect();
    let spent = began.elapsed().as_secs_f64();
    let right = said.iter().zip(&test).filter(|(s, f)| **s == f[3]).count() as f64;
    let mut names: Vec<&str> = test.iter().map(|f| f[3].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let f1 = names.iter().map(|name| {
        let both = said.iter().zip(&test).filter(|(s, f)| *s == name && f[3] == *name).count() as f64;
        let either =
            said.iter().filter(|s| *s == name).count() + test.iter().filter(|f| f[3] == *name).count();
        2.0 * both / either as f64
    });
    let f1 = f1.sum::<f64>() / names.len() as f64;
    format!(
        "{{\"accuracy\": {:.4}, \"macro_f1\": {f1:.4}, \"train_s\": {learned:.2}, \"titles_per_s\": {:.0}}}",
        right / test.len() as f64,
        test.len() as f64 / spent
    )
}
