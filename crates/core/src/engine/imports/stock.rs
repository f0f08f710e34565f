//! Counts from a file: what lies where. The difference to what is known is found, or written off.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Group, at_row};
use crate::accounts::Permission;
use crate::catalog::{CatalogError, VariantKind};
use crate::engine::{Command, Work};
use crate::error::{Error, Result};
use crate::inventory::{Location, MoveReason, StockLevel};
use crate::journal::{ImportKind, ImportRun};
use crate::money::{Money, Rounding};

/// What lies of a variant at one place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FileStock {
    /// What.
    pub sku: String,
    /// The name of the place; the first that sells when absent.
    pub location: Option<String>,
    /// How many lie there.
    pub on_hand: i64,
    /// What they cost together; needed when there are more than is known.
    pub cost: Option<Money>,
}

/// Take in a group of counts: afterwards so many lie there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ImportStock {
    /// Which rows of the file.
    #[serde(flatten)]
    pub group: Group,
    /// What they say.
    pub counts: Vec<FileStock>,
}

#[async_trait]
impl Command for ImportStock {
    const NAME: &'static str = "imports.stock";
    const PERMISSION: Permission = Permission::InventoryWrite;
    const MOVES: bool = true;
    const PRIVATE: bool = true;
    type Answer = ImportRun;

    async fn run(self, work: &mut Work) -> Result<ImportRun> {
        let places = work.tx.inventory().locations().await?;
        for (index, count) in self.counts.into_iter().enumerate() {
            work.import_count(count, &places).await.map_err(at_row(index))?;
        }
        work.advance(self.group, ImportKind::Stock).await
    }
}

impl Work {
    async fn import_count(&mut self, row: FileStock, places: &[Location]) -> Result<()> {
        if !(0..=1_000_000_000).contains(&row.on_hand) {
            return Err(Error::invalid("on_hand", row.on_hand, "choose 0 to 1,000,000,000"));
        }
        let found = self.tx.catalog().variants_by_sku(&[&row.sku]).await?.pop();
        let variant = found
            .ok_or_else(|| Error::from(CatalogError::UnknownSku { sku: row.sku.clone() }).on_field("sku"))?;
        if variant.kind != VariantKind::Stocked {
            let given = format!("{:?} ({})", row.sku, variant.kind);
            return Err(Error::invalid("sku", given, "only stocked variants are counted"));
        }
        let place = match &row.location {
            Some(name) => places.iter().find(|place| place.name == *name),
            None => places.iter().find(|place| place.sellable),
        };
        let place = place.ok_or_else(|| {
            let names: Vec<_> = places.iter().map(|place| place.name.as_str()).collect();
            let given = row.location.as_deref().map_or("absent".to_owned(), |name| format!("{name:?}"));
            let remedy = format!("make that place first, or use one of {}", names.join(", "));
            Error::invalid("location", given, &remedy)
        })?;
        let levels = self.tx.parts::<StockLevel>(variant.id).await?;
        let known =
            levels.iter().find(|level| level.location_id == place.id).map_or(0, |level| level.on_hand);
        match row.on_hand - known {
            0 => Ok(()),
            more @ 1.. => {
                let cost =
                    row.cost.map(|cost| cost.share(more, row.on_hand, Rounding::HalfUp)).transpose()?;
                let reason = if known == 0 { MoveReason::Opening } else { MoveReason::Count };
                self.add_found(&variant, place.id, more, reason, cost).await
            }
            fewer => self.write_off(&variant, place.id, -fewer, MoveReason::Count).await,
        }
    }
}
