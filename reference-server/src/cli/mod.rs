//! The command line: one file per subcommand. Each reads its settings, calls the engine, and says how it went.

mod openapi;
pub mod progress;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and do the work that waits.
    Serve(serve::Args),
    /// Print the API's description (`OpenAPI` 3.1).
    Openapi(openapi::Args),
}

/// Why a command failed, in words for whoever typed it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self(text)
    }
}

/// Runs the command line. Exit codes: 0 done, 1 refused or failed, 2 the command line itself is wrong.
pub fn run() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    let outcome = match command {
        Command::Serve(args) => serve::run(&global, &args),
        Command::Openapi(args) => openapi::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(text)) => {
            log::error(text);
            ExitCode::FAILURE
        }
    }
}

/// A runtime for commands that wait.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
