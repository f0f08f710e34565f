use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use baddie_core::catalog::{Item, Product, Variant};
use baddie_core::clock::{Date, Timestamp};
use baddie_core::error::Result;
use baddie_core::ids::{ChannelId, CouponId, CustomerId, OrderId, VariantId};
use baddie_core::listings::Listing;
use baddie_core::money::{Currency, Money};
use baddie_core::orders::{
    CheckoutSession, CheckoutState, Coupon, CustomerPii, Order, OrderFilter, OrderLine, OrderState,
    OrderStore, SoldDay, SoldThing,
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

    async fn sold_by_day(&mut self, from: Date, to: Date) -> Result<Vec<SoldDay>> {
        let days: HashMap<OrderId, Date> = self
            .all::<Order>()
            .filter(|order| is_sale(order) && (from..=to).contains(&order.business_date))
            .map(|order| (order.id, order.business_date))
            .collect();
        let mut sums: BTreeMap<(VariantId, Date, &str), (i64, Money)> = BTreeMap::new();
        for line in self.all::<OrderLine>().filter(|line| line.cancelled == 0) {
            let Some(&day) = days.get(&line.order_id) else { continue };
            let currency = line.unit_price.currency();
            let key = (line.variant_id, day, line.unit_price.currency_code());
            let sum = sums.entry(key).or_insert((0, currency.zero()));
            sum.0 += line.qty;
            sum.1 = sum.1.plus(line.unit_price.times(line.qty)?.minus(line.discount)?)?;
        }
        let rows = sums.into_iter();
        Ok(rows
            .map(|((variant_id, day, _), (units, paid))| SoldDay { variant_id, day, units, paid })
            .collect())
    }

    async fn sold_last(
        &mut self,
        category: Option<&str>,
        unique: bool,
        currency: Currency,
        limit: usize,
    ) -> Result<Vec<SoldThing>> {
        let mut lines = self.some(|line: &OrderLine| {
            let kind = line.item_id.is_some() || !unique;
            kind && line.cancelled == 0
                && line.unit_price.currency() == currency
                && line.unit_price.is_positive()
        });
        lines.sort_by_key(|line| std::cmp::Reverse(line.id));
        let things = lines.into_iter().filter_map(|line| {
            let order = self.one(|order: &Order| order.id == line.order_id).filter(is_sale)?;
            let variant = self.one(|variant: &Variant| variant.id == line.variant_id)?;
            let product = self.one(|product: &Product| product.id == variant.product_id)?;
            let item = self.one(|item: &Item| Some(item.id) == line.item_id);
            let listing = self.one(|listing: &Listing| Some(listing.id) == line.listing_id);
            (category.is_none() || product.category.as_deref() == category).then(|| SoldThing {
                title: line.title,
                brand: product.brand,
                category: product.category,
                condition: item.map(|item| item.condition),
                price: line.unit_price,
                listed_at: listing.and_then(|listing| listing.live_since),
                sold_at: order.placed_at,
            })
        });
        Ok(things.take(limit).collect())
    }
}

/// Whether an order stands, and can be filled.
fn is_sale(order: &Order) -> bool {
    matches!(order.state, OrderState::Placed | OrderState::Confirmed | OrderState::Completed)
}
