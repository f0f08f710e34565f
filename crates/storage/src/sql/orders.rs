use async_trait::async_trait;
use baddie_core::clock::{Date, Timestamp};
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::ids::{ChannelId, CouponId, CustomerId, EntityId, VariantId};
use baddie_core::money::Currency;
use baddie_core::orders::{
    CheckoutSession, Coupon, Order, OrderFilter, OrderState, OrderStore, SoldDay, SoldThing,
};
use baddie_core::page::{Page, PageRequest};

use super::SqlTransaction;
use super::inventory::count;
use super::record::{self as codec, Cash, Codec, Maybe, Text, Time};
use crate::seam::{Columns, Connection, Param};

const ORDERS: &str = "
    AND id < $2 AND ($4::text IS NULL OR state = $4)
    AND ($5::uuid IS NULL OR channel_id = $5) AND ($6::uuid IS NULL OR customer_id = $6)
    AND ($7::date IS NULL OR business_date >= $7) AND ($8::date IS NULL OR business_date <= $8)
    ORDER BY id DESC LIMIT $3";

const USE_COUPON: &str = "
    UPDATE coupons SET used = used + 1, version = version + 1
    WHERE shop_id = $1 AND id = $2 AND used < max_uses";

const SOLD_BY_DAY: &str = "
    SELECT l.variant_id, o.business_date, l.currency, sum(l.qty)::bigint,
        sum(l.qty * l.unit_price - l.discount)::bigint
    FROM orders o JOIN order_lines l ON l.shop_id = o.shop_id AND l.order_id = o.id
    WHERE o.shop_id = $1 AND o.business_date BETWEEN $2 AND $3
        AND o.state IN ('placed', 'confirmed', 'completed') AND l.cancelled = 0
    GROUP BY l.variant_id, o.business_date, l.currency
    ORDER BY l.variant_id, o.business_date, l.currency";

const SOLD_LAST: &str = "
    SELECT l.title, p.brand, p.category, i.\"condition\", l.unit_price, a.live_since, o.placed_at
    FROM order_lines l
    JOIN orders o ON o.shop_id = l.shop_id AND o.id = l.order_id
    JOIN variants v ON v.shop_id = l.shop_id AND v.id = l.variant_id
    JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
    LEFT JOIN items i ON i.shop_id = l.shop_id AND i.id = l.item_id
    LEFT JOIN listings a ON a.shop_id = l.shop_id AND a.id = l.listing_id
    WHERE l.shop_id = $1 AND l.currency = $2 AND ($3::text IS NULL OR p.category = $3) AND l.unit_price > 0
        AND o.state IN ('placed', 'confirmed', 'completed') AND l.cancelled = 0 AND (l.item_id IS NOT NULL OR NOT $5::boolean)
    ORDER BY l.id DESC LIMIT $4";

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

    async fn sold_by_day(&mut self, from: Date, to: Date) -> Result<Vec<SoldDay>> {
        let params = self.params([from.into(), to.into()]);
        self.connection.query(SOLD_BY_DAY, &params, |row| sold_day(row)).await
    }

    async fn sold_last(
        &mut self,
        category: Option<&str>,
        unique: bool,
        currency: Currency,
        limit: usize,
    ) -> Result<Vec<SoldThing>> {
        let params = self.params([currency.as_str().into(), category.into(), count(limit), unique.into()]);
        self.connection.query(SOLD_LAST, &params, |row| sold_thing(row, currency)).await
    }
}

fn sold_day(row: &impl Columns) -> Result<SoldDay> {
    let currency = Text::read(row, 2, None)?;
    Ok(SoldDay {
        variant_id: VariantId::from_u128(row.id(0)?),
        day: row.day(1)?,
        units: row.int(3)?,
        paid: Cash::read(row, 4, Some(currency))?,
    })
}

fn sold_thing(row: &impl Columns, currency: Currency) -> Result<SoldThing> {
    Ok(SoldThing {
        title: row.text(0)?.to_owned(),
        brand: Maybe::<Text>::read(row, 1, None)?,
        category: Maybe::<Text>::read(row, 2, None)?,
        condition: Maybe::<codec::Word>::read(row, 3, None)?,
        price: Cash::read(row, 4, Some(currency))?,
        listed_at: Maybe::<Time>::read(row, 5, None)?,
        sold_at: row.time(6)?,
    })
}
