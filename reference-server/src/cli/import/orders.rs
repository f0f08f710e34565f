//! Open orders.

use baddie::clock::Zone;
use baddie::imports::{FileOrder, FileOrderLine, Group, ImportOrders};
use baddie::journal::{ImportKind, ImportRun};
use baddie::{Currency, Shop, accounts};

use super::columns::{Column, ORDERS, orders as at};
use super::convert::Cell;
use super::kind::{Gathered, Kind, Unit};
use super::sheet::{Fault, Row, Sheet};

/// What is still to be sent. Neighbouring rows of one order are one order.
pub(super) struct Orders {
    currency: Currency,
    zone: Zone,
    gathered: Gathered<FileOrder>,
}

impl Kind for Orders {
    const NAME: &'static str = "orders";
    const KIND: ImportKind = ImportKind::Orders;
    const COLUMNS: &'static [Column] = ORDERS;
    const GROUP: i64 = 200;
    type Item = FileOrder;

    fn new(shop: &accounts::Shop) -> Self {
        Self { currency: shop.currency, zone: shop.time_zone.clone(), gathered: Gathered::new() }
    }

    fn rewind(&mut self) {
        self.gathered = Gathered::new();
    }

    fn next(&mut self, sheet: &mut Sheet) -> Result<Option<Unit<FileOrder>>, Fault> {
        loop {
            let (line, name, order) = match sheet.next_row()? {
                None => return Ok(self.gathered.rest()),
                Some(Ok(row)) => (row.line, row.text(at::ORDER), self.read(row)),
                Some(Err(error)) => (error.line, None, Err(error)),
            };
            let done = self.gathered.take(line, name, order, |whole, part| {
                whole.lines.extend(part.lines);
                whole.shipping = whole.shipping.or(part.shipping);
            });
            if done.is_some() {
                return Ok(done);
            }
        }
    }

    async fn send(&self, shop: &Shop, group: Group, orders: Vec<FileOrder>) -> baddie::Result<ImportRun> {
        shop.imports().orders(ImportOrders { group, orders }).await
    }
}

impl Orders {
    fn read(&self, row: Row<'_>) -> Cell<FileOrder> {
        let currency = row.currency(at::CURRENCY, self.currency)?;
        let price = row.money(at::PRICE, currency)?;
        let line = FileOrderLine {
            sku: row.needed_text(at::SKU, "sku")?,
            qty: row.needed_integer(at::QTY, "qty")?,
            unit_price: price
                .ok_or_else(|| row.lacks("unit_price", "it is empty: write an amount, like 12.50"))?,
            tax: row.money(at::TAX, currency)?,
        };
        Ok(FileOrder {
            placed_at: row.instant(at::PLACED_AT, "placed_at", &self.zone)?,
            order: Some(row.needed_text(at::ORDER, "order")?),
            shipping: row.money(at::SHIPPING, currency)?,
            paid: row.flag(at::PAID)?,
            lines: vec![line],
        })
    }
}
