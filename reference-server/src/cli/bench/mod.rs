//! `baddie bench`: the measurements that the project publishes, for everybody to repeat.

mod client;
mod figures;
mod forecast;
mod ground;
mod orders;
mod reads;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;

use super::{Failure, Global};

/// What `baddie bench` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Durable orders per second, beside a floor: the bare database doing the same.
    Orders(orders::Args),
    /// Reads per second over HTTP, beside a handler that does nothing.
    Reads(reads::Args),
    /// Series forecast per second of processor time.
    Forecast(forecast::Args),
}

/// What every measurement takes.
#[derive(Debug, clap::Args)]
struct Pace {
    /// How many clients ask at once.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    clients: u16,
    /// How long each measurement takes, in seconds.
    #[arg(long, value_name = "S", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// On whose disk to measure: a folder.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

impl Pace {
    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    match &args.what {
        What::Orders(args) => orders::run(global, args).await,
        What::Reads(args) => reads::run(global, args).await,
        What::Forecast(args) => forecast::run(global, args),
    }
}
