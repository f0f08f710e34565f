//! `baddie connect`, `baddie connections`, `baddie disconnect`, `baddie keys rotate`: accounts at services.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, Read as _};

use baddie::connections::{
    Authorise, Authorised, ConnectService, Connection, ConnectionState, DisconnectService, ListConnections,
};
use baddie::ids::{ConnectionId, EntityId as _};
use clap::Subcommand;
use serde_json::json;

use super::shop::WhichShop;
use super::{Failure, Global};

/// More than this is no list of credentials.
const MOST: u64 = 64 << 10;

/// What `baddie connect` takes. The credentials come from standard input, one `name=value` a line: what stands on a command
/// line can be seen by others of the machine.
#[derive(Debug, clap::Args)]
pub(super) struct Connect {
    /// The service, such as `stripe`.
    service: String,
    /// Gives new credentials to this connection; they must open the same account.
    #[arg(long, value_name = "ID")]
    connection: Option<String>,
    #[command(flatten)]
    shop: WhichShop,
}

/// What `baddie authorise` takes.
#[derive(Debug, clap::Args)]
pub(super) struct AuthoriseArgs {
    /// The service, such as `shopify`.
    service: String,
    /// What it asks for before, such as `shop=something.myshopify.com`.
    known: Vec<String>,
    /// Gives new credentials to this connection; they must open the same account.
    #[arg(long, value_name = "ID")]
    connection: Option<String>,
    /// Where the owner comes back to; the server's own page when absent.
    #[arg(long, value_name = "URL")]
    return_url: Option<String>,
    #[command(flatten)]
    shop: WhichShop,
}

/// What `baddie authorised` takes. The address comes from standard input: for a moment it opens the account.
#[derive(Debug, clap::Args)]
pub(super) struct AuthorisedArgs {
    #[command(flatten)]
    shop: WhichShop,
}

/// What `baddie connections` takes.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Ask every service again.
    #[arg(long)]
    test: bool,
    #[command(flatten)]
    shop: WhichShop,
}

/// What `baddie disconnect` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Disconnect {
    /// The connection.
    connection: String,
    #[command(flatten)]
    shop: WhichShop,
}

/// What `baddie keys` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    act: KeysAct,
}

#[derive(Debug, Subcommand)]
enum KeysAct {
    /// Seal all credentials anew, under the first master key of the file.
    Rotate,
}

pub(super) async fn connect(global: &Global, args: Connect) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let connection_id = args.connection.as_deref().map(ConnectionId::parse).transpose()?;
    let mut given = String::new();
    std::io::stdin().lock().take(MOST).read_to_string(&mut given)?;
    let credentials = read(&given)?;
    let request = ConnectService { service: args.service, credentials: credentials.into(), connection_id };
    let made = shop.integrations().connect(request).await?;
    let connection = engine.check_connection(shop.id(), made.id).await?;
    global.show(&connection, words(&connection))?;
    let taken = connection.state == ConnectionState::Active && connection.problem.is_none();
    if taken { Ok(()) } else { Err(Failure::Shown) }
}

pub(super) async fn authorise(global: &Global, args: AuthoriseArgs) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let connection_id = args.connection.as_deref().map(ConnectionId::parse).transpose()?;
    let known = read(&args.known.join("\n"))?;
    let request = Authorise { service: args.service, known, connection_id, return_url: args.return_url };
    let sent = shop.integrations().authorise(request).await?;
    let words = format!(
        "open this address and agree, until {}:\n{}\nthen give the address that you come back to, whole, to `baddie authorised`",
        sent.until, sent.address
    );
    global.show(&sent, words)
}

pub(super) async fn authorised(global: &Global, args: AuthorisedArgs) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let mut returned = String::new();
    std::io::stdin().lock().take(MOST).read_line(&mut returned)?;
    let made = shop.integrations().authorised(Authorised { returned }).await?;
    let connection = engine.check_connection(shop.id(), made.id).await?;
    global.show(&connection, words(&connection))?;
    if connection.state == ConnectionState::Active { Ok(()) } else { Err(Failure::Shown) }
}

/// Credentials, one `name=value` a line.
fn read(given: &str) -> Result<BTreeMap<String, String>, Failure> {
    let lines = given.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| match line.split_once('=') {
            Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
            None => Err(Failure::because("give credentials as lines of name=value, such as key=…")),
        })
        .collect()
}

pub(super) async fn list(global: &Global, args: List) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let mut connections = shop.integrations().list(ListConnections::default()).await?;
    if args.test {
        for connection in &mut connections {
            *connection = engine.check_connection(shop.id(), connection.id).await?;
        }
    }
    let text = match &connections[..] {
        [] => "nothing is connected: `baddie connect stripe` reads a key".to_owned(),
        all => all.iter().map(words).collect::<Vec<_>>().join("\n"),
    };
    global.show(&connections, text)
}

pub(super) async fn disconnect(global: &Global, args: Disconnect) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let request = DisconnectService { connection_id: ConnectionId::parse(&args.connection)? };
    let connection = shop.integrations().disconnect(request).await?;
    global.show(&connection, words(&connection))
}

pub(super) async fn keys(global: &Global, args: Keys) -> Result<(), Failure> {
    let KeysAct::Rotate = args.act;
    let shops = global.engine().await?.rotate_keys().await?;
    let words = format!("the credentials of {shops} shops are sealed anew: older master keys may go");
    global.show(&json!({ "shops": shops }), words)
}

/// A connection in words: whose it is, how it is, what it can do and what it cannot.
pub(super) fn words(connection: &Connection) -> String {
    let Connection { id, service, state, account, live, .. } = connection;
    let account = account.as_deref().unwrap_or("an account not known yet");
    let money = if *live { "real money" } else { "play money" };
    let mut text = format!("{id}  {service}, {account}, {money}: {state}");
    for (allowed, verb) in [(true, "can"), (false, "cannot")] {
        let names = connection.abilities.iter().filter(|ability| ability.allowed == allowed);
        let names: Vec<_> = names.map(|ability| ability.name.as_str()).collect();
        if !names.is_empty() {
            let _ = write!(text, "; {verb} {}", names.join(", "));
        }
    }
    if let Some(problem) = &connection.problem {
        let _ = write!(text, "; {problem}");
    }
    text
}
