use async_trait::async_trait;

use super::{CostLayer, HoldOwner, Location, Reservation, StockLevel, StockMove};
use crate::catalog::Variant;
use crate::clock::{Date, Timestamp};
use crate::entity::{Keep, Parts};
use crate::error::Result;
use crate::ids::{ItemId, LevelId, LocationId, ProductId, VariantId};

/// What lies of a variant at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Stock {
    /// How much.
    pub level: StockLevel,
    /// Where.
    pub place: Location,
}

/// All there is to know for selling a variant.
#[derive(Debug, Clone, PartialEq)]
pub struct Sellable {
    /// The variant.
    pub variant: Variant,
    /// The title of its product.
    pub title: String,
    /// What lies of it, by place.
    pub stock: Vec<Stock>,
}

/// How many units of a variant moved on a business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayUnits {
    /// The variant.
    pub variant_id: VariantId,
    /// The business day.
    pub day: Date,
    /// The units.
    pub units: i64,
}

/// A change of one level. Positive adds, negative takes; the store refuses what the level does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelChange {
    /// What.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// Change of what lies there.
    pub on_hand: i64,
    /// Change of what is promised.
    pub reserved: i64,
    /// Change of what is on its way.
    pub incoming: i64,
}

/// Keeps stock.
#[async_trait]
pub trait InventoryStore:
    Keep<Location> + Parts<StockLevel> + Parts<StockMove> + Keep<Reservation> + Keep<CostLayer> + Parts<CostLayer>
{
    /// Every location, by priority, then name. A shop has few.
    async fn locations(&mut self) -> Result<Vec<Location>>;
    /// The variants with these ids, with their titles and stock, by id.
    async fn sellable(&mut self, variants: &[VariantId]) -> Result<Vec<Sellable>>;
    /// The variants with these SKUs, with their titles and stock, by id.
    async fn sellable_by_sku(&mut self, skus: &[&str]) -> Result<Vec<Sellable>>;
    /// The variants of these products, with their titles and stock, by id.
    async fn sellable_of(&mut self, products: &[ProductId]) -> Result<Vec<Sellable>>;
    /// Makes an empty level with this id unless there is one for the variant and location.
    async fn open_level(&mut self, id: LevelId, variant: &Variant, location: LocationId) -> Result<()>;
    /// Changes levels, each in one guarded statement, and answers those that it changed. A level is left as it is, and
    /// out of the answer, when the result would break `0 ≤ reserved ≤ on_hand + backorder_limit`, `0 ≤ on_hand` or
    /// `0 ≤ incoming`. No two changes are of the same level; they come in order of variant and location, in which
    /// everybody takes them.
    async fn change_all(&mut self, changes: &[LevelChange]) -> Result<Vec<StockLevel>>;
    /// Changes one level; `None` when it is left as it is, or when there is no such level.
    async fn change(&mut self, change: LevelChange) -> Result<Option<StockLevel>> {
        Ok(self.change_all(&[change]).await?.pop())
    }
    /// Sets how many may be promised beyond those on hand; `None` when more are promised already.
    async fn set_backorder(
        &mut self,
        variant: VariantId,
        location: LocationId,
        limit: i64,
    ) -> Result<Option<StockLevel>>;
    /// The reservations of these owners that still hold, in the order they were made.
    async fn held(&mut self, owner: HoldOwner, owner_ids: &[String]) -> Result<Vec<Reservation>>;
    /// Reservations that hold and have run out, oldest first.
    async fn run_out(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Reservation>>;
    /// The layers of a variant (of one physical thing, if named) that are not used up, oldest first.
    async fn layers_left(&mut self, variant: VariantId, item: Option<ItemId>) -> Result<Vec<CostLayer>>;
    /// The layers that came in longest ago and are not used up.
    async fn oldest_layers(&mut self, limit: usize) -> Result<Vec<CostLayer>>;
    /// Units shipped per business day over the days given (both included), of one variant or each, by variant and day.
    async fn shipped_by_day(
        &mut self,
        variant: Option<VariantId>,
        from: Date,
        to: Date,
    ) -> Result<Vec<DayUnits>>;
    /// By how much the stock of these variants changed on each business day up to this one, by variant and day.
    async fn moved_by_day(&mut self, variants: &[VariantId], to: Date) -> Result<Vec<DayUnits>>;
    /// Stocked variants that can be had no more often than their safety stock, fewest first. Those never stocked are
    /// left out.
    async fn low(&mut self, limit: usize) -> Result<Vec<VariantId>>;
}
