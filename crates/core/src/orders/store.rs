use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    CheckoutSession, Coupon, Customer, CustomerPii, Order, OrderAdjustment, OrderLine, OrderState, Promotion,
    Redemption,
};
use crate::catalog::Condition;
use crate::clock::{Date, Timestamp};
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::ids::{ChannelId, CouponId, CustomerId, VariantId};
use crate::money::{Currency, Money};
use crate::page::{Page, PageRequest};

/// Which orders are wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderFilter {
    /// Only those in this state.
    pub state: Option<OrderState>,
    /// Only those from this channel.
    pub channel_id: Option<ChannelId>,
    /// Only those of this customer.
    pub customer_id: Option<CustomerId>,
    /// Only those of this business day or later.
    pub from: Option<Date>,
    /// Only those of this business day or earlier.
    pub to: Option<Date>,
}

/// What was ordered of a variant on a business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldDay {
    /// The variant.
    pub variant_id: VariantId,
    /// The business day.
    pub day: Date,
    /// How many; above zero.
    pub units: i64,
    /// What they cost the buyers, discounts taken off, without tax.
    pub paid: Money,
}

/// A physical thing, or one of many, that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldThing {
    /// Its title at the time.
    pub title: String,
    /// Its brand.
    pub brand: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// Its condition, if it was one of a kind.
    pub condition: Option<Condition>,
    /// The price of one.
    pub price: Money,
    /// Since when it had been on offer where it sold.
    pub listed_at: Option<Timestamp>,
    /// When it was ordered.
    pub sold_at: Timestamp,
}

/// Keeps orders and customers.
#[async_trait]
pub trait OrderStore:
    Keep<Order>
    + Keep<OrderLine>
    + Parts<OrderLine>
    + Parts<OrderAdjustment>
    + Keep<Customer>
    + Keep<CustomerPii>
    + Keep<Promotion>
    + Keep<Coupon>
    + Parts<Coupon>
    + Parts<Redemption>
    + Keep<CheckoutSession>
{
    /// A page of the orders that pass the filter, newest first.
    async fn find_orders(&mut self, filter: &OrderFilter, page: &PageRequest) -> Result<Page<Order>>;
    /// The order a channel calls by this name.
    async fn order_by_external(&mut self, channel: ChannelId, external_id: &str) -> Result<Option<Order>>;
    /// How many orders there are in a state.
    async fn count_orders(&mut self, state: OrderState) -> Result<i64>;
    /// The coupon with this code.
    async fn coupon_by_code(&mut self, code: &str) -> Result<Option<Coupon>>;
    /// Uses a coupon once, if a use is left; says whether it did.
    async fn use_coupon(&mut self, coupon: CouponId) -> Result<bool>;
    /// Forgets what identifies a customer; says whether there was anything.
    async fn forget(&mut self, customer: CustomerId) -> Result<bool>;
    /// Checkouts that are open and have run out, oldest first.
    async fn checkouts_run_out(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CheckoutSession>>;
    /// What was ordered on each business day (first and last included) by variant and day, one row for each currency.
    /// Orders that are drafts, cannot be filled or were called off do not count, nor do lines of which units were
    /// called off: what was paid for the rest is not known.
    async fn sold_by_day(&mut self, from: Date, to: Date) -> Result<Vec<SoldDay>>;
    /// The things of a category, or of any, that were sold last in a currency, newest first; `unique`: only those that
    /// were one of a kind.
    async fn sold_last(
        &mut self,
        category: Option<&str>,
        unique: bool,
        currency: Currency,
        limit: usize,
    ) -> Result<Vec<SoldThing>>;
}
