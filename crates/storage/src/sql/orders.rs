use async_trait::async_trait;
use baddie_core::clock::Timestamp;
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::ids::{ChannelId, CouponId, CustomerId};
use baddie_core::orders::{CheckoutSession, Coupon, Order, OrderFilter, OrderState, OrderStore};
use baddie_core::page::{Page, PageRequest};

use super::SqlTransaction;
use super::inventory::count;
use crate::seam::{Connection, Param};

const ORDERS: &str = "
    AND id < $2 AND ($4::text IS NULL OR state = $4)
    AND ($5::uuid IS NULL OR channel_id = $5) AND ($6::uuid IS NULL OR customer_id = $6)
    AND ($7::date IS NULL OR business_date >= $7) AND ($8::date IS NULL OR business_date <= $8)
    ORDER BY id DESC LIMIT $3";

const USE_COUPON: &str = "
    UPDATE coupons SET used = used + 1, version = version + 1
    WHERE shop_id = $1 AND id = $2 AND used < max_uses";

#[async_trait]
impl<C: Connection> OrderStore for SqlTransaction<C> {
    async fn find_orders(&mut self, filter: &OrderFilter, page: &PageRequest) -> Result<Page<Order>> {
        let filter = [
            filter.state.map(Word::as_str).into(),
            filter.channel_id.map_or(Param::Null, Param::id),
            filter.customer_id.map_or(Param::Null, Param::id),
            filter.from.into(),
            filter.to.into(),
        ];
        self.page_of(ORDERS, page, filter).await
    }

    async fn order_by_external(&mut self, channel: ChannelId, external_id: &str) -> Result<Option<Order>> {
        self.row("AND channel_id = $2 AND external_id = $3", [Param::id(channel), external_id.into()]).await
    }

    async fn count_orders(&mut self, state: OrderState) -> Result<i64> {
        self.number("SELECT count(*) FROM orders WHERE shop_id = $1 AND state = $2", [state.as_str().into()])
            .await
    }

    async fn coupon_by_code(&mut self, code: &str) -> Result<Option<Coupon>> {
        self.row("AND code = $2", [code.into()]).await
    }

    async fn use_coupon(&mut self, coupon: CouponId) -> Result<bool> {
        Ok(self.change(USE_COUPON, [Param::id(coupon)]).await? == 1)
    }

    async fn forget(&mut self, customer: CustomerId) -> Result<bool> {
        Ok(self
            .change("DELETE FROM customer_pii WHERE shop_id = $1 AND id = $2", [Param::id(customer)])
            .await?
            == 1)
    }

    async fn checkouts_run_out(&mut self, now: Timestamp, limit: usize) -> Result<Vec<CheckoutSession>> {
        let tail = "AND state IN ('incomplete', 'requires_escalation', 'ready') AND expires_at <= $2
            ORDER BY expires_at, id LIMIT $3";
        self.rows(tail, [now.into(), count(limit)]).await
    }
}
