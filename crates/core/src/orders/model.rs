use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::{Date, Timestamp};
use crate::entity::{entity, states, words};
use crate::ids::{
    AdjustmentId, ChannelId, CheckoutId, CouponId, CustomerId, ItemId, ListingId, OrderId, OrderLineId,
    PromotionId, RedemptionId, VariantId,
};
use crate::listings::TaxLine;
use crate::money::{Money, Ppm};

states! {
    /// Where an order stands.
    pub enum OrderState of "order" {
        /// Being written.
        Draft "draft" => [Placed, Cancelled],
        /// The customer has decided; stock is held.
        Placed "placed" => [Confirmed, Cancelled, Oversold],
        /// A channel sold what is not there.
        Oversold "oversold" => [Confirmed, Cancelled],
        /// Stock is held and the money is certain.
        Confirmed "confirmed" => [Completed, Cancelled],
        /// Everything was sent or called off.
        Completed "completed" => [],
        /// Called off.
        Cancelled "cancelled" => [],
    }

    /// Where a checkout stands.
    pub enum CheckoutState of "checkout" {
        /// Something is missing.
        Incomplete "incomplete" => [RequiresEscalation, Ready, Cancelled, Expired],
        /// The buyer must do something elsewhere.
        RequiresEscalation "requires_escalation" => [Incomplete, Cancelled, Expired],
        /// Can be completed.
        Ready "ready" => [Completing, Cancelled, Expired],
        /// Being completed.
        Completing "completing" => [Completed, Cancelled, Expired],
        /// Became an order.
        Completed "completed" => [],
        /// Called off.
        Cancelled "cancelled" => [],
        /// Not completed in time.
        Expired "expired" => [],
    }
}

words! {
    /// How far an order is paid; computed.
    pub enum PaymentStatus {
        /// Nothing yet.
        None "none",
        /// The money is set aside.
        Authorised "authorised",
        /// Some of it is here.
        PartCaptured "part_captured",
        /// All of it is here.
        Captured "captured",
        /// Some of it went back.
        PartRefunded "part_refunded",
        /// All of it went back.
        Refunded "refunded",
        /// The customer's bank took it back or wants to.
        Disputed "disputed",
        /// Given up before any money moved.
        Voided "voided",
    }

    /// How far an order is sent; computed.
    pub enum FulfilmentStatus {
        /// Nothing yet.
        Unfulfilled "unfulfilled",
        /// Some of it.
        PartFulfilled "part_fulfilled",
        /// All that is wanted.
        Fulfilled "fulfilled",
        /// Everything sent came back.
        Returned "returned",
        /// Nothing is wanted any more.
        Cancelled "cancelled",
    }

    /// What changed the worth of an order after it was placed.
    pub enum AdjustmentKind {
        /// Units were called off.
        Cancellation "cancellation",
        /// The shop let something go.
        Goodwill "goodwill",
    }

    /// How a promotion lowers a price.
    pub enum PromotionKind {
        /// By a share.
        Percent "percent",
        /// By an amount.
        Amount "amount",
    }
}

/// Somebody who buys. What identifies the person is kept apart, so that it can be erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Customer {
    /// Its identity.
    pub id: CustomerId,
    /// The channel's name for the customer, where one sold.
    pub external_id: Option<String>,
    /// Whether the personal data were erased.
    pub erased: bool,
    /// Counts its edits.
    pub version: i64,
    /// When first seen.
    pub created_at: Timestamp,
}
entity!(Customer, CustomerId, "customer", versioned);

/// What identifies a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerPii {
    /// The customer.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Postal address, as lines.
    pub address: Vec<String>,
    /// Counts its edits.
    pub version: i64,
}
entity!(CustomerPii, CustomerId, "customer_pii", versioned);

/// A sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Order {
    /// Its identity.
    pub id: OrderId,
    /// Its number, for people.
    pub number: i64,
    /// The channel it came from; none for the shop's own.
    pub channel_id: Option<ChannelId>,
    /// The channel's name for it.
    pub external_id: Option<String>,
    /// The channel's count of its changes; older news is stale.
    pub external_version: i64,
    /// Who bought.
    pub customer_id: Option<CustomerId>,
    /// Where it stands.
    pub state: OrderState,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// The business day.
    pub business_date: Date,
    /// Its lines after discounts, without tax.
    pub goods: Money,
    /// What discounts took off; already taken from `goods`.
    pub discount: Money,
    /// Shipping paid by the customer.
    pub shipping: Money,
    /// Tax the shop collects.
    pub tax: Money,
    /// Tax the channel collects and pays itself.
    pub facilitator_tax: Money,
    /// `goods + shipping + tax + facilitator_tax`.
    pub total: Money,
    /// What changed of it since; see the adjustments.
    pub adjusted: Money,
    /// Paid, but neither earned by shipping nor given back.
    pub deposit: Money,
    /// Counts its edits.
    pub version: i64,
}
entity!(Order, OrderId, "order", versioned);

/// A line of an order. Never removed after the order is placed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLine {
    /// Its identity.
    pub id: OrderLineId,
    /// The order.
    pub order_id: OrderId,
    /// What was sold.
    pub variant_id: VariantId,
    /// The listing it was sold through.
    pub listing_id: Option<ListingId>,
    /// Which physical thing.
    pub item_id: Option<ItemId>,
    /// Its SKU at the time.
    pub sku: String,
    /// Its title at the time.
    pub title: String,
    /// How many.
    pub qty: i64,
    /// How many were sent.
    pub fulfilled: i64,
    /// How many were called off.
    pub cancelled: i64,
    /// How many came back.
    pub returned: i64,
    /// The price of one, without tax.
    pub unit_price: Money,
    /// Its share of the discounts.
    pub discount: Money,
    /// Taxes on it, `discount` taken off first.
    pub taxes: Vec<TaxLine>,
    /// What the units sent so far cost, in the currency of the books; frozen as they leave.
    pub cost_at_sale: Money,
    /// Counts its edits.
    pub version: i64,
}
entity!(OrderLine, OrderLineId, "order_line", versioned, part of OrderId = order_id);

/// A change of an order's worth after it was placed. Never changed afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderAdjustment {
    /// Its identity.
    pub id: AdjustmentId,
    /// The order.
    pub order_id: OrderId,
    /// The line it concerns.
    pub order_line_id: Option<OrderLineId>,
    /// What changed.
    pub kind: AdjustmentKind,
    /// By how much; below zero when the order is worth less.
    pub amount: Money,
    /// Why, in words.
    pub reason: String,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}
entity!(OrderAdjustment, AdjustmentId, "order_adjustment", part of OrderId = order_id);

/// A promotion: what coupons grant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Promotion {
    /// Its identity.
    pub id: PromotionId,
    /// What it is called.
    pub name: String,
    /// How it lowers the price.
    pub kind: PromotionKind,
    /// The share, for `percent`.
    pub rate: Option<Ppm>,
    /// The amount, for `amount`; with `percent`, the most it may take off.
    pub amount: Option<Money>,
    /// From when.
    pub starts_at: Option<Timestamp>,
    /// Until when.
    pub ends_at: Option<Timestamp>,
    /// Counts its edits.
    pub version: i64,
}
entity!(Promotion, PromotionId, "promotion", versioned);

/// A code that grants a promotion so many times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coupon {
    /// Its identity.
    pub id: CouponId,
    /// What it grants.
    pub promotion_id: PromotionId,
    /// The code; unique in the shop, capitals and digits.
    pub code: String,
    /// How many times it may be used.
    pub max_uses: i64,
    /// How many times it was.
    pub used: i64,
    /// Counts its edits.
    pub version: i64,
}
entity!(Coupon, CouponId, "coupon", versioned, part of PromotionId = promotion_id);

/// That a coupon was used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Redemption {
    /// Its identity.
    pub id: RedemptionId,
    /// The coupon.
    pub coupon_id: CouponId,
    /// The order.
    pub order_id: OrderId,
    /// What it took off.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}
entity!(Redemption, RedemptionId, "redemption", part of OrderId = order_id);

/// A line of a checkout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutLine {
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub qty: i64,
}

/// A customer on the way to an order; holds stock for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckoutSession {
    /// Its identity.
    pub id: CheckoutId,
    /// Where it stands.
    pub state: CheckoutState,
    /// What is wanted.
    pub lines: Vec<CheckoutLine>,
    /// Who wants it.
    pub customer_id: Option<CustomerId>,
    /// A coupon to use.
    pub coupon: Option<String>,
    /// What shipping costs.
    pub shipping: Money,
    /// What it would cost together.
    pub total: Money,
    /// The order it became.
    pub order_id: Option<OrderId>,
    /// When it lets go.
    pub expires_at: Timestamp,
    /// Counts its edits.
    pub version: i64,
    /// When it began.
    pub created_at: Timestamp,
}
entity!(CheckoutSession, CheckoutId, "checkout", versioned);
