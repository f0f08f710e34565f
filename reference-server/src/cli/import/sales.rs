//! Past sales.

use baddie::clock::{Date, Zone};
use baddie::imports::{FileSale, FileSaleLine, Group, ImportSales};
use baddie::journal::{ImportKind, ImportRun};
use baddie::{Currency, Shop, accounts};

use super::columns::{Column, SALES, sales as at};
use super::convert::Cell;
use super::kind::{Gathered, Kind, Unit};
use super::sheet::{Fault, Row, Sheet};

/// What was sold and sent. Neighbouring rows of one order are one sale.
pub(super) struct Sales {
    currency: Currency,
    zone: Zone,
    /// The first day of the file.
    first: Option<Date>,
    gathered: Gathered<FileSale>,
}

impl Kind for Sales {
    const NAME: &'static str = "sales";
    const KIND: ImportKind = ImportKind::Sales;
    const COLUMNS: &'static [Column] = SALES;
    const GROUP: i64 = 1_000;
    type Item = FileSale;

    fn new(shop: &accounts::Shop) -> Self {
        let (currency, zone) = (shop.currency, shop.time_zone.clone());
        Self { currency, zone, first: None, gathered: Gathered::new() }
    }

    fn rewind(&mut self) {
        self.gathered = Gathered::new();
    }

    fn next(&mut self, sheet: &mut Sheet) -> Result<Option<Unit<FileSale>>, Fault> {
        loop {
            let (line, name, sale) = match sheet.next_row()? {
                None => return Ok(self.gathered.rest()),
                Some(Ok(row)) => (row.line, row.text(at::ORDER), self.read(row)),
                Some(Err(error)) => (error.line, None, Err(error)),
            };
            if let Ok(sale) = &sale {
                let day = self.zone.date_of(sale.sold_at);
                self.first = Some(self.first.map_or(day, |first| first.min(day)));
            }
            let done = self.gathered.take(line, name, sale, |whole, part| {
                whole.lines.extend(part.lines);
                whole.shipping = whole.shipping.or(part.shipping);
            });
            if done.is_some() {
                return Ok(done);
            }
        }
    }

    async fn send(&self, shop: &Shop, group: Group, sales: Vec<FileSale>) -> baddie::Result<ImportRun> {
        let first = self.first.unwrap_or_else(|| self.zone.date_of(baddie::clock::Timestamp::from_micros(0)));
        let opened_on = first.plus_days(-1).unwrap_or(first);
        shop.imports().sales(ImportSales { group, opened_on, sales }).await
    }
}

impl Sales {
    fn read(&self, row: Row<'_>) -> Cell<FileSale> {
        let currency = row.currency(at::CURRENCY, self.currency)?;
        let qty = row.needed_integer(at::QTY, "qty")?;
        let price = row.money(at::PRICE, currency)?;
        let cost = match (row.money(at::COST, currency)?, row.money(at::UNIT_COST, currency)?) {
            (Some(cost), _) => Some(cost),
            (None, Some(each)) => {
                Some(each.times(qty).map_err(|error| row.wrong(at::UNIT_COST, error.to_string()))?)
            }
            (None, None) => None,
        };
        let line = FileSaleLine {
            sku: row.needed_text(at::SKU, "sku")?,
            qty,
            unit_price: price
                .ok_or_else(|| row.lacks("unit_price", "it is empty: write an amount, like 12.50"))?,
            discount: row.money(at::DISCOUNT, currency)?,
            tax: row.money(at::TAX, currency)?,
            cost,
        };
        Ok(FileSale {
            sold_at: row.instant(at::SOLD_AT, "sold_at", &self.zone)?,
            order: row.text(at::ORDER),
            shipping: row.money(at::SHIPPING, currency)?,
            lines: vec![line],
        })
    }
}
