//! Stock: places, counts, moves, holds.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::work::{Coming, SoldBy, Want};
use super::{Command, Look, Query, Work};
use crate::accounts::{Permission, check_text};
use crate::catalog::{Item, ItemStatus, Variant, VariantKind};
use crate::clock::Timestamp;
use crate::error::{Error, Kind, Result};
use crate::ids::{LocationId, ReservationId, VariantId};
use crate::inventory::{
    HoldOwner, Location, LocationKind, MoveReason, Reservation, ReservationState, StockLevel, StockMove,
    check_qty,
};
use crate::ledger::{Account, Draft, Tags};
use crate::money::Money;
use crate::page::{Page, PageRequest};

/// Make a place where stock lies.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateLocation {
    /// What it is called.
    pub name: String,
    /// What sort of place it is.
    pub kind: LocationKind,
    /// Whether what lies there may be sold; quarantine and transit never sell.
    pub sellable: bool,
    /// From where to take first: lowest first.
    #[serde(default)]
    pub priority: i64,
}

#[async_trait]
impl Command for CreateLocation {
    const NAME: &'static str = "locations.create";
    const PERMISSION: Permission = Permission::InventoryWrite;
    type Answer = Location;

    async fn run(self, work: &mut Work) -> Result<Location> {
        check_text("name", &self.name, 100)?;
        let set_apart = matches!(self.kind, LocationKind::Quarantine | LocationKind::Transit);
        if self.sellable && set_apart {
            return Err(Error::invalid("sellable", "true", "what is under way or set apart cannot be sold"));
        }
        let location = Location {
            id: work.id(),
            name: self.name,
            kind: self.kind,
            sellable: self.sellable,
            priority: self.priority,
            version: 1,
        };
        work.tx.add(&location).await.map_err(|error| {
            if error.code() == "storage.duplicate" {
                let message = format!("a place called {:?} exists: choose another name", location.name);
                return Error::new(Kind::Conflict, "locations.duplicate", message);
            }
            error
        })?;
        work.about(location.id);
        Ok(location)
    }
}

/// Look through the places.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLocations {}

#[async_trait]
impl Query for ListLocations {
    const NAME: &'static str = "locations.list";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Vec<Location>;

    async fn run(self, look: &mut Look) -> Result<Vec<Location>> {
        look.tx.inventory().locations().await
    }
}

/// Correct what lies somewhere: something was found, lost, broken, or was there from the start.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustStock {
    /// What.
    pub variant_id: VariantId,
    /// Where; the first place that sells when absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// How many more there are; below zero, how many fewer.
    pub change: i64,
    /// Why.
    pub reason: MoveReason,
    /// What the added units cost together; needed for more stock, and for nothing else.
    #[serde(default)]
    pub cost: Option<Money>,
}

#[async_trait]
impl Command for AdjustStock {
    const NAME: &'static str = "inventory.adjust";
    const PERMISSION: Permission = Permission::InventoryWrite;
    const MOVES: bool = true;
    type Answer = StockLevel;

    async fn run(self, work: &mut Work) -> Result<StockLevel> {
        use MoveReason as R;
        let qty = self.change.saturating_abs();
        check_qty("change", qty).map_err(|_| {
            Error::invalid(
                "change",
                self.change,
                "choose a whole number other than zero, up to 1,000,000,000",
            )
        })?;
        let variant = work.tx.load::<Variant>(self.variant_id).await?;
        if variant.kind == VariantKind::Bundle {
            return Err(Error::invalid(
                "variant_id",
                variant.id,
                "a bundle has no stock: adjust its components",
            ));
        }
        let location_id = match self.location_id {
            Some(id) => work.tx.load::<Location>(id).await?.id,
            None => work.first_place().await?,
        };
        work.about(variant.id);
        if self.change > 0 {
            if !matches!(self.reason, R::Count | R::Found | R::Opening) {
                let remedy = "more stock was counted, found or opening; receive purchases as receipts";
                return Err(Error::invalid("reason", self.reason, remedy));
            }
            work.add_found(&variant, location_id, qty, self.reason, self.cost).await?;
        } else {
            if !matches!(self.reason, R::Count | R::Damage | R::Loss) {
                return Err(Error::invalid("reason", self.reason, "less stock was counted, damaged or lost"));
            }
            work.write_off(&variant, location_id, qty, self.reason).await?;
        }
        let level =
            work.tx.parts::<StockLevel>(variant.id).await?.into_iter().find(|l| l.location_id == location_id);
        level.ok_or_else(|| Error::not_found("stock_level", location_id))
    }
}

impl Work {
    pub(super) async fn add_found(
        &mut self,
        variant: &Variant,
        location: LocationId,
        qty: i64,
        reason: MoveReason,
        cost: Option<Money>,
    ) -> Result<()> {
        if variant.kind == VariantKind::Unique {
            let remedy = "a one-of-a-kind thing is there once: take another one in with items.create";
            return Err(Error::invalid("variant_id", variant.id, remedy));
        }
        let cost =
            cost.ok_or_else(|| Error::invalid("cost", "absent", "say what the added units cost together"))?;
        let currency = self.shop().await?.currency;
        if cost.is_negative() || cost.currency() != currency {
            return Err(Error::invalid(
                "cost",
                cost,
                &format!("give an amount of at least zero in {currency}"),
            ));
        }
        let id: crate::ids::MoveId = self.id();
        let coming =
            Coming { variant, item: None, location, qty, cost, reason, source: format!("adjustment {id}") };
        self.take_in(coming).await?;
        let against =
            if reason == MoveReason::Opening { Account::OpeningBalance } else { Account::Shrinkage };
        let draft = Draft::new("adjustment", id, "found")
            .debit(Account::Inventory, cost, Tags::default())
            .credit(against, cost, Tags::default())?;
        self.post(draft).await.map(|_| ())
    }

    pub(super) async fn write_off(
        &mut self,
        variant: &Variant,
        location: LocationId,
        qty: i64,
        reason: MoveReason,
    ) -> Result<()> {
        let mut item_id = None;
        if variant.kind == VariantKind::Unique {
            let items = self.tx.parts::<Item>(variant.id).await?;
            let mut item = items
                .into_iter()
                .find(|item| item.status == ItemStatus::InStock)
                .ok_or_else(|| Error::invalid("change", -qty, "the thing is not in stock, or promised"))?;
            item.status = item.status.step(ItemStatus::WrittenOff)?;
            self.tx.save(&mut item).await?;
            item_id = Some(item.id);
        }
        let id: crate::ids::MoveId = self.id();
        let cost = self.take_out(variant, item_id, location, qty, reason, Some(id.to_string())).await?;
        let tags = Tags { item_id, ..Tags::default() };
        let draft = Draft::new("adjustment", id, "write_off").debit(Account::Shrinkage, cost, tags).credit(
            Account::Inventory,
            cost,
            tags,
        )?;
        self.post(draft).await.map(|_| ())
    }
}

/// Move stock to another place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferStock {
    /// What.
    pub variant_id: VariantId,
    /// From where.
    pub from: LocationId,
    /// Where to.
    pub to: LocationId,
    /// How many.
    pub qty: i64,
}

#[async_trait]
impl Command for TransferStock {
    const NAME: &'static str = "inventory.transfer";
    const PERMISSION: Permission = Permission::InventoryWrite;
    const MOVES: bool = true;
    type Answer = Vec<StockLevel>;

    async fn run(self, work: &mut Work) -> Result<Vec<StockLevel>> {
        check_qty("qty", self.qty)?;
        if self.from == self.to {
            return Err(Error::invalid("to", self.to, "choose another place than where it lies"));
        }
        let variant = work.tx.load::<Variant>(self.variant_id).await?;
        for id in [self.from, self.to] {
            work.tx.load::<Location>(id).await?;
        }
        let mut item_id = None;
        if variant.kind == VariantKind::Unique {
            let items = work.tx.parts::<Item>(variant.id).await?;
            if let Some(mut item) = items.into_iter().find(|item| item.location_id == self.from) {
                item.location_id = self.to;
                item.bin = None;
                work.tx.save(&mut item).await?;
                item_id = Some(item.id);
            }
        }
        work.carry(&variant, item_id, self.from, self.to, self.qty).await?;
        work.about(variant.id);
        work.tx.parts::<StockLevel>(variant.id).await
    }
}

/// Hold stock for somebody, without an order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldStock {
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub qty: i64,
    /// For whom or why.
    pub note: String,
    /// Until when; for good when absent.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

#[async_trait]
impl Command for HoldStock {
    const NAME: &'static str = "inventory.hold";
    const PERMISSION: Permission = Permission::InventoryWrite;
    const MOVES: bool = true;
    type Answer = Vec<Reservation>;

    async fn run(self, work: &mut Work) -> Result<Vec<Reservation>> {
        check_qty("qty", self.qty)?;
        check_text("note", &self.note, 200)?;
        if self.expires_at.is_some_and(|at| at <= work.now) {
            return Err(Error::invalid("expires_at", "in the past", "choose a later time"));
        }
        let mut goods = work.tx.inventory().sellable(&[self.variant_id]).await?;
        let parts = work.open_bundles(&mut goods).await?;
        let want = Want {
            variant: self.variant_id,
            qty: self.qty,
            owner: HoldOwner::ManualHold,
            owner_id: self.note,
            split: true,
            expires_at: self.expires_at,
        };
        work.about(self.variant_id);
        work.reserve(&mut goods, &parts, &[want], SoldBy::Nobody).await
    }
}

/// Let go of a hold that was made by hand.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseHold {
    /// The hold.
    pub reservation_id: ReservationId,
}

#[async_trait]
impl Command for ReleaseHold {
    const NAME: &'static str = "inventory.release";
    const PERMISSION: Permission = Permission::InventoryWrite;
    const MOVES: bool = true;
    type Answer = Reservation;

    async fn run(self, work: &mut Work) -> Result<Reservation> {
        let mut hold = work.tx.load::<Reservation>(self.reservation_id).await?;
        if hold.owner != HoldOwner::ManualHold {
            let message = format!("it is held by a {}: end that instead", hold.owner);
            return Err(Error::new(Kind::Refused, "inventory.not_a_manual_hold", message));
        }
        work.release(std::slice::from_mut(&mut hold), ReservationState::Released).await?;
        work.about(hold.id);
        Ok(hold)
    }
}

/// Look at what lies of a variant, by place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLevels {
    /// The variant.
    pub variant_id: VariantId,
}

#[async_trait]
impl Query for ListLevels {
    const NAME: &'static str = "inventory.levels";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Vec<StockLevel>;

    async fn run(self, look: &mut Look) -> Result<Vec<StockLevel>> {
        look.tx.load::<Variant>(self.variant_id).await?;
        look.tx.parts::<StockLevel>(self.variant_id).await
    }
}

/// Look through every stock move, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListMoves {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListMoves {
    const NAME: &'static str = "inventory.moves";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Page<StockMove>;

    async fn run(self, look: &mut Look) -> Result<Page<StockMove>> {
        look.tx.page::<StockMove>(&self.page).await
    }
}

/// A variant that is running out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StockAlert {
    /// The variant.
    pub variant_id: VariantId,
    /// Its SKU.
    pub sku: String,
    /// The title of its product.
    pub title: String,
    /// How many an order can take.
    pub available: i64,
    /// How many are on their way.
    pub incoming: i64,
    /// How many the shop wants to keep.
    pub safety_stock: i64,
}

/// Look at what is running out: stocked variants down to their safety stock.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListAlerts {
    /// How many at most: 1 to 200, 50 when absent.
    #[serde(default)]
    pub limit: Option<u32>,
}

#[async_trait]
impl Query for ListAlerts {
    const NAME: &'static str = "inventory.alerts";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Vec<StockAlert>;

    async fn run(self, look: &mut Look) -> Result<Vec<StockAlert>> {
        let limit = PageRequest { limit: Some(self.limit.unwrap_or(50)), cursor: None }.limit()?;
        let low = look.tx.inventory().low(limit).await?;
        let alert = |good: crate::inventory::Sellable| StockAlert {
            available: crate::inventory::available(&good.stock),
            incoming: good.stock.iter().map(|here| here.level.incoming).sum(),
            variant_id: good.variant.id,
            sku: good.variant.sku,
            title: good.title,
            safety_stock: good.variant.safety_stock,
        };
        let mut alerts: Vec<_> = look.tx.inventory().sellable(&low).await?.into_iter().map(alert).collect();
        alerts.sort_by(|a, b| a.available.cmp(&b.available).then_with(|| a.sku.cmp(&b.sku)));
        Ok(alerts)
    }
}

calls! {
    /// Stock.
    Inventory by inventory:
    /// Makes a place.
    write create_location: CreateLocation;
    /// Corrects what lies somewhere.
    write adjust: AdjustStock;
    /// Moves stock to another place.
    write transfer: TransferStock;
    /// Holds stock without an order.
    write hold: HoldStock;
    /// Lets go of a hold.
    write release: ReleaseHold;
    /// The places.
    read locations: ListLocations;
    /// What lies of a variant.
    read levels: ListLevels;
    /// A page of stock moves.
    read moves: ListMoves;
    /// What is running out.
    read alerts: ListAlerts;
}
