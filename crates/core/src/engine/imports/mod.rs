//! Taking in what was kept elsewhere, a group of rows at a time.
//!
//! A group and the note of how far the import is are one transaction: whoever is cut off goes on after the last group
//! that was kept, and the outcome is the same as if nothing had happened. A row that a rule refuses undoes its group;
//! the caller leaves it out, counts it as rejected, and sends the others again.

mod export;
mod orders;
mod products;
mod sales;
mod stock;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use export::{ExportOrders, ExportProducts, ExportSales, ExportStock};
pub use orders::{FileOrder, FileOrderLine, ImportOrders};
pub use products::{FileComponent, FileProduct, ImportProducts};
pub use sales::{FileSale, FileSaleLine, ImportSales};
pub use stock::{FileStock, ImportStock};

use super::command::calls;
use super::{Command, Work};
use crate::accounts::Permission;
use crate::error::{Error, Kind, Result};
use crate::ids::ImportRunId;
use crate::journal::{ImportKind, ImportRun, ImportState};

/// How many rows a group may have.
pub const LARGEST_GROUP: i64 = 10_000;

/// Begin to import a file, or go on with it: the same file of the same kind is imported once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginImport {
    /// What it brings.
    pub kind: ImportKind,
    /// SHA-256 of the file, in hex.
    pub file_hash: String,
}

#[async_trait]
impl Command for BeginImport {
    const NAME: &'static str = "imports.begin";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = ImportRun;

    async fn run(self, work: &mut Work) -> Result<ImportRun> {
        let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if self.file_hash.len() != 64 || !self.file_hash.chars().all(hex) {
            let remedy = "give the SHA-256 of the file as 64 small hexadecimal digits";
            return Err(Error::invalid("file_hash", format!("{:?}", self.file_hash), remedy));
        }
        if let Some(begun) = work.tx.journal().import_of(self.kind, &self.file_hash).await? {
            work.about(begun.id);
            return Ok(begun);
        }
        // Whoever sends groups has looked through the file before.
        let state = [ImportState::Validating, ImportState::Ready, ImportState::Applying]
            .into_iter()
            .try_fold(ImportState::Uploaded, ImportState::step)?;
        let run = ImportRun {
            id: work.id(),
            kind: self.kind,
            file_hash: self.file_hash,
            state,
            rows_done: 0,
            accepted: 0,
            rejected: 0,
            version: 1,
            started_at: work.now,
            ended_at: None,
        };
        work.tx.add(&run).await?;
        work.about(run.id);
        Ok(run)
    }
}

/// End an import: every row was dealt with.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishImport {
    /// The import.
    pub import_id: ImportRunId,
}

#[async_trait]
impl Command for FinishImport {
    const NAME: &'static str = "imports.finish";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = ImportRun;

    async fn run(self, work: &mut Work) -> Result<ImportRun> {
        let mut run = work.tx.load::<ImportRun>(self.import_id).await?;
        let last = if run.rejected == 0 { ImportState::Applied } else { ImportState::Partial };
        run.state = run.state.step(last)?;
        run.ended_at = Some(work.now);
        work.tx.save(&mut run).await?;
        work.about(run.id);
        Ok(run)
    }
}

/// Which rows of an import's file a group deals with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// The import.
    pub import_id: ImportRunId,
    /// How many rows of the file were dealt with before.
    pub after: i64,
    /// How many rows this group deals with.
    pub rows: i64,
    /// How many of those are rejected: they are not among what is given.
    #[serde(default)]
    pub rejected: i64,
}

impl Work {
    /// Notes that an import has come so much further, unless it is somewhere else.
    async fn advance(&mut self, group: Group, kind: ImportKind) -> Result<ImportRun> {
        if !(1..=LARGEST_GROUP).contains(&group.rows) {
            return Err(Error::invalid("rows", group.rows, &format!("send 1 to {LARGEST_GROUP} at once")));
        }
        if !(0..=group.rows).contains(&group.rejected) {
            return Err(Error::invalid("rejected", group.rejected, "it is a part of the rows"));
        }
        let mut run = self.tx.load::<ImportRun>(group.import_id).await?;
        if run.kind != kind {
            return Err(Error::invalid("import_id", run.id, &format!("that is an import of {}", run.kind)));
        }
        if run.state != ImportState::Applying || run.rows_done != group.after {
            let message =
                format!("the import is {} after {} rows: go on from there", run.state, run.rows_done);
            return Err(Error::new(Kind::Conflict, "imports.elsewhere", message));
        }
        run.rows_done += group.rows;
        run.rejected += group.rejected;
        run.accepted += group.rows - group.rejected;
        self.tx.save(&mut run).await?;
        self.about(run.id);
        Ok(run)
    }
}

/// Names the row of the group that is to blame.
fn at_row(index: usize) -> impl FnOnce(Error) -> Error {
    move |error| error.within(format!("rows[{index}]"))
}

calls! {
    /// Taking in what was kept elsewhere.
    Imports by imports:
    /// Begins to import a file, or goes on with it.
    write begin: BeginImport;
    /// Takes in a group of products.
    write products: ImportProducts;
    /// Takes in a group of counts.
    write stock: ImportStock;
    /// Takes in a group of past sales.
    write sales: ImportSales;
    /// Takes in a group of open orders.
    write orders: ImportOrders;
    /// Ends an import.
    write finish: FinishImport;
    /// A page of products, as an import takes them.
    read export_products: ExportProducts;
    /// A page of what lies where.
    read export_stock: ExportStock;
    /// A page of what was sold and sent.
    read export_sales: ExportSales;
    /// A page of what is still to be sent.
    read export_orders: ExportOrders;
}
