//! The models of the engine: what will sell, what to buy, what to charge, how to list it, and how the market moves.
//!
//! Pure computation, deterministic: the same input and seed give the same bytes, on every run and with any number of
//! threads. Nothing here reads a file, a clock or a network, and nothing is kept between calls. Models count in `f64`
//! inside; money crosses the border as [`baddie_core::money::Money`] only.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "counts of rows and steps become floats and back all over numeric code; none comes near 2^52"
)]
#![allow(
    clippy::many_single_char_names,
    clippy::similar_names,
    reason = "formulas keep the letters of their papers"
)]
#![allow(clippy::float_cmp, reason = "exact zeros and copies are compared, never results of rounding")]

mod advisor;
mod boost;
pub mod forecast;
pub mod listing;
pub mod market;
pub mod numeric;
pub mod pricing;
pub mod refill;

pub use advisor::Advisor;
