use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Date, Timestamp};
use crate::entity::{entity, states, words};
use crate::ids::{ChannelId, FeeScheduleId, ItemId, ListingId, NoticeId, OrderId, SyncRunId, VariantId};
use crate::money::{Currency, Money, Ppm};

words! {
    /// Whether a channel is worked with.
    pub enum ChannelStatus {
        /// Listings and orders flow.
        Active "active",
        /// Nothing is sent or fetched.
        Paused "paused",
        /// Nothing is sent or fetched: the shop was restored from a backup and not armed since.
        Unarmed "unarmed",
    }

    /// What is wanted of a listing.
    pub enum Desired {
        /// To be on offer.
        Listed "listed",
        /// Not to be on offer.
        Unlisted "unlisted",
    }

    /// Why a listing ended.
    pub enum EndReason {
        /// Sold on this channel.
        SoldHere "sold_here",
        /// Sold on another channel, or without one.
        SoldElsewhere "sold_elsewhere",
        /// Its time ran out.
        Expired "expired",
        /// The seller ended it.
        Seller "seller",
        /// The channel ended it.
        Channel "channel",
        /// Nothing is left to sell.
        Stock "stock",
    }

    /// What a fee is for.
    pub enum FeeKind {
        /// A share of the sale.
        FinalValue "final_value",
        /// Taking the payment.
        Payment "payment",
        /// Listing it at all.
        Listing "listing",
        /// Advertising it.
        Promotion "promotion",
    }

    /// What a fee's rate is taken of.
    pub enum FeeBase {
        /// The price of the goods.
        Goods "goods",
        /// Everything the buyer pays the shop: goods and shipping.
        Total "total",
    }
}

states! {
    /// What was last seen of a listing.
    pub enum ListingState of "listing" {
        /// Being written.
        Draft "draft" => [Ready, Ended],
        /// Fit for its channel.
        Ready "ready" => [Draft, Publishing, Ended],
        /// On its way to the channel.
        Publishing "publishing" => [Live, Rejected, Unknown],
        /// Perhaps on the channel: the answer was lost.
        Unknown "unknown" => [Live, Ready],
        /// Refused by the channel.
        Rejected "rejected" => [Ready, Draft, Ended],
        /// On offer.
        Live "live" => [Paused, Ending, Ended],
        /// On the channel with nothing to sell.
        Paused "paused" => [Live, Ending, Ended],
        /// Being taken down.
        Ending "ending" => [Ended, NeedsAttention],
        /// Could not be taken down; somebody must look.
        NeedsAttention "needs_attention" => [Ending, Ended],
        /// Gone.
        Ended "ended" => [],
    }

    /// Where a run of synchronisation stands.
    pub enum SyncState of "sync_run" {
        /// At work.
        Running "running" => [Completed, Failed],
        /// Done.
        Completed "completed" => [],
        /// Given up.
        Failed "failed" => [],
    }
}

words! {
    /// What a run of synchronisation fetches.
    pub enum SyncTask {
        /// What happened at a channel.
        News "news",
        /// What a channel had on offer before the shop came: its catalogue is taken over.
        Goods "goods",
    }
}

/// What a channel can do, and its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a capability of its own, not a state of one machine"
)]
pub struct Capabilities {
    /// Listings may offer more than one.
    pub multi_qty: bool,
    /// A listing may stay with nothing to sell.
    pub zero_qty: bool,
    /// A listing can be looked up, to compare it with what is wanted.
    pub look_up: bool,
    /// Sales are told at once, not only when asked.
    pub webhooks: bool,
    /// Listings can be ended.
    pub end: bool,
    /// Listings can be changed while live.
    pub revise: bool,
    /// Buyers may bid or make offers, so that an end can be refused.
    pub offers: bool,
    /// It is told of the parcels that leave for its buyers.
    #[serde(default)]
    pub parcels: bool,
    /// It shows pictures, brand and category of what is offered, and not its words alone.
    #[serde(default)]
    pub pictures: bool,
    /// It gives back to buyers what it took from them, when it is asked to.
    #[serde(default)]
    pub refunds: bool,
    /// An order that is called off here can be called off there.
    #[serde(default)]
    pub cancels: bool,
    /// It tells all that it has on offer, so that its catalogue can be taken over.
    #[serde(default)]
    pub goods: bool,
    /// The longest title, in characters.
    pub max_title: u32,
    /// The longest description, in characters.
    pub max_description: u32,
    /// How many calls may be under way at once.
    pub concurrency: u32,
}

/// A place where things are sold, as connected by this shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Channel {
    /// Its identity.
    pub id: ChannelId,
    /// What the shop calls it; unique in the shop.
    pub name: String,
    /// Which adapter speaks to it: `sandbox`, `manual`, `shopify`.
    pub kind: String,
    /// The shop's account there.
    pub external_account: String,
    /// The currency of its prices.
    pub currency: Currency,
    /// Where its secret is kept; never the secret. The id of a connection, where its account is at a service.
    pub secret_ref: Option<String>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Units of each variant kept back from it.
    pub buffer_qty: i64,
    /// What its adapter needs to know.
    pub settings: serde_json::Value,
    /// Whether it is worked with.
    pub status: ChannelStatus,
    /// From where the next fetch goes on.
    pub cursor: Option<String>,
    /// When it was last fetched from.
    pub synced_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
    /// When it was connected.
    pub created_at: Timestamp,
}
entity!(Channel, ChannelId, "channel", versioned);

/// One fee: a rate and a fixed part, within bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    /// What it is for.
    pub kind: FeeKind,
    /// What the rate is taken of.
    pub base: FeeBase,
    /// The rate.
    pub rate: Ppm,
    /// The fixed part of each sale.
    pub fixed: Option<Money>,
    /// At least this much.
    pub least: Option<Money>,
    /// At most this much.
    pub most: Option<Money>,
}

/// What a channel charges from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeeSchedule {
    /// Its identity.
    pub id: FeeScheduleId,
    /// The channel.
    pub channel_id: ChannelId,
    /// The first day it applies.
    pub effective_from: Date,
    /// The fees.
    pub rules: Vec<FeeRule>,
}
entity!(FeeSchedule, FeeScheduleId, "fee_schedule", part of ChannelId = channel_id);

/// An offer of a variant on a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Listing {
    /// Its identity.
    pub id: ListingId,
    /// Where.
    pub channel_id: ChannelId,
    /// What.
    pub variant_id: VariantId,
    /// Which physical thing.
    pub item_id: Option<ItemId>,
    /// Its title there.
    pub title: String,
    /// Its description there.
    pub description: String,
    /// What it costs there.
    pub price: Money,
    /// No program sets a price below this.
    pub min_price: Option<Money>,
    /// What is wanted of it.
    pub desired: Desired,
    /// What was last seen of it.
    pub state: ListingState,
    /// The channel's name for it.
    pub external_id: Option<String>,
    /// Where buyers see it.
    pub url: Option<String>,
    /// The quantity last told to the channel.
    pub published_qty: i64,
    /// Hash of the content that is wanted.
    pub desired_hash: String,
    /// Hash of the content last confirmed by the channel.
    pub observed_hash: Option<String>,
    /// Hash of the pictures, brand and category last confirmed by a channel that shows them.
    #[serde(default)]
    pub shown_hash: Option<String>,
    /// What the channel last complained about.
    pub last_error: Option<String>,
    /// The ended listing this one follows.
    pub relisted_from: Option<ListingId>,
    /// Since when it has been live.
    pub live_since: Option<Timestamp>,
    /// When it was last compared with the channel.
    pub reconciled_at: Option<Timestamp>,
    /// The order that took the last unit, which made it unwanted.
    pub sold_out_by: Option<OrderId>,
    /// When that sale was observed.
    pub sold_out_at: Option<Timestamp>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
}
entity!(Listing, ListingId, "listing", versioned, part of VariantId = variant_id);

/// Something a channel told the shop, kept so that it takes effect once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// Its identity.
    pub id: NoticeId,
    /// The channel.
    pub channel_id: ChannelId,
    /// The channel's name for it.
    pub external_id: String,
    /// What it was about, as a word.
    pub kind: String,
    /// When it was received.
    pub received_at: Timestamp,
}
entity!(Notice, NoticeId, "notice");

/// One fetch from a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SyncRun {
    /// Its identity.
    pub id: SyncRunId,
    /// The channel.
    pub channel_id: ChannelId,
    /// What it fetches.
    pub task: SyncTask,
    /// Where it stands.
    pub state: SyncState,
    /// How many notices or goods it brought.
    pub received: i64,
    /// How many of them took effect: notices that were new, goods that are in the catalogue now.
    pub applied: i64,
    /// How many there are in all, where the channel tells.
    pub total: Option<i64>,
    /// From where it goes on, while goods are taken over.
    pub cursor: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
}
entity!(SyncRun, SyncRunId, "sync_run", versioned, part of ChannelId = channel_id);
