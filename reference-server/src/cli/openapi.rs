//! `baddie openapi`: prints the API's description.

use std::io::Write as _;

use super::Failure;
use crate::{openapi, routes};

/// Nothing to say beyond what every command takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> Result<(), Failure> {
    let endpoints = routes::endpoints().map_err(|faults| Failure::because(faults.join("\n")))?;
    let text = openapi::text(&openapi::document(&endpoints));
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}
