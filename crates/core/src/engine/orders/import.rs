//! Taking over an order that a channel has sold, and what the channel tells of it later.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{CalledOff, one_view};
use super::place::{PlaceLine, find_goods, price_line};
use crate::accounts::Permission;
use crate::engine::work::{Claim, Sale, Taxes};
use crate::engine::{Command, OrderView, Work};
use crate::error::Result;
use crate::ids::{ChannelId, OrderId};
use crate::listings::{Channel, FeeSchedule, ImportedOrder, schedule_on};
use crate::money::Money;
use crate::orders::{Order, OrderState};
use crate::payments::{Payment, TxnKind};

/// Take over an order that a channel has sold: a fact, not a request. The same order comes in once; older news of it
/// changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportOrder {
    /// The channel that sold.
    pub channel_id: ChannelId,
    /// The order, as the channel tells it.
    pub order: ImportedOrder,
}

#[async_trait]
impl Command for ImportOrder {
    const NAME: &'static str = "orders.import";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = OrderView;

    async fn run(self, work: &mut Work) -> Result<OrderView> {
        let channel = work.tx.hold::<Channel>(self.channel_id).await?;
        work.import_order(&channel, self.order).await
    }
}

impl Work {
    /// Takes over an order that a channel tells of.
    pub(in crate::engine) async fn import_order(
        &mut self,
        channel: &Channel,
        told: ImportedOrder,
    ) -> Result<OrderView> {
        if let Some(order) = self.tx.orders().order_by_external(channel.id, &told.external_id).await? {
            let order = self.tx.hold::<Order>(order.id).await?;
            return self.follow_order(channel, order, told).await;
        }
        let names: Vec<_> =
            told.lines.iter().filter_map(|line| line.listing_external_id.as_deref()).collect();
        let listings = if names.is_empty() {
            Vec::new()
        } else {
            self.tx.listings().by_external(channel.id, &names).await?
        };
        let mut lines = Vec::with_capacity(told.lines.len());
        for line in &told.lines {
            let listing = listings
                .iter()
                .filter(|listing| {
                    listing.external_id.is_some() && listing.external_id == line.listing_external_id
                })
                .max_by_key(|listing| listing.id);
            lines.push(PlaceLine {
                sku: if listing.is_none() { line.sku.clone() } else { None },
                variant_id: listing.map(|listing| listing.variant_id),
                listing_id: listing.map(|listing| listing.id),
                qty: line.qty,
                unit_price: Some(line.unit_price),
                taxes: Vec::new(),
            });
        }
        self.find_listings(channel, &mut lines).await?;
        let (mut goods, listings) = find_goods(self, &lines).await?;
        let mut sold = Vec::with_capacity(lines.len());
        for (index, (line, told)) in lines.into_iter().zip(&told.lines).enumerate() {
            let mut line =
                price_line(line, &goods, &listings).map_err(|e| e.within(format!("order.lines[{index}]")))?;
            line.taxes = Taxes::Told(told.taxes.clone());
            sold.push(line);
        }
        let fees = self.fees_of(channel, &told).await?;
        let paid = told.paid && !told.cancelled;
        let sale = Sale {
            lines: sold,
            channel_id: Some(channel.id),
            external: Some((told.external_id, told.external_version)),
            customer_id: None,
            placed_at: told.placed_at,
            shipping: told.shipping,
            coupon: None,
            split: true,
            paid_to: paid.then(|| channel.id.to_string()),
            fees: fees.filter(|_| paid),
            claim: if told.cancelled { Claim::Nothing } else { Claim::WhatThereIs },
        };
        let view = self.sell(sale, &mut goods).await?;
        if told.cancelled {
            let why = "called off at the channel before it came in";
            return self.call_off(view.order, &[], why, CalledOff::AtItsChannel).await;
        }
        if self.follow_refunds(channel, view.order.id, told.refunded).await? {
            let order = self.tx.load::<Order>(view.order.id).await?;
            return one_view(self, order).await;
        }
        Ok(view)
    }

    /// Finds the listings of lines that the channel names by their SKU alone, or by a name of several variants together.
    async fn find_listings(&mut self, channel: &Channel, lines: &mut [PlaceLine]) -> Result<()> {
        let skus: Vec<String> = lines.iter().filter_map(|line| line.sku.clone()).collect();
        if skus.is_empty() {
            return Ok(());
        }
        let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
        let variants = self.tx.catalog().variants_by_sku(&skus).await?;
        let ids: Vec<_> = variants.iter().map(|variant| variant.id).collect();
        let open = self.tx.listings().open_of(&ids).await?;
        for line in lines {
            let variant = variants.iter().find(|variant| line.sku.as_ref() == Some(&variant.sku));
            let listing = open.iter().find(|listing| {
                listing.channel_id == channel.id && variant.is_some_and(|v| v.id == listing.variant_id)
            });
            if let Some(listing) = listing {
                (line.variant_id, line.listing_id, line.sku) =
                    (Some(listing.variant_id), Some(listing.id), None);
            }
        }
        Ok(())
    }

    /// What a channel keeps of an order: as it tells, or else as its schedule says.
    async fn fees_of(&mut self, channel: &Channel, told: &ImportedOrder) -> Result<Option<Money>> {
        if told.fees.is_some() {
            return Ok(told.fees);
        }
        let day = self.shop().await?.time_zone.date_of(told.placed_at);
        let schedules = self.tx.parts::<FeeSchedule>(channel.id).await?;
        let Some(schedule) = schedule_on(&schedules, day) else { return Ok(None) };
        let goods = told.lines.iter().try_fold(told.shipping.currency().zero(), |sum, line| {
            sum.plus(line.unit_price.times(line.qty)?)
        })?;
        Ok(Some(schedule.fees(goods, told.shipping)?))
    }

    /// Tells the shop when a channel now names another sum for an order than the one it was taken in with.
    async fn compare(&mut self, order: &Order, told: &ImportedOrder) -> Result<()> {
        let mut sum = told.shipping;
        for line in &told.lines {
            sum = sum.plus(line.unit_price.times(line.qty)?)?;
            for tax in &line.taxes {
                sum = sum.plus(tax.amount)?;
            }
        }
        if sum == order.total {
            return Ok(());
        }
        let differs = serde_json::json!({"number": order.number, "kept": order.total, "told": sum});
        self.emit("order.differs", order.id, &differs).await
    }

    /// Follows an order that is known already to what the channel now tells of it.
    async fn follow_order(
        &mut self,
        channel: &Channel,
        mut order: Order,
        told: ImportedOrder,
    ) -> Result<OrderView> {
        self.about(order.id);
        if told.external_version > order.external_version {
            order.external_version = told.external_version;
            self.tx.save(&mut order).await?;
            self.compare(&order, &told).await?;
            if told.cancelled && !order.state.is_final() {
                let view =
                    self.call_off(order, &[], "called off at the channel", CalledOff::AtItsChannel).await?;
                if view.order.state == OrderState::Cancelled {
                    self.take_fees_back(&view.order).await?;
                }
                return Ok(view);
            }
            if told.paid && self.tx.parts::<Payment>(order.id).await?.is_empty() && !order.state.is_final() {
                let holder = channel.id.to_string();
                self.receive_all(&order, &holder).await?;
                let fees = self.fees_of(channel, &told).await?;
                self.post_fees(&order, &holder, fees).await?;
                order.deposit = order.due()?;
                if order.state == OrderState::Placed {
                    order.state = order.state.step(OrderState::Confirmed)?;
                }
                self.tx.save(&mut order).await?;
            }
            if self.follow_refunds(channel, order.id, told.refunded).await? {
                order = self.tx.load::<Order>(order.id).await?;
            }
        }
        one_view(self, order).await
    }

    /// Notes what a channel gave back of an order beyond what is known of; says whether it was something. What was asked
    /// for here counts as known from then on. More than was paid is not booked, but told.
    async fn follow_refunds(
        &mut self,
        channel: &Channel,
        order: OrderId,
        told: Option<Money>,
    ) -> Result<bool> {
        let Some(told) = told else { return Ok(false) };
        let holder = channel.id.to_string();
        let mut payments = self.tx.parts::<Payment>(order).await?;
        payments.retain(|payment| payment.provider == holder);
        let known = Money::sum(told.currency(), payments.iter().map(|payment| payment.refunded))?;
        let mut new = told.minus(known)?;
        let was = new;
        for payment in payments {
            let amount = new.min(payment.held()?)?;
            if amount.is_positive() {
                new = new.minus(amount)?;
                let note = Some("given back at the channel".to_owned());
                self.note_moved(payment, TxnKind::Refund, amount, note, None).await?;
            }
        }
        if new.is_positive() {
            let told = serde_json::json!({"why": "more_than_is_there", "told": told, "beyond": new});
            self.emit("order.differs", order, &told).await?;
        }
        Ok(was.is_positive() && new != was)
    }
}
