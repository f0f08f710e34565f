use baddie_core::error::{Error, Result};

use super::{not_negative, positive};

/// Orders over a number of periods.
#[derive(Debug, Clone, PartialEq)]
pub struct LotPlan {
    /// How much to order in each period.
    pub quantities: Vec<f64>,
    /// What it costs from each period on; the first is the whole.
    pub cost_to_go: Vec<f64>,
}

/// The cheapest orders for known demand: the dynamic program of Wagner & Whitin (1958).
pub fn wagner_whitin(fixed: f64, holding: f64, demand: &[f64]) -> Result<LotPlan> {
    not_negative("fixed_cost", fixed)?;
    not_negative("holding_cost", holding)?;
    for &d in demand {
        not_negative("demand", d)?;
    }
    let n = demand.len();
    let mut cost_to_go = vec![0.0; n + 1];
    let mut next = vec![n; n];
    for t in (0..n).rev() {
        let (mut held, mut best) = (0.0, f64::INFINITY);
        for s in t + 1..=n {
            held += holding * (s - 1 - t) as f64 * demand[s - 1];
            let cost = fixed + held + cost_to_go[s];
            if cost < best {
                best = cost;
                next[t] = s;
            }
        }
        cost_to_go[t] = best;
    }
    let mut quantities = vec![0.0; n];
    let mut t = 0;
    while t < n {
        quantities[t] = demand[t..next[t]].iter().sum();
        t = next[t];
    }
    Ok(LotPlan { quantities, cost_to_go })
}

/// Orders of several things from one supplier, who is paid once per order and once per thing in it.
#[derive(Debug, Clone, PartialEq)]
pub struct JointPlan {
    /// Time between orders.
    pub cycle: f64,
    /// Each thing is in every so-many-th order.
    pub multiples: Vec<u32>,
    /// Units of each thing when it is ordered.
    pub quantities: Vec<f64>,
    /// Cost per unit of time.
    pub cost: f64,
}

/// Joint replenishment by the heuristic of Silver (1976).
pub fn joint_replenishment(shared: f64, own: &[f64], holding: &[f64], rates: &[f64]) -> Result<JointPlan> {
    positive("shared_fixed_cost", shared)?;
    if own.is_empty() || own.len() != holding.len() || own.len() != rates.len() {
        let given = format!("{}, {} and {} of them", own.len(), holding.len(), rates.len());
        return Err(Error::invalid("individual_fixed_costs", given, "give one of each for every thing"));
    }
    for ((&k, &h), &l) in own.iter().zip(holding).zip(rates) {
        not_negative("individual_fixed_costs", k)?;
        positive("holding_costs", h)?;
        positive("demand_rates", l)?;
    }
    let flow: Vec<f64> = holding.iter().zip(rates).map(|(h, l)| h * l).collect();
    let ratio = |i: usize| own[i] / flow[i];
    let first = (1..own.len()).fold(0, |best, i| if ratio(i) < ratio(best) { i } else { best });
    let base = (shared + own[first]) / flow[first];
    let multiples: Vec<u32> = (0..own.len())
        .map(|i| {
            let wanted = ratio(i) / base;
            let mut m = 1;
            while i != first && f64::from(m) * f64::from(m + 1) < wanted {
                m += 1;
            }
            m
        })
        .collect();
    let fixed: f64 = shared + own.iter().zip(&multiples).map(|(k, &m)| k / f64::from(m)).sum::<f64>();
    let held: f64 = flow.iter().zip(&multiples).map(|(f, &m)| f * f64::from(m)).sum();
    let cycle = (2.0 * fixed / held).sqrt();
    let quantities = rates.iter().zip(&multiples).map(|(l, &m)| l * f64::from(m) * cycle).collect();
    Ok(JointPlan { cycle, multiples, quantities, cost: fixed / cycle + cycle / 2.0 * held })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to choose the periods in which to order.
    fn brute(fixed: f64, holding: f64, demand: &[f64]) -> f64 {
        let n = demand.len();
        let mut best = f64::INFINITY;
        for mask in 0_u32..1 << n {
            if n > 0 && mask & 1 == 0 {
                continue;
            }
            let (mut cost, mut last) = (0.0, 0);
            for (t, d) in demand.iter().enumerate() {
                if mask >> t & 1 == 1 {
                    cost += fixed;
                    last = t;
                }
                cost += holding * (t - last) as f64 * d;
            }
            best = best.min(cost);
        }
        best
    }

    proptest::proptest! {
        #[test]
        fn the_program_finds_the_best_of_all(fixed in 0.0_f64..50.0, holding in 0.0_f64..5.0,
                                             demand in proptest::collection::vec(0.0_f64..20.0, 1..9)) {
            let plan = wagner_whitin(fixed, holding, &demand).unwrap();
            proptest::prop_assert!((plan.cost_to_go[0] - brute(fixed, holding, &demand)).abs() < 1e-9);
            let ordered: f64 = plan.quantities.iter().sum();
            proptest::prop_assert!((ordered - demand.iter().sum::<f64>()).abs() < 1e-9);
        }
    }
}
