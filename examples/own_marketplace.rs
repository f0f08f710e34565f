//! A marketplace of one's own: an adapter for a flea market that lives in this program.
//!
//! The engine publishes to it, hears of its sales, and takes down what was sold elsewhere, all through one trait. An
//! adapter calls a real service the same way; the conformance suite holds it to the contract.
//!
//! `cargo run --example own_marketplace`

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use baddie::catalog::{CreateProduct, NewVariant};
use baddie::clock::{Clock as _, SystemClock, Timestamp, Zone};
use baddie::ids::{ChannelId, ListingId, VariantId};
use baddie::inventory::{AdjustStock, MoveReason};
use baddie::listings::{
    Capabilities, Channel, ChannelError, ChannelNotice, ConnectChannel, CreateListing, EndReason, GetListing,
    ImportedLine, ImportedOrder, Observed, Offer, Pulled, SalesChannel, SyncChannel, Told,
};
use baddie::orders::{PlaceLine, PlaceOrder};
use baddie::{Currency, Engine, Found, Money, Shop};

/// What lies on one table of the flea market.
struct Stand {
    key: ListingId,
    offer: Offer,
    ended: bool,
}

/// The flea market: tables, and what was sold at them.
#[derive(Default)]
struct Market {
    tables: BTreeMap<String, Stand>,
    sales: Vec<ImportedOrder>,
}

/// The adapter. What it knows of the market it asks the market each time.
#[derive(Clone, Default)]
struct FleaMarket(Arc<Mutex<Market>>);

impl FleaMarket {
    fn market(&self) -> MutexGuard<'_, Market> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody buys one from a table, if one lies there.
    fn sell(&self, table: &str, at: Timestamp) -> Option<()> {
        let mut market = self.market();
        let stand = market.tables.get_mut(table).filter(|stand| !stand.ended && stand.offer.qty > 0)?;
        stand.offer.qty -= 1;
        let (price, number) = (stand.offer.price, market.sales.len() + 1);
        market.sales.push(ImportedOrder {
            external_id: format!("receipt-{number}"),
            external_version: 1,
            placed_at: at,
            lines: vec![ImportedLine {
                listing_external_id: Some(table.to_owned()),
                sku: None,
                qty: 1,
                unit_price: price,
                taxes: Vec::new(),
            }],
            shipping: price.currency().zero(),
            fees: None,
            paid: true,
            cancelled: false,
            refunded: None,
            buyer: None,
        });
        Some(())
    }
}

impl Stand {
    fn seen(&self, table: &str) -> Observed {
        Observed {
            external_id: table.to_owned(),
            url: None,
            qty: self.offer.qty,
            price: self.offer.price,
            ended: self.ended.then_some(EndReason::Seller),
        }
    }
}

#[async_trait]
impl SalesChannel for FleaMarket {
    fn capabilities(&self, _settings: &serde_json::Value) -> Capabilities {
        Capabilities {
            multi_qty: true,
            zero_qty: false,
            look_up: true,
            webhooks: false,
            end: true,
            revise: true,
            offers: false,
            parcels: false,
            pictures: false,
            refunds: false,
            cancels: false,
            goods: false,
            max_title: 80,
            max_description: 1_000,
            concurrency: 2,
        }
    }

    async fn publish(&self, _at: &Channel, offer: &Offer) -> Result<Observed, ChannelError> {
        let mut market = self.market();
        let table = format!("table-{}", market.tables.len() + 1);
        let stand = Stand { key: offer.key, offer: offer.clone(), ended: false };
        let seen = stand.seen(&table);
        market.tables.insert(table, stand);
        Ok(seen)
    }

    async fn revise(&self, _at: &Channel, table: &str, offer: &Offer) -> Result<Observed, ChannelError> {
        let mut market = self.market();
        let stand = market.tables.get_mut(table).ok_or(ChannelError::NotThere)?;
        stand.offer = offer.clone();
        Ok(stand.seen(table))
    }

    async fn end(&self, _at: &Channel, table: &str) -> Result<(), ChannelError> {
        self.market().tables.get_mut(table).ok_or(ChannelError::NotThere)?.ended = true;
        Ok(())
    }

    async fn look_up(
        &self,
        _at: &Channel,
        key: ListingId,
        _: Option<&str>,
    ) -> Result<Option<Observed>, ChannelError> {
        let market = self.market();
        let mut tables = market.tables.iter();
        Ok(tables.find(|(_, stand)| stand.key == key).map(|(table, stand)| stand.seen(table)))
    }

    async fn pull(&self, _at: &Channel, cursor: Option<&str>) -> Result<Pulled, ChannelError> {
        let market = self.market();
        let from = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let notices = market.sales.iter().skip(from).map(|sale| ChannelNotice {
            external_id: sale.external_id.clone(),
            told: Told::Order(sale.clone()),
        });
        let (notices, cursor) = (notices.collect(), Some(market.sales.len().to_string()));
        Ok(Pulled { notices, cursor, more: false })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let market = FleaMarket::default();
    let storage = baddie::storage::connect("memory:", SystemClock.now()).await?;
    let engine = Engine::builder(storage).channel("flea_market", Arc::new(market.clone())).build();
    let found = Found {
        name: "Stall 12".to_owned(),
        email: "owner@example.com".to_owned(),
        currency: Currency::GBP,
        time_zone: Zone::utc(),
    };
    let shop = engine.found(found).await?.shop;
    let (channel_id, variant_id) = set_up(&shop).await?;
    let listing = CreateListing {
        channel_id,
        variant_id,
        title: None,
        description: None,
        price: None,
        min_price: None,
        draft: false,
    };
    let listing_id = shop.listings().create(listing).await?.id;
    engine.settle().await?;
    let seen = shop.listings().get(GetListing { listing_id }).await?;
    println!("The listing is {}, on {}.", seen.state, seen.external_id.unwrap_or_default());

    // One of the two is sold at the market; the shop hears of it when it asks.
    market.sell("table-1", engine.now()).ok_or("nothing lies there")?;
    shop.channels().sync(SyncChannel { channel_id }).await?;
    engine.settle().await?;

    // The last one is sold over the counter: the same transaction orders the table to be cleared.
    shop.orders().place(PlaceOrder::of(vec![PlaceLine::sku("LAMP", 1)]).paid()).await?;
    engine.settle().await?;
    let seen = shop.listings().get(GetListing { listing_id }).await?;
    println!("Now it is {}.", seen.state);
    assert!(market.market().tables["table-1"].ended, "nobody can buy what is gone");
    Ok(())
}

/// Two lamps, and the connection to the market.
async fn set_up(shop: &Shop) -> baddie::Result<(ChannelId, VariantId)> {
    let pounds = |pence| Money::new(pence, Currency::GBP);
    let lamp = CreateProduct {
        title: "Brass lamp".to_owned(),
        description: "Rewired, with a plug.".to_owned(),
        variants: vec![NewVariant::stocked("LAMP", pounds(2_500))],
        ..CreateProduct::default()
    };
    let variant_id = shop.catalog().create_product(lamp).await?.variants[0].variant.id;
    let two = AdjustStock {
        variant_id,
        location_id: None,
        change: 2,
        reason: MoveReason::Opening,
        cost: Some(pounds(1_800)),
    };
    shop.inventory().adjust(two).await?;
    let channel = ConnectChannel {
        name: "Sunday market".to_owned(),
        kind: "flea_market".to_owned(),
        external_account: "stall-12".to_owned(),
        currency: None,
        secret_ref: None,
        buffer_qty: 0,
        settings: serde_json::Value::Null,
        fees: Vec::new(),
    };
    Ok((shop.channels().connect(channel).await?.id, variant_id))
}
