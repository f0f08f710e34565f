//! Advice from the command line: files in, files out, and errors that say where.

#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn baddie(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_baddie")).args(arguments).output().unwrap()
}

fn told(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn written(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// The rows of a file of numbers behind its ids, header left out.
fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Two years of months of two things: one steady with a season, one that ends earlier and rarely sells.
fn months(folder: &TempDir) -> PathBuf {
    let mut csv = String::from("id,date,units,group\n");
    for month in 0..24 {
        let (year, of_year) = (2024 + month / 12, month % 12 + 1);
        let units = 40 + 15 * i32::from(of_year == 12) + month % 3;
        let _ = writeln!(csv, "\"lamp, red\",{year}-{of_year:02},{units},lamps");
        if month < 18 && month % 4 == 0 {
            let _ = writeln!(csv, "bowl,{year}-{of_year:02}-01,2,bowls");
        }
    }
    written(folder, "history.csv", &csv)
}

#[test]
fn what_will_sell_is_said_step_by_step_as_a_sum_and_as_a_risk() {
    let folder = TempDir::new().unwrap();
    let (history, output) = (months(&folder), folder.path().join("said.csv"));
    let asked = ["--history", text(&history), "--freq", "M", "--output", text(&output)];
    let said = |command: &[&str]| {
        let ran = baddie(&[command, &asked[..]].concat());
        assert!(ran.status.success(), "{ran:?}");
        std::fs::read_to_string(&output).unwrap()
    };

    let steps = said(&["forecast", "--horizon", "6"]);
    assert_eq!(steps.lines().next(), Some("id,step,mean,q05,q25,q50,q75,q95"));
    let parsed: Vec<csv::StringRecord> =
        csv::Reader::from_reader(steps.as_bytes()).records().collect::<Result<_, _>>().unwrap();
    assert_eq!(parsed.len(), 12);
    assert_eq!((&parsed[0][0], &parsed[0][1], &parsed[6][0]), ("lamp, red", "1", "bowl"));
    for row in &parsed {
        let quantiles: Vec<f64> = row.iter().skip(3).map(|cell| cell.parse().unwrap()).collect();
        assert!(quantiles[0] >= 0.0 && quantiles.is_sorted(), "{row:?}");
    }
    assert_eq!(steps, said(&["forecast", "--horizon", "6", "--threads", "1"]), "threads change nothing");

    let sums = said(&["lead-time-demand", "--lead-time", "3"]);
    assert_eq!(sums.lines().next(), Some("id,q50,q80,q90,q95,q99"));
    let bowl = rows(&sums).into_iter().find(|row| row[0] == "bowl").unwrap();
    assert_eq!(bowl.len(), 6);

    let stock = written(&folder, "stock.csv", "id,k,stock\nbowl,0.5,0\nbowl,9,500\n");
    let risks = rows(&said(&["stockout", "--lead-time", "3", "--stock", text(&stock)]));
    let p: Vec<f64> = risks.iter().map(|row| row[2].parse().unwrap()).collect();
    assert_eq!((risks[0][1].as_str(), risks[1][1].as_str()), ("0.5", "9"));
    assert!(p[0] > p[1] && p[0] <= 1.0 && (0.0..0.05).contains(&p[1]), "{p:?}");
}

#[test]
fn things_groups_and_the_whole_add_up() {
    let folder = TempDir::new().unwrap();
    let history = months(&folder);
    let asked = ["forecast", "--freq", "M", "--horizon", "2", "--together", "--history"];
    let error = told(&baddie(&[&asked[..], &[text(&history)]].concat()));
    assert!(error.contains("bowl") && error.contains("7 steps before the others"), "{error}");

    let whole = std::fs::read_to_string(&history).unwrap() + "bowl,2025-12-01,1,bowls\n";
    let history = written(&folder, "whole.csv", &whole.replace("\"lamp, red\"", "lamp"));
    let ran = baddie(&[&asked[..], &[text(&history)]].concat());
    assert!(ran.status.success(), "{ran:?}");
    let rows = rows(&String::from_utf8(ran.stdout).unwrap());
    let ids: Vec<&str> = rows.iter().step_by(2).map(|row| row[0].as_str()).collect();
    assert_eq!(ids, ["lamp", "bowl", "all of bowls", "all of lamps", "all"]);
    let mean = |row: usize| rows[row][2].parse::<f64>().unwrap();
    for step in 0..2 {
        assert!((mean(step) + mean(2 + step) - mean(8 + step)).abs() < 0.01, "{rows:?}");
        assert!((mean(step) - mean(6 + step)).abs() < 0.01, "a group of one is that one");
    }
}

#[test]
fn what_is_known_besides_is_taken_in() {
    let folder = TempDir::new().unwrap();
    let (mut csv, mut known) = (String::from("id,date,units\n"), String::from("id,date,price,event\n"));
    for day in 1..=28 {
        let _ = writeln!(csv, "A,2026-02-{day:02},{}\nB,2026-02-{day:02},1", 3 + day % 2);
        let _ = writeln!(known, "A,2026-02-{day:02},9.5,\n,2026-02-{day:02},,{}", day % 7 / 6);
    }
    let (history, known) = (written(&folder, "h.csv", &csv), written(&folder, "c.csv", &known));
    let asked = ["forecast", "--history", text(&history), "--freq", "D", "--horizon", "3", "--covariates"];
    let ran = baddie(&[&asked[..], &[text(&known)]].concat());
    assert!(ran.status.success(), "{ran:?}");
    assert_eq!(rows(&String::from_utf8(ran.stdout).unwrap()).len(), 6);

    let free = written(&folder, "free.csv", "id,date,price\nA,2026-02-01,0\n");
    let error = told(&baddie(&[&asked[..], &[text(&free)]].concat()));
    assert!(error.contains("line 2, column `price`: \"0\" is no price"), "{error}");
}

#[test]
fn demand_that_falls_with_the_price_is_seen() {
    let folder = TempDir::new().unwrap();
    let (mut csv, mut ask) =
        (String::from("id,date,units,price,promo\n"), String::from("id,date,price,promo\n"));
    for week in 0..60_i32 {
        let day = baddie::clock::Date::from_ymd(2025, 1, 6).unwrap().plus_days(i64::from(week) * 7).unwrap();
        for (id, usual) in [("mug", 100.0), ("bowl", 60.0)] {
            let price = 8.0 + f64::from(week * 7 % 5) / 2.0;
            let _ =
                writeln!(csv, "{id},{day},{:.0},{price},{}", usual * (price / 8.0_f64).powi(-2), week % 2);
        }
    }
    for price in ["8", "10"] {
        let _ = writeln!(ask, "mug,2026-03-09,{price},0");
    }
    let (history, ask) = (written(&folder, "h.csv", &csv), written(&folder, "ask.csv", &ask));
    let foretold = folder.path().join("foretold.csv");
    let asked = ["elasticity", "--history", text(&history), "--predict", text(&ask), "--predictions"];
    let ran = baddie(&[&asked[..], &[text(&foretold)]].concat());
    assert!(ran.status.success(), "{ran:?}");
    for row in rows(&String::from_utf8(ran.stdout).unwrap()) {
        let elasticity: f64 = row[1].parse().unwrap();
        assert!((-2.6..=-1.4).contains(&elasticity), "{row:?}");
    }
    let units: Vec<f64> = rows(&std::fs::read_to_string(&foretold).unwrap())
        .iter()
        .map(|row| row[3].parse().unwrap())
        .collect();
    assert!(units[0] > units[1] && units[1] > 0.0, "{units:?}");

    let odd = written(&folder, "odd.csv", "id,date,units,price\nmug,2026-01-05,3,-1\n");
    let error = told(&baddie(&["elasticity", "--history", text(&odd)]));
    assert!(error.contains("line 2, column `price`: \"-1\" is no price"), "{error}");
}

#[test]
fn a_quote_names_what_is_left_on_each_channel() {
    let folder = TempDir::new().unwrap();
    let seen = "title,price,sold,days,condition\nBarbour Bedale jacket,90.00,yes,20,good\n\
                Barbour Bedale wax jacket,96.00,yes,12,good\nBarbour jacket green,88.00,no,40,good\n";
    let seen = written(&folder, "seen.csv", seen);
    let asked =
        ["quote", "--cost", "20", "--comparables", text(&seen), "--title", "Barbour Bedale", "--json"];
    let fees = ["--fees", "ebay=13.6%+0.40", "--fees", "vinted=0%", "--label", "3.35"];
    let ran = baddie(&[&asked[..], &fees[..]].concat());
    assert!(ran.status.success(), "{ran:?}");
    let said: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let channels = said["channels"].as_array().unwrap();
    assert_eq!((&channels[0]["channel"], &channels[1]["channel"]), (&"vinted".into(), &"ebay".into()));
    for line in channels {
        let minor = |key: &str| line[key]["minor"].as_i64().unwrap();
        assert_eq!(minor("net"), minor("price") - minor("fees") - 335, "{line}");
        assert_eq!(minor("profit"), minor("net") - 2_000);
        assert!(minor("break_even") < minor("price") && minor("highest_cost") * 130 <= minor("net") * 100);
    }
    let ran = baddie(&[&asked[..], &fees[..], &["--channel", "etsy"]].concat());
    assert!(told(&ran).contains("there are ebay, vinted"), "{ran:?}");
}

#[test]
fn bad_files_are_refused_by_line_and_column_and_leave_nothing() {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("said.csv");
    let cases = [
        ("id,date\nA,2026-01-01\n", "there is no column `units`"),
        ("id,date,units,units\n", "the column `units` is there twice"),
        ("id,date,units\n", "there are no rows"),
        ("id,date,units\nA,01/02/2026,1\n", "line 2, column `date`: \"01/02/2026\" is no date"),
        ("id,date,units\nA,2026-01-01,NaN\n", "column `units`: \"NaN\" is no number"),
        ("id,date,units\nA,2026-01-01,inf\n", "column `units`: \"inf\" is no number"),
        ("id,date,units\nA,2026-01-01,-3\n", "column `units`: \"-3\" is below zero"),
        ("id,date,units\n,2026-01-01,3\n", "names nothing"),
        ("id,date,units\nA,2026-01-02,1\nA,2026-01-01,1\n", "sort the rows by date"),
        ("id,date,units\nA,2026-01-01,1\nA,2026-01-01,1\n", "add up its rows"),
        ("id,date,units\nA,2026-01-01\n", "line: 2"),
    ];
    for (csv, hint) in cases {
        let history = written(&folder, "bad.csv", csv);
        let asked = ["forecast", "--freq", "D", "--horizon", "2", "--history", text(&history)];
        let error = told(&baddie(&[&asked[..], &["--output", text(&output)]].concat()));
        assert!(error.contains(hint), "{csv:?}: {error}");
        assert!(!output.exists());
    }
}
