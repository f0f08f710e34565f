//! `baddie import WHAT FILE.csv`: takes in what was kept elsewhere.
//!
//! The file is read twice, a row at a time: first to look at every row and to know the file by its hash, then to write,
//! group by group. Each group and the note of how far the import is are one transaction, so an import that was cut off
//! goes on where it was when the same file comes again.

mod columns;
mod convert;
mod groups;
mod kind;
mod orders;
mod products;
mod sales;
mod sheet;
mod stock;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use baddie::imports::{BeginImport, FinishImport};
use baddie::journal::{ImportKind, ImportState, RowError};
use baddie::{Engine, Shop, accounts};
use clap::Subcommand;
use serde::Serialize;
use tokio::time::Instant;

use self::groups::Groups;
use self::kind::Kind;
use self::orders::Orders;
use self::products::Products;
use self::sales::Sales;
use self::sheet::{Fault, Sheet};
use self::stock::Stock;
use super::shop::WhichShop;
use super::{Failure, Global, progress};

/// How many wrong rows are told in full; the rest are counted.
const TOLD: usize = 1_000;

/// What `baddie import` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Products, variants and one-of-a-kind things; Shopify's product export and lists of eBay and Vendoo too.
    Products(Source),
    /// Past sales: what was sold and sent before.
    Sales(Source),
    /// Counts: what lies where.
    Stock(Source),
    /// Open orders: what is still to be sent.
    Orders(Source),
}

#[derive(Debug, clap::Args)]
struct Source {
    /// The file: CSV in UTF-8, with names of columns in its first line.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only look at every row; write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    shop: WhichShop,
}

/// How it went.
#[derive(Debug, Default, Serialize)]
struct Report {
    kind: &'static str,
    dry_run: bool,
    rows: i64,
    accepted: i64,
    rejected: i64,
    rows_per_s: i64,
    /// How many rows an earlier run had dealt with.
    resumed_after: i64,
    ignored_columns: Vec<String>,
    errors: Vec<RowError>,
    /// How many more errors there were than are told.
    errors_left_out: usize,
}

impl Report {
    fn blame(&mut self, error: RowError) {
        if self.errors.len() < TOLD {
            self.errors.push(error);
        } else {
            self.errors_left_out += 1;
        }
    }

    fn words(&self) -> String {
        let mut text = format!(
            "{} rows: {} accepted, {} rejected, {} rows/s",
            self.rows, self.accepted, self.rejected, self.rows_per_s
        );
        if self.dry_run {
            text.push_str(" (only looked at: nothing was written)");
        }
        if self.resumed_after > 0 {
            let _ = write!(text, "; {} of them were dealt with before", self.resumed_after);
        }
        if !self.ignored_columns.is_empty() {
            let _ = write!(text, "\nnot used: {}", self.ignored_columns.join(", "));
        }
        for RowError { line, column, value, message } in &self.errors {
            let _ = write!(text, "\nline {line}");
            if let Some(column) = column {
                let _ = write!(text, ", {column}");
            }
            if let Some(value) = value {
                let _ = write!(text, " {value:?}");
            }
            let _ = write!(text, ": {message}");
        }
        if self.errors_left_out > 0 {
            let _ = write!(text, "\nand {} more", self.errors_left_out);
        }
        text
    }
}

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    match &args.what {
        What::Products(source) => import::<Products>(global, &engine, source).await,
        What::Sales(source) => import::<Sales>(global, &engine, source).await,
        What::Stock(source) => import::<Stock>(global, &engine, source).await,
        What::Orders(source) => import::<Orders>(global, &engine, source).await,
    }
}

async fn import<K: Kind>(global: &Global, engine: &Engine, source: &Source) -> Result<(), Failure> {
    let shop = source.shop.of(engine).await?;
    let settings = shop.accounts().get(accounts::GetShop {}).await?;
    let mut kind = K::new(&settings);
    let mut report = Report { kind: K::NAME, dry_run: source.dry_run, ..Report::default() };

    let start = Instant::now();
    let mut sheet = Sheet::open(&source.file, K::COLUMNS)?;
    report.ignored_columns = sheet.ignored();
    let bar = progress::bar("looking at the rows", Some(sheet.bytes()));
    look_at_rows(&mut kind, &mut sheet, &mut report, |position| bar.set_position(position))?;
    bar.finish_and_clear();
    let hash = sheet.finish()?;
    report.accepted = report.rows - report.rejected;
    if !source.dry_run {
        write(&shop, &mut kind, source, hash, &mut report).await?;
    }
    report.errors.sort_by_key(|error| error.line);
    report.rows_per_s = per_second(report.rows - report.resumed_after, start.elapsed());
    global.show(&report, report.words())?;
    if report.rejected == 0 { Ok(()) } else { Err(Failure::Shown) }
}

fn look_at_rows<K: Kind>(
    kind: &mut K,
    sheet: &mut Sheet,
    report: &mut Report,
    progress: impl Fn(u64),
) -> Result<(), Fault> {
    while let Some(unit) = kind.next(sheet)? {
        report.rows += unit.rows;
        if let Err(error) = unit.what {
            report.rejected += unit.rows;
            report.blame(error);
        }
        progress(sheet.position());
    }
    Ok(())
}

/// Looks at every row of a file as an import of this shop would, and writes nothing: how many rows there are, and how
/// many of them would be refused; or why the file cannot be read.
pub fn look_through(what: ImportKind, file: &Path, shop: &accounts::Shop) -> Result<(i64, i64), String> {
    fn look<K: Kind>(file: &Path, shop: &accounts::Shop) -> Result<(i64, i64), Fault> {
        let mut report = Report::default();
        let mut sheet = Sheet::open(file, K::COLUMNS)?;
        look_at_rows(&mut K::new(shop), &mut sheet, &mut report, |_| ())?;
        sheet.finish()?;
        Ok((report.rows, report.rejected))
    }
    let looked = match what {
        ImportKind::Products => look::<Products>(file, shop),
        ImportKind::Sales => look::<Sales>(file, shop),
        ImportKind::Stock => look::<Stock>(file, shop),
        ImportKind::Orders => look::<Orders>(file, shop),
    };
    looked.map_err(|fault| fault.to_string())
}

async fn write<K: Kind>(
    shop: &Shop,
    kind: &mut K,
    source: &Source,
    file_hash: String,
    report: &mut Report,
) -> Result<(), Failure> {
    let begin = BeginImport { kind: K::KIND, file_hash };
    let mut import = shop.imports().begin(begin).await?;
    report.resumed_after = import.rows_done;
    if import.state == ImportState::Applying {
        kind.rewind();
        let mut sheet = Sheet::open(&source.file, K::COLUMNS)?;
        let bar = progress::bar("writing", Some(u64::try_from(report.rows).unwrap_or(0)));
        let mut groups = Groups::<K>::new(shop, import.id, import.rows_done);
        let mut behind = import.rows_done;
        while let Some(unit) = kind.next(&mut sheet)? {
            if behind > 0 {
                behind -= unit.rows;
                continue;
            }
            groups.add(kind, unit, report).await?;
            bar.set_position(u64::try_from(groups.done()).unwrap_or(0));
        }
        groups.flush(kind, report).await?;
        import = shop.imports().finish(FinishImport { import_id: import.id }).await?;
        bar.finish_and_clear();
    }
    (report.accepted, report.rejected) = (import.accepted, import.rejected);
    Ok(())
}

fn per_second(rows: i64, time: Duration) -> i64 {
    let micros = i64::try_from(time.as_micros()).unwrap_or(i64::MAX).max(1);
    rows.saturating_mul(1_000_000) / micros
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Told(fault.to_string())
    }
}
