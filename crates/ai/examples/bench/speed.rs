//! Speeds, in seconds of this thread's processor time, so that other work on the machine counts little.

use std::path::Path;
use std::time::Instant;

use baddie_ai::forecast::intermittent;

use crate::data::{Ask, rows};

/// Processor time of the main thread so far, where the system tells it.
fn processor() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

/// Does something, and gives with its answer the processor time and the time on the wall it took.
pub(crate) fn measured<T>(work: impl FnOnce() -> T) -> (T, f64, f64) {
    #[expect(clippy::disallowed_methods, reason = "elapsed time is what is measured")]
    let began = Instant::now();
    let before = processor();
    let answer = work();
    let elapsed = began.elapsed().as_secs_f64();
    let spent = before.zip(processor()).map_or(elapsed, |(before, after)| after - before);
    (answer, spent, elapsed)
}

/// Every series of `carparts` by itself, many times over: the next steps' quantiles.
pub(crate) fn local(data: &Path, ask: &Ask) {
    let rows = rows(data, "carparts");
    let times = 40;
    let ((), spent, _) = measured(|| {
        for _ in 0..times {
            for row in &rows {
                let d = intermittent(&row.y[..row.y.len() - ask.h]);
                std::hint::black_box(d.quantiles(&[0.05, 0.25, 0.5, 0.75, 0.95]));
            }
        }
    });
    let count = times * rows.len();
    println!(
        "carparts, each series alone: {count} series in {spent:.2} CPU s, {:.0} series per CPU s",
        count as f64 / spent
    );
}
