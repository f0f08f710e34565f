//! Open orders from a file: facts, for which stock is promised where there is some.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Group, at_row};
use crate::accounts::Permission;
use crate::catalog::CatalogError;
use crate::clock::Timestamp;
use crate::engine::orders::{PlaceLine, find_goods};
use crate::engine::work::{Claim, Sale, SaleLine, Taxes};
use crate::engine::{Command, Work};
use crate::error::{Error, Result};
use crate::journal::{ImportKind, ImportRun};
use crate::listings::TaxLine;
use crate::money::{Money, Ppm};

/// An order that is still to be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileOrder {
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Its name where it was placed.
    #[serde(default)]
    pub order: Option<String>,
    /// What the customer pays for shipping.
    #[serde(default)]
    pub shipping: Option<Money>,
    /// Whether the money is here.
    #[serde(default)]
    pub paid: bool,
    /// What is to be sent.
    pub lines: Vec<FileOrderLine>,
}

/// A line of an open order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileOrderLine {
    /// What.
    pub sku: String,
    /// How many.
    pub qty: i64,
    /// The price of one, without tax.
    pub unit_price: Money,
    /// The tax on all of them.
    #[serde(default)]
    pub tax: Option<Money>,
}

/// Take in a group of open orders. What lacks stock is flagged as oversold.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ImportOrders {
    /// Which rows of the file.
    #[serde(flatten)]
    pub group: Group,
    /// What they say.
    pub orders: Vec<FileOrder>,
}

#[async_trait]
impl Command for ImportOrders {
    const NAME: &'static str = "imports.orders";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    const PRIVATE: bool = true;
    type Answer = ImportRun;

    async fn run(self, work: &mut Work) -> Result<ImportRun> {
        for (index, order) in self.orders.into_iter().enumerate() {
            work.import_open_order(order).await.map_err(at_row(index))?;
        }
        work.advance(self.group, ImportKind::Orders).await
    }
}

impl Work {
    async fn import_open_order(&mut self, row: FileOrder) -> Result<()> {
        if row.placed_at > self.now {
            return Err(Error::invalid("placed_at", row.placed_at, "an order was placed in the past"));
        }
        let places: Vec<_> =
            row.lines.iter().map(|line| PlaceLine::sku(line.sku.as_str(), line.qty)).collect();
        let (mut goods, _) = find_goods(self, &places).await?;
        let mut lines = Vec::with_capacity(row.lines.len());
        for (index, line) in row.lines.into_iter().enumerate() {
            let good = goods.iter().find(|good| good.variant.sku == line.sku).ok_or_else(|| {
                let error = Error::from(CatalogError::UnknownSku { sku: line.sku.clone() });
                error.on_field("sku").within(format!("lines[{index}]"))
            })?;
            let tax = line.tax.filter(|tax| !tax.is_zero()).map(|amount| TaxLine {
                jurisdiction: "imported".to_owned(),
                rate: Ppm(0),
                amount,
                facilitator: false,
            });
            lines.push(SaleLine {
                variant: good.variant.id,
                listing: None,
                qty: line.qty,
                unit_price: line.unit_price,
                taxes: Taxes::Told(tax.into_iter().collect()),
            });
        }
        let shipping = match row.shipping {
            Some(shipping) => shipping,
            None => self.shop().await?.currency.zero(),
        };
        if shipping.is_negative() {
            return Err(Error::invalid("shipping", shipping, "it is at least zero"));
        }
        let sale = Sale {
            lines,
            channel_id: None,
            external: row.order.map(|name| (name, 0)),
            customer_id: None,
            placed_at: row.placed_at,
            shipping,
            coupon: None,
            split: true,
            paid_to: row.paid.then(|| "manual".to_owned()),
            fees: None,
            claim: Claim::WhatThereIs,
        };
        self.sell(sale, &mut goods).await.map(|_| ())
    }
}
