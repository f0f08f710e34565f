//! `baddie demo`: a living shop, with a year of real sales behind it and three pretend channels before it.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use baddie::clock::SystemClock;
use baddie::integrations::sandbox::Timer;
use serde_json::json;

use super::serve::{self, Running};
use super::{Failure, Global, progress, runtime};
use crate::demo;

/// What `baddie demo` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address to listen on; port 0 picks a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where the shop is kept; it lives on there from one demo to the next.
    #[arg(long, value_name = "DIR", default_value = "baddie-demo")]
    dir: PathBuf,
    /// How many of the last days of sales to live through; all of them when absent.
    #[arg(long, value_name = "DAYS", default_value_t = 373, value_parser = clap::value_parser!(i64).range(1..=373))]
    days: i64,
    /// Only make the shop; do not serve it.
    #[arg(long)]
    seed_only: bool,
}

pub(super) fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let mut config = global.settings()?;
    config.listen = args.listen.unwrap_or(config.listen);
    runtime()?.block_on(async {
        fs::create_dir_all(&args.dir).map_err(|error| {
            Failure::because(format!(
                "cannot make the folder {}: {error}; choose another with --dir",
                args.dir.display()
            ))
        })?;
        let database = format!("sqlite://{}", args.dir.join("shop.db").display());
        let token = match fs::read_to_string(token_file(&args.dir)) {
            Ok(token) => token.trim().to_owned(),
            Err(_) => seed(global, args, &database).await?,
        };
        if args.seed_only {
            return Ok(());
        }
        let stop = serve::stop_signal()?;
        // From here on its calls take the time that calls take.
        let world = demo::world(&args.dir)?.sleeping(Arc::new(Timer));
        let engine = demo::engine(&database, &world, Arc::new(SystemClock)).await?;
        let engine = engine.models().build();
        tokio::spawn(demo::buyers(world, stop.clone()));
        let running = Running { engine, config, stop };
        running.serve(|address| announce(global, address, &token)).await
    })
}

/// Where the demo keeps its owner's token. A real shop's token is shown once and kept nowhere.
fn token_file(dir: &Path) -> PathBuf {
    dir.join("owner-token")
}

async fn seed(global: &Global, args: &Args, database: &str) -> Result<String, Failure> {
    let dir = &args.dir;
    if dir.join("shop.db").exists() {
        let words = "{} holds a shop that was not finished: remove the folder, or choose another with --dir";
        return Err(Failure::because(words.replace("{}", &dir.display().to_string())));
    }
    let bar = progress::bar("a year of sales, day by day", Some(1));
    let world = demo::world(dir)?;
    let seeded = demo::seed(database, &world, args.days, &bar).await?;
    bar.finish_and_clear();
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(token_file(dir))?;
    writeln!(file, "{}", seeded.token)?;
    let words = format!(
        "A shop with {} orders behind it, the last of them on {}. Sales: UCI \"Online Retail\" (CC BY 4.0); costs, \
         suppliers, fees and channels are pretend.",
        seeded.orders, seeded.last_day
    );
    global.show(&json!({ "orders": seeded.orders, "last_day": seeded.last_day }), words)?;
    Ok(seeded.token)
}

fn announce(global: &Global, address: SocketAddr, token: &str) {
    let url = format!("http://{address}/");
    let words = format!(
        "The shop is open: {url}#token={token}\n\
         API page: {url}api/docs\n\
         Token:    {token}\n\
         Try:      curl -H 'Authorization: Bearer {token}' {url}api/v1/products?limit=3"
    );
    // Nobody can be told that nobody listens.
    let _ = global.show(&json!({ "listening": address, "url": url, "token": token }), words);
}
