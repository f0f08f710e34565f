//! The golden vectors: cases whose answers were made with other programs.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unwrap_used,
    reason = "small whole numbers"
)]

use baddie_ai::refill::{self, FiniteHorizon, Loss, Reorder, ReorderCosts};
use serde_json::Value;

fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_else(|| panic!("{key} in {of}"))
}

fn numbers(of: &Value, key: &str) -> Vec<f64> {
    of[key].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

struct Case<'a> {
    name: &'a str,
    input: &'a Value,
    output: &'a Value,
}

impl Case<'_> {
    fn i(&self, key: &str) -> f64 {
        number(self.input, key)
    }

    fn near(&self, key: &str, ours: f64, tolerance: f64) {
        self.close(key, number(self.output, key), ours, tolerance);
    }

    fn close(&self, key: &str, theirs: f64, ours: f64, tolerance: f64) {
        let gap = (ours - theirs).abs();
        assert!(
            gap <= tolerance * theirs.abs().max(1e-9),
            "{} {key}: {ours}, not {theirs}; {}",
            self.name,
            self.input
        );
    }

    fn costs(&self) -> ReorderCosts {
        ReorderCosts {
            holding: self.i("holding_cost"),
            stockout: self.i("stockout_cost"),
            fixed: self.i("fixed_cost"),
            mean: self.i("demand_mean"),
            sd: self.i("demand_sd"),
            lead: self.i("lead_time"),
        }
    }

    fn loss(&self, loss: Loss) {
        self.near("n", loss.short, 1e-6);
        self.near("n_bar", loss.left, 1e-6);
    }
}

fn newsvendor(c: &Case<'_>) {
    let of = |h, p| match c.name {
        "newsvendor_normal" => {
            refill::newsvendor_normal(h, p, c.i("demand_mean"), c.i("demand_sd"), c.i("lead_time"))
        }
        "newsvendor_normal_explicit" => {
            refill::newsvendor_normal(h, p, c.i("demand_mean"), c.i("demand_sd"), 0.0)
        }
        "newsvendor_discrete" => {
            let pmf = c.input["demand_pmf"].as_object().unwrap();
            let pmf: Vec<_> = pmf.iter().map(|(k, v)| (k.parse().unwrap(), v.as_f64().unwrap())).collect();
            refill::newsvendor_discrete(h, p, &pmf)
        }
        _ => refill::newsvendor_poisson(h, p, c.i("demand_mean")),
    };
    if c.name.ends_with("explicit") {
        let p = c.i("revenue") - c.i("purchase_cost");
        let best = of(c.i("purchase_cost") - c.i("salvage_value"), p).unwrap();
        c.near("base_stock_level", best.level, 1e-6);
        c.near("profit", p * c.i("demand_mean") - best.cost, 1e-6);
    } else {
        let best = of(c.i("holding_cost"), c.i("stockout_cost")).unwrap();
        c.near("base_stock_level", best.level, 1e-6);
        c.near("cost", best.cost, 1e-6);
    }
}

fn quantity(c: &Case<'_>) {
    let (k, rate) = (c.i("fixed_cost"), c.i("demand_rate"));
    let lot = match c.name {
        "economic_order_quantity" => refill::eoq(k, c.i("holding_cost"), rate),
        "economic_order_quantity_with_backorders" => {
            let (lot, share) =
                refill::eoq_with_backorders(k, c.i("holding_cost"), c.i("stockout_cost"), rate).unwrap();
            c.near("stockout_fraction", share, 1e-6);
            Ok(lot)
        }
        "economic_production_quantity" => refill::epq(k, c.i("holding_cost"), rate, c.i("production_rate")),
        _ => {
            let (breaks, costs) = (numbers(c.input, "breakpoints"), numbers(c.input, "unit_costs"));
            let of = if c.name.contains("all_units") { refill::all_units } else { refill::incremental };
            of(k, c.i("holding_cost_rate"), rate, &breaks, &costs)
        }
    };
    let lot = lot.unwrap();
    c.near("order_quantity", lot.quantity, 1e-6);
    c.near("cost", lot.cost, 1e-6);
    if !c.output["region"].is_null() {
        assert_eq!(lot.region as u64, c.output["region"].as_u64().unwrap());
    }
}

fn lots(c: &Case<'_>) {
    if c.name == "wagner_whitin" {
        let plan = refill::wagner_whitin(c.i("fixed_cost"), c.i("holding_cost"), &numbers(c.input, "demand"))
            .unwrap();
        c.near("cost", plan.cost_to_go[0], 1e-6);
        for (ours, theirs) in plan.cost_to_go.iter().zip(&numbers(c.output, "costs_to_go")[1..]) {
            c.close("costs_to_go", *theirs, *ours, 1e-6);
        }
        return;
    }
    let (own, holding) = (numbers(c.input, "individual_fixed_costs"), numbers(c.input, "holding_costs"));
    let rates = numbers(c.input, "demand_rates");
    let plan = refill::joint_replenishment(c.i("shared_fixed_cost"), &own, &holding, &rates).unwrap();
    c.near("cost", plan.cost, 1e-6);
    c.near("base_cycle_time", plan.cycle, 1e-6);
    for (ours, theirs) in plan.quantities.iter().zip(numbers(c.output, "order_quantities")) {
        c.close("order_quantities", theirs, *ours, 1e-6);
    }
}

fn reorder(c: &Case<'_>) {
    let policy = match c.name {
        "r_q_eil_approximation" => {
            let (policy, cost) = refill::r_q_expected_inventory(&c.costs()).unwrap();
            c.near("cost", cost, 1e-3);
            policy
        }
        "r_q_eoqb_approximation" => refill::r_q_backorders(&c.costs()).unwrap(),
        "r_q_eoqss_approximation" => refill::r_q_safety(&c.costs()).unwrap(),
        "r_q_loss_function_approximation" => refill::r_q_loss(&c.costs()).unwrap(),
        "r_q_cost" => {
            let policy = Reorder { point: c.i("reorder_point"), quantity: c.i("order_quantity") };
            return c.near("cost", refill::r_q_cost(&c.costs(), policy).unwrap(), 1e-6);
        }
        _ => {
            let [h, p, k, mean, lead] =
                ["holding_cost", "stockout_cost", "fixed_cost", "demand_mean", "lead_time"]
                    .map(|key| c.i(key));
            let best = refill::r_q_poisson(h, p, k, mean, lead).unwrap();
            c.near("cost", best.cost, 1e-6);
            assert_eq!(best.point, c.output["reorder_point"].as_i64().unwrap(), "{}", c.input);
            assert_eq!(best.quantity, c.output["order_quantity"].as_i64().unwrap(), "{}", c.input);
            return;
        }
    };
    c.near("reorder_point", policy.point, 1e-3);
    c.near("order_quantity", policy.quantity, 1e-3);
}

fn band(c: &Case<'_>) {
    let [h, p, k, mean] = ["holding_cost", "stockout_cost", "fixed_cost", "demand_mean"].map(|key| c.i(key));
    let band = if c.name == "s_s_discrete_exact" {
        let band = refill::s_s_poisson(h, p, k, mean).unwrap();
        c.near("cost", band.cost, 1e-6);
        band
    } else {
        refill::s_s_power(h, p, k, mean, c.i("demand_sd")).unwrap()
    };
    c.near("reorder_point", band.point, 1e-6);
    c.near("order_up_to_level", band.up_to, 1e-6);
}

fn horizon(c: &Case<'_>) {
    let plan = refill::finite_horizon(&FiniteHorizon {
        periods: c.input["num_periods"].as_u64().unwrap() as usize,
        holding: c.i("holding_cost"),
        stockout: c.i("stockout_cost"),
        last_holding: c.i("terminal_holding_cost"),
        last_stockout: c.i("terminal_stockout_cost"),
        purchase: c.i("purchase_cost"),
        fixed: c.i("fixed_cost"),
        mean: c.i("demand_mean"),
        sd: c.i("demand_sd"),
        discount: c.i("discount_factor"),
    })
    .unwrap();
    c.near("total_cost", plan.cost, 0.005);
    for (ours, key) in [(plan.points, "reorder_points"), (plan.levels, "order_up_to_levels")] {
        for (ours, theirs) in ours.iter().zip(numbers(c.output, key)) {
            assert!(ours.abs_diff(theirs as i64) <= 1, "{key}: {ours}, not {theirs}");
        }
    }
}

#[test]
fn inventory_models_agree_with_the_vectors() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("fixtures/inventory.json")).unwrap();
    assert_eq!(cases.len(), 98);
    for case in &cases {
        let c = Case { name: case["fn"].as_str().unwrap(), input: &case["input"], output: &case["output"] };
        match c.name {
            name if name.starts_with("newsvendor") => newsvendor(&c),
            name if name.starts_with("economic") => quantity(&c),
            "wagner_whitin" | "joint_replenishment_problem_silver_heuristic" => lots(&c),
            name if name.starts_with("r_q") => reorder(&c),
            name if name.starts_with("s_s") => band(&c),
            "normal_loss" => c.loss(refill::normal_loss(c.i("x"), c.i("mean"), c.i("sd"))),
            "poisson_loss" => c.loss(refill::poisson_loss(c.i("x"), c.i("mean"))),
            "gamma_loss" => c.loss(refill::gamma_loss(c.i("x"), c.i("a"), c.i("b"))),
            "negative_binomial_loss" => {
                c.loss(refill::negative_binomial_loss(c.i("x"), c.i("mean"), c.i("sd")));
            }
            "finite_horizon_dp" => horizon(&c),
            other => panic!("no model for {other}"),
        }
    }
}

#[test]
fn pricing_models_agree_with_the_vectors() {
    use baddie_ai::pricing;
    let cases: Vec<Value> = serde_json::from_str(include_str!("fixtures/pricing.json")).unwrap();
    assert_eq!(cases.len(), 40);
    for case in &cases {
        let c = Case { name: case["fn"].as_str().unwrap(), input: &case["input"], output: &case["output"] };
        let whole = |key: &str| c.input[key].as_u64().unwrap();
        match c.name {
            "gallego_van_ryzin_exponential" => {
                let units = u32::try_from(whole("n")).unwrap();
                let (value, price) = pricing::closed_form(c.i("a"), c.i("alpha"), units, c.i("T")).unwrap();
                c.near("expected_revenue", value, 1e-6);
                c.near("price_now", price, 1e-6);
            }
            "markdown_dp" => {
                let rows = c.input["poisson_mean_by_price_then_period"].as_array().unwrap();
                let means: Vec<Vec<f64>> = rows
                    .iter()
                    .map(|r| r.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect())
                    .collect();
                let never = c.input["never_raise"].as_bool().unwrap();
                let prices = numbers(c.input, "prices");
                let plan = pricing::markdown(&prices, &means, whole("stock") as usize, c.i("salvage"), never)
                    .unwrap();
                c.near("expected_value", plan.value, 1e-6);
                c.near("first_price", plan.price, 1e-9);
            }
            "static_price_limited_stock" => {
                let (price, profit) = pricing::price_of_finite_stock(
                    &numbers(c.input, "prices"),
                    c.i("a"),
                    c.i("b"),
                    whole("stock") as usize,
                    c.i("unit_cost"),
                )
                .unwrap();
                c.near("price", price, 1e-9);
                c.near("expected_profit", profit, 1e-6);
            }
            other => panic!("no model for {other}"),
        }
    }
}
