//! The buyer's question at the shelf.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::optimize::{COMPARABLES, comparable};
use crate::accounts::Permission;
use crate::catalog::Condition;
use crate::engine::{Look, Query};
use crate::error::{Error, Kind, Result};
use crate::ids::ChannelId;
use crate::listings::{ChannelStatus, FeeSchedule, schedule_on};
use crate::money::{Money, Ppm};
use crate::pricing::{Appraisal, Comparable, Costs, Quote, Subject, quote};

/// What every unit of money is to earn, where nobody says otherwise.
const WANTED: Ppm = Ppm(300_000);

/// Ask what a thing would bring on each channel, and the most to pay for it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetQuote {
    /// What it would cost.
    pub cost: Money,
    /// What it is called: what shares its words counts for more.
    #[serde(default)]
    pub title: String,
    /// Its brand.
    #[serde(default)]
    pub brand: Option<String>,
    /// Its category.
    #[serde(default)]
    pub category: Option<String>,
    /// Its condition.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// What it would sell for, where that is known; otherwise it is told from things like it.
    #[serde(default)]
    pub price: Option<Money>,
    /// Things like it; when absent, those that the shop has sold, of its category where one is given.
    #[serde(default)]
    pub comparables: Vec<Comparable>,
    /// Only on this channel.
    #[serde(default)]
    pub channel_id: Option<ChannelId>,
    /// What the buyer would pay for shipping.
    #[serde(default)]
    pub shipping: Option<Money>,
    /// What the label would cost.
    #[serde(default)]
    pub label: Option<Money>,
    /// Tax inside the price, as a rate on what remains: 20% is 200,000.
    #[serde(default)]
    pub tax: Option<Ppm>,
    /// What every unit of money spent is to earn at least; 300,000, which is 30%, when absent.
    #[serde(default)]
    pub wanted: Option<Ppm>,
}

/// What a thing would bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quoted {
    /// How many things it was compared with.
    pub comparables: i64,
    /// On each active channel, the most profit first.
    pub channels: Vec<ChannelQuote>,
}

/// What a thing would bring on one channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelQuote {
    /// The channel; none where the shop has none and sells directly, without fees.
    pub channel_id: Option<ChannelId>,
    /// Its name.
    pub channel: String,
    /// What it would bring.
    pub quote: Quote,
    /// What it is worth there and how to ask for it; none where the price was given.
    pub worth: Option<Appraisal>,
}

#[async_trait]
impl Query for GetQuote {
    const NAME: &'static str = "pricing.quote";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Quoted;

    async fn run(self, look: &mut Look) -> Result<Quoted> {
        let currency = self.cost.currency();
        let mut costs = Costs::none(currency);
        let same = |field: &'static str, given: Option<Money>| match given {
            Some(sum) if sum.currency() != currency => {
                Err(Error::invalid(field, sum, &format!("give it in {}, as the cost is", currency.as_str())))
            }
            given => Ok(given),
        };
        costs.shipping = same("shipping", self.shipping)?.unwrap_or(costs.shipping);
        costs.label = same("label", self.label)?.unwrap_or(costs.label);
        costs.tax = self.tax.unwrap_or(costs.tax);
        let price = same("price", self.price)?;
        let comparables = if price.is_some() { Vec::new() } else { self.alike(look).await? };
        let subject = Subject {
            title: self.title.clone(),
            brand: self.brand.clone(),
            category: self.category.clone(),
            condition: self.condition,
            cost: self.cost,
        };
        let mut channels = Vec::new();
        for (channel_id, channel, fees) in self.places(look).await? {
            let (price, worth) = if let Some(price) = price {
                (price, None)
            } else {
                let model = look.price_model()?;
                let worth = model.appraise(&subject, &comparables, fees.as_ref(), &costs)?;
                (worth.typical, Some(worth))
            };
            let quote = quote(self.cost, price, fees.as_ref(), &costs, self.wanted.unwrap_or(WANTED))?;
            channels.push(ChannelQuote { channel_id, channel, quote, worth });
        }
        channels.sort_by_key(|one| std::cmp::Reverse(one.quote.profit.minor()));
        Ok(Quoted { comparables: i64::try_from(comparables.len()).unwrap_or(i64::MAX), channels })
    }
}

impl GetQuote {
    /// The things to compare with.
    async fn alike(&self, look: &mut Look) -> Result<Vec<Comparable>> {
        if !self.comparables.is_empty() {
            return Ok(self.comparables.clone());
        }
        let now = look.now();
        let currency = self.cost.currency();
        let mut sold =
            look.tx.orders().sold_last(self.category.as_deref(), false, currency, COMPARABLES).await?;
        if sold.is_empty() && self.category.is_some() {
            sold = look.tx.orders().sold_last(None, false, currency, COMPARABLES).await?;
        }
        if sold.is_empty() {
            let message = "the shop has sold nothing in this currency yet to compare with: give `comparables`, or the `price`";
            return Err(Error::new(Kind::Refused, "pricing.nothing_alike", message).on_field("comparables"));
        }
        Ok(sold.iter().map(|thing| comparable(thing, now)).collect())
    }

    /// Where it could be sold, with the fees in force.
    async fn places(&self, look: &mut Look) -> Result<Vec<(Option<ChannelId>, String, Option<FeeSchedule>)>> {
        let day = look.shop().await?.time_zone.date_of(look.now());
        let currency = self.cost.currency();
        let mut places = Vec::new();
        for channel in look.tx.listings().channels().await? {
            let wanted =
                self.channel_id.map_or(channel.status == ChannelStatus::Active, |id| id == channel.id);
            if !wanted || channel.currency != currency {
                continue;
            }
            let schedules = look.tx.parts::<FeeSchedule>(channel.id).await?;
            places.push((Some(channel.id), channel.name, schedule_on(&schedules, day).cloned()));
        }
        if let (true, Some(id)) = (places.is_empty(), self.channel_id) {
            let channel = look.tx.load::<crate::listings::Channel>(id).await?;
            let remedy =
                format!("{} sells in {}: give the cost in it", channel.name, channel.currency.as_str());
            return Err(Error::invalid("channel_id", id, &remedy));
        }
        if places.is_empty() {
            places.push((None, "direct".to_owned(), None));
        }
        Ok(places)
    }
}
