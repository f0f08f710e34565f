//! What to charge: how demand answers to prices, which price serves a strategy within the owner's limits, how to mark
//! a finite stock down, how to learn by safe experiments, and what a one-of-a-kind thing is worth.

mod comparables;
mod elasticity;
mod experiment;
mod markdown;
mod quote;
mod strategy;

pub use comparables::{Comparable, Subject, Worth, appraise};
pub use elasticity::{Elasticity, Model, Sale, learn};
pub use experiment::{Arm, Estimate, Trial, choose, off_policy};
pub use markdown::{Markdown, closed_form, markdown, price_of_finite_stock};
pub use quote::{Costs, Quote, net, quote};
pub use strategy::{Advice, Demand, Limits, advise, profit_curve};
