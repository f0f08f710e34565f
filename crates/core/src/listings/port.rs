//! How the engine speaks to a sales channel.

use std::time::Duration;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Capabilities, Channel, EndReason};
use crate::catalog::Attributes;
use crate::clock::Timestamp;
use crate::ids::{ListingId, PaymentTxnId, hex};
use crate::money::{Money, Ppm};
use crate::payments::{PaymentError, PaymentOutcome};

/// A picture of what is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where the channel can fetch it.
    pub url: String,
    /// What it shows, in words.
    pub alt: String,
}

/// What a listing shows beside its words. What there is none of stays at the channel as it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presentation {
    /// Who made it.
    pub brand: Option<String>,
    /// Where it stands in a taxonomy.
    pub category: Option<String>,
    /// Pictures, the first foremost.
    pub pictures: Vec<Picture>,
}

impl Presentation {
    /// What it hashes to: equal hashes mean that there is nothing to show anew.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        let named = [&self.brand, &self.category].map(|name| name.as_deref().unwrap_or_default());
        let pictures = self.pictures.iter().flat_map(|picture| [picture.url.as_str(), &picture.alt]);
        for part in named.into_iter().chain(pictures) {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hex(&hasher.finalize()[..16])
    }
}

/// What is offered: everything a channel needs to make or change a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The shop's name for the listing; the channel is asked to keep it, so that a lost answer can be looked up.
    pub key: ListingId,
    /// The SKU.
    pub sku: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Price.
    pub price: Money,
    /// How many.
    pub qty: i64,
    /// How many the channel was last told, or seen to have, where the listing is there already. An adapter that can compare
    /// and set changes the quantity only if it is still this one, and answers [`ChannelError::Moved`] otherwise.
    pub seen: Option<i64>,
    /// What it shows beside its words; nothing for channels without [`Capabilities::pictures`].
    pub shows: Presentation,
    /// What [that](Presentation::hash) was when the channel last confirmed it.
    pub shown: Option<String>,
}

/// What a channel says of a listing it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The channel's name for it.
    pub external_id: String,
    /// Where buyers see it.
    pub url: Option<String>,
    /// How many it offers.
    pub qty: i64,
    /// What it costs there.
    pub price: Money,
    /// Why it ended, when it has.
    pub ended: Option<EndReason>,
}

/// Tax that a channel or the shop collected on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxLine {
    /// Whose tax.
    pub jurisdiction: String,
    /// Its rate.
    pub rate: Ppm,
    /// How much.
    pub amount: Money,
    /// Whether the channel collects and pays it, so that the shop never sees it.
    #[serde(default)]
    pub facilitator: bool,
}

/// A line of an order as a channel tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedLine {
    /// The channel's name for the listing that sold.
    pub listing_external_id: Option<String>,
    /// The SKU, where the channel tells it.
    pub sku: Option<String>,
    /// How many.
    pub qty: i64,
    /// The price of one.
    pub unit_price: Money,
    /// Taxes on the line.
    #[serde(default)]
    pub taxes: Vec<TaxLine>,
}

/// An order as a channel tells it: a fact, not a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedOrder {
    /// The channel's name for it.
    pub external_id: String,
    /// Grows with every change at the channel; an older one is stale.
    pub external_version: i64,
    /// When it was placed there.
    pub placed_at: Timestamp,
    /// What was sold.
    pub lines: Vec<ImportedLine>,
    /// What the buyer pays for shipping.
    pub shipping: Money,
    /// What the channel keeps of it, when it tells; otherwise its fee schedule decides.
    pub fees: Option<Money>,
    /// Whether the channel has the money.
    pub paid: bool,
    /// Whether it was called off.
    pub cancelled: bool,
    /// How much went back to the buyer so far, where the channel tells.
    #[serde(default)]
    pub refunded: Option<Money>,
    /// The buyer's name, where told.
    pub buyer: Option<String>,
}

/// Money of an order that a channel is to give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRefund {
    /// The shop's name for it.
    pub key: PaymentTxnId,
    /// The channel's name for the order.
    pub order: String,
    /// How much.
    pub amount: Money,
}

/// A parcel that left for a buyer of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentParcel {
    /// Who carries it.
    pub carrier: Option<String>,
    /// Where to look for it.
    pub tracking: Option<String>,
    /// What is in it; never nothing.
    pub goods: Vec<SentGoods>,
}

/// Units of one thing in a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentGoods {
    /// The channel's name for the listing that sold, where one did.
    pub listing_external_id: Option<String>,
    /// The SKU when it was sold.
    pub sku: String,
    /// How many.
    pub qty: i64,
}

/// What a channel has to tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Told {
    /// An order, in its present state.
    Order(ImportedOrder),
    /// A listing ended by itself.
    ListingEnded {
        /// The channel's name for it.
        external_id: String,
        /// Why.
        reason: EndReason,
    },
}

/// One thing a channel tells; may come twice, late, or out of order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelNotice {
    /// The channel's name for the notice: the same when it comes again.
    pub external_id: String,
    /// What it says.
    pub told: Told,
}

/// What a fetch brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Pulled {
    /// The notices, oldest first as far as the channel knows.
    pub notices: Vec<ChannelNotice>,
    /// From where the next fetch goes on.
    pub cursor: Option<String>,
    /// Whether there is more to fetch now.
    pub more: bool,
}

/// A thing that a channel has on offer, whoever put it there.
#[derive(Debug, Clone, PartialEq)]
pub struct OnOffer {
    /// The channel's name for the listing: where it offers several variants together, its name for the variant.
    pub external_id: String,
    /// The SKU; where it has none there, one made of the channel's name for it.
    pub sku: String,
    /// The SKU of the first variant of its product, for a further one.
    pub sister: Option<String>,
    /// Title.
    pub title: String,
    /// Description, as plain text.
    pub description: String,
    /// Who made it.
    pub brand: Option<String>,
    /// Where it stands in a taxonomy.
    pub category: Option<String>,
    /// What sets the variant apart from its sisters.
    pub options: Attributes,
    /// Its global trade item number.
    pub gtin: Option<String>,
    /// What it costs there.
    pub price: Money,
    /// What one cost to buy, where the channel knows.
    pub unit_cost: Option<Money>,
    /// How many there are.
    pub qty: i64,
    /// Where buyers see it.
    pub url: Option<String>,
    /// Whether buyers see it; what they do not see is taken into the catalogue and not listed.
    pub live: bool,
}

/// A part of what a channel has on offer.
#[derive(Debug, Clone, PartialEq)]
pub struct GoodsPart {
    /// The things: a product's variants one after the other, the first first.
    pub goods: Vec<OnOffer>,
    /// From where the next part goes on; `None` at the end.
    pub cursor: Option<String>,
    /// Whether the channel is still at it, so that the next part is to be asked for later.
    pub busy: bool,
    /// How many things there are in all, where the channel tells.
    pub total: Option<i64>,
}

/// How a call to a channel failed; decides what happens next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// The channel refused the content.
    #[error("the channel refused it: {reason}")]
    Rejected {
        /// The channel's words.
        reason: String,
    },
    /// The channel knows no such listing.
    #[error("the channel has no such listing")]
    NotThere,
    /// It cannot be done now, and not by trying again: a bid stands, an offer is open.
    #[error("the channel will not do it: {reason}")]
    Refused {
        /// The channel's words.
        reason: String,
    },
    /// The quantity there is not the one that was last seen, so somebody bought: nothing was changed. What happened there is
    /// to be heard first.
    #[error("the channel has {qty} by now")]
    Moved {
        /// How many it has.
        qty: i64,
    },
    /// Too many calls.
    #[error("the channel asks to wait {} ms", wait.as_millis())]
    RateLimited {
        /// How long to wait.
        wait: Duration,
    },
    /// Certainly nothing happened; try again.
    #[error("the channel does not answer: {reason}")]
    Unavailable {
        /// What was seen.
        reason: String,
    },
    /// Perhaps it happened: look it up before doing anything else.
    #[error("the channel's answer was lost: {reason}")]
    Unknown {
        /// What was seen.
        reason: String,
    },
}

/// A sales channel. One adapter serves every connection of its kind; `at` says which one is meant.
///
/// Contract: every call ends within the adapter's own time budget; [`ChannelError::Unknown`] is answered whenever the
/// request may have arrived; calls may be repeated after [`look_up`](Self::look_up) only.
#[async_trait]
pub trait SalesChannel: Send + Sync {
    /// What a channel of this kind, with these settings, can do.
    fn capabilities(&self, settings: &serde_json::Value) -> Capabilities;
    /// Makes a listing.
    async fn publish(&self, at: &Channel, offer: &Offer) -> Result<Observed, ChannelError>;
    /// Makes a listing equal to the offer: content, price and quantity.
    async fn revise(&self, at: &Channel, external_id: &str, offer: &Offer) -> Result<Observed, ChannelError>;
    /// Ends a listing. Ending an ended one succeeds.
    async fn end(&self, at: &Channel, external_id: &str) -> Result<(), ChannelError>;
    /// The listing with this key, if the channel has it. One that is known by the channel's own name for it may be looked
    /// up by that: a listing that was taken over has no key of ours there.
    async fn look_up(
        &self,
        at: &Channel,
        key: ListingId,
        known_as: Option<&str>,
    ) -> Result<Option<Observed>, ChannelError>;
    /// What happened since the cursor.
    async fn pull(&self, at: &Channel, cursor: Option<&str>) -> Result<Pulled, ChannelError>;
    /// Tells of the parcels of an order that left so far, all of them, the first to leave first. What the channel knows to
    /// be sent already is not told again, so this may be repeated whatever was answered. Asked of channels with
    /// [`Capabilities::parcels`] only.
    async fn tell_parcels(
        &self,
        _at: &Channel,
        _order: &str,
        _parcels: &[SentParcel],
    ) -> Result<(), ChannelError> {
        Err(ChannelError::Refused { reason: "it is told of no parcels".into() })
    }
    /// Gives money of an order back that the channel took. The same key does it once, however often it is asked; so this
    /// may be repeated whatever was answered. Asked of channels with [`Capabilities::refunds`] only.
    async fn refund(&self, _at: &Channel, _refund: &ChannelRefund) -> Result<PaymentOutcome, PaymentError> {
        Err(PaymentError::Declined { reason: "it gives nothing back by itself".into() })
    }
    /// Calls an order off that was called off here, whole; what was paid for it goes back by [`refund`](Self::refund). One that
    /// is called off there already succeeds, so this may be repeated whatever was answered. Asked of channels with
    /// [`Capabilities::cancels`] only.
    async fn call_off(&self, _at: &Channel, _order: &str) -> Result<(), ChannelError> {
        Err(ChannelError::Refused { reason: "it calls nothing off".into() })
    }
    /// All that the channel has on offer, part by part, ours too. Asked of channels with [`Capabilities::goods`] only.
    async fn goods(&self, _at: &Channel, _cursor: Option<&str>) -> Result<GoodsPart, ChannelError> {
        Err(ChannelError::Refused { reason: "it does not tell what it has on offer".into() })
    }
}
