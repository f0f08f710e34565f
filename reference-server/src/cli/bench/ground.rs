//! What is measured on: a shop full of products in a file of its own, and the server before it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use baddie::catalog::{CreateProduct, NewVariant};
use baddie::clock::{Clock as _, SystemClock};
use baddie::inventory::{AdjustStock, MoveReason};
use baddie::storage::postgres::Postgres;
use baddie::storage::sqlite::Sqlite;
use baddie::storage::{Storage, open_postgres, open_sqlite};
use baddie::{Engine, Money, Shop};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use super::server::Database;
use crate::cli::race::pretend;
use crate::cli::scratch::Scratch;
use crate::cli::{Failure, Global, progress};
use crate::config::Config;
use crate::http::rate::Allowance;
use crate::http::serve;
use crate::server;

/// Where the route that does nothing lies.
pub(super) const IDLE: &str = "/api/v1/idle";
/// More than anybody can buy in the time.
const PLENTY: i64 = 100_000_000;
/// How many products are made at once.
const HANDS: usize = 64;
/// Requests per second nobody reaches: the limiter works, and limits nothing.
const BOUNDLESS: Allowance = Allowance { per_second: 100_000_000, burst: 1_000_000_000 };

/// A shop in a place of its own.
pub(super) struct Ground {
    pub(super) place: Place,
    pub(super) engine: Engine,
    pub(super) shop: Shop,
    pub(super) token: String,
}

/// Where it is kept.
pub(super) enum Place {
    /// In a file.
    File {
        /// The store.
        store: Arc<Sqlite>,
        /// The folder of the file.
        scratch: Scratch,
    },
    /// On a server.
    Server {
        /// The store.
        store: Arc<Postgres>,
        /// Its database, gone after the measurement.
        database: Database,
    },
}

impl Place {
    /// How many durable commits there were so far, where they are counted.
    pub(super) fn commits(&self) -> Option<u64> {
        match self {
            Self::File { store, .. } => Some(store.meter().commits),
            Self::Server { .. } => None,
        }
    }
}

impl Ground {
    /// A shop with so many products of so many variants each, all of them in stock.
    pub(super) async fn new(
        global: &Global,
        dir: &Path,
        products: usize,
        variants: usize,
    ) -> Result<Self, Failure> {
        let (place, store): (_, Arc<dyn Storage>) = match &global.database {
            Some(url) if url.starts_with("postgres") => {
                let database = Database::new(url)?;
                let store = Arc::new(open_postgres(&database.url(), SystemClock.now()).await?);
                (Place::Server { store: Arc::clone(&store), database }, store)
            }
            _ => {
                let scratch = Scratch::new("bench", Some(dir))?;
                let url = format!("sqlite://{}", scratch.file("bench.db").display());
                let store = Arc::new(open_sqlite(&url, SystemClock.now()).await?);
                (Place::File { store: Arc::clone(&store), scratch }, store)
            }
        };
        let engine = Engine::builder(store).build();
        let founded = engine.found(pretend("Bench")).await?;
        let (shop, token) = (founded.shop, founded.token);
        stock(&shop, products, variants).await?;
        Ok(Self { place, engine, shop, token })
    }

    /// Serves the shop with all layers in place, and limits so wide that they do not limit.
    pub(super) async fn serve(&self) -> Result<Served, Failure> {
        self.serve_with(Config::default()).await
    }

    /// The same, but every answer is worked out anew.
    pub(super) async fn serve_afresh(&self) -> Result<Served, Failure> {
        self.serve_with(Config { ready_bytes: 0, ..Config::default() }).await
    }

    async fn serve_with(&self, mut config: Config) -> Result<Served, Failure> {
        config.rate.credential = BOUNDLESS;
        config.limits.connections_per_peer = config.limits.connections;
        let front = server::idle_front(self.engine.clone(), &config, IDLE).map_err(Failure::Told)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let ended = tokio::spawn(async move {
            serve(listener, Arc::new(front), stopped).await;
        });
        Ok(Served { address, stop, ended })
    }
}

/// The SKU of a variant of a product.
pub(super) fn sku(product: usize, variant: usize) -> String {
    format!("B{product}-{variant}")
}

async fn stock(shop: &Shop, products: usize, variants: usize) -> Result<(), Failure> {
    let bar = progress::bar("stocking the shelves", Some(products as u64));
    let mut hands = JoinSet::new();
    for hand in 0..HANDS.min(products) {
        let (shop, bar) = (shop.clone(), bar.clone());
        hands.spawn(async move {
            for product in (hand..products).step_by(HANDS) {
                make(&shop, product, variants).await?;
                bar.inc(1);
            }
            Ok::<_, baddie::Error>(())
        });
    }
    while let Some(done) = hands.join_next().await {
        done??;
    }
    bar.finish_and_clear();
    Ok(())
}

async fn make(shop: &Shop, number: usize, variants: usize) -> baddie::Result<()> {
    let price = |minor| Money::new(minor, baddie::Currency::GBP);
    let product = CreateProduct {
        title: format!("Product number {number}"),
        brand: Some("Bench".to_owned()),
        description: "What there is to say about it, in a sentence or two of the usual length.".to_owned(),
        variants: (0..variants)
            .map(|variant| NewVariant::stocked(sku(number, variant), price(1_999)))
            .collect(),
        ..CreateProduct::default()
    };
    for view in shop.catalog().create_product(product).await?.variants {
        let stock = AdjustStock {
            variant_id: view.variant.id,
            location_id: None,
            change: PLENTY,
            reason: MoveReason::Opening,
            cost: Some(price(PLENTY)),
        };
        shop.inventory().adjust(stock).await?;
    }
    Ok(())
}

/// A server at work in this process.
pub(super) struct Served {
    pub(super) address: SocketAddr,
    stop: CancellationToken,
    ended: JoinHandle<()>,
}

impl Served {
    pub(super) async fn stop(self) -> Result<(), Failure> {
        self.stop.cancel();
        Ok(self.ended.await?)
    }
}
