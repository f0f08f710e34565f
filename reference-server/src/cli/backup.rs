//! `baddie backup TO`: copies the database while work goes on.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::{Failure, Global, progress};

/// What `baddie backup` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to make; an existing one is never replaced.
    #[arg(value_name = "TO")]
    to: PathBuf,
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let to = args.to.to_str().ok_or_else(|| Failure::because("name the backup in UTF-8"))?;
    let bar = progress::bar("copying", Some(0));
    let drawn = bar.clone();
    let progress = move |done, total| {
        drawn.set_length(total);
        drawn.set_position(done);
    };
    engine.storage().backup(to, Arc::new(progress)).await?;
    bar.finish_and_clear();
    let bytes = std::fs::metadata(&args.to)?.len();
    global.show(&json!({ "backup": to, "bytes": bytes }), format!("{to}: {bytes} bytes, checked and whole"))
}
