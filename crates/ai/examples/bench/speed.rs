//! Speeds, in seconds of this thread's processor time, so that other work on the machine counts little.

use std::path::Path;
use std::time::Instant;

use baddie_ai::forecast::{Frequency, Request, Series, forecast, intermittent};

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

/// All of a set on one thread and on two, by the clock on the wall: worth reading on a machine that does nothing else.
pub(crate) fn threads(data: &Path, ask: &Ask) {
    let rows = rows(data, "m3_monthly");
    let series: Vec<Series> =
        rows.iter().map(|row| Series::new(row.id.clone(), row.y[..row.y.len() - ask.h].to_vec())).collect();
    let [one, two] = [1, 2].map(|threads| {
        let request = Request { horizon: ask.h, leads: vec![ask.lead], seed: 1, threads };
        measured(|| forecast(&series, Frequency::Monthly, None, &request).expect("good data")).2
    });
    println!("m3_monthly: {one:.2} s on one thread, {two:.2} s on two: {:.2} times as fast", one / two);
}

/// A million short series of counts, one after another, and the most memory this process held.
pub(crate) fn stream() {
    let mut lot = 1_u64;
    let mut draw = move || {
        lot = lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (lot >> 33) as f64 / f64::from(u32::MAX >> 1)
    };
    let count = 1_000_000;
    let mut sum = 0.0;
    let ((), spent, _) = measured(|| {
        for _ in 0..count {
            let (length, often) = (12 + (40.0 * draw()) as usize, 0.05 + 0.6 * draw());
            let y: Vec<f64> = (0..length)
                .map(|_| if draw() < often { 1.0 + (4.0 * draw()).floor() } else { 0.0 })
                .collect();
            let said = intermittent(&y).quantiles(&[0.05, 0.25, 0.5, 0.75, 0.95]);
            sum += said[2];
        }
    });
    println!(
        "{count} short series: {:.0} series per CPU s, {:.1} MiB of memory at most, median sum {sum:.0}",
        count as f64 / spent,
        memory() / 1024.0
    );
}

/// The most memory this process has held, in KiB, where the system tells it.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|kib| kib.trim().parse().ok())
        .unwrap_or(0.0)
}
