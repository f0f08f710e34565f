//! `baddie deployments`: what runs on machines of others.

use std::fmt::Write as _;
use std::io::Read as _;
use std::time::Duration;

use baddie::Shop;
use baddie::hosting::{
    Deploy, DeployPlan, DeployState, DeployTarget, Deployment, GetDeployment, PrepareDeployment, Prepared,
    ReadLogs, RollBack,
};
use baddie::ids::ConnectionId;
use clap::Subcommand;

use super::shop::WhichShop;
use super::{Failure, Global};

/// More than this is no plan.
const MOST: u64 = 256 << 10;
/// How often it is looked how a deployment stands …
const LOOKS: u32 = 180;
/// … and how long is waited in between.
const PAUSE: Duration = Duration::from_secs(5);

/// What `baddie deployments` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
    /// The connection, where several run things.
    #[arg(long, global = true, value_name = "ID")]
    connection: Option<ConnectionId>,
    #[command(flatten)]
    shop: WhichShop,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make ready what a plan names; the plan comes from standard input, in JSON, because it may hold secrets.
    Prepare,
    /// Let what was made ready run.
    Deploy {
        /// The host's id of the project.
        project: String,
        /// Of the environment.
        environment: String,
        /// Of the service.
        service: String,
        /// This commit of its repository; the newest when absent.
        #[arg(long)]
        commit: Option<String>,
        /// Wait until it runs, a quarter of an hour at most.
        #[arg(long)]
        wait: bool,
    },
    /// Say how a deployment stands.
    Status {
        /// The deployment.
        deployment: String,
    },
    /// Show the last lines that a deployment said.
    Logs {
        /// The deployment.
        deployment: String,
        /// How many.
        #[arg(long, default_value_t = 100)]
        lines: u32,
    },
    /// Let an earlier deployment run again.
    RollBack {
        /// The earlier one.
        deployment: String,
    },
}

pub(super) async fn run(global: &Global, args: Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let connection_id = args.connection;
    let deployments = shop.deployments();
    match args.act {
        Act::Prepare => {
            let mut given = String::new();
            std::io::stdin().lock().take(MOST).read_to_string(&mut given)?;
            let plan: DeployPlan = serde_json::from_str(&given)
                .map_err(|error| Failure::because(format!("the plan is not one: {error}")))?;
            let prepared = deployments.prepare(PrepareDeployment { connection_id, plan }).await?;
            global.show(&prepared, ready(&prepared))
        }
        Act::Deploy { project, environment, service, commit, wait } => {
            let target = DeployTarget { project, environment, service };
            let mut deployment = deployments.deploy(Deploy { connection_id, target, commit }).await?;
            if wait {
                deployment = run_to_its_end(&shop, connection_id, deployment).await?;
            }
            tell(global, &deployment)
        }
        Act::Status { deployment } => {
            let deployment = deployments.get(GetDeployment { connection_id, deployment }).await?;
            tell(global, &deployment)
        }
        Act::Logs { deployment, lines } => {
            let lines = Some(lines);
            let said = deployments.logs(ReadLogs { connection_id, deployment, lines }).await?;
            let words: Vec<_> = said.iter().map(|line| format!("{}  {}", line.at, line.text)).collect();
            global.show(&said, words.join("\n"))
        }
        Act::RollBack { deployment } => {
            let back = deployments.roll_back(RollBack { connection_id, deployment }).await?;
            global.show(&back, format!("{} runs again", back.deployment))
        }
    }
}

/// Looks again and again until a deployment runs or has failed; each change is said to whoever watches.
async fn run_to_its_end(
    shop: &Shop,
    connection_id: Option<ConnectionId>,
    mut deployment: Deployment,
) -> Result<Deployment, Failure> {
    for _ in 0..LOOKS {
        if !matches!(deployment.state, DeployState::Waiting | DeployState::Building) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        let request = GetDeployment { connection_id, deployment: deployment.id.clone() };
        let now = shop.deployments().get(request).await?;
        if now.said != deployment.said {
            eprintln!("{}", words(&now));
        }
        deployment = now;
    }
    Ok(deployment)
}

fn tell(global: &Global, deployment: &Deployment) -> Result<(), Failure> {
    global.show(deployment, words(deployment))?;
    if deployment.state == DeployState::Failed { Err(Failure::Shown) } else { Ok(()) }
}

fn words(deployment: &Deployment) -> String {
    let url = deployment.url.as_deref().map_or_else(String::new, |url| format!(", {url}"));
    format!("{}  {} ({}){url}", deployment.id, deployment.state, deployment.said)
}

fn ready(prepared: &Prepared) -> String {
    let DeployTarget { project, environment, service } = &prepared.target;
    let mut text = format!("`baddie deployments deploy {project} {environment} {service}` lets it run");
    for host in &prepared.hostnames {
        let _ = write!(text, "\nit will be reached at {host}");
    }
    for record in &prepared.records {
        let values = record.values.join(" ");
        let _ = write!(text, "\nits zone must say: {} {} {} {values}", record.name, record.ttl, record.kind);
    }
    text
}
