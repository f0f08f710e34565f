//! `baddie init`: founds a shop.

use baddie::clock::Zone;
use baddie::{Currency, Found};
use serde_json::json;

use super::{Failure, Global};

/// What `baddie init` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the owner is reached.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// What the shop is called.
    #[arg(long, value_name = "NAME")]
    shop: String,
    /// The currency of its books.
    #[arg(long, value_name = "CODE", default_value = "GBP")]
    currency: Currency,
    /// Decides to which business day an instant belongs.
    #[arg(long, value_name = "ZONE", default_value = "Europe/London")]
    time_zone: Zone,
    /// Found one more shop in a database that has one.
    #[arg(long)]
    another: bool,
}

pub(super) async fn run(global: &Global, args: Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    if !args.another && !engine.shops().await?.is_empty() {
        let words = "the database has a shop already: serve it, or found one more with --another";
        return Err(Failure::because(words));
    }
    let found =
        Found { name: args.shop, email: args.email, currency: args.currency, time_zone: args.time_zone };
    let name = found.name.clone();
    let founded = engine.found(found).await?;
    let (id, token) = (founded.shop.id(), &founded.token);
    let words = format!(
        "The shop {name:?} is founded: {id}\nIts owner's token, shown this once: {token}\n\n\
         Next: baddie serve, then\ncurl -H 'Authorization: Bearer {token}' http://127.0.0.1:8080/api/v1/shop"
    );
    global.show(&json!({ "shop_id": id, "token": token }), words)
}
