//! `baddie domains`: domains of a shop's account, and what their zones say.

use baddie::Currency;
use baddie::hosting::{
    BuyDomain, Certificate, ClearRecords, Domain, DomainOffer, ListDomains, ListRecords, ListSnapshots,
    LookAtCertificate, OfferDomains, RestoreZone, SetRecords, ZoneRecord,
};
use baddie::ids::ConnectionId;
use clap::Subcommand;

use super::shop::WhichShop;
use super::{Failure, Global};

/// What `baddie domains` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
    /// The connection, where several keep domains.
    #[arg(long, global = true, value_name = "ID")]
    connection: Option<ConnectionId>,
    #[command(flatten)]
    shop: WhichShop,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show the domains of the account.
    List,
    /// Say which of these may be had, and for what.
    Offers {
        /// Their names.
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Buy a domain, at the price that was offered and no other. It costs money.
    Buy {
        /// Its name.
        name: String,
        /// What it costs, as `offers` said it, such as 9.99.
        price: String,
        /// In which currency, such as USD.
        currency: Currency,
    },
    /// Show the certificate with which a domain answers, and what is wrong with it.
    Certificate {
        /// The domain.
        domain: String,
        /// At which port.
        #[arg(long, default_value_t = 443)]
        port: u16,
    },
    /// Show what a zone says.
    Records {
        /// The domain.
        domain: String,
    },
    /// Have a zone say this of a name and kind, and leave the rest.
    Set {
        /// The domain.
        domain: String,
        /// The name in it; @ is the domain itself.
        name: String,
        /// The kind, such as A or TXT.
        kind: String,
        /// What it says.
        #[arg(required = true)]
        values: Vec<String>,
        /// How many seconds it may be remembered.
        #[arg(long, default_value_t = 3_600)]
        ttl: u32,
    },
    /// Take a name and kind out of a zone.
    Clear {
        /// The domain.
        domain: String,
        /// The name in it; @ is the domain itself.
        name: String,
        /// The kind, such as A or TXT.
        kind: String,
    },
    /// Show how a zone was before.
    Snapshots {
        /// The domain.
        domain: String,
    },
    /// Make a zone what it was.
    Restore {
        /// The domain.
        domain: String,
        /// The snapshot.
        snapshot: String,
    },
}

pub(super) async fn run(global: &Global, args: Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    let connection_id = args.connection;
    let (domains, zones) = (shop.domains(), shop.zones());
    let records = match args.act {
        Act::List => {
            let all = domains.list(ListDomains { connection_id }).await?;
            return global.show(&all, lines(&all, "the account has no domain", domain));
        }
        Act::Offers { names } => {
            let all = domains.offers(OfferDomains { connection_id, names }).await?;
            return global.show(&all, lines(&all, "nothing is offered", offer));
        }
        Act::Buy { name, price, currency } => {
            let price = currency.parse_amount(&price)?;
            let bought = domains.buy(BuyDomain { connection_id, name, price }).await?;
            return global.show(&bought, domain(&bought));
        }
        Act::Certificate { domain, port } => {
            let seen = domains.certificate(LookAtCertificate { connection_id, domain, port }).await?;
            return global.show(&seen, certificate(&seen));
        }
        Act::Snapshots { domain } => {
            let all = zones.snapshots(ListSnapshots { connection_id, domain }).await?;
            let words = lines(&all, "nothing is kept of how it was", |one| {
                format!("{}  {}  {}", one.id, one.kept_at, one.reason)
            });
            return global.show(&all, words);
        }
        Act::Records { domain } => zones.records(ListRecords { connection_id, domain }).await?,
        Act::Set { domain, name, kind, values, ttl } => {
            let records = vec![ZoneRecord { name, kind, ttl, values }];
            zones.set(SetRecords { connection_id, domain, records }).await?
        }
        Act::Clear { domain, name, kind } => {
            zones.clear(ClearRecords { connection_id, domain, name, kind }).await?
        }
        Act::Restore { domain, snapshot } => {
            zones.restore(RestoreZone { connection_id, domain, snapshot }).await?
        }
    };
    let words = lines(&records, "the zone says nothing", |record| {
        format!("{} {} {} {}", record.name, record.ttl, record.kind, record.values.join(" "))
    });
    global.show(&records, words)
}

fn lines<T>(all: &[T], none: &str, words: impl Fn(&T) -> String) -> String {
    if all.is_empty() { none.to_owned() } else { all.iter().map(words).collect::<Vec<_>>().join("\n") }
}

fn domain(domain: &Domain) -> String {
    let until = domain.expires_at.map_or_else(String::new, |at| format!(", paid until {at}"));
    format!("{}  {}{until}", domain.name, domain.state)
}

fn certificate(seen: &Certificate) -> String {
    let Certificate { domain, port, problem, issuer, not_after, names } = seen;
    match (problem, issuer, not_after) {
        (None, Some(issuer), Some(until)) => {
            format!("{domain}:{port}  good until {until}, by {issuer}, for {}", names.join(", "))
        }
        (problem, ..) => format!("{domain}:{port}  {}", problem.as_deref().unwrap_or("cannot be read")),
    }
}

fn offer(offer: &DomainOffer) -> String {
    match (offer.available, offer.price) {
        (true, Some(price)) => format!("{}  {price}", offer.name),
        (true, None) => format!("{}  may be had, at no price that is told", offer.name),
        (false, _) => format!("{}  is taken", offer.name),
    }
}
