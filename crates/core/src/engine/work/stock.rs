//! How stock is promised, let go, sent and received. There is no other way to any of it.

use std::collections::BTreeMap;

use super::Work;
use super::market::SoldBy;
use crate::catalog::{BundleComponent, Item, ItemStatus, Variant, VariantKind};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::ids::{ItemId, LocationId, VariantId};
use crate::inventory::{
    CostLayer, HoldOwner, LevelChange, MoveReason, Reservation, ReservationState, Sellable, Stock,
    StockError, StockMove, allocate, available, consume,
};
use crate::money::Money;

/// How many holds that have run out are let go at once to make room.
const MOST_DUE: usize = 1_000;

/// Some stock that is wanted.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Want {
    /// What: a unique or stocked variant, or a bundle.
    pub(in crate::engine) variant: VariantId,
    /// How many.
    pub(in crate::engine) qty: i64,
    /// For what sort of owner.
    pub(in crate::engine) owner: HoldOwner,
    /// The owner's id.
    pub(in crate::engine) owner_id: String,
    /// Whether it may come from several places.
    pub(in crate::engine) split: bool,
    /// When it is let go again.
    pub(in crate::engine) expires_at: Option<Timestamp>,
}

/// Some stock that comes in.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Coming<'a> {
    /// What.
    pub(in crate::engine) variant: &'a Variant,
    /// Which physical thing.
    pub(in crate::engine) item: Option<ItemId>,
    /// Where to.
    pub(in crate::engine) location: LocationId,
    /// How many.
    pub(in crate::engine) qty: i64,
    /// What they cost, landed.
    pub(in crate::engine) cost: Money,
    /// Why.
    pub(in crate::engine) reason: MoveReason,
    /// What brought them in.
    pub(in crate::engine) source: String,
}

impl Work {
    /// Adds the components of bundles among these to the list, and answers which bundle holds what.
    pub(in crate::engine) async fn open_bundles(
        &mut self,
        goods: &mut Vec<Sellable>,
    ) -> Result<Vec<BundleComponent>> {
        let bundles: Vec<_> = goods
            .iter()
            .filter(|good| good.variant.kind == VariantKind::Bundle)
            .map(|good| good.variant.id)
            .collect();
        if bundles.is_empty() {
            return Ok(Vec::new());
        }
        let parts = self.tx.parts_of_all::<BundleComponent>(&bundles).await?;
        let mut missing: Vec<_> = parts.iter().map(|part| part.variant_id).collect();
        missing.retain(|id| goods.iter().all(|good| good.variant.id != *id));
        missing.sort_unstable();
        missing.dedup();
        goods.extend(self.tx.inventory().sellable(&missing).await?);
        Ok(parts)
    }

    /// Promises stock, all of it or none. `goods` are the variants wanted with their components; their stock is kept
    /// up to date. Whoever takes the last unit ends every other offer of it, in this same transaction.
    pub(in crate::engine) async fn reserve(
        &mut self,
        goods: &mut [Sellable],
        parts: &[BundleComponent],
        wants: &[Want],
        sold_by: SoldBy,
    ) -> Result<Vec<Reservation>> {
        let wants = unbundle(goods, parts, wants)?;
        let shares = if let Ok(shares) = share(goods, &wants) {
            shares
        } else {
            self.expire_due(goods).await?;
            share(goods, &wants)?
        };
        let mut reservations = Vec::with_capacity(shares.len());
        for Share { want, location_id, qty } in &shares {
            let variant = find(goods, want.variant)?.variant.clone();
            let item_id = match variant.kind {
                VariantKind::Unique => Some(self.claim_item(&variant).await?.id),
                _ => None,
            };
            reservations.push(Reservation {
                id: self.id(),
                variant_id: want.variant,
                item_id,
                location_id: *location_id,
                qty: *qty,
                owner: want.owner,
                owner_id: want.owner_id.clone(),
                state: ReservationState::Held,
                expires_at: want.expires_at,
                version: 1,
                created_at: self.now,
            });
        }
        self.take_levels(goods, &shares).await?;
        let mut touched: Vec<_> = wants.iter().map(|want| want.variant).collect();
        touched.dedup();
        let left = touched
            .iter()
            .map(|&id| Ok((id, available(&find(goods, id)?.stock))))
            .collect::<Result<Vec<_>>>()?;
        self.offer_changed(&left, sold_by).await?;
        self.tx.note_all(&reservations).await?;
        Ok(reservations)
    }

    /// Takes what was shared out from the levels, in one statement: somebody else may have been faster, then nobody has
    /// changed anything.
    async fn take_levels(&mut self, goods: &mut [Sellable], shares: &[Share<'_>]) -> Result<()> {
        let mut sums: BTreeMap<(VariantId, LocationId), i64> = BTreeMap::new();
        for share in shares {
            // Each share fits its place together with those before it, so their sum is a number.
            *sums.entry((share.want.variant, share.location_id)).or_default() += share.qty;
        }
        let changes: Vec<_> = sums
            .into_iter()
            .map(|((variant_id, location_id), reserved)| LevelChange {
                variant_id,
                location_id,
                on_hand: 0,
                reserved,
                incoming: 0,
            })
            .collect();
        let levels = self.tx.inventory().change_all(&changes).await?;
        for change in changes {
            let (variant, place) = (change.variant_id, change.location_id);
            let good = goods.iter_mut().find(|good| good.variant.id == variant);
            let good = good.ok_or_else(|| Error::not_found("variant", variant))?;
            let level = levels.iter().find(|level| level.variant_id == variant && level.location_id == place);
            let level = level.cloned().ok_or_else(|| StockError::Insufficient {
                sku: good.variant.sku.clone(),
                requested: change.reserved,
                available: 0,
            })?;
            if let Some(here) = good.stock.iter_mut().find(|stock| stock.place.id == place) {
                here.level = level;
            }
        }
        Ok(())
    }

    /// Lets go of holds on these that have run out, so that nobody who wants them waits for a sweep.
    pub(in crate::engine) async fn expire_due(&mut self, goods: &mut [Sellable]) -> Result<()> {
        let mut due = self.tx.inventory().run_out(self.now, MOST_DUE).await?;
        due.retain(|hold| goods.iter().any(|good| good.variant.id == hold.variant_id));
        if due.is_empty() {
            return Ok(());
        }
        self.expire(&mut due).await?;
        let variants: Vec<_> = goods.iter().map(|good| good.variant.id).collect();
        for fresh in self.tx.inventory().sellable(&variants).await? {
            if let Some(good) = goods.iter_mut().find(|good| good.variant.id == fresh.variant.id) {
                good.stock = fresh.stock;
            }
        }
        Ok(())
    }

    /// Lets go of promises whose time is over, and tells of those that were made by hand.
    pub(in crate::engine) async fn expire(&mut self, holds: &mut [Reservation]) -> Result<()> {
        self.release(holds, ReservationState::Expired).await?;
        for hold in holds.iter().filter(|hold| hold.owner == HoldOwner::ManualHold) {
            self.emit("hold.expired", hold.id, &()).await?;
        }
        Ok(())
    }

    async fn claim_item(&mut self, variant: &Variant) -> Result<Item> {
        let taken = StockError::Insufficient { sku: variant.sku.clone(), requested: 1, available: 0 };
        let items = self.tx.parts::<Item>(variant.id).await?;
        let mut item = items.into_iter().find(|item| item.status == ItemStatus::InStock).ok_or(taken)?;
        item.status = item.status.step(ItemStatus::Reserved)?;
        self.tx.save(&mut item).await?;
        Ok(item)
    }

    /// Lets promised stock go, as released or expired.
    pub(in crate::engine) async fn release(
        &mut self,
        reservations: &mut [Reservation],
        next: ReservationState,
    ) -> Result<()> {
        for reservation in reservations.iter_mut() {
            reservation.state = reservation.state.step(next)?;
            self.tx.save(reservation).await?;
            self.unreserve(reservation.variant_id, reservation.location_id, reservation.qty).await?;
            if let Some(id) = reservation.item_id {
                let mut item = self.tx.load::<Item>(id).await?;
                item.status = item.status.step(ItemStatus::InStock)?;
                self.tx.save(&mut item).await?;
            }
        }
        let variants: Vec<_> = reservations.iter().map(|reservation| reservation.variant_id).collect();
        self.stock_changed(variants).await
    }

    /// Makes a promise smaller by `qty`, which are let go.
    pub(in crate::engine) async fn shrink(&mut self, reservation: &mut Reservation, qty: i64) -> Result<()> {
        if qty >= reservation.qty {
            return self.release(std::slice::from_mut(reservation), ReservationState::Released).await;
        }
        reservation.state = reservation.state.step(ReservationState::Held)?;
        reservation.qty -= qty;
        self.tx.save(reservation).await?;
        self.unreserve(reservation.variant_id, reservation.location_id, qty).await?;
        self.stock_changed(vec![reservation.variant_id]).await
    }

    async fn unreserve(&mut self, variant_id: VariantId, location_id: LocationId, qty: i64) -> Result<()> {
        let change = LevelChange { variant_id, location_id, on_hand: 0, reserved: -qty, incoming: 0 };
        self.tx.inventory().change(change).await?.map(|_| ()).ok_or_else(|| {
            Error::internal(format!("{qty} of {variant_id} were not reserved at {location_id}: run verify"))
        })
    }

    /// Sends `qty` of promised stock away. Answers what it cost.
    pub(in crate::engine) async fn ship(&mut self, reservation: &mut Reservation, qty: i64) -> Result<Money> {
        let variant = self.tx.load::<Variant>(reservation.variant_id).await?;
        let location_id = reservation.location_id;
        let change =
            LevelChange { variant_id: variant.id, location_id, on_hand: -qty, reserved: -qty, incoming: 0 };
        self.tx.inventory().change(change).await?.ok_or_else(|| StockError::Insufficient {
            sku: variant.sku.clone(),
            requested: qty,
            available: 0,
        })?;
        if qty == reservation.qty {
            reservation.state = reservation.state.step(ReservationState::Consumed)?;
        } else {
            // What leaves of a larger promise becomes a consumed promise of its own, so that held promises always
            // add up to what is reserved.
            let sent = Reservation {
                id: self.id(),
                qty,
                state: reservation.state.step(ReservationState::Consumed)?,
                version: 1,
                ..reservation.clone()
            };
            self.tx.note(&sent).await?;
            reservation.qty -= qty;
        }
        self.tx.save(reservation).await?;
        if let Some(id) = reservation.item_id {
            let mut item = self.tx.load::<Item>(id).await?;
            item.status = item.status.step(ItemStatus::Sold)?;
            self.tx.save(&mut item).await?;
        }
        let owner = reservation.owner_id.clone();
        let place = (reservation.location_id, reservation.item_id);
        self.record_move(&variant, place, (-qty, -qty), MoveReason::Shipment, Some(owner)).await?;
        self.use_up(&variant, reservation.item_id, qty).await
    }

    /// Takes `qty` that nobody was promised out of stock: lost, broken, moved. Answers what it cost.
    pub(in crate::engine) async fn take_out(
        &mut self,
        variant: &Variant,
        item: Option<ItemId>,
        location_id: LocationId,
        qty: i64,
        reason: MoveReason,
        reference: Option<String>,
    ) -> Result<Money> {
        let change =
            LevelChange { variant_id: variant.id, location_id, on_hand: -qty, reserved: 0, incoming: 0 };
        if self.tx.inventory().change(change).await?.is_none() {
            return Err(self.lacks(variant, location_id, qty).await);
        }
        self.record_move(variant, (location_id, item), (-qty, 0), reason, reference).await?;
        let cost = self.use_up(variant, item, qty).await?;
        self.stock_changed(vec![variant.id]).await?;
        Ok(cost)
    }

    /// Why `requested` units cannot be taken from a place: so many lie there that nobody was promised.
    async fn lacks(&mut self, variant: &Variant, location_id: LocationId, requested: i64) -> Error {
        let goods = match self.tx.inventory().sellable(&[variant.id]).await {
            Ok(goods) => goods,
            Err(error) => return error,
        };
        let here = goods.iter().flat_map(|good| &good.stock).find(|here| here.place.id == location_id);
        let available = here.map_or(0, |here| (here.level.on_hand - here.level.reserved).max(0));
        StockError::Insufficient { sku: variant.sku.clone(), requested, available }.into()
    }

    /// Takes stock in, with its cost.
    pub(in crate::engine) async fn take_in(&mut self, coming: Coming<'_>) -> Result<()> {
        let Coming { variant, item, location, qty, cost, reason, source } = coming;
        let level_id = self.id();
        self.tx.inventory().open_level(level_id, variant, location).await?;
        let change = LevelChange {
            variant_id: variant.id,
            location_id: location,
            on_hand: qty,
            reserved: 0,
            incoming: 0,
        };
        self.tx
            .inventory()
            .change(change)
            .await?
            .ok_or_else(|| Error::invalid("qty", qty, "so many do not fit with those that are there"))?;
        self.record_move(variant, (location, item), (qty, 0), reason, Some(source.clone())).await?;
        let layer = CostLayer {
            id: self.id(),
            variant_id: variant.id,
            item_id: item,
            qty_in: qty,
            qty_left: qty,
            cost_in: cost,
            cost_left: cost,
            source,
            received_at: self.now,
            version: 1,
        };
        self.tx.note(&layer).await?;
        self.stock_changed(vec![variant.id]).await
    }

    /// Moves unpromised stock to another place; what it cost goes with it, because layers belong to the variant.
    pub(in crate::engine) async fn carry(
        &mut self,
        variant: &Variant,
        item: Option<ItemId>,
        from: LocationId,
        to: LocationId,
        qty: i64,
    ) -> Result<()> {
        let level_id = self.id();
        self.tx.inventory().open_level(level_id, variant, to).await?;
        for (location_id, on_hand) in [(from, -qty), (to, qty)] {
            let change =
                LevelChange { variant_id: variant.id, location_id, on_hand, reserved: 0, incoming: 0 };
            if self.tx.inventory().change(change).await?.is_none() {
                return Err(self.lacks(variant, from, qty).await);
            }
            self.record_move(variant, (location_id, item), (on_hand, 0), MoveReason::Transfer, None).await?;
        }
        self.stock_changed(vec![variant.id]).await
    }

    async fn record_move(
        &mut self,
        variant: &Variant,
        (location_id, item_id): (LocationId, Option<ItemId>),
        (d_on_hand, d_reserved): (i64, i64),
        reason: MoveReason,
        reference: Option<String>,
    ) -> Result<()> {
        let stock_move = StockMove {
            id: self.id(),
            variant_id: variant.id,
            item_id,
            location_id,
            d_on_hand,
            d_reserved,
            reason,
            reference,
            actor: self.actor.to_string(),
            at: self.now,
            business_date: self.today().await?,
        };
        self.tx.note(&stock_move).await
    }

    async fn use_up(&mut self, variant: &Variant, item: Option<ItemId>, qty: i64) -> Result<Money> {
        let currency = self.shop().await?.currency;
        let mut layers: Vec<CostLayer> = self.tx.inventory().layers_left(variant.id, item).await?;
        let used = consume(&mut layers, qty, currency)?;
        if used.missing > 0 {
            return Err(StockError::NoCost { sku: variant.sku.clone(), missing: used.missing }.into());
        }
        for index in used.changed {
            self.tx.save(&mut layers[index]).await?;
        }
        Ok(used.cost)
    }

    /// Tells the market that more or less of these can be had.
    pub(in crate::engine) async fn stock_changed(&mut self, mut variants: Vec<VariantId>) -> Result<()> {
        variants.sort_unstable();
        variants.dedup();
        let goods = self.tx.inventory().sellable(&variants).await?;
        let left: Vec<_> = goods.iter().map(|good| (good.variant.id, available(&good.stock))).collect();
        self.offer_changed(&left, SoldBy::Nobody).await
    }
}

/// What one place gives of what is wanted.
struct Share<'a> {
    want: &'a Want,
    location_id: LocationId,
    qty: i64,
}

/// Says which place gives how many of each want; what one want takes, the next does not find.
fn share<'a>(goods: &[Sellable], wants: &'a [Want]) -> Result<Vec<Share<'a>>> {
    let mut left: BTreeMap<VariantId, Vec<Stock>> = BTreeMap::new();
    let mut shares = Vec::with_capacity(wants.len());
    for want in wants {
        let good = find(goods, want.variant)?;
        let stock = left.entry(want.variant).or_insert_with(|| good.stock.clone());
        let places = allocate(stock, want.qty, want.split).ok_or_else(|| StockError::Insufficient {
            sku: good.variant.sku.clone(),
            requested: want.qty,
            available: available(stock),
        })?;
        for (location_id, qty) in places {
            for here in stock.iter_mut().filter(|here| here.place.id == location_id) {
                here.level.reserved += qty;
            }
            shares.push(Share { want, location_id, qty });
        }
    }
    Ok(shares)
}

fn find(goods: &[Sellable], id: VariantId) -> Result<&Sellable> {
    goods.iter().find(|good| good.variant.id == id).ok_or_else(|| Error::not_found("variant", id))
}

/// Wants of variants that have stock, in the order in which everybody takes them; bundles become their components.
/// Wants of one owner for one variant become one.
fn unbundle(goods: &[Sellable], parts: &[BundleComponent], wants: &[Want]) -> Result<Vec<Want>> {
    let mut sums: BTreeMap<(VariantId, String), Want> = BTreeMap::new();
    let mut add = |variant: VariantId, qty: i64, want: &Want| -> Result<()> {
        let sum = sums.entry((variant, want.owner_id.clone())).or_insert_with(|| Want {
            variant,
            qty: 0,
            ..want.clone()
        });
        sum.qty =
            sum.qty.checked_add(qty).ok_or_else(|| Error::invalid("qty", qty, "the sum is too large"))?;
        Ok(())
    };
    for want in wants {
        if find(goods, want.variant)?.variant.kind != VariantKind::Bundle {
            add(want.variant, want.qty, want)?;
            continue;
        }
        for part in parts.iter().filter(|part| part.bundle_id == want.variant) {
            let qty =
                part.qty.checked_mul(want.qty).ok_or_else(|| Error::invalid("qty", want.qty, "too many"))?;
            add(part.variant_id, qty, want)?;
        }
    }
    Ok(sums.into_values().collect())
}
