//! Counts.

use baddie::imports::{FileStock, Group, ImportStock};
use baddie::journal::{ImportKind, ImportRun};
use baddie::{Currency, Shop, accounts};

use super::columns::{Column, STOCK, stock as at};
use super::convert::Cell;
use super::kind::{Kind, Unit};
use super::sheet::{Fault, Row, Sheet};

/// What lies where.
pub(super) struct Stock {
    currency: Currency,
}

impl Kind for Stock {
    const NAME: &'static str = "stock";
    const KIND: ImportKind = ImportKind::Stock;
    const COLUMNS: &'static [Column] = STOCK;
    const GROUP: i64 = 500;
    type Item = FileStock;

    fn new(shop: &accounts::Shop) -> Self {
        Self { currency: shop.currency }
    }

    fn next(&mut self, sheet: &mut Sheet) -> Result<Option<Unit<FileStock>>, Fault> {
        Ok(sheet.next_row()?.map(|row| match row {
            Ok(row) => Unit::of(row.line, self.read(row).map(Some)),
            Err(error) => Unit::of(error.line, Err(error)),
        }))
    }

    async fn send(&self, shop: &Shop, group: Group, counts: Vec<FileStock>) -> baddie::Result<ImportRun> {
        shop.imports().stock(ImportStock { group, counts }).await
    }
}

impl Stock {
    fn read(&self, row: Row<'_>) -> Cell<FileStock> {
        let currency = row.currency(at::CURRENCY, self.currency)?;
        let on_hand = row.needed_integer(at::ON_HAND, "on_hand")?;
        let cost = match (row.money(at::COST, currency)?, row.money(at::UNIT_COST, currency)?) {
            (Some(cost), _) => Some(cost),
            (None, Some(each)) => {
                Some(each.times(on_hand).map_err(|error| row.wrong(at::UNIT_COST, error.to_string()))?)
            }
            (None, None) => None,
        };
        Ok(FileStock {
            sku: row.needed_text(at::SKU, "sku")?,
            location: row.text(at::LOCATION),
            on_hand,
            cost,
        })
    }
}
