//! The metrics of the scorer, for holdouts inside the training parts.

use baddie_ai::forecast::{Forecast, Series};

use crate::data::Ask;

const QS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
const LQ: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 0.99];

fn pin(y: f64, q: f64, tau: f64) -> f64 {
    (tau * (y - q)).max((tau - 1.0) * (y - q))
}

fn diffs(y: &[f64], lag: usize) -> Vec<f64> {
    (lag..y.len()).map(|t| y[t] - y[t - lag]).collect()
}

fn avg(v: &[f64]) -> f64 {
    v.iter().sum::<f64>() / v.len() as f64
}

/// A stock of `k` times the lead time's usual demand.
pub(crate) fn stock(train: &[f64], k: f64, ask: &Ask) -> f64 {
    let w = ask.window.min(train.len());
    (k * ask.lead as f64 * avg(&train[train.len() - w..]) - 1e-9).ceil()
}

/// Prints the scores of forecasts (and of the lead time, the last target) against what came.
pub(crate) fn print(name: &str, ask: &Ask, train: &[Series], test: &[&[f64]], said: &[Forecast]) {
    let (mut mase, mut rmsse, mut mspl, mut spll) = (vec![], vec![], vec![], vec![]);
    let (mut i50, mut i90, mut n) = (0.0, 0.0, 0.0);
    let (mut pb, mut ay, mut bias, mut hit95) = (0.0, 0.0, 0.0, 0.0);
    let (mut brier, mut logloss, mut cases) = (0.0, 0.0, 0.0);
    for ((tr, te), f) in train.iter().zip(test).zip(said) {
        let tr = &tr.y;
        let s1 = avg(&diffs(tr, 1).iter().map(|d| d.abs()).collect::<Vec<_>>());
        let s2 = avg(&diffs(tr, 1).iter().map(|d| d * d).collect::<Vec<_>>());
        let sm = avg(&diffs(tr, ask.mase_m).iter().map(|d| d.abs()).collect::<Vec<_>>());
        let h = te.len() as f64;
        let (mut ae, mut se, mut pl) = (0.0, 0.0, 0.0);
        for (&y, d) in te.iter().zip(&f.steps) {
            ae += (y - d.quantile(0.5)).abs();
            se += (y - d.mean).powi(2);
            pl += QS.iter().map(|&q| pin(y, d.quantile(q), q)).sum::<f64>() / 5.0;
            i50 += f64::from(u8::from(y >= d.quantile(0.25) && y <= d.quantile(0.75)));
            i90 += f64::from(u8::from(y >= d.quantile(0.05) && y <= d.quantile(0.95)));
            n += 1.0;
            ay += y;
            bias += d.mean - y;
        }
        pb += pl;
        if sm > 0.0 {
            mase.push(ae / h / sm);
        }
        if s1 > 0.0 {
            mspl.push(pl / h / s1);
            rmsse.push((se / h / s2).sqrt());
        }
        let d = &f.leads[0];
        let sum: f64 = te[..ask.lead].iter().sum();
        if s1 > 0.0 {
            let l = LQ.iter().map(|&q| pin(sum, d.quantile(q), q)).sum::<f64>() / 5.0;
            spll.push(l / (ask.lead as f64 * s1));
        }
        hit95 += f64::from(u8::from(sum <= d.quantile(0.95)));
        for k in [0.5, 1.0, 1.5, 2.5] {
            let stock = stock(tr, k, ask);
            let p = d.exceeds(stock);
            let o = f64::from(u8::from(sum > stock));
            brier += (p - o).powi(2);
            let c = p.clamp(0.001, 0.999);
            logloss -= o * c.ln() + (1.0 - o) * (1.0 - c).ln();
            cases += 1.0;
        }
    }
    println!(
        "{name:<14} MASE {:.4} RMSSE {:.4} MSPL {:.4} WQL {:.4} bias {:+.3} cov50 {:.3} cov90 {:.3} | SPLL {:.4} hit95 {:.3} brier {:.4} logloss {:.4}",
        avg(&mase),
        avg(&rmsse),
        avg(&mspl),
        2.0 * pb / 5.0 / ay * 5.0,
        bias / ay,
        i50 / n,
        i90 / n,
        avg(&spll),
        hit95 / train.len() as f64,
        brier / cases,
        logloss / cases
    );
}
