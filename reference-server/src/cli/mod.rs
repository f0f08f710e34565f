//! The command line: one file per subcommand. Each reads its settings, calls the engine, and says how it went.

mod backup;
mod bench;
mod channels;
mod connections;
mod demand;
mod demo;
mod deployments;
mod doctor;
mod domains;
mod elasticity;
mod export;
pub mod import;
mod init;
mod migrate;
mod openapi;
pub mod progress;
mod quote;
mod race;
mod restore;
mod scratch;
mod serve;
mod shop;
mod sites;
mod spreadsheet;
mod table;
mod texts;
mod verify;
mod webhooks;

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use baddie::Engine;
use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::config::Config;
use crate::log;

/// The engine of a reselling business, as one program.
#[derive(Debug, Parser)]
#[command(name = "baddie", version)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every subcommand takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Global {
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
    /// Where the shop is kept: `sqlite://FILE`, `postgres://…` or `memory:`
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// A file with settings, in TOML.
    #[arg(long, global = true, value_name = "FILE", env = "BADDIE_CONFIG")]
    config: Option<PathBuf>,
}

impl Global {
    /// The settings: file, environment, then flags.
    fn settings(&self) -> Result<Config, Failure> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let mut config = Config::load(self.config.as_deref(), environment)?;
        if let Some(database) = &self.database {
            config.database.clone_from(database);
        }
        Ok(config)
    }

    /// The engine that the settings name.
    async fn engine(&self) -> Result<Engine, Failure> {
        Ok(Engine::open_with(&self.settings()?.engine()).await?)
    }

    /// Says how it went: in JSON for programs, in words for people.
    fn show(&self, json: &impl Serialize, words: impl Display) -> Result<(), Failure> {
        let text = if self.json { serde_json::to_string(json)? } else { words.to_string() };
        match writeln!(std::io::stdout().lock(), "{text}") {
            // Whoever reads it has read enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a living shop from real sales, and serve it.
    Demo(demo::Args),
    /// Found a shop and print its owner's token, once.
    Init(init::Args),
    /// Serve the API and do the work that waits.
    Serve(serve::Args),
    /// Bring the database's schema up to date.
    Migrate(migrate::Args),
    /// Look whether everything around the engine is as it should be.
    Doctor(doctor::Args),
    /// Count every invariant of the shops, and say which are broken.
    Verify(verify::Args),
    /// Copy the database while work goes on.
    Backup(backup::Args),
    /// Put a backup in the database's place; its channels stay silent until they are armed.
    Restore(restore::Args),
    /// Let many buyers go for few units at the same instant: nothing may be sold twice.
    Race(race::Args),
    /// Take in what was kept elsewhere, from a CSV file.
    Import(import::Args),
    /// Give out what `import` takes back unchanged.
    Export(export::Args),
    /// Say what will sell, step by step.
    Forecast(demand::Steps),
    /// Say what will sell over a lead time, as one sum.
    LeadTimeDemand(demand::Sums),
    /// Say how probable it is that stock runs out within a lead time.
    Stockout(demand::Stockout),
    /// Say how demand answers to prices, and what would sell at others.
    Elasticity(elasticity::Args),
    /// Say what a thing would bring on each channel, and the most to pay for it.
    Quote(quote::Args),
    /// Connect a shop to an account at a service; the credentials come from standard input.
    Connect(connections::Connect),
    /// Send the owner of an account to a service, to let the shop in there.
    Authorise(connections::AuthoriseArgs),
    /// Finish what an owner was sent for: reads the address that they came back to from standard input.
    Authorised(connections::AuthorisedArgs),
    /// Show the accounts that a shop is connected to, and what can be done with them.
    Connections(connections::List),
    /// Forget the credentials of a connection.
    Disconnect(connections::Disconnect),
    /// Say where a shop sells, and fetch what happened there.
    Channels(channels::Args),
    /// Have sites show what a shop sells.
    Sites(sites::Args),
    /// Domains, and what their zones say.
    Domains(domains::Args),
    /// What runs on machines of others.
    Deployments(deployments::Args),
    /// Have titles, descriptions and tags written.
    Texts(texts::Args),
    /// The keys under which credentials are sealed.
    Keys(connections::Keys),
    /// Say who is told what happens in a shop, and tell it again.
    Webhooks(webhooks::Args),
    /// Repeat the published measurements.
    Bench(bench::Args),
    /// Print the API's description (`OpenAPI` 3.1).
    Openapi(openapi::Args),
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// In words for whoever typed it.
    Told(String),
    /// What was printed says it already.
    Shown,
}

impl Failure {
    /// A failure with these words.
    fn because(words: impl Into<String>) -> Self {
        Self::Told(words.into())
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self::Told(text)
    }
}

/// Runs the command line. Exit codes: 0 done, 1 refused or failed, 2 the command line itself is wrong.
pub fn run() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    let outcome = match command {
        Command::Demo(args) => demo::run(&global, &args),
        Command::Init(args) => wait(init::run(&global, args)),
        Command::Serve(args) => serve::run(&global, &args),
        Command::Migrate(args) => wait(migrate::run(&global, &args)),
        Command::Doctor(args) => wait(doctor::run(&global, &args)),
        Command::Verify(args) => wait(verify::run(&global, &args)),
        Command::Backup(args) => wait(backup::run(&global, &args)),
        Command::Restore(args) => wait(restore::run(&global, &args)),
        Command::Race(args) => wait(race::run(&global, &args)),
        Command::Import(args) => wait(import::run(&global, &args)),
        Command::Export(args) => wait(export::run(&global, &args)),
        Command::Forecast(args) => demand::forecast_steps(&global, &args),
        Command::LeadTimeDemand(args) => demand::lead_time_demand(&global, &args),
        Command::Stockout(args) => demand::stockout(&global, &args),
        Command::Elasticity(args) => elasticity::run(&global, &args),
        Command::Quote(args) => quote::run(&global, &args),
        Command::Connect(args) => wait(connections::connect(&global, args)),
        Command::Authorise(args) => wait(connections::authorise(&global, args)),
        Command::Authorised(args) => wait(connections::authorised(&global, args)),
        Command::Connections(args) => wait(connections::list(&global, args)),
        Command::Disconnect(args) => wait(connections::disconnect(&global, args)),
        Command::Keys(args) => wait(connections::keys(&global, args)),
        Command::Channels(args) => wait(channels::run(&global, args)),
        Command::Sites(args) => wait(sites::run(&global, args)),
        Command::Domains(args) => wait(domains::run(&global, args)),
        Command::Deployments(args) => wait(deployments::run(&global, args)),
        Command::Texts(args) => wait(texts::run(&global, args)),
        Command::Webhooks(args) => wait(webhooks::run(&global, args)),
        Command::Bench(args) => wait(bench::run(&global, &args)),
        Command::Openapi(args) => openapi::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Told(text)) => {
            log::error(text);
            ExitCode::FAILURE
        }
        Err(Failure::Shown) => ExitCode::FAILURE,
    }
}

/// A runtime for commands that wait.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

fn wait(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    runtime()?.block_on(command)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
