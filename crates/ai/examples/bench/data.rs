//! Reads the measurement data.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// One row of a demand set.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) start: String,
    pub(crate) y: Vec<f64>,
}

/// What a set asks for.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) period: String,
    pub(crate) mase_m: usize,
    pub(crate) h: usize,
    pub(crate) lead: usize,
    pub(crate) window: usize,
}

pub(crate) fn text(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(bytes).expect("UTF-8");
    }
    text
}

/// Splits a line of CSV; quotes may stand around a field.
pub(crate) fn fields(line: &str) -> Vec<String> {
    let (mut out, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut field)),
            _ => field.push(c),
        }
    }
    out.push(field);
    out
}

pub(crate) fn asks(data: &Path) -> BTreeMap<String, Ask> {
    let sets: serde_json::Value = serde_json::from_str(&text(&data.join("demand/sets.json"))).expect("JSON");
    let one = |v: &serde_json::Value| {
        let n = |key: &str| usize::try_from(v[key].as_u64().expect("a number")).expect("small");
        Ask {
            period: v["period"].as_str().expect("text").to_owned(),
            mase_m: n("mase_m"),
            h: n("h"),
            lead: n("L"),
            window: n("W"),
        }
    };
    sets.as_object().expect("an object").iter().map(|(k, v)| (k.clone(), one(v))).collect()
}

pub(crate) fn rows(data: &Path, set: &str) -> Vec<Row> {
    let text = text(&data.join(format!("demand/{set}.csv.gz")));
    text.lines()
        .skip(1)
        .map(|line| {
            let f = fields(line);
            Row {
                id: f[0].clone(),
                group: f[1].clone(),
                start: f[2].clone(),
                y: f[4].split(' ').map(|v| v.parse().expect("a number")).collect(),
            }
        })
        .collect()
}

/// Reads `2011-01-29`, `1998-01` or `1984.2500`.
pub(crate) fn date(text: &str) -> Option<baddie_core::clock::Date> {
    use baddie_core::clock::Date;
    if let Some((year, part)) = text.split_once('.') {
        let quarter = format!("0.{part}").parse::<f64>().ok()? * 12.0;
        return Date::from_ymd(year.parse().ok()?, quarter.round() as i8 + 1, 1);
    }
    let parts: Vec<&str> = text.split('-').collect();
    let day = parts.get(2).map_or(Some(1), |d| d.parse().ok())?;
    Date::from_ymd(parts[0].parse().ok()?, parts[1].parse().ok()?, day)
}

/// The calendar and prices of the m5 sets, over the past and the steps ahead.
pub(crate) fn covariates(data: &Path, set: &str, rows: &[&Row]) -> Option<baddie_ai::forecast::Covariates> {
    if !set.starts_with("m5") {
        return None;
    }
    let calendar = text(&data.join("demand/m5_calendar.csv.gz"));
    let mut days: BTreeMap<i64, (String, f32, [f32; 3])> = BTreeMap::new();
    for line in calendar.lines().skip(1) {
        let f = fields(line);
        let event = match (f[2].as_str(), f[3].as_str()) {
            ("", _) => 0.0,
            ("Christmas", _) => 5.0,
            (_, "Sporting") => 1.0,
            (_, "Cultural") => 2.0,
            (_, "National") => 3.0,
            _ => 4.0,
        };
        let snap = [6, 7, 8].map(|k| f[k].parse::<f32>().expect("0 or 1"));
        days.insert(date(&f[0]).expect("a date").as_days(), (f[1].clone(), event, snap));
    }
    let mut prices: BTreeMap<(String, String), f32> = BTreeMap::new();
    for line in text(&data.join("demand/m5_prices.csv.gz")).lines().skip(1) {
        let f = fields(line);
        prices.insert((f[0].clone(), f[1].clone()), f[2].parse().expect("a price"));
    }
    let step = if set == "m5_weekly" { 7 } else { 1 };
    let values = rows
        .iter()
        .map(|row| {
            let start = date(&row.start).expect("a date").as_days();
            let state = if row.id.contains("_CA_") {
                0
            } else if row.id.contains("_TX_") {
                1
            } else {
                2
            };
            let mut out = vec![Vec::new(); 3];
            for t in 0..row.y.len() as i64 {
                let d: Vec<_> = (0..step).filter_map(|k| days.get(&(start + t * step + k))).collect();
                let week = d.first().map_or("", |d| d.0.as_str());
                out[0].push(prices.get(&(row.id.clone(), week.to_owned())).copied().unwrap_or(f32::NAN));
                out[1].push(d.iter().map(|d| d.1).fold(0.0, f32::max));
                out[2].push(d.iter().map(|d| d.2[state]).sum());
            }
            out
        })
        .collect();
    Some(baddie_ai::forecast::Covariates {
        names: vec!["price".into(), "event".into(), "snap".into()],
        values,
    })
}
