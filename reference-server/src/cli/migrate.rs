//! `baddie migrate`: brings the database's schema up to date.

use serde_json::json;

use super::{Failure, Global};

/// Nothing to say beyond what every command takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(global: &Global, _: &Args) -> Result<(), Failure> {
    // Opening a database is what migrates it; a newer schema than this program knows is refused there.
    global.engine().await?.ready().await?;
    let database = global.settings()?.database;
    global.show(&json!({ "database": database, "up_to_date": true }), format!("{database} is up to date"))
}
