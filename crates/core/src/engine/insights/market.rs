//! The market as the shop sees it: how its categories move, and what would be worth doing.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::catalog::Product;
use crate::clock::{Date, Timestamp};
use crate::engine::{Look, Query};
use crate::error::Result;
use crate::ids::{ChannelId, VariantId};
use crate::insights::{Forecast, Movement, Opportunity, Stand, sell_through};
use crate::inventory::{CostLayer, Sellable, available};
use crate::listings::{Channel, ChannelStatus, FeeSchedule, Listing, schedule_on};
use crate::money::{Money, Ppm, Rounding};
use crate::page::PageRequest;
use crate::pricing::{Costs, Limits, PriceCase, Strategy, floor, net};

/// How much of the past shows where demand is heading, in days: a year, and as many weeks as fill it.
const PAST: i64 = 364;
/// What is compared with the same time before, in days.
const RECENT: i64 = 28;
/// How many variants are read at once.
const CHUNK: usize = 200;
/// How many layers of cost are looked at: far more than shops hold.
const LAYERS: usize = 100_000;

/// Look at where demand is heading in each category, and at what would be worth doing, the most valuable first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookAtMarket {
    /// How many opportunities at most: 1 to 200, 50 when absent.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// How the market looks from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MarketView {
    /// The last day that counts.
    pub day: Date,
    /// What sold, by category, most units first.
    pub categories: Vec<CategoryView>,
    /// What could be done.
    pub opportunities: Vec<OpportunityView>,
    /// Which model says so.
    pub model: String,
}

/// How a category does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryView {
    /// The category; none for what has none.
    pub category: Option<String>,
    /// Units sent in the last 28 days.
    pub sold: i64,
    /// Units sent in the 28 days before.
    pub sold_before: i64,
    /// Sold of all there were, in the last 28 days.
    pub sell_through: Ppm,
    /// Where it is heading.
    pub movement: Movement,
}

/// Something worth doing, with what it is called here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpportunityView {
    /// What to do, for which variant, and what it brings.
    #[serde(flatten)]
    pub opportunity: Opportunity,
    /// The variant's SKU.
    pub sku: String,
}

/// A stocked variant that has sold, with what is asked about it.
struct Known {
    good: Sellable,
    category: Option<String>,
    forecast: Option<Forecast>,
    listings: Vec<Listing>,
}

#[async_trait]
impl Query for LookAtMarket {
    const NAME: &'static str = "market.look";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = MarketView;

    async fn run(self, look: &mut Look) -> Result<MarketView> {
        let limit = PageRequest { limit: Some(self.limit.unwrap_or(50)), cursor: None }.limit()?;
        let model = look.market_model()?;
        let now = look.now();
        let today = look.shop().await?.time_zone.date_of(now);
        let day = today.plus_days(-1).unwrap_or(today);
        let from = day.plus_days(1 - PAST).unwrap_or(day);
        let mut sold: BTreeMap<VariantId, BTreeMap<Date, i64>> = BTreeMap::new();
        for row in look.tx.inventory().shipped_by_day(None, from, day).await? {
            sold.entry(row.variant_id).or_default().insert(row.day, row.units);
        }
        let ids: Vec<VariantId> = sold.keys().copied().collect();
        let known = known(look, &ids).await?;
        let mut days: BTreeMap<Option<String>, (BTreeMap<Date, i64>, i64)> = BTreeMap::new();
        for one in &known {
            let (units, left) = days.entry(one.category.clone()).or_default();
            *left += available(&one.good.stock);
            for (day, count) in &sold[&one.good.variant.id] {
                *units.entry(*day).or_default() += count;
            }
        }
        let mut categories = Vec::with_capacity(days.len());
        for (category, (units, left)) in days {
            let began = units.keys().next().map_or(day, |first| *first);
            let series: Vec<i64> = (began.as_days()..=day.as_days())
                .filter_map(Date::from_days)
                .map(|day| units.get(&day).copied().unwrap_or(0))
                .collect();
            let sum = |from: i64, to: i64| {
                units
                    .iter()
                    .filter(|(at, _)| (from..to).contains(&(day.as_days() - at.as_days())))
                    .map(|(_, units)| units)
                    .sum()
            };
            let recent = sum(0, RECENT);
            categories.push(CategoryView {
                category,
                sold: recent,
                sold_before: sum(RECENT, 2 * RECENT),
                sell_through: sell_through(recent, left),
                movement: model.movement(&series)?,
            });
        }
        categories.sort_by_key(|one| std::cmp::Reverse(one.sold));
        let stands = stands(look, &known, today, now).await?;
        let skus: BTreeMap<VariantId, &str> =
            known.iter().map(|one| (one.good.variant.id, one.good.variant.sku.as_str())).collect();
        let mut said = model.opportunities(&stands)?;
        said.truncate(limit);
        let opportunities = said.into_iter().filter_map(|opportunity| {
            let sku = (*skus.get(&opportunity.variant_id)?).to_owned();
            Some(OpportunityView { opportunity, sku })
        });
        Ok(MarketView { day, categories, opportunities: opportunities.collect(), model: model.name() })
    }
}

async fn known(look: &mut Look, ids: &[VariantId]) -> Result<Vec<Known>> {
    let mut all = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let goods = look.tx.inventory().sellable(chunk).await?;
        let products: BTreeSet<_> = goods.iter().map(|good| good.variant.product_id).collect();
        let products = look.tx.many::<Product>(&products.into_iter().collect::<Vec<_>>()).await?;
        let forecasts = look.tx.parts_of_all::<Forecast>(chunk).await?;
        let listings = look.tx.listings().open_of(chunk).await?;
        for good in goods {
            let id = good.variant.id;
            let product = products.iter().find(|product| product.id == good.variant.product_id);
            all.push(Known {
                category: product.and_then(|product| product.category.clone()),
                forecast: forecasts.iter().find(|forecast| forecast.variant_id == id).cloned(),
                listings: listings.iter().filter(|listing| listing.variant_id == id).cloned().collect(),
                good,
            });
        }
    }
    Ok(all)
}

/// How each variant stands that has a price and a forecast.
async fn stands(look: &mut Look, known: &[Known], today: Date, now: Timestamp) -> Result<Vec<Stand>> {
    let mut layers: BTreeMap<VariantId, Vec<CostLayer>> = BTreeMap::new();
    for layer in look.tx.inventory().oldest_layers(LAYERS).await? {
        layers.entry(layer.variant_id).or_default().push(layer);
    }
    let mut channels: Vec<Channel> = look.tx.listings().channels().await?;
    channels.retain(|channel| channel.status == ChannelStatus::Active);
    let mut fees: BTreeMap<ChannelId, FeeSchedule> = BTreeMap::new();
    for channel in &channels {
        let schedules = look.tx.parts::<FeeSchedule>(channel.id).await?;
        fees.extend(schedule_on(&schedules, today).map(|schedule| (channel.id, schedule.clone())));
    }
    let mut stands = Vec::new();
    for one in known {
        let variant = &one.good.variant;
        let listing = one.listings.first();
        let Some(price) = listing.map(|listing| listing.price).or(variant.price) else { continue };
        let Some(sum) =
            one.forecast.as_ref().and_then(|said| said.sums.iter().find(|sum| sum.days == RECENT))
        else {
            continue;
        };
        let own = layers.get(&variant.id).map_or(&[][..], Vec::as_slice);
        let cost = dearest(own, price)?;
        let schedule = listing.and_then(|listing| fees.get(&listing.channel_id));
        let margin = net(price, schedule, &Costs::none(price.currency()))?.minus(cost)?;
        let stock = available(&one.good.stock);
        let places = channels.iter().filter(|channel| channel.currency == price.currency());
        let unlisted =
            places.filter(|channel| one.listings.iter().all(|listing| listing.channel_id != channel.id));
        let stand = Stand {
            variant_id: variant.id,
            price,
            margin,
            stock,
            demand: sum.mean,
            age: own.first().map_or(0, |layer| {
                i64::try_from(now.since(layer.received_at).as_secs() / 86_400).unwrap_or(i64::MAX)
            }),
            better: better(look, one, price, cost, schedule, stock, sum.mean)?,
            unlisted: i64::try_from(unlisted.count()).unwrap_or(i64::MAX),
        };
        stands.push(stand);
    }
    Ok(stands)
}

/// What the dearest unit cost, in the currency of the price.
fn dearest(layers: &[CostLayer], price: Money) -> Result<Money> {
    let mut cost = price.currency().zero();
    for layer in layers.iter().filter(|layer| layer.cost_left.currency() == price.currency()) {
        cost = cost.max(layer.cost_left.share(1, layer.qty_left, Rounding::HalfUp)?)?;
    }
    Ok(cost)
}

/// The price that would earn most in four weeks, and how much more than the present one.
fn better(
    look: &Look,
    known: &Known,
    price: Money,
    cost: Money,
    fees: Option<&FeeSchedule>,
    stock: i64,
    demand: i64,
) -> Result<Option<(Money, Money)>> {
    let response = known.forecast.as_ref().and_then(|said| said.response);
    let (Some(response), Ok(model)) = (response, look.price_model()) else { return Ok(None) };
    if response.price.currency() != price.currency() || stock <= 0 {
        return Ok(None);
    }
    let break_even = fees.map_or(Ok(cost), |fees| fees.break_even(cost))?;
    let least = known.listings.first().and_then(|listing| listing.min_price);
    let costs = Costs::none(price.currency());
    let case = PriceCase {
        strategy: Strategy::MaximizeProfit,
        current: price,
        cost,
        fees: fees.cloned(),
        costs,
        units: demand,
        response,
        others: Vec::new(),
        stock,
        limits: Limits {
            floor: floor(least, break_even, None)?,
            ceiling: None,
            advertised: None,
            step: Some(Ppm(500_000)),
            ending: None,
        },
    };
    let said = model.charge(&case)?;
    let now = net(price, fees, &costs)?.minus(cost)?.share(demand, 1_000, Rounding::HalfEven)?;
    let gain = said.profit[1].minus(now)?;
    Ok((said.price != price && gain.is_positive()).then_some((said.price, gain)))
}
