use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    CheckoutSession, Coupon, Customer, CustomerPii, Order, OrderAdjustment, OrderLine, OrderState, Promotion,
    Redemption,
};
use crate::clock::{Date, Timestamp};
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::ids::{ChannelId, CouponId, CustomerId};
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
}
