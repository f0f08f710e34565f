//! Stock: how old it is, how fast it sells, what was wanted.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::catalog::Variant;
use crate::clock::Date;
use crate::engine::{Look, Query};
use crate::error::{Error, Result};
use crate::ids::VariantId;
use crate::insights::{AgingRow, DemandSeries, SellThroughRow, demand_series, sell_through};
use crate::inventory::{CostLayer, StockMove, available};
use crate::page::PageRequest;

/// Look at stock that has lain longest.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetAging {
    /// How many rows at most: 1 to 200, 50 when absent.
    #[serde(default)]
    pub limit: Option<u32>,
}

#[async_trait]
impl Query for GetAging {
    const NAME: &'static str = "reports.aging";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Vec<AgingRow>;

    async fn run(self, look: &mut Look) -> Result<Vec<AgingRow>> {
        let limit = PageRequest { limit: Some(self.limit.unwrap_or(50)), cursor: None }.limit()?;
        aging(look, limit).await
    }
}

pub(super) async fn aging(look: &mut Look, limit: usize) -> Result<Vec<AgingRow>> {
    let layers: Vec<CostLayer> = look.tx.inventory().oldest_layers(limit).await?;
    let mut ids: Vec<_> = layers.iter().map(|layer| layer.variant_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let variants = look.tx.many::<Variant>(&ids).await?;
    let now = look.now();
    let row = |layer: CostLayer| {
        let variant = variants.iter().find(|variant| variant.id == layer.variant_id);
        AgingRow {
            variant_id: layer.variant_id,
            sku: variant.map(|variant| variant.sku.clone()).unwrap_or_default(),
            item_id: layer.item_id,
            qty: layer.qty_left,
            cost: layer.cost_left,
            since: layer.received_at,
            days: i64::try_from(now.since(layer.received_at).as_secs() / 86_400).unwrap_or(i64::MAX),
        }
    };
    Ok(layers.into_iter().map(row).collect())
}

/// Look at how fast variants sold over some business days, fastest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetSellThrough {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// How many rows at most: 1 to 200, 50 when absent.
    #[serde(default)]
    pub limit: Option<u32>,
}

#[async_trait]
impl Query for GetSellThrough {
    const NAME: &'static str = "reports.sell_through";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Vec<SellThroughRow>;

    async fn run(self, look: &mut Look) -> Result<Vec<SellThroughRow>> {
        let limit = PageRequest { limit: Some(self.limit.unwrap_or(50)), cursor: None }.limit()?;
        let days = check_days(self.from, self.to)?;
        let mut sold: BTreeMap<VariantId, i64> = BTreeMap::new();
        for row in look.tx.inventory().shipped_by_day(None, self.from, self.to).await? {
            *sold.entry(row.variant_id).or_default() += row.units;
        }
        let ids: Vec<_> = sold.keys().copied().collect();
        let mut rows = Vec::with_capacity(ids.len());
        for good in look.tx.inventory().sellable(&ids).await? {
            let units = sold.get(&good.variant.id).copied().unwrap_or(0);
            let left = available(&good.stock);
            rows.push(SellThroughRow {
                variant_id: good.variant.id,
                sku: good.variant.sku,
                sold: units,
                left,
                rate: sell_through(units, left),
                days_left: (units > 0).then(|| left.saturating_mul(days) / units),
            });
        }
        rows.sort_by(|a, b| b.sold.cmp(&a.sold).then_with(|| a.sku.cmp(&b.sku)));
        rows.truncate(limit);
        Ok(rows)
    }
}

pub(super) fn check_days(from: Date, to: Date) -> Result<i64> {
    let days = to.as_days() - from.as_days() + 1;
    if (1..=3660).contains(&days) {
        return Ok(days);
    }
    Err(Error::invalid("to", to, "choose a last day at most ten years after the first, and not before it"))
}

/// Look at what a variant sold, day by day, with the days on which it could not be had marked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetDemand {
    /// The variant.
    pub variant_id: VariantId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

#[async_trait]
impl Query for GetDemand {
    const NAME: &'static str = "reports.demand";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = DemandSeries;

    async fn run(self, look: &mut Look) -> Result<DemandSeries> {
        check_days(self.from, self.to)?;
        let variant = look.tx.load::<Variant>(self.variant_id).await?;
        let shipped = look.tx.inventory().shipped_by_day(Some(variant.id), self.from, self.to).await?;
        let shipped: BTreeMap<_, _> = shipped.into_iter().map(|row| (row.day, row.units)).collect();
        // Moves of past days may be noted down later, so the day counts and not the order of the notes.
        let mut at_end: BTreeMap<Date, i64> = BTreeMap::new();
        for step in look.tx.parts::<StockMove>(variant.id).await? {
            *at_end.entry(step.business_date).or_default() += step.d_on_hand;
        }
        let mut stock = 0;
        for change in at_end.values_mut() {
            stock += *change;
            *change = stock;
        }
        let stock_at_end = |day: Date| at_end.range(..=day).next_back().map_or(0, |(_, units)| *units);
        Ok(demand_series(variant.id, self.from, self.to, &shipped, stock_at_end))
    }
}
