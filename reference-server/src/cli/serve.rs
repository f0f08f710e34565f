//! `baddie serve`: answers requests and does the work that waits, until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use baddie::Engine;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Failure, Global, runtime};
use crate::config::{Config, Worker};
use crate::http::serve;
use crate::{log, server, worker};

/// What `baddie serve` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address to listen on; port 0 picks a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Whether to do the work that waits, nothing else, or none of it.
    #[arg(long, value_name = "ROLE")]
    worker: Option<Worker>,
}

pub(super) fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let mut config = global.settings()?;
    config.listen = args.listen.unwrap_or(config.listen);
    config.worker = args.worker.unwrap_or(config.worker);
    runtime()?.block_on(start(config, global.json))
}

async fn start(config: Config, json: bool) -> Result<(), Failure> {
    let stop = stop_signal()?;
    let engine = Engine::open_with(&config.engine()).await?;
    Running { engine, config, stop }.serve(|address| announce(address, json)).await
}

/// A server about to run.
pub(super) struct Running {
    /// What it serves.
    pub(super) engine: Engine,
    /// How.
    pub(super) config: Config,
    /// Until when.
    pub(super) stop: CancellationToken,
}

impl Running {
    /// Answers requests and works, as the settings say, until told to stop; `announce` hears the address.
    pub(super) async fn serve(self, announce: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
        let Self { engine, config, stop } = self;
        let works =
            (config.worker != Worker::None).then(|| tokio::spawn(worker::run(engine.clone(), stop.clone())));
        if config.worker == Worker::Only {
            stop.cancelled().await;
        } else {
            let front = Arc::new(server::front(engine, &config).map_err(Failure::Told)?);
            let listener = TcpListener::bind(config.listen)
                .await
                .map_err(|error| Failure::because(format!("cannot listen on {}: {error}", config.listen)))?;
            announce(listener.local_addr()?);
            let ended = serve(listener, front, stop.cancelled()).await;
            if ended.cut + ended.unfinished > 0 {
                let (cut, unfinished) = (ended.cut, ended.unfinished);
                log::note(format_args!("{cut} connections and {unfinished} commands were cut"));
            }
        }
        stop.cancel();
        if let Some(works) = works {
            // The worker leases its jobs: one cut short is done again by the next.
            let _ = timeout(config.limits.grace, works).await;
        }
        Ok(())
    }
}

/// Says where the server is, so that whoever started it on a free port can find it.
fn announce(address: SocketAddr, json: bool) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let _ = if json {
        writeln!(out, "{}", json!({ "listening": address, "url": format!("http://{address}") }))
    } else {
        writeln!(out, "Baddie serves http://{address} (API page: http://{address}/api/docs)")
    };
    let _ = out.flush();
}

/// Cancelled by the first SIGTERM or SIGINT; a second one ends the process at once.
pub(super) fn stop_signal() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stopped = stop.clone();
    tokio::spawn(async move {
        for last in [false, true] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            stopped.cancel();
            if last {
                std::process::exit(1);
            }
        }
    });
    Ok(stop)
}
