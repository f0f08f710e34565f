use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::error::Result;
use baddie_core::ids::{ChannelId, CouponId, CustomerId};
use baddie_core::orders::{
    CheckoutSession, CheckoutState, Coupon, CustomerPii, Order, OrderFilter, OrderState, OrderStore,
};
use baddie_core::page::{Page, PageRequest};

use super::MemoryTransaction;

#[async_trait]
impl OrderStore for MemoryTransaction {
    async fn find_orders(&mut self, filter: &OrderFilter, page: &PageRequest) -> Result<Page<Order>> {
        self.page_of(page, |order: &Order| {
            filter.state.is_none_or(|state| order.state == state)
                && (filter.channel_id.is_none() || order.channel_id == filter.channel_id)
                && (filter.customer_id.is_none() || order.customer_id == filter.customer_id)
                && filter.from.is_none_or(|day| order.business_date >= day)
                && filter.to.is_none_or(|day| order.business_date <= day)
        })
    }

    async fn order_by_external(&mut self, channel: ChannelId, external_id: &str) -> Result<Option<Order>> {
        Ok(self.one(|order: &Order| {
            order.channel_id == Some(channel) && order.external_id.as_deref() == Some(external_id)
        }))
    }

    async fn count_orders(&mut self, state: OrderState) -> Result<i64> {
        Ok(i64::try_from(self.all::<Order>().filter(|order| order.state == state).count())
            .unwrap_or(i64::MAX))
    }

    async fn coupon_by_code(&mut self, code: &str) -> Result<Option<Coupon>> {
        Ok(self.one(|coupon: &Coupon| coupon.code == code))
    }

    async fn use_coupon(&mut self, coupon: CouponId) -> Result<bool> {
        let Some(mut coupon) = self.one(|other: &Coupon| other.id == coupon) else { return Ok(false) };
        if coupon.used >= coupon.max_uses {
            return Ok(false);
        }
        coupon.used += 1;
        coupon.version += 1;
        self.put(&coupon)?;
        Ok(true)
    }

    async fn forget(&mut self, customer: CustomerId) -> Result<bool> {
        self.remove::<CustomerPii>(customer)
    }

    async fn checkouts_run_out(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CheckoutSession>> {
        use CheckoutState as S;
        let mut sessions = self.some(|session: &CheckoutSession| {
            matches!(session.state, S::Incomplete | S::RequiresEscalation | S::Ready)
                && session.expires_at <= now
        });
        sessions.sort_by_key(|session| (session.expires_at, session.id));
        sessions.truncate(limit);
        Ok(sessions)
    }
}
