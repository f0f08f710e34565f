//! Listings: what is offered where, at what price.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::catalog::{Item, ItemStatus, Product, Variant, VariantKind};
use crate::engine::accounts::expect_version;
use crate::engine::{Command, Work};
use crate::error::{Error, Result};
use crate::ids::{ChannelId, ItemId, ListingId, VariantId};
use crate::listings::{Channel, Desired, EndReason, Listing, ListingError, ListingState, content_hash};
use crate::money::Money;
use crate::outbox::JobKind;
use crate::pricing::{PriceChange, PriceReason};

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
    /// Whether it is a draft, which no channel hears of before it is published.
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

pub(super) struct Draft {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) price: Money,
    pub(super) min_price: Option<Money>,
    pub(super) relisted_from: Option<ListingId>,
}

impl Work {
    pub(super) async fn draft_listing(
        &mut self,
        channel: &Channel,
        variant: &Variant,
        new: Draft,
    ) -> Result<Listing> {
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
            shown_hash: None,
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

pub(super) fn make_ready(listing: &mut Listing, channel: &Channel) -> Result<()> {
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
pub(in crate::engine) struct Repricing {
    pub(in crate::engine) reason: PriceReason,
    pub(in crate::engine) rule_id: Option<crate::ids::PricingRuleId>,
    pub(in crate::engine) explanation: String,
}

impl Work {
    /// Saves a listing whose content or price changed, notes the change of price, and tells the channel.
    pub(in crate::engine) async fn reprice(
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
