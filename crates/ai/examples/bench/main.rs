//! Runs the models over the measurement data; `scripts/bench-ai` scores what it writes.
//!
//! `bench [--dev [--earlier N,…]] [--two] [--out DIR] SET…`: with `--dev` the last horizon of each training part is held
//! back and scored here, with `--earlier` those that end so many steps before it, too (`--two`: on two threads); else the test window is forecast, and written for the scorer with `--out`. The set
//! `local` measures how fast the models are that look at one series alone, `stream` does so for a million series that are
//! never together in memory, and `threads` how much faster two threads are than one.
#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    reason = "a measuring stick, not a part of the house"
)]

mod data;
mod prices;
mod score;
mod speed;
mod titles;

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Instant;

use baddie_ai::forecast::{Forecast, Frequency, Request, Series, forecast};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let data = PathBuf::from(
        std::env::var("BADDIE_DATA").expect("BADDIE_DATA names the folder of the measurement data"),
    );
    let asks = data::asks(&data);
    let dev = args.iter().any(|a| a == "--dev");
    let threads = if args.iter().any(|a| a == "--two") { 2 } else { 1 };
    let out = args.iter().position(|a| a == "--out").map(|at| PathBuf::from(&args[at + 1]));
    let earlier: Vec<usize> =
        args.iter().position(|a| a == "--earlier").filter(|_| dev).map_or(vec![0], |at| {
            args[at + 1].split(',').map(|steps| steps.parse().expect("steps, with commas between")).collect()
        });
    for set in ["oj", "cheese", "titles"].into_iter().filter(|set| args.iter().any(|a| a == set)) {
        #[expect(clippy::disallowed_methods, reason = "elapsed time is what is measured")]
        let began = Instant::now();
        let json = if set == "titles" { titles::run(&data, dev) } else { prices::run(&data, set, dev) };
        println!("{set}: {json} in {:.2} s", began.elapsed().as_secs_f64());
        if let Some(out) = &out {
            std::fs::create_dir_all(out).unwrap();
            std::fs::write(out.join(format!("{set}.json")), json).unwrap();
        }
    }
    if args.iter().any(|a| a == "local") {
        speed::local(&data, &asks["carparts"]);
    }
    if args == ["stream"] {
        speed::stream();
    } else if args.iter().any(|a| a == "stream") {
        // What other sets took would count among the most memory that was held: it has a process of its own.
        let own = std::env::current_exe().expect("a running program has a path");
        assert!(std::process::Command::new(own).arg("stream").status().is_ok_and(|end| end.success()));
    }
    if args.iter().any(|a| a == "threads") {
        speed::threads(&data, &asks["m3_monthly"]);
    }
    for (name, ask) in asks.iter().filter(|(name, _)| args.contains(name)) {
        let all = data::rows(&data, name);
        let frequency = match ask.period.as_str() {
            "day" => Frequency::Daily,
            "week" => Frequency::Weekly,
            "month" => Frequency::Monthly,
            _ => Frequency::Quarterly,
        };
        for &earlier in &earlier {
            let back = if dev { 2 * ask.h + earlier } else { ask.h };
            // Where little is left to learn from, a holdout says nothing about the test.
            let rows: Vec<&data::Row> =
                all.iter().filter(|r| !dev || 2 * (r.y.len() - back.min(r.y.len())) >= 3 * ask.h).collect();
            let series: Vec<Series> = rows
                .iter()
                .map(|r| {
                    let mut one = Series::new(r.id.clone(), r.y[..r.y.len() - back].to_vec());
                    one.group = r.group.clone();
                    one.start = data::date(&r.start);
                    one
                })
                .collect();
            let known = data::covariates(&data, name, &rows);
            let request = Request { horizon: ask.h, leads: vec![ask.lead], seed: 1, threads };
            let (said, spent, elapsed) = speed::measured(|| {
                forecast(&series, frequency, known.as_ref(), &request).expect("good data")
            });
            if let Some(out) = &out {
                write(out, name, ask, &series, &said);
            }
            if dev {
                let test: Vec<&[f64]> = rows.iter().map(|r| &r.y[r.y.len() - back..][..ask.h]).collect();
                score::print(name, ask, &series, &test, &said);
            }
            let count = rows.len();
            if threads == 1 {
                println!(
                    "{name}: {count} series in {spent:.2} CPU s, {:.0} series per CPU s",
                    count as f64 / spent
                );
            } else {
                println!("{name}: {count} series in {elapsed:.2} s, {:.0} series/s", count as f64 / elapsed);
            }
        }
    }
}

fn write(out: &PathBuf, name: &str, ask: &data::Ask, series: &[Series], said: &[Forecast]) {
    let mut steps = String::from("id,step,mean,q05,q25,q50,q75,q95\n");
    let mut sums = String::from("id,q50,q80,q90,q95,q99\n");
    let mut stockout = String::from("id,k,p\n");
    for (one, f) in series.iter().zip(said) {
        for (k, d) in f.steps.iter().enumerate() {
            write!(steps, "{},{},{:.6}", f.id, k + 1, d.mean).unwrap();
            for q in [0.05, 0.25, 0.5, 0.75, 0.95] {
                write!(steps, ",{:.6}", d.quantile(q)).unwrap();
            }
            steps.push('\n');
        }
        let d = &f.leads[0];
        write!(sums, "{}", f.id).unwrap();
        for q in [0.5, 0.8, 0.9, 0.95, 0.99] {
            write!(sums, ",{:.6}", d.quantile(q)).unwrap();
        }
        sums.push('\n');
        for k in [0.5, 1.0, 1.5, 2.5] {
            let stock = score::stock(&one.y, k, ask);
            writeln!(stockout, "{},{k},{:.6}", f.id, d.exceeds(stock)).unwrap();
        }
    }
    std::fs::create_dir_all(out).unwrap();
    for (kind, text) in [("forecast", steps), ("ltd", sums), ("stockout", stockout)] {
        std::fs::write(out.join(format!("{name}.{kind}.csv")), text).unwrap();
    }
}
