//! When to buy and how much: from the classic models of stock, and from the forecast's own distribution of demand
//! over the lead time.
//!
//! Costs here are plain numbers of one currency, per unit and per unit of time; amounts of money enter and leave in
//! [`propose`] only.

mod horizon;
mod loss;
mod lots;
mod newsvendor;
mod periodic;
mod propose;
mod quantity;
mod reorder;

pub use horizon::{FiniteHorizon, HorizonPlan, finite_horizon};
pub use loss::{Loss, gamma_loss, negative_binomial_loss, normal_loss, normal_second_loss, poisson_loss};
pub use lots::{JointPlan, LotPlan, joint_replenishment, wagner_whitin};
pub use newsvendor::{BaseStock, newsvendor_discrete, newsvendor_normal, newsvendor_poisson};
pub use periodic::{Band, s_s_poisson, s_s_power};
pub use propose::{Candidate, Proposal, Terms, mix, propose, share_budget, stockout_by};
pub use quantity::{Lot, all_units, eoq, eoq_with_backorders, epq, incremental};
pub use reorder::{
    PoissonReorder, Reorder, ReorderCosts, r_q_backorders, r_q_cost, r_q_expected_inventory, r_q_loss,
    r_q_poisson, r_q_safety,
};

use baddie_core::error::{Error, Result};

/// Refuses numbers that are no costs or rates.
fn positive(name: &'static str, value: f64) -> Result<f64> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(Error::invalid(name, value, "give a finite number above zero"))
    }
}

/// Refuses numbers below zero.
fn not_negative(name: &'static str, value: f64) -> Result<f64> {
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(Error::invalid(name, value, "give a finite number that is not below zero"))
    }
}
