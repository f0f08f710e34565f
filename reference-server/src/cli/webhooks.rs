//! `baddie webhooks`: who is told what happens in a shop, what each was told, and telling it again.

use std::fmt::Write as _;

use baddie::PageRequest;
use baddie::clock::Timestamp;
use baddie::ids::{EndpointId, EntityId as _};
use baddie::webhooks::{
    CreateEndpoint, Delivery, DeliveryState, Endpoint, EndpointSecret, ListDeliveries, ListEndpoints,
    ReplayFailed, RotateSecret, UpdateEndpoint,
};
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::shop::WhichShop;
use super::{Failure, Global};

/// How many deliveries are shown.
const SHOWN: u32 = 50;

/// What `baddie webhooks` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    shop: WhichShop,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show who is told.
    List,
    /// Have somebody told; the secret that deliveries are signed with is printed, once.
    Add {
        /// Where deliveries go, by https.
        url: String,
        /// What is told: `order.placed`, `order.*`, or `*` for everything.
        #[arg(required = true)]
        events: Vec<String>,
    },
    /// Give an endpoint a new secret, which is printed once; for a day deliveries are signed with the old one also.
    Rotate {
        /// The endpoint.
        endpoint: String,
    },
    /// Tell an endpoint again what happens, and what has waited for it.
    Enable {
        /// The endpoint.
        endpoint: String,
    },
    /// Tell an endpoint nothing until it is enabled again.
    Disable {
        /// The endpoint.
        endpoint: String,
    },
    /// Show the latest that an endpoint was told, or is to be.
    Deliveries {
        /// The endpoint.
        endpoint: String,
        /// Only those in this state.
        #[arg(long, value_enum)]
        state: Option<State>,
    },
    /// Tell an endpoint again all that was given up since a moment.
    Replay {
        /// The endpoint.
        endpoint: String,
        /// Since when, such as 2026-01-31T00:00:00Z.
        #[arg(long)]
        since: String,
    },
}

/// Where a delivery stands, as one types it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum State {
    /// To be sent, or sent again.
    Waiting,
    /// Taken by its endpoint.
    Delivered,
    /// Given up.
    Failed,
}

impl From<State> for DeliveryState {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Delivered => Self::Delivered,
            State::Failed => Self::Failed,
        }
    }
}

pub(super) async fn run(global: &Global, args: Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let webhooks = shop.webhooks();
    match args.act {
        Act::List => {
            let all = webhooks.list(ListEndpoints::default()).await?;
            let text = match &all[..] {
                [] => "nobody is told: `baddie webhooks add https://… order.*` changes that".to_owned(),
                all => all.iter().map(words).collect::<Vec<_>>().join("\n"),
            };
            global.show(&all, text)
        }
        Act::Add { url, events } => {
            let made = webhooks.create(CreateEndpoint { url, events }).await?;
            global.show(&made, with_secret(&made))
        }
        Act::Rotate { endpoint } => {
            let made = webhooks.rotate_secret(RotateSecret { endpoint_id: id(&endpoint)? }).await?;
            global.show(&made, with_secret(&made))
        }
        Act::Enable { endpoint } => {
            let changed = webhooks.update(told(&endpoint, true)?).await?;
            global.show(&changed, words(&changed))
        }
        Act::Disable { endpoint } => {
            let changed = webhooks.update(told(&endpoint, false)?).await?;
            global.show(&changed, words(&changed))
        }
        Act::Deliveries { endpoint, state } => {
            let page = PageRequest::first(SHOWN);
            let asked = ListDeliveries { endpoint_id: id(&endpoint)?, state: state.map(Into::into), page };
            let found = webhooks.deliveries(asked).await?;
            let text = match &found.items[..] {
                [] => "there is nothing of that kind".to_owned(),
                all => all.iter().map(delivery).collect::<Vec<_>>().join("\n"),
            };
            global.show(&found.items, text)
        }
        Act::Replay { endpoint, since } => {
            let since: Timestamp = since.parse()?;
            let endpoint_id = id(&endpoint)?;
            let mut deliveries = 0;
            loop {
                let part = webhooks.replay_failed(ReplayFailed { endpoint_id, since }).await?;
                deliveries += part.deliveries;
                if !part.more {
                    break;
                }
            }
            let text = format!("{deliveries} deliveries wait to be told again");
            global.show(&json!({ "deliveries": deliveries }), text)
        }
    }
}

fn id(text: &str) -> Result<EndpointId, Failure> {
    Ok(EndpointId::parse(text)?)
}

/// Whether an endpoint is told from now on.
fn told(endpoint: &str, active: bool) -> Result<UpdateEndpoint, Failure> {
    Ok(UpdateEndpoint { endpoint_id: id(endpoint)?, url: None, events: None, active: Some(active) })
}

/// An endpoint in words.
fn words(endpoint: &Endpoint) -> String {
    let Endpoint { id, url, events, state, problem, .. } = endpoint;
    let mut text = format!("{id}  {url}: {state}, is told {}", events.join(", "));
    if let Some(problem) = problem {
        let _ = write!(text, "; {problem}");
    }
    text
}

fn with_secret(made: &EndpointSecret) -> String {
    let seen = words(&made.endpoint);
    format!("{seen}\nits secret, which is not shown again: {}", made.secret)
}

/// A delivery in words.
fn delivery(told: &Delivery) -> String {
    let Delivery { id, event_id, subject, state, tries, .. } = told;
    let mut text = format!("{id}  {event_id} of {subject}: {state}, tried {tries} times");
    if let Some(problem) = told.attempts.last().and_then(|attempt| attempt.problem.as_ref()) {
        let _ = write!(text, "; {problem}");
    }
    text
}
