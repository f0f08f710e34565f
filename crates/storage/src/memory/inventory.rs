use std::collections::BTreeMap;

use async_trait::async_trait;
use baddie_core::catalog::{Product, ProductStatus, Variant, VariantKind};
use baddie_core::clock::{Date, Timestamp};
use baddie_core::error::Result;
use baddie_core::ids::{ItemId, LevelId, LocationId, ProductId, VariantId};
use baddie_core::inventory::{
    CostLayer, DayUnits, HoldOwner, InventoryStore, LevelChange, Location, MoveReason, Reservation,
    ReservationState, Sellable, Stock, StockLevel, StockMove,
};

use super::MemoryTransaction;

impl MemoryTransaction {
    fn sellable_where(&self, wanted: impl Fn(&Variant) -> bool) -> Vec<Sellable> {
        let places: Vec<&Location> = self.all().collect();
        let sellable = |variant: &Variant| {
            let title = self.all::<Product>().find(|product| product.id == variant.product_id);
            let levels = self.all::<StockLevel>().filter(|level| level.variant_id == variant.id);
            let stock = levels.filter_map(|level| {
                let place = places.iter().find(|place| place.id == level.location_id)?;
                Some(Stock { level: level.clone(), place: (*place).clone() })
            });
            Sellable {
                variant: variant.clone(),
                title: title.map(|product| product.title.clone()).unwrap_or_default(),
                stock: stock.collect(),
            }
        };
        self.all::<Variant>().filter(|variant| wanted(variant)).map(sellable).collect()
    }

    fn level(&self, variant: VariantId, location: LocationId) -> Option<StockLevel> {
        self.one(|level: &StockLevel| level.variant_id == variant && level.location_id == location)
    }

    /// Keeps a level if it obeys the constraints that the database has on it.
    fn put_level(&mut self, level: StockLevel) -> Result<Option<StockLevel>> {
        let fine = level.on_hand >= 0
            && level.reserved >= 0
            && level.incoming >= 0
            && level.reserved <= level.on_hand + level.backorder_limit;
        if !fine {
            return Ok(None);
        }
        self.put(&level)?;
        Ok(Some(level))
    }
}

#[async_trait]
impl InventoryStore for MemoryTransaction {
    async fn locations(&mut self) -> Result<Vec<Location>> {
        let mut places: Vec<Location> = self.some(|_| true);
        places.sort_by(|a, b| a.priority.cmp(&b.priority).then_with(|| a.name.cmp(&b.name)));
        Ok(places)
    }

    async fn sellable(&mut self, variants: &[VariantId]) -> Result<Vec<Sellable>> {
        Ok(self.sellable_where(|variant| variants.contains(&variant.id)))
    }

    async fn sellable_by_sku(&mut self, skus: &[&str]) -> Result<Vec<Sellable>> {
        Ok(self.sellable_where(|variant| skus.contains(&variant.sku.as_str())))
    }

    async fn sellable_of(&mut self, products: &[ProductId]) -> Result<Vec<Sellable>> {
        Ok(self.sellable_where(|variant| products.contains(&variant.product_id)))
    }

    async fn open_level(&mut self, id: LevelId, variant: &Variant, location_id: LocationId) -> Result<()> {
        if self.level(variant.id, location_id).is_some() {
            return Ok(());
        }
        let (variant_id, nothing) = (variant.id, 0);
        self.put(&StockLevel {
            id,
            variant_id,
            location_id,
            on_hand: nothing,
            reserved: nothing,
            incoming: nothing,
            backorder_limit: nothing,
        })
    }

    async fn change_all(&mut self, changes: &[LevelChange]) -> Result<Vec<StockLevel>> {
        let mut levels = Vec::new();
        for change in changes {
            let Some(mut level) = self.level(change.variant_id, change.location_id) else { continue };
            level.on_hand += change.on_hand;
            level.reserved += change.reserved;
            level.incoming += change.incoming;
            levels.extend(self.put_level(level)?);
        }
        Ok(levels)
    }

    async fn set_backorder(
        &mut self,
        variant: VariantId,
        location: LocationId,
        limit: i64,
    ) -> Result<Option<StockLevel>> {
        let Some(mut level) = self.level(variant, location) else { return Ok(None) };
        level.backorder_limit = limit;
        self.put_level(level)
    }

    async fn held(&mut self, owner: HoldOwner, owner_ids: &[String]) -> Result<Vec<Reservation>> {
        Ok(self.some(|hold: &Reservation| {
            hold.state == ReservationState::Held && hold.owner == owner && owner_ids.contains(&hold.owner_id)
        }))
    }

    async fn run_out(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Reservation>> {
        let mut holds = self.some(|hold: &Reservation| {
            hold.state == ReservationState::Held && hold.expires_at.is_some_and(|at| at <= now)
        });
        holds.sort_by_key(|hold| (hold.expires_at, hold.id));
        holds.truncate(limit);
        Ok(holds)
    }

    async fn layers_left(&mut self, variant: VariantId, item: Option<ItemId>) -> Result<Vec<CostLayer>> {
        Ok(self.some(|layer: &CostLayer| {
            layer.variant_id == variant && layer.qty_left > 0 && (item.is_none() || layer.item_id == item)
        }))
    }

    async fn oldest_layers(&mut self, limit: usize) -> Result<Vec<CostLayer>> {
        let mut layers = self.some(|layer: &CostLayer| layer.qty_left > 0);
        layers.sort_by_key(|layer| (layer.received_at, layer.id));
        layers.truncate(limit);
        Ok(layers)
    }

    async fn shipped_by_day(
        &mut self,
        variant: Option<VariantId>,
        from: Date,
        to: Date,
    ) -> Result<Vec<DayUnits>> {
        let mut sums: BTreeMap<(VariantId, Date), i64> = BTreeMap::new();
        for step in self.all::<StockMove>() {
            let shipped = step.reason == MoveReason::Shipment && (from..=to).contains(&step.business_date);
            if shipped && variant.is_none_or(|id| step.variant_id == id) {
                *sums.entry((step.variant_id, step.business_date)).or_default() -= step.d_on_hand;
            }
        }
        Ok(sums.into_iter().map(|((variant_id, day), units)| DayUnits { variant_id, day, units }).collect())
    }

    async fn moved_by_day(&mut self, variants: &[VariantId], to: Date) -> Result<Vec<DayUnits>> {
        let mut sums: BTreeMap<(VariantId, Date), i64> = BTreeMap::new();
        for step in self.all::<StockMove>() {
            if step.business_date <= to && variants.contains(&step.variant_id) {
                *sums.entry((step.variant_id, step.business_date)).or_default() += step.d_on_hand;
            }
        }
        Ok(sums.into_iter().map(|((variant_id, day), units)| DayUnits { variant_id, day, units }).collect())
    }

    async fn low(&mut self, limit: usize) -> Result<Vec<VariantId>> {
        let active = |id: ProductId| {
            self.all::<Product>().any(|product| product.id == id && product.status == ProductStatus::Active)
        };
        let mut low: Vec<(i64, VariantId)> = self
            .sellable_where(|variant| variant.kind == VariantKind::Stocked && active(variant.product_id))
            .into_iter()
            .filter_map(|good| {
                let selling: Vec<_> = good.stock.iter().filter(|here| here.place.sellable).collect();
                let sum: i64 = selling.iter().map(|here| here.level.available()).sum();
                (!selling.is_empty() && sum <= good.variant.safety_stock).then_some((sum, good.variant.id))
            })
            .collect();
        low.sort_unstable();
        low.truncate(limit);
        Ok(low.into_iter().map(|(_, id)| id).collect())
    }
}
