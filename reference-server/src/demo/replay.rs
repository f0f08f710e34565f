//! Lives the year through again: the shop is founded, buys, sells and sends, on a clock of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use baddie::catalog::{CreateProduct, NewVariant};
use baddie::clock::{Clock, Date, SystemClock, Timestamp, Zone};
use baddie::ids::{ChannelId, EntityId, SupplierId, VariantId};
use baddie::insights::SetRefillPolicy;
use baddie::integrations::sandbox::Sandbox;
use baddie::ledger::{Account, AccountCode, GetBalances, ManualPosting, PostEntry};
use baddie::listings::{
    Channel, ConnectChannel, CreateListing, FeeBase, FeeKind, FeeRule, ImportedLine, ImportedOrder,
};
use baddie::money::Currency;
use baddie::orders::{ImportOrder, PlaceLine, PlaceOrder};
use baddie::payments::{PayoutKind, PayoutLine, RecordPayout};
use baddie::purchasing::{
    AdvancePurchaseOrder, ArrivedLine, CreatePurchaseOrder, CreateSupplier, LandedCost, LandedCostBasis,
    LandedCostKind, NewPurchaseLine, PurchaseOrderStep, ReceiveGoods, SetOffer, SupplierKind,
};
use baddie::shipping::FulfilOrder;
use baddie::{Error, Found, Money, Ppm, Result, Shop};
use indicatif::ProgressBar;
use serde_json::json;
use tokio::task::JoinSet;

use super::sales::{History, Sold, read};
use super::{engine, finds};

/// Days between two rounds of buying.
const ROUND: i64 = 28;
/// Lines of a basket.
const BASKET: usize = 4;
/// How many baskets are under way at once: they share the waits for the disk.
const AT_ONCE: usize = 64;

/// What was seeded.
pub(crate) struct Seeded {
    /// The owner's token.
    pub(crate) token: String,
    /// Orders placed and sent.
    pub(crate) orders: u64,
    /// The last day of the year.
    pub(crate) last_day: Date,
}

/// A clock that stands where the replay puts it.
#[derive(Default)]
struct ReplayClock(AtomicI64);

impl ReplayClock {
    fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::Relaxed);
    }
}

impl Clock for ReplayClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

fn gbp(pence: i64) -> Money {
    Money::new(pence, Currency::GBP)
}

/// Founds the shop and lives the year, or its last `days`. `bar` counts days.
pub(crate) async fn seed(database: &str, world: &Sandbox, days: i64, bar: &ProgressBar) -> Result<Seeded> {
    let history = read().ok_or_else(|| Error::internal("the demo's sales cannot be read"))?.latest(days);
    let zone: Zone = "Europe/London".parse()?;
    let yesterday = zone.date_of(SystemClock.now()).as_days() - 1;
    // Whole weeks, so that Sundays stay Sundays.
    let weeks = (yesterday - history.first.as_days() - history.last).div_euclid(7);
    let start = history.first.as_days() + weeks * 7;
    let clock = Arc::new(ReplayClock::default());
    let mut year = Year { clock: clock.clone(), zone: zone.clone(), start };
    year.stand_at(history.from, 8 * 3600);
    let engine = engine(database, world, clock).await?.build();
    let found = Found {
        name: "The Pretend Gift Shop".into(),
        email: "owner@demo.example".into(),
        currency: Currency::GBP,
        time_zone: zone,
    };
    let founded = engine.found(found).await?;
    let shop = founded.shop;
    let channels = connect(&shop).await?;
    let suppliers = suppliers(&shop).await?;
    let variants = describe(&shop, &history).await?;
    ask_for_offers(&shop, &history, &suppliers, &variants).await?;
    bar.set_length(u64::try_from(history.last + 1 - history.from).unwrap_or(0));
    let mut by_day: BTreeMap<i64, Vec<(&Sold, usize)>> = BTreeMap::new();
    for product in &history.products {
        for (index, sale) in product.sales.iter().enumerate() {
            by_day.entry(sale.day).or_default().push((product, index));
        }
    }
    let mut hauls = finds::hauls();
    let mut orders = 0;
    for day in history.from..=history.last {
        year.stand_at(day, 8 * 3600);
        if (day - history.from) % ROUND == 0 {
            buy(&shop, &history, &suppliers, &variants, day).await?;
            settle_month(&shop, &channels[0], day).await?;
        }
        while let Some(at) = hauls.iter().position(|(ago, _)| (history.last - ago).max(history.from) == day) {
            shop.purchasing().record_haul(hauls.swap_remove(at).1).await?;
        }
        let sold = by_day.remove(&day).unwrap_or_default();
        orders += sell(&shop, &mut year, day, &sold, &channels[0]).await?;
        bar.inc(1);
    }
    offer(&shop, &variants, &channels).await?;
    let last_day = Date::from_days(start + history.last).unwrap_or(history.first);
    Ok(Seeded { token: founded.token, orders, last_day })
}

/// The year as it is lived: the clock, and where it began.
struct Year {
    clock: Arc<ReplayClock>,
    zone: Zone,
    start: i64,
}

impl Year {
    fn at(&self, day: i64, second: u64) -> Timestamp {
        let date = Date::from_days(self.start + day).unwrap_or_else(|| self.zone.date_of(self.clock.now()));
        self.zone.start_of(date).plus(Duration::from_secs(second))
    }

    fn stand_at(&mut self, day: i64, second: u64) {
        self.clock.set(self.at(day, second));
    }
}

/// Three pretend marketplaces, each of another kind, with pretend fees.
async fn connect(shop: &Shop) -> Result<[Channel; 3]> {
    let fee = |rate, fixed| FeeRule {
        kind: FeeKind::FinalValue,
        base: FeeBase::Total,
        rate: Ppm(rate),
        fixed: Some(gbp(fixed)),
        least: None,
        most: None,
    };
    let channel = |name: &str, market: &str, rate, fixed| {
        shop.channels().connect(ConnectChannel {
            name: format!("{name} (pretend)"),
            kind: "sandbox".into(),
            external_account: "demo".into(),
            currency: None,
            secret_ref: None,
            buffer_qty: 0,
            settings: json!({ "market": market }),
            fees: vec![fee(rate, fixed)],
        })
    };
    Ok([
        channel("Market Square", "multi_quantity", 89_000, 20).await?,
        channel("Second Chance", "single_quantity", 120_000, 30).await?,
        channel("The Gavel", "auction", 100_000, 25).await?,
    ])
}

async fn suppliers(shop: &Shop) -> Result<[SupplierId; 3]> {
    let supplier = |name: &str, lead_days_mean| {
        shop.purchasing().create_supplier(CreateSupplier {
            name: format!("{name} (pretend)"),
            kind: SupplierKind::Wholesale,
            lead_days_mean,
            lead_days_sd: lead_days_mean / 4,
            terms: Some("30 days".into()),
        })
    };
    Ok([
        supplier("Harbour Imports", 12).await?.id,
        supplier("Oak & Ribbon", 7).await?.id,
        supplier("North Street Trade", 21).await?.id,
    ])
}

/// What a unit of a product costs: 38 to 52 in 100 of what it brings, by its place in the list. Pretend.
fn cost(product: &Sold, index: usize) -> i64 {
    let share = 38 + i64::try_from(index * 7 % 15).unwrap_or(0);
    (product.mean_price() * share / 100).max(1)
}

async fn describe(shop: &Shop, history: &History) -> Result<Vec<VariantId>> {
    let mut made = JoinSet::new();
    for (index, product) in history.products.iter().enumerate() {
        let request = CreateProduct {
            title: product.title.clone(),
            description: format!("{}. From the demo's gift shop.", product.title),
            variants: vec![NewVariant::stocked(&product.sku, gbp(product.last_price()))],
            ..CreateProduct::default()
        };
        let shop = shop.clone();
        made.spawn(async move { (index, shop.catalog().create_product(request).await) });
    }
    let mut ids = vec![VariantId::from_u128(0); history.products.len()];
    while let Some(done) = made.join_next().await {
        let (index, view) = done.map_err(Error::internal)?;
        ids[index] = view?.variants[0].variant.id;
    }
    Ok(ids)
}

/// What each supplier asks, and how well the shop is to be kept in stock.
async fn ask_for_offers(
    shop: &Shop,
    history: &History,
    suppliers: &[SupplierId; 3],
    variants: &[VariantId],
) -> Result<()> {
    for (index, product) in history.products.iter().enumerate() {
        let offer = SetOffer {
            supplier_id: suppliers[index % 3],
            variant_id: variants[index],
            supplier_sku: None,
            unit_cost: gbp(cost(product, index)),
            price_breaks: Vec::new(),
            moq: 1,
            pack: 1,
        };
        shop.purchasing().set_offer(offer).await?;
    }
    let policy = SetRefillPolicy {
        variant_id: None,
        service_level: Ppm(900_000),
        review_days: 14,
        budget: Some(gbp(500_000)),
        auto_approve: false,
    };
    shop.insights().set_policy(policy).await.map(|_| ())
}

/// Buys what will sell until the next round, and a little more: the owner of a replay knows the future.
async fn buy(
    shop: &Shop,
    history: &History,
    suppliers: &[SupplierId; 3],
    variants: &[VariantId],
    day: i64,
) -> Result<()> {
    for (number, &supplier_id) in suppliers.iter().enumerate() {
        let mut lines = Vec::new();
        for (index, product) in history.products.iter().enumerate().filter(|(index, _)| index % 3 == number) {
            let units = product.units(day, day + ROUND);
            let more = units * i64::try_from(index % 5).unwrap_or(0) / 40;
            let last = day + ROUND > history.last;
            let qty = units + if last { units / 6 + i64::try_from(index % 4).unwrap_or(0) } else { more };
            if qty > 0 {
                let unit_cost = Some(gbp(cost(product, index)));
                lines.push(NewPurchaseLine { variant_id: variants[index], qty, unit_cost });
            }
        }
        if lines.is_empty() {
            continue;
        }
        let order =
            CreatePurchaseOrder { supplier_id, location_id: None, lines, expected_on: None, notes: None };
        let order = shop.purchasing().order(order).await?;
        let purchase_order_id = order.order.id;
        let submit = AdvancePurchaseOrder {
            purchase_order_id,
            step: PurchaseOrderStep::Submit,
            expected_version: None,
        };
        shop.purchasing().advance(submit).await?;
        let arrived = |line: &baddie::purchasing::PurchaseLine| ArrivedLine {
            purchase_line_id: line.id,
            qty: line.qty,
        };
        let freight =
            LandedCost { kind: LandedCostKind::Freight, amount: gbp(4_500), basis: LandedCostBasis::Value };
        let goods = ReceiveGoods {
            purchase_order_id,
            lines: order.lines.iter().map(arrived).collect(),
            landed_costs: vec![freight],
            tolerance: Ppm(0),
        };
        shop.purchasing().receive(goods).await?;
    }
    Ok(())
}

/// The channel pays out, suppliers are paid, the store room costs its rent.
async fn settle_month(shop: &Shop, channel: &Channel, day: i64) -> Result<()> {
    let balances = shop.ledger().balances(GetBalances::default()).await?;
    let holds = |code: &AccountCode| {
        balances.iter().find(|row| row.balance.account == *code).map_or(0, |row| row.balance.balance.minor())
    };
    let held = holds(&AccountCode::clearing(channel.id));
    if held > 0 {
        let line = PayoutLine { kind: PayoutKind::Sale, amount: gbp(held), order_external_id: None };
        let payout = RecordPayout {
            channel_id: channel.id,
            external_id: format!("payout-{day}"),
            amount: gbp(held),
            lines: vec![line],
            at: None,
        };
        shop.payments().record_payout(payout).await?;
    }
    let owed = -holds(&Account::Payables.into());
    let mut postings = vec![
        ManualPosting { account: Account::OtherExpense.into(), amount: gbp(12_000), item_id: None },
        ManualPosting { account: Account::Cash.into(), amount: gbp(-12_000 - owed.max(0)), item_id: None },
    ];
    if owed > 0 {
        postings.push(ManualPosting { account: Account::Payables.into(), amount: gbp(owed), item_id: None });
    }
    let memo = "Store room (pretend), and suppliers paid".to_owned();
    shop.ledger().post(PostEntry { memo, postings }).await.map(|_| ())
}

/// The day's baskets: each a paid order, sent the same day. Every other one came through a channel.
async fn sell(
    shop: &Shop,
    year: &mut Year,
    day: i64,
    sold: &[(&Sold, usize)],
    channel: &Channel,
) -> Result<u64> {
    let mut orders = 0;
    let baskets: Vec<_> = sold.chunks(BASKET).collect();
    for (group, together) in baskets.chunks(AT_ONCE).enumerate() {
        let second = 9 * 3600 + u64::try_from(group).unwrap_or(0) * 1800;
        year.stand_at(day, second);
        let mut under_way = JoinSet::new();
        for (index, basket) in together.iter().enumerate() {
            let lines: Vec<_> =
                basket.iter().map(|(product, at)| (product.sku.clone(), product.sales[*at])).collect();
            let name = format!("MS-{day}-{group}-{index}");
            let (shop, channel, at) = (shop.clone(), channel.id, year.at(day, second));
            let through_channel = index % 2 == 1;
            under_way.spawn(async move {
                let through = through_channel.then_some((channel, name, at));
                one_basket(&shop, lines, through).await
            });
        }
        while let Some(done) = under_way.join_next().await {
            done.map_err(Error::internal)??;
            orders += 1;
        }
    }
    Ok(orders)
}

async fn one_basket(
    shop: &Shop,
    lines: Vec<(String, super::sales::Sale)>,
    through: Option<(ChannelId, String, Timestamp)>,
) -> Result<()> {
    let placed = match through {
        None => {
            let line = |(sku, sale): (String, super::sales::Sale)| {
                PlaceLine::sku(sku, sale.units).at(gbp(sale.price))
            };
            shop.orders().place(PlaceOrder::of(lines.into_iter().map(line).collect()).paid()).await?
        }
        Some((channel_id, external_id, placed_at)) => {
            let line = |(sku, sale): (String, super::sales::Sale)| ImportedLine {
                listing_external_id: None,
                sku: Some(sku),
                qty: sale.units,
                unit_price: gbp(sale.price),
                taxes: Vec::new(),
            };
            let order = ImportedOrder {
                external_id,
                external_version: 1,
                placed_at,
                lines: lines.into_iter().map(line).collect(),
                shipping: gbp(395),
                fees: None,
                paid: true,
                cancelled: false,
                refunded: None,
                buyer: None,
            };
            shop.orders().import(ImportOrder { channel_id, order }).await?
        }
    };
    let parcel = FulfilOrder { label_cost: Some(gbp(295)), ..FulfilOrder::all_of(placed.order.id) };
    shop.shipping().fulfil(parcel).await.map(|_| ())
}

/// Offers what is left: every product on the first channel, every one-of-a-kind thing on all three.
async fn offer(shop: &Shop, variants: &[VariantId], channels: &[Channel; 3]) -> Result<()> {
    let mut wanted: Vec<(ChannelId, VariantId)> = variants.iter().map(|&id| (channels[0].id, id)).collect();
    let mut cursor = None;
    loop {
        let page = baddie::PageRequest { limit: Some(200), cursor };
        let page = shop.catalog().items(baddie::catalog::ListItems { status: None, page }).await?;
        for item in &page.items {
            wanted.extend(channels.iter().map(|channel| (channel.id, item.variant_id)));
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let mut made = JoinSet::new();
    for (channel_id, variant_id) in wanted {
        let listing = CreateListing {
            channel_id,
            variant_id,
            title: None,
            description: None,
            price: None,
            min_price: None,
            draft: false,
        };
        let shop = shop.clone();
        made.spawn(async move { shop.listings().create(listing).await });
    }
    while let Some(done) = made.join_next().await {
        done.map_err(Error::internal)??;
    }
    Ok(())
}
