//! `baddie sites`: sites that are kept in step with what a shop sells.

use std::fmt::Write as _;

use baddie::hosting::{KeepSite, ListSites, PublishSite, RetireSite, Showcase, Site};
use baddie::ids::{ChannelId, ConnectionId, SiteId};
use baddie::listings::ListChannels;
use baddie::{Engine, Shop};
use clap::Subcommand;

use super::shop::WhichShop;
use super::{Failure, Global};

/// What `baddie sites` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    shop: WhichShop,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show the sites, and how each of them is.
    List,
    /// Have a site show what is sold, through a connection such as one to `webflow` or `framer`.
    Keep {
        /// The connection.
        connection: ConnectionId,
        /// The collection on the site; it is made when it is not there.
        collection: String,
        /// The site, where the connection opens several.
        #[arg(long, value_name = "ID")]
        site: Option<String>,
        /// Shows the listings of this channel only.
        #[arg(long, value_name = "NAME")]
        channel: Option<String>,
    },
    /// Make a site anew now.
    Publish {
        /// The site.
        site: SiteId,
    },
    /// Take everything of the shop off a site.
    Retire {
        /// The site.
        site: SiteId,
    },
}

pub(super) async fn run(global: &Global, args: Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let sites = shop.sites();
    let site = match args.act {
        Act::List => {
            let all = sites.list(ListSites {}).await?;
            let text = match &all[..] {
                [] => "no site shows what is sold: `baddie sites keep` has one do so".to_owned(),
                all => all.iter().map(words).collect::<Vec<_>>().join("\n"),
            };
            return global.show(&all, text);
        }
        Act::Keep { connection, collection, site, channel } => {
            let channel_id = match channel {
                Some(name) => Some(channel_of(&shop, &name).await?),
                None => None,
            };
            let showcase = Showcase { site, collection };
            sites.keep(KeepSite { connection_id: connection, showcase, channel_id }).await?
        }
        Act::Publish { site } => sites.publish(PublishSite { site_id: site }).await?,
        Act::Retire { site } => sites.retire(RetireSite { site_id: site }).await?,
    };
    done(global, &engine, &shop, site).await
}

async fn channel_of(shop: &Shop, name: &str) -> Result<ChannelId, Failure> {
    let channels = shop.channels().list(ListChannels::default()).await?;
    let known = channels.iter().find(|channel| channel.name == name);
    known.map(|channel| channel.id).ok_or_else(|| {
        Failure::because(format!(
            "there is no channel {name:?}: `baddie channels list` shows those there are"
        ))
    })
}

/// Makes the site, and says what came of it.
async fn done(global: &Global, engine: &Engine, shop: &Shop, site: Site) -> Result<(), Failure> {
    let site = engine.publish_site(shop.id(), site.id).await?;
    global.show(&site, words(&site))?;
    if site.problem.is_none() { Ok(()) } else { Err(Failure::Shown) }
}

/// A site in words: what it shows, where, and since when.
fn words(site: &Site) -> String {
    let mut text = format!("{}  {}: {}", site.id, site.showcase.collection, site.state);
    if let (Some(shown), Some(at)) = (&site.shown, site.published_at) {
        let hosts = if shown.hostnames.is_empty() {
            String::new()
        } else {
            format!(", {}", shown.hostnames.join(" "))
        };
        let _ = write!(
            text,
            ", published at {at}: {} new, {} changed, {} taken away{hosts}",
            shown.added, shown.changed, shown.removed
        );
    }
    if let Some(problem) = &site.problem {
        let _ = write!(text, "; {problem}");
    }
    text
}
