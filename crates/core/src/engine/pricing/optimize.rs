//! Prices by a model: what is asked of it for each listing, and the proposals that come of it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Reasons;
use crate::accounts::Permission;
use crate::catalog::{Item, Product, Variant};
use crate::clock::Timestamp;
use crate::engine::{Command, Work};
use crate::error::{Error, Result};
use crate::ids::{ChannelId, ListingId, hex};
use crate::insights::Forecast;
use crate::listings::{Channel, Listing, ListingFilter, ListingState};
use crate::money::{Money, Ppm};
use crate::orders::SoldThing;
use crate::page::{MAX_LIMIT, PageRequest};
use crate::pricing::{
    Appraisal, Comparable, Costs, Limits, MarkdownStep, PriceCase, PriceModel, PriceProposal, Strategy,
    Subject,
};

/// How many days a price is to be right for, where nobody says otherwise.
const PERIOD: i64 = 28;
/// The furthest a period reaches.
const LONGEST: i64 = 365;
/// The largest change at once, where nobody says otherwise.
const STEP: Ppm = Ppm(500_000);
/// How many listings are named at once.
const MOST: usize = 200;
/// How many things sold are looked at for one that is one of a kind.
pub(super) const COMPARABLES: usize = 300;
/// From how many of them on their prices are believed.
const ALIKE: usize = 3;

/// What others ask for what a listing offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Competition {
    /// The listing.
    pub listing_id: ListingId,
    /// Their prices.
    pub prices: Vec<Money>,
}

/// Ask the model what to charge: a proposal for each listing whose price should change.
///
/// A listing of many needs a forecast of its variant; a one-of-a-kind thing is compared with what the shop has sold.
/// Proposals keep the floor, and are decided like any other.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptimizePrices {
    /// What the prices are after.
    pub strategy: Strategy,
    /// The listings, at most 200. When absent, the live listings of the channel, or of all channels.
    #[serde(default)]
    pub listing_ids: Vec<ListingId>,
    /// Only live listings of this channel; without listings named.
    #[serde(default)]
    pub channel_id: Option<ChannelId>,
    /// How to go on with the next page of live listings.
    #[serde(default)]
    pub cursor: Option<String>,
    /// For how many days the price is to be right; stock is to be gone by then, for `clear_stock`. 28 when absent.
    #[serde(default)]
    pub days: Option<i64>,
    /// The largest change at once; a half when absent.
    #[serde(default)]
    pub max_step: Option<Ppm>,
    /// The last digits prices end in, in minor units: 99 makes 12.99.
    #[serde(default)]
    pub ending: Option<i64>,
    /// What a parcel costs to send, where the shop pays for it.
    #[serde(default)]
    pub label: Option<Money>,
    /// What others ask.
    #[serde(default)]
    pub competition: Vec<Competition>,
}

/// That a listing's price stays, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceKept {
    /// The listing.
    pub listing_id: ListingId,
    /// Why.
    pub why: String,
}

/// What the model would charge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PricesOptimized {
    /// The prices that should change.
    pub proposals: Vec<PriceProposal>,
    /// Those that stay.
    pub kept: Vec<PriceKept>,
    /// How to go on with the next page.
    pub next_cursor: Option<String>,
}

/// A price the model wants, with its reasons.
struct Wanted {
    price: Money,
    reasons: Reasons,
}

#[async_trait]
impl Command for OptimizePrices {
    const NAME: &'static str = "price_proposals.optimize";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = PricesOptimized;

    async fn run(self, work: &mut Work) -> Result<PricesOptimized> {
        self.check()?;
        let engine = work.engine.clone();
        let model = engine.price_model()?;
        let (listings, next_cursor) = self.listings(work).await?;
        let (mut proposals, mut kept) = (Vec::new(), Vec::new());
        for listing in listings {
            let said = match listing.item_id {
                Some(_) => self.for_one(work, &**model, &listing).await?,
                None => self.for_many(work, &**model, &listing).await?,
            };
            let keep = |why: String| PriceKept { listing_id: listing.id, why };
            match said {
                Err(why) => kept.push(keep(why)),
                Ok(wanted) if wanted.price == listing.price => kept.push(keep(wanted.reasons.explanation)),
                Ok(Wanted { price, reasons }) => {
                    let step = Some(self.max_step.unwrap_or(STEP));
                    let proposal = work.propose_price(&listing, price, None, step, reasons).await?;
                    if proposal.proposed == listing.price {
                        kept.push(keep(format!("{}; the limits leave it where it is", proposal.explanation)));
                    } else {
                        work.tx.add(&proposal).await?;
                        proposals.push(proposal);
                    }
                }
            }
        }
        Ok(PricesOptimized { proposals, kept, next_cursor })
    }
}

impl OptimizePrices {
    fn check(&self) -> Result<()> {
        if self.listing_ids.len() > MOST {
            let remedy = "name at most 200 at once, or none and go through all of them page by page";
            return Err(Error::invalid("listing_ids", self.listing_ids.len(), remedy));
        }
        if self.days.is_some_and(|days| !(1..=LONGEST).contains(&days)) {
            return Err(Error::invalid("days", self.days.unwrap_or_default(), "choose 1 to 365 days"));
        }
        if self.max_step.is_some_and(|step| !(1..=Ppm::ONE.0).contains(&step.0)) {
            let given = self.max_step.unwrap_or_default().0;
            return Err(Error::invalid("max_step", given, "choose 1 to 1,000,000 parts per million"));
        }
        Ok(())
    }

    async fn listings(&self, work: &mut Work) -> Result<(Vec<Listing>, Option<String>)> {
        if self.listing_ids.is_empty() {
            let channel_id = self.channel_id;
            if let Some(channel) = channel_id {
                work.tx.load::<Channel>(channel).await?;
            }
            let filter =
                ListingFilter { channel_id, state: Some(ListingState::Live), ..ListingFilter::default() };
            let page = PageRequest { limit: Some(MAX_LIMIT), cursor: self.cursor.clone() };
            let page = work.tx.listings().find_listings(&filter, &page).await?;
            return Ok((page.items, page.next_cursor));
        }
        let mut listings = Vec::with_capacity(self.listing_ids.len());
        for (index, id) in self.listing_ids.iter().enumerate() {
            let listing = work.tx.load::<Listing>(*id).await?;
            if !listing.is_open() {
                let remedy = "it has ended: its price cannot change";
                return Err(Error::invalid(format!("listing_ids[{index}]"), listing.id, remedy));
            }
            listings.push(listing);
        }
        Ok((listings, None))
    }

    fn costs(&self, listing: &Listing) -> Result<Costs> {
        let mut costs = Costs::none(listing.price.currency());
        if let Some(label) = self.label {
            // Whoever names another currency is told so.
            costs.label = costs.label.plus(label).map_err(|error| Error::from(error).on_field("label"))?;
        }
        Ok(costs)
    }

    fn others(&self, listing: &Listing) -> Vec<Money> {
        let of = self.competition.iter().filter(|others| others.listing_id == listing.id);
        let prices = of.flat_map(|others| &others.prices).copied();
        prices.filter(|price| price.is_positive() && price.currency() == listing.price.currency()).collect()
    }

    /// What to charge for something of which there are many: by how its demand answers to the price.
    async fn for_many(
        &self,
        work: &mut Work,
        model: &dyn PriceModel,
        listing: &Listing,
    ) -> Result<Result<Wanted, String>> {
        let Some(forecast) = work.tx.parts::<Forecast>(listing.variant_id).await?.pop() else {
            return Ok(Err(
                "nothing is forecast of it yet: only what has sold is; forecasts.refresh asks for it".into(),
            ));
        };
        let Some(response) =
            forecast.response.filter(|seen| seen.price.currency() == listing.price.currency())
        else {
            return Ok(Err("it has not been ordered at a price in this currency yet".into()));
        };
        let days = self.days.unwrap_or(PERIOD);
        let Some(sum) = forecast.sums.iter().min_by_key(|sum| (sum.days - days).abs()) else {
            return Ok(Err("its forecast says nothing of several days together".into()));
        };
        let units = i128::from(sum.mean) * i128::from(days) / i128::from(sum.days.max(1));
        let goods = work.tx.inventory().sellable(&[listing.variant_id]).await?;
        let stock = goods.iter().map(|good| crate::inventory::available(&good.stock)).sum();
        let day = work.today().await?;
        let schedule = work.schedule_of(listing.channel_id, day).await?;
        let case = PriceCase {
            strategy: self.strategy,
            current: listing.price,
            cost: work.unit_cost_of(listing).await?,
            fees: schedule,
            costs: self.costs(listing)?,
            units: i64::try_from(units).unwrap_or(i64::MAX),
            response,
            others: self.others(listing),
            stock,
            limits: Limits {
                floor: work.floor_of(listing, None).await?,
                ceiling: None,
                advertised: None,
                step: Some(self.max_step.unwrap_or(STEP)),
                ending: self.ending,
            },
        };
        let said = model.charge(&case)?;
        let [low, _, high] = said.profit;
        let reasons = Reasons {
            strategy: self.strategy,
            explanation: format!("{} Profit of {days} days: {low} to {high}.", said.explanation),
            model: model.name(),
            inputs_hash: hash_of(&forecast.inputs_hash, &format!("{case:?}")),
            backtest: forecast.backtest,
        };
        Ok(Ok(Wanted { price: said.price, reasons }))
    }

    /// What to charge for a thing that is one of a kind: by what things like it sold for.
    async fn for_one(
        &self,
        work: &mut Work,
        model: &dyn PriceModel,
        listing: &Listing,
    ) -> Result<Result<Wanted, String>> {
        let variant = work.tx.load::<Variant>(listing.variant_id).await?;
        let product = work.tx.load::<Product>(variant.product_id).await?;
        let condition = match listing.item_id {
            Some(item) => Some(work.tx.load::<Item>(item).await?.condition),
            None => None,
        };
        let currency = listing.price.currency();
        let category = product.category.as_deref();
        let mut sold = work.tx.orders().sold_last(category, true, currency, COMPARABLES).await?;
        let own = words(&listing.title);
        sold.retain(|thing| category.is_some() || words(&thing.title).iter().any(|word| own.contains(word)));
        if sold.len() < ALIKE {
            let why =
                format!("{} things like it have sold in this shop; {ALIKE} say what it is worth", sold.len());
            return Ok(Err(why));
        }
        let comparables: Vec<Comparable> = sold.iter().map(|thing| comparable(thing, work.now)).collect();
        let subject = Subject {
            title: listing.title.clone(),
            brand: product.brand,
            category: product.category,
            condition,
            cost: work.unit_cost_of(listing).await?,
        };
        let day = work.today().await?;
        let schedule = work.schedule_of(listing.channel_id, day).await?;
        let costs = self.costs(listing)?;
        let said = model.appraise(&subject, &comparables, schedule.as_ref(), &costs)?;
        let days = listing.live_since.map_or(0, |since| whole_days(since, work.now));
        let (price, why) = self.asking(&said, &self.others(listing), days);
        let reasons = Reasons {
            strategy: self.strategy,
            explanation: format!(
                "{price}: {why}. Things like it bring {} to {}, half of them {} or more.",
                said.low, said.high, said.typical
            ),
            model: model.name(),
            inputs_hash: hash_of(
                &listing.id.to_string(),
                &format!("{subject:?}{comparables:?}{schedule:?}{costs:?}"),
            ),
            backtest: None,
        };
        let price =
            self.ending.map_or(price, |ending| crate::pricing::with_ending(price, ending, currency.zero()));
        Ok(Ok(Wanted { price, reasons }))
    }

    /// What a strategy asks for a thing of this worth that has been on offer for so many days.
    fn asking(&self, worth: &Appraisal, others: &[Money], days: i64) -> (Money, String) {
        let mut asked: Vec<Money> = others.to_vec();
        asked.sort_by_key(|price| price.minor());
        match self.strategy {
            Strategy::MaximizeProfit => {
                let due = |step: &&MarkdownStep| step.after_days <= days;
                let price = worth.path.iter().rfind(due).map_or(worth.asking, |step| step.price);
                (price, format!("earns most for something on offer for {days} days"))
            }
            Strategy::MaximizeSales => (worth.low, "one in ten like it sells for less".into()),
            Strategy::MatchCompetition => match asked.get(asked.len() / 2) {
                Some(&middle) => (middle, format!("the middle of {} other prices", asked.len())),
                None => (worth.typical, "what half of the things like it sell for".into()),
            },
            Strategy::PremiumPositioning => (worth.high, "one in ten like it sells for more".into()),
            Strategy::ClearStock => {
                let last = worth.path.last().map_or(worth.low, |step| step.price);
                let price = if last.minor() < worth.low.minor() { worth.low } else { last };
                (price, "the end of its markdown, taken now".into())
            }
        }
    }
}

/// The words of a title that may say what a thing is.
fn words(title: &str) -> BTreeSet<String> {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words.map(str::to_lowercase).collect()
}

/// A thing sold, as something to compare with.
pub(super) fn comparable(thing: &SoldThing, now: Timestamp) -> Comparable {
    Comparable {
        title: thing.title.clone(),
        brand: thing.brand.clone(),
        category: thing.category.clone(),
        condition: thing.condition,
        price: thing.price,
        sold: true,
        days: thing.listed_at.map(|since| days_between(since, thing.sold_at)),
        age: days_between(thing.sold_at, now),
    }
}

#[expect(clippy::cast_precision_loss, reason = "days of a shop's life are few")]
fn days_between(from: Timestamp, to: Timestamp) -> f64 {
    whole_days(from, to) as f64
}

pub(super) fn whole_days(from: Timestamp, to: Timestamp) -> i64 {
    i64::try_from(to.since(from).as_secs() / 86_400).unwrap_or(i64::MAX)
}

fn hash_of(known: &str, case: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [known, case] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}
