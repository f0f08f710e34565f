//! How the market moves: trend and season of a category, where a price stands among others, how fast stock sells and
//! how old it is, and which opportunities are worth most.

mod opportunity;
mod trend;

pub use opportunity::opportunities;
pub use trend::{Position, Trend, position, sell_through, trend};
