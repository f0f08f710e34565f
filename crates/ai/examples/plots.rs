//! Draws a forecast, a profit curve and a markdown plan: `plots DIR` writes three SVG files.
#![allow(missing_docs, clippy::pedantic, clippy::unwrap_used, reason = "a drawing, not a part of the house")]

use std::fmt::Write;
use std::path::Path;

use baddie_ai::forecast::{Frequency, Request, Series, forecast};
use baddie_ai::pricing::{Demand, markdown, profit_curve};
use baddie_core::money::{Currency, Money};

/// A picture of bands and lines over a common x axis.
struct Plot {
    title: &'static str,
    body: String,
    x: [f64; 2],
    y: [f64; 2],
}

impl Plot {
    fn new(title: &'static str, x: [f64; 2], y: [f64; 2]) -> Self {
        Self { title, body: String::new(), x, y }
    }

    fn place(&self, x: f64, y: f64) -> String {
        let across = 50.0 + 570.0 * (x - self.x[0]) / (self.x[1] - self.x[0]);
        let down = 270.0 - 230.0 * (y - self.y[0]) / (self.y[1] - self.y[0]);
        format!("{across:.1},{down:.1}")
    }

    fn line(&mut self, points: &[(f64, f64)], colour: &str) {
        let places: Vec<String> = points.iter().map(|&(x, y)| self.place(x, y)).collect();
        let places = places.join(" ");
        writeln!(
            self.body,
            r#"<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.8"/>"#
        )
        .unwrap();
    }

    fn band(&mut self, low: &[(f64, f64)], high: &[(f64, f64)], colour: &str) {
        let places: Vec<String> =
            low.iter().chain(high.iter().rev()).map(|&(x, y)| self.place(x, y)).collect();
        let places = places.join(" ");
        writeln!(self.body, r#"<polygon points="{places}" fill="{colour}"/>"#).unwrap();
    }

    fn write(&self, path: &Path) {
        let mut out = String::from(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 310" font-family="sans-serif" font-size="12">
<rect width="640" height="310" fill="#fff"/>
<path d="M50 40V270H620" fill="none" stroke="#888"/>
"##,
        );
        writeln!(out, r#"<text x="50" y="24" font-size="14">{}</text>"#, self.title).unwrap();
        for k in 0..=4 {
            let part = f64::from(k) / 4.0;
            let (x, y) =
                (self.x[0] + part * (self.x[1] - self.x[0]), self.y[0] + part * (self.y[1] - self.y[0]));
            let (across, down) = (50.0 + 570.0 * part, 274.0 - 230.0 * part);
            writeln!(out, r#"<text x="{across}" y="290" text-anchor="middle">{x:.0}</text>"#).unwrap();
            writeln!(out, r#"<text x="44" y="{down}" text-anchor="end">{y:.0}</text>"#).unwrap();
        }
        out.push_str(&self.body);
        out.push_str("</svg>\n");
        std::fs::write(path, out).unwrap();
    }
}

fn fan(path: &Path) {
    let season = [0.7, 0.7, 0.9, 1.0, 1.1, 1.0, 0.9, 0.9, 1.0, 1.1, 1.3, 1.9];
    let y: Vec<f64> = (0..60_usize)
        .map(|t| ((80.0 + t as f64) * season[t % 12] + ((t * 7919) % 23) as f64 - 11.0).round())
        .collect();
    let request = Request { horizon: 12, leads: Vec::new(), seed: 1, threads: 1 };
    let said = forecast(&[Series::new("lamps", y.clone())], Frequency::Monthly, None, &request).unwrap();
    let mut plot =
        Plot::new("Sales by month, and a year ahead: 50% and 90% of cases", [1.0, 73.0], [0.0, 320.0]);
    let at = |level: f64| -> Vec<(f64, f64)> {
        said[0].steps.iter().enumerate().map(|(k, d)| (61.0 + k as f64, d.quantile(level))).collect()
    };
    plot.band(&at(0.05), &at(0.95), "#cfe3f5");
    plot.band(&at(0.25), &at(0.75), "#93c1e8");
    let past: Vec<(f64, f64)> = y.iter().enumerate().map(|(t, &v)| (1.0 + t as f64, v)).collect();
    plot.line(&past, "#333");
    plot.line(&at(0.5), "#1565a8");
    plot.write(path);
}

fn profit(path: &Path) {
    let money = |units: i64| Money::new(units * 100, Currency::EUR);
    let demand = Demand { units: 40.0, elasticity: -2.2, error: 0.4 };
    let prices: Vec<Money> = (12..=44).map(money).collect();
    let curve =
        profit_curve(&demand, money(25), &|price| Ok(price.minus(money(12))?), &prices, i64::MAX).unwrap();
    let mut plot = Plot::new("Profit of a period by price, and 90% of cases", [12.0, 44.0], [0.0, 800.0]);
    let side = |k: usize| -> Vec<(f64, f64)> {
        curve.iter().map(|(p, _, profit)| (p.minor() as f64 / 100.0, profit[k] / 100.0)).collect()
    };
    plot.band(&side(0), &side(2), "#d5ecd4");
    plot.line(&side(1), "#2e7d32");
    plot.write(path);
}

fn plan(path: &Path) {
    let prices: Vec<f64> = (4..=20).rev().map(|k| f64::from(k) * 2.0).collect();
    let periods = 12;
    let means: Vec<Vec<f64>> = prices.iter().map(|p| vec![9.0 * (-p / 14.0).exp(); periods]).collect();
    let best = markdown(&prices, &means, 20, 2.0, false).unwrap();
    let mut plot =
        Plot::new("Best price by week, with 20 (dark), 10 and 3 (light) left", [1.0, 12.0], [0.0, 40.0]);
    for (left, colour) in [(20, "#7a1f1f"), (10, "#c0503c"), (3, "#e8a48f")] {
        let line: Vec<(f64, f64)> = (0..periods)
            .map(|t| (1.0 + t as f64, prices[best.plan[t][left.min(best.plan[t].len() - 1)]]))
            .collect();
        plot.line(&line, colour);
    }
    plot.write(path);
}

fn main() {
    let dir = std::env::args().nth(1).unwrap_or_else(|| "docs/plots".into());
    let dir = Path::new(&dir);
    std::fs::create_dir_all(dir).unwrap();
    fan(&dir.join("forecast.svg"));
    profit(&dir.join("profit.svg"));
    plan(&dir.join("markdown.svg"));
}
