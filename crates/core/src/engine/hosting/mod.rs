//! Sites that are kept in step, domains and their records, and what runs on machines of others.

mod deployments;
mod domains;
mod sites;
mod zones;

use crate::error::{Error, Result};
use crate::hosting::MOST_NAMED;

pub use deployments::*;
pub use domains::*;
pub use sites::*;
pub use zones::*;

fn few(field: &'static str, count: usize) -> Result<()> {
    if (1..=MOST_NAMED).contains(&count) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("{count} of them"), "give 1 to 50"))
}
