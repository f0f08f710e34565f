//! Channels, and what is offered on them.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::accounts::expect_version;
use super::command::calls;
use super::{Command, Look, Query, Work};
use crate::accounts::{Permission, check_text};
use crate::catalog::{Item, ItemStatus, Product, Variant, VariantKind};
use crate::clock::{Date, Timestamp};
use crate::error::{Error, Kind, Result};
use crate::ids::{ChannelId, ItemId, ListingId, OrderId, VariantId};
use crate::insights::percentile;
use crate::listings::{
    Channel, ChannelNotice, ChannelStatus, Desired, EndReason, FeeRule, FeeSchedule, Listing, ListingError,
    ListingFilter, ListingState, Notice, Told, content_hash,
};
use crate::money::{Currency, Money, Ppm};
use crate::outbox::JobKind;
use crate::page::{Page, PageRequest};
use crate::pricing::{PriceChange, PriceReason};

/// Connect a channel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectChannel {
    /// What the shop calls it.
    pub name: String,
    /// Which adapter speaks to it.
    pub kind: String,
    /// The shop's account there.
    #[serde(default)]
    pub external_account: String,
    /// The currency of its prices; the shop's when absent.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Where its secret is kept; never the secret.
    #[serde(default)]
    pub secret_ref: Option<String>,
    /// Units of each variant kept back from it.
    #[serde(default)]
    pub buffer_qty: i64,
    /// What its adapter needs to know.
    #[serde(default)]
    pub settings: serde_json::Value,
    /// What it charges.
    #[serde(default)]
    pub fees: Vec<FeeRule>,
}

#[async_trait]
impl Command for ConnectChannel {
    const NAME: &'static str = "channels.connect";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Channel;

    async fn run(self, work: &mut Work) -> Result<Channel> {
        check_text("name", &self.name, 100)?;
        if !(0..=1_000_000).contains(&self.buffer_qty) {
            return Err(Error::invalid("buffer_qty", self.buffer_qty, "choose 0 to 1,000,000"));
        }
        let capabilities = work.engine.channel(&self.kind)?.capabilities(&self.settings);
        let channel = Channel {
            id: work.id(),
            name: self.name,
            kind: self.kind,
            external_account: self.external_account,
            currency: match self.currency {
                Some(currency) => currency,
                None => work.shop().await?.currency,
            },
            secret_ref: self.secret_ref,
            capabilities,
            buffer_qty: self.buffer_qty,
            settings: self.settings,
            status: ChannelStatus::Active,
            cursor: None,
            synced_at: None,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&channel).await.map_err(|error| {
            if error.code() == "storage.duplicate" {
                let message = format!("a channel called {:?} exists: choose another name", channel.name);
                return Error::new(Kind::Conflict, "channels.duplicate", message);
            }
            error
        })?;
        if !self.fees.is_empty() {
            work.add_fees(&channel, self.fees, None).await?;
        }
        work.about(channel.id);
        Ok(channel)
    }
}

impl Work {
    async fn add_fees(
        &mut self,
        channel: &Channel,
        rules: Vec<FeeRule>,
        from: Option<Date>,
    ) -> Result<FeeSchedule> {
        let effective_from = match from {
            Some(day) => day,
            None => self.today().await?,
        };
        let schedule = FeeSchedule { id: self.id(), channel_id: channel.id, effective_from, rules };
        schedule.check(channel)?;
        self.tx.add(&schedule).await?;
        Ok(schedule)
    }
}

/// Change how a channel is worked with. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateChannel {
    /// The channel.
    pub channel_id: ChannelId,
    /// Whether it is worked with.
    #[serde(default)]
    pub status: Option<ChannelStatus>,
    /// Units of each variant kept back from it.
    #[serde(default)]
    pub buffer_qty: Option<i64>,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for UpdateChannel {
    const NAME: &'static str = "channels.update";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = Channel;

    async fn run(self, work: &mut Work) -> Result<Channel> {
        let mut channel = work.tx.load::<Channel>(self.channel_id).await?;
        expect_version(self.expected_version, &channel)?;
        channel.status = self.status.unwrap_or(channel.status);
        if let Some(buffer) = self.buffer_qty {
            if !(0..=1_000_000).contains(&buffer) {
                return Err(Error::invalid("buffer_qty", buffer, "choose 0 to 1,000,000"));
            }
            channel.buffer_qty = buffer;
        }
        work.tx.save(&mut channel).await?;
        work.about(channel.id);
        Ok(channel)
    }
}

/// Say what a channel charges from a day on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFees {
    /// The channel.
    pub channel_id: ChannelId,
    /// The first day it applies; today when absent.
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// The fees.
    pub rules: Vec<FeeRule>,
}

#[async_trait]
impl Command for SetFees {
    const NAME: &'static str = "channels.set_fees";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    type Answer = FeeSchedule;

    async fn run(self, work: &mut Work) -> Result<FeeSchedule> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        work.about(channel.id);
        work.add_fees(&channel, self.rules, self.effective_from).await
    }
}

/// Look through the channels.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListChannels {}

#[async_trait]
impl Query for ListChannels {
    const NAME: &'static str = "channels.list";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Vec<Channel>;

    async fn run(self, look: &mut Look) -> Result<Vec<Channel>> {
        look.tx.listings().channels().await
    }
}

/// Ask a channel what happened there, now instead of when its turn comes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncChannel {
    /// The channel.
    pub channel_id: ChannelId,
}

#[async_trait]
impl Command for SyncChannel {
    const NAME: &'static str = "channels.sync";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = Channel;

    async fn run(self, work: &mut Work) -> Result<Channel> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        work.queue(JobKind::Pull, channel.id, channel.id).await?;
        work.about(channel.id);
        Ok(channel)
    }
}

/// Offer a variant on a channel. It goes out as soon as the channel can take it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateListing {
    /// Where.
    pub channel_id: ChannelId,
    /// What.
    pub variant_id: VariantId,
    /// Its title there; the product's when absent.
    #[serde(default)]
    pub title: Option<String>,
    /// Its description there; the product's when absent.
    #[serde(default)]
    pub description: Option<String>,
    /// What it costs there; the variant's price when absent.
    #[serde(default)]
    pub price: Option<Money>,
    /// No program sets a price below this.
    #[serde(default)]
    pub min_price: Option<Money>,
    /// Whether it stays a draft for now.
    #[serde(default)]
    pub draft: bool,
}

#[async_trait]
impl Command for CreateListing {
    const NAME: &'static str = "listings.create";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = Listing;

    async fn run(self, work: &mut Work) -> Result<Listing> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        let variant = work.tx.load::<Variant>(self.variant_id).await?;
        let product = work.tx.load::<Product>(variant.product_id).await?;
        let taken = work.tx.listings().open_of(&[variant.id]).await?;
        let already =
            taken.iter().any(|other| other.channel_id == channel.id && other.variant_id == variant.id);
        if already {
            return Err(ListingError::AlreadyListed { sku: variant.sku }.into());
        }
        let price = self.price.or(variant.price).ok_or_else(|| {
            Error::invalid("price", "absent", "name a price: the variant has none of its own")
        })?;
        let new = Draft {
            title: self.title.unwrap_or_else(|| product.title.clone()),
            description: self.description.unwrap_or_else(|| product.description.clone()),
            price,
            min_price: self.min_price,
            relisted_from: None,
        };
        let mut listing = work.draft_listing(&channel, &variant, new).await?;
        if !self.draft {
            make_ready(&mut listing, &channel)?;
        }
        work.tx.add(&listing).await?;
        if !self.draft {
            work.queue(JobKind::Publish, channel.id, listing.id).await?;
        }
        work.about(listing.id);
        Ok(listing)
    }
}

struct Draft {
    title: String,
    description: String,
    price: Money,
    min_price: Option<Money>,
    relisted_from: Option<ListingId>,
}

impl Work {
    async fn draft_listing(&mut self, channel: &Channel, variant: &Variant, new: Draft) -> Result<Listing> {
        let mut item_id: Option<ItemId> = None;
        if variant.kind == VariantKind::Unique {
            let items = self.tx.parts::<Item>(variant.id).await?;
            let item =
                items.into_iter().find(|item| item.status == ItemStatus::InStock).ok_or_else(|| {
                    Error::invalid("variant_id", variant.id, "the thing is sold, promised or gone")
                })?;
            item_id = Some(item.id);
        }
        let unfit = |least: &Money| least.currency() != channel.currency || least.is_negative();
        if let Some(least) = new.min_price.filter(unfit) {
            let remedy = format!("give an amount of at least zero in {}", channel.currency);
            return Err(Error::invalid("min_price", least, &remedy));
        }
        Ok(Listing {
            id: self.id(),
            channel_id: channel.id,
            variant_id: variant.id,
            item_id,
            desired_hash: content_hash(&new.title, &new.description, new.price),
            title: new.title,
            description: new.description,
            price: new.price,
            min_price: new.min_price,
            desired: Desired::Listed,
            state: ListingState::Draft,
            external_id: None,
            url: None,
            published_qty: 0,
            observed_hash: None,
            last_error: None,
            relisted_from: new.relisted_from,
            live_since: None,
            reconciled_at: None,
            sold_out_by: None,
            sold_out_at: None,
            end_reason: None,
            ended_at: None,
            version: 1,
            created_at: self.now,
        })
    }
}

fn make_ready(listing: &mut Listing, channel: &Channel) -> Result<()> {
    channel.capabilities.check(&listing.title, &listing.description, listing.price, channel)?;
    listing.step(ListingState::Ready)?;
    Ok(())
}

/// Send a draft, or a listing its channel refused, out to its channel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishListing {
    /// The listing.
    pub listing_id: ListingId,
}

#[async_trait]
impl Command for PublishListing {
    const NAME: &'static str = "listings.publish";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = Listing;

    async fn run(self, work: &mut Work) -> Result<Listing> {
        let mut listing = work.tx.load::<Listing>(self.listing_id).await?;
        let channel = work.tx.load::<Channel>(listing.channel_id).await?;
        if listing.state != ListingState::Ready {
            make_ready(&mut listing, &channel)?;
        }
        listing.desired = Desired::Listed;
        work.tx.save(&mut listing).await?;
        work.queue(JobKind::Publish, channel.id, listing.id).await?;
        work.about(listing.id);
        Ok(listing)
    }
}

/// Change what a listing says or costs. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseListing {
    /// The listing.
    pub listing_id: ListingId,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// Its price.
    #[serde(default)]
    pub price: Option<Money>,
    /// No program sets a price below this.
    #[serde(default)]
    pub min_price: Option<Money>,
    /// Why the price changes, in words.
    #[serde(default)]
    pub reason: String,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for ReviseListing {
    const NAME: &'static str = "listings.revise";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = Listing;

    async fn run(self, work: &mut Work) -> Result<Listing> {
        let mut listing = work.tx.load::<Listing>(self.listing_id).await?;
        expect_version(self.expected_version, &listing)?;
        if !listing.is_open() {
            listing.step(ListingState::Live)?;
        }
        let channel = work.tx.load::<Channel>(listing.channel_id).await?;
        listing.title = self.title.unwrap_or(listing.title);
        listing.description = self.description.unwrap_or(listing.description);
        listing.min_price = self.min_price.or(listing.min_price);
        let price = self.price.unwrap_or(listing.price);
        channel.capabilities.check(&listing.title, &listing.description, price, &channel)?;
        let cause = Repricing { reason: PriceReason::Manual, rule_id: None, explanation: self.reason };
        work.reprice(&mut listing, price, cause).await?;
        Ok(listing)
    }
}

/// Why a price changes.
pub(super) struct Repricing {
    pub(super) reason: PriceReason,
    pub(super) rule_id: Option<crate::ids::PricingRuleId>,
    pub(super) explanation: String,
}

impl Work {
    /// Saves a listing whose content or price changed, notes the change of price, and tells the channel.
    pub(super) async fn reprice(
        &mut self,
        listing: &mut Listing,
        price: Money,
        cause: Repricing,
    ) -> Result<()> {
        if price != listing.price {
            let change = PriceChange {
                id: self.id(),
                listing_id: listing.id,
                old: listing.price,
                new: price,
                reason: cause.reason,
                rule_id: cause.rule_id,
                explanation: cause.explanation,
                actor: self.actor.to_string(),
                at: self.now,
            };
            self.tx.add(&change).await?;
            listing.price = price;
        }
        listing.desired_hash = content_hash(&listing.title, &listing.description, listing.price);
        self.tx.save(listing).await?;
        let differs = listing.observed_hash.as_ref() != Some(&listing.desired_hash);
        if differs && matches!(listing.state, ListingState::Live | ListingState::Paused) {
            self.queue(JobKind::Revise, listing.channel_id, listing.id).await?;
        }
        self.about(listing.id);
        Ok(())
    }
}

/// Take a listing off its channel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndListing {
    /// The listing.
    pub listing_id: ListingId,
}

#[async_trait]
impl Command for EndListing {
    const NAME: &'static str = "listings.end";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = Listing;

    async fn run(self, work: &mut Work) -> Result<Listing> {
        let mut listing = work.tx.load::<Listing>(self.listing_id).await?;
        if !listing.is_open() {
            listing.step(ListingState::Ending)?;
        }
        let job = work.take_down(&mut listing, None, EndReason::Seller).await?;
        work.tx.outbox().queue(&Vec::from_iter(job)).await?;
        work.about(listing.id);
        Ok(listing)
    }
}

/// Offer again what a listing that ended offered.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relist {
    /// The listing that ended.
    pub listing_id: ListingId,
    /// Its price; the old one when absent.
    #[serde(default)]
    pub price: Option<Money>,
}

#[async_trait]
impl Command for Relist {
    const NAME: &'static str = "listings.relist";
    const PERMISSION: Permission = Permission::ListingsWrite;
    type Answer = Listing;

    async fn run(self, work: &mut Work) -> Result<Listing> {
        let old = work.tx.load::<Listing>(self.listing_id).await?;
        if old.is_open() {
            return Err(Error::invalid("listing_id", old.id, "it has not ended: end or revise it"));
        }
        let channel = work.tx.load::<Channel>(old.channel_id).await?;
        let variant = work.tx.load::<Variant>(old.variant_id).await?;
        let taken = work.tx.listings().open_of(&[variant.id]).await?;
        if taken.iter().any(|other| other.channel_id == channel.id && other.variant_id == variant.id) {
            return Err(ListingError::AlreadyListed { sku: variant.sku }.into());
        }
        let new = Draft {
            title: old.title,
            description: old.description,
            price: self.price.unwrap_or(old.price),
            min_price: old.min_price,
            relisted_from: Some(old.id),
        };
        let mut listing = work.draft_listing(&channel, &variant, new).await?;
        make_ready(&mut listing, &channel)?;
        work.tx.add(&listing).await?;
        work.queue(JobKind::Publish, channel.id, listing.id).await?;
        work.about(listing.id);
        Ok(listing)
    }
}

/// Take note of something a channel told. Told twice, it takes effect once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveNotice {
    /// The channel.
    pub channel_id: ChannelId,
    /// What it told.
    pub notice: ChannelNotice,
}

/// What became of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeTaken {
    /// Whether it was new.
    pub fresh: bool,
    /// The order it was about.
    pub order_id: Option<OrderId>,
}

#[async_trait]
impl Command for ReceiveNotice {
    const NAME: &'static str = "channels.receive";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    const PRIVATE: bool = true;
    type Answer = NoticeTaken;

    async fn run(self, work: &mut Work) -> Result<NoticeTaken> {
        let channel = work.tx.load::<Channel>(self.channel_id).await?;
        if work.tx.listings().has_notice(channel.id, &self.notice.external_id).await? {
            return Ok(NoticeTaken { fresh: false, order_id: None });
        }
        let kind = match &self.notice.told {
            Told::Order(_) => "order",
            Told::ListingEnded { .. } => "listing_ended",
        };
        let notice = Notice {
            id: work.id(),
            channel_id: channel.id,
            external_id: self.notice.external_id,
            kind: kind.to_owned(),
            received_at: work.now,
        };
        work.tx.add(&notice).await?;
        let mut order_id = None;
        match self.notice.told {
            Told::Order(order) => order_id = Some(work.import_order(&channel, order).await?.order.id),
            Told::ListingEnded { external_id, reason } => {
                let listings = work.tx.listings().by_external(channel.id, &[&external_id]).await?;
                for mut listing in listings.into_iter().filter(Listing::is_open) {
                    listing.end(reason, work.now)?;
                    work.tx.save(&mut listing).await?;
                    work.about(listing.id);
                }
            }
        }
        Ok(NoticeTaken { fresh: true, order_id })
    }
}

/// Look at a listing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetListing {
    /// The listing.
    pub listing_id: ListingId,
}

#[async_trait]
impl Query for GetListing {
    const NAME: &'static str = "listings.get";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Listing;

    async fn run(self, look: &mut Look) -> Result<Listing> {
        look.tx.load::<Listing>(self.listing_id).await
    }
}

/// Look through the listings, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListListings {
    /// Which ones.
    #[serde(flatten)]
    pub filter: ListingFilter,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListListings {
    const NAME: &'static str = "listings.list";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Page<Listing>;

    async fn run(self, look: &mut Look) -> Result<Page<Listing>> {
        look.tx.listings().find_listings(&self.filter, &self.page).await
    }
}

/// How long a channel went on offering what was sold elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OversellWindow {
    /// The channel.
    pub channel_id: ChannelId,
    /// How many listings were ended because of a sale elsewhere.
    pub ended: i64,
    /// How many are still to be ended.
    pub pending: i64,
    /// Half were ended within so many milliseconds of the sale being observed.
    pub p50_ms: Option<i64>,
    /// 95 in 100 were.
    pub p95_ms: Option<i64>,
}

/// Look at how long channels go on offering what was sold elsewhere, over the latest 10,000 such listings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetOversellWindows {}

#[async_trait]
impl Query for GetOversellWindows {
    const NAME: &'static str = "channels.oversell_windows";
    const PERMISSION: Permission = Permission::ListingsRead;
    type Answer = Vec<OversellWindow>;

    async fn run(self, look: &mut Look) -> Result<Vec<OversellWindow>> {
        let listings = look.tx.listings().sold_out(10_000).await?;
        let window = |listing: &Listing| -> Option<i64> {
            let (sold, ended): (Timestamp, Timestamp) = (listing.sold_out_at?, listing.ended_at?);
            i64::try_from(ended.since(sold).as_millis()).ok()
        };
        let channels = look.tx.listings().channels().await?;
        let of = |channel: &Channel| {
            let mine: Vec<_> = listings.iter().filter(|listing| listing.channel_id == channel.id).collect();
            let mut windows: Vec<_> = mine.iter().filter_map(|listing| window(listing)).collect();
            windows.sort_unstable();
            let ended = windows.len();
            OversellWindow {
                channel_id: channel.id,
                ended: i64::try_from(ended).unwrap_or(i64::MAX),
                pending: i64::try_from(mine.len() - ended).unwrap_or(i64::MAX),
                p50_ms: percentile(&windows, Ppm(500_000)),
                p95_ms: percentile(&windows, Ppm(950_000)),
            }
        };
        Ok(channels.iter().map(of).filter(|row| row.ended + row.pending > 0).collect())
    }
}

calls! {
    /// Channels.
    Channels by channels:
    /// Connects a channel.
    write connect: ConnectChannel;
    /// Changes how it is worked with.
    write update: UpdateChannel;
    /// Says what it charges.
    write set_fees: SetFees;
    /// Asks it what happened.
    write sync: SyncChannel;
    /// Takes note of something it told.
    write receive: ReceiveNotice;
    /// Every channel.
    read list: ListChannels;
    /// How long channels go on offering what was sold elsewhere.
    read oversell_windows: GetOversellWindows;
}

calls! {
    /// What is offered.
    Listings by listings:
    /// Offers a variant on a channel.
    write create: CreateListing;
    /// Sends a draft out.
    write publish: PublishListing;
    /// Changes what it says or costs.
    write revise: ReviseListing;
    /// Takes it off its channel.
    write end: EndListing;
    /// Offers it again.
    write relist: Relist;
    /// A listing.
    read get: GetListing;
    /// A page of listings.
    read list: ListListings;
}
