//! `baddie channels`: where a shop sells, and what happened there.

use std::time::Duration;

use baddie::clock::Timestamp;
use baddie::ids::ConnectionId;
use baddie::listings::{
    Channel, ChannelStatus, ConnectChannel, GetSyncRun, ListChannels, SyncChannel, SyncState, TakeOverChannel,
};
use baddie::{Engine, Shop};
use clap::Subcommand;
use serde_json::Value;

use super::progress::bar;
use super::shop::WhichShop;
use super::{Failure, Global};

/// How often it is looked, without anything left to do, whether channels that are asked have answered …
const PATIENCE: u32 = 600;
/// … and how long is waited before it is looked again.
const PAUSE: Duration = Duration::from_millis(200);

/// What `baddie channels` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    shop: WhichShop,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show where the shop sells.
    List,
    /// Sell at another place: `manual`, or an account that was connected with `baddie connect`, such as `shopify`.
    Add {
        /// Which kind of place.
        kind: String,
        /// What the shop calls it.
        name: String,
        /// Which connection, where there are several to the service.
        #[arg(long, value_name = "ID")]
        connection: Option<String>,
        /// The currency of its prices; the shop's when absent.
        #[arg(long)]
        currency: Option<String>,
        /// What its adapter needs to know, in JSON, such as '{"people": false}'.
        #[arg(long, value_name = "JSON")]
        settings: Option<String>,
    },
    /// Take over what a place had on offer before the shop came: into the catalogue, and as listings.
    TakeOver {
        /// Its name.
        name: String,
    },
    /// Fetch what happened there, now; of all places when none is named.
    Sync {
        /// Its name.
        name: Option<String>,
    },
}

pub(super) async fn run(global: &Global, args: Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    match args.act {
        Act::List => show(global, &shop.channels().list(ListChannels::default()).await?),
        Act::Add { kind, name, connection, currency, settings } => {
            // The id is read here, so that a slip of the pen is not taken for the name of a secret elsewhere.
            let connection = connection.map(|id| id.parse::<ConnectionId>()).transpose()?;
            let request = ConnectChannel {
                name,
                kind,
                external_account: String::new(),
                currency: currency.map(|code| code.parse()).transpose()?,
                secret_ref: connection.map(|id| id.to_string()),
                buffer_qty: 0,
                settings: settings.as_deref().map_or(Ok(Value::Null), read)?,
                fees: Vec::new(),
            };
            let channel = shop.channels().connect(request).await?;
            global.show(&channel, words(&channel))
        }
        Act::TakeOver { name } => take_over(global, &engine, &shop, &name).await,
        Act::Sync { name } => sync(global, &engine, &shop, name.as_deref()).await,
    }
}

fn read(settings: &str) -> Result<Value, Failure> {
    serde_json::from_str(settings)
        .map_err(|error| Failure::because(format!("the settings are no JSON: {error}")))
}

/// Asks channels, and does the work until each has answered.
async fn sync(global: &Global, engine: &Engine, shop: &Shop, name: Option<&str>) -> Result<(), Failure> {
    let all = shop.channels().list(ListChannels::default()).await?;
    let meant = |channel: &Channel| match name {
        Some(name) => channel.name == name,
        None => channel.status == ChannelStatus::Active,
    };
    let asked: Vec<Channel> = all.into_iter().filter(meant).collect();
    if let (Some(name), []) = (name, &asked[..]) {
        return Err(unknown(name));
    }
    for channel in &asked {
        shop.channels().sync(SyncChannel { channel_id: channel.id }).await?;
    }
    let before = |channel: &Channel| asked.iter().find(|old| old.id == channel.id).map(|old| old.synced_at);
    let mut idle = 0;
    loop {
        let worked = engine.tick().await?.taken > 0;
        let mut now = shop.channels().list(ListChannels::default()).await?;
        now.retain(|channel| before(channel).is_some());
        let silent: Vec<&str> = now
            .iter()
            .filter(|channel| before(channel) == Some(channel.synced_at))
            .map(|one| one.name.as_str())
            .collect();
        if silent.is_empty() {
            return show(global, &now);
        }
        if idle == PATIENCE {
            let words = format!("{} did not answer: `baddie doctor` says what is wrong", silent.join(", "));
            return Err(Failure::because(words));
        }
        if !worked {
            idle += 1;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn unknown(name: &str) -> Failure {
    Failure::because(format!("there is no channel {name:?}: `baddie channels list` shows those there are"))
}

/// Takes over what a channel has on offer, and does the work until all of it is here. Cut off, it goes on when it is begun
/// again, or with the server's worker.
async fn take_over(global: &Global, engine: &Engine, shop: &Shop, name: &str) -> Result<(), Failure> {
    let all = shop.channels().list(ListChannels::default()).await?;
    let channel = all.into_iter().find(|channel| channel.name == name).ok_or_else(|| unknown(name))?;
    let run = shop.channels().take_over(TakeOverChannel { channel_id: channel.id }).await?;
    let look = || shop.channels().run(GetSyncRun { sync_run_id: run.id });
    let bar = bar("taken over", None);
    let mut now = run.clone();
    while now.state == SyncState::Running {
        let work = async {
            let worked = engine.tick().await?.taken > 0;
            if !worked {
                tokio::time::sleep(PAUSE).await;
            }
            Ok::<(), Failure>(())
        };
        tokio::pin!(work);
        // A tick may take over thousands of things: the bar does not wait for its end.
        loop {
            let done = tokio::time::timeout(PAUSE, &mut work).await;
            now = look().await?;
            bar.set_position(now.received.unsigned_abs());
            if let Ok(done) = done {
                done?;
                break;
            }
        }
    }
    bar.finish_and_clear();
    if now.state == SyncState::Failed {
        return Err(Failure::because(now.error.unwrap_or_else(|| "it was given up".into())));
    }
    let refused = now.received - now.applied;
    let taken = format!("{} of {} things are taken over", now.applied, now.received);
    let words = match (now.received - now.applied, &now.error) {
        (refused @ 1.., Some(last)) => {
            format!(
                "{taken}; {refused} are refused (`channel.goods_refused` tells of each), the last for this: {last}"
            )
        }
        _ => taken,
    };
    global.show(&now, words)
}

fn show(global: &Global, channels: &[Channel]) -> Result<(), Failure> {
    let text = match channels {
        [] => "the shop sells nowhere yet: `baddie channels add` adds a place".to_owned(),
        all => all.iter().map(words).collect::<Vec<_>>().join("\n"),
    };
    global.show(&channels, text)
}

/// A channel in words: what it is, whose account it has, how it is.
fn words(channel: &Channel) -> String {
    let Channel { id, name, kind, external_account, currency, status, synced_at, .. } = channel;
    let account = if external_account.is_empty() { String::new() } else { format!(", {external_account}") };
    let heard =
        synced_at.map_or_else(|| "never heard of".to_owned(), |at: Timestamp| format!("heard of at {at}"));
    format!("{id}  {name}: {kind}{account}, in {currency}, {status}, {heard}")
}
