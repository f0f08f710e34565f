//! Series whose values are rarely zero: exponential smoothing, theta, complex smoothing and autoregression, combined.
//!
//! Every member forecasts from several origins inside the data with what was known there. Their errors say how much
//! each member weighs for a series (shrunk towards what they say across all series) and how wide the ranges are.

mod ar;
mod complex;
mod ets;
mod filter;
mod members;
mod pool;
mod roll;
mod season;
mod simplex;
mod theta;

pub(crate) use pool::{Pool, Target};
pub(crate) use roll::{SMOOTHING, roll};
pub(crate) use season::{deseason, is_seasonal};
