//! What to charge: how demand answers to prices, which price serves a strategy within the owner's limits, how to mark
//! a finite stock down, how to learn by safe experiments, and what a one-of-a-kind thing is worth.

mod comparables;
mod elasticity;
mod experiment;
mod markdown;
mod strategy;

pub use baddie_core::pricing::{Appraisal, Comparable, Costs, Limits, Quote, Subject, net, quote};

pub use comparables::appraise;
pub use elasticity::{Elasticity, Model, Sale, elasticities, learn};
pub use experiment::{Arm, Estimate, Trial, choose, off_policy};
pub use markdown::{Markdown, closed_form, markdown, price_of_finite_stock};
pub use strategy::{Advice, Demand, advise, profit_curve};
