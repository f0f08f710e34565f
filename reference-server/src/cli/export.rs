//! `baddie export WHAT FILE.csv`: gives out what `import` takes back unchanged.
//!
//! The engine gives pages, newest first, and a file reads oldest first. So every page is written to a scratch file, and
//! the pages are then put together from the last to the first: memory holds one page, however long the file.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use baddie::entity::Word as _;
use baddie::imports::{
    ExportOrders, ExportProducts, ExportSales, ExportStock, FileOrder, FileProduct, FileSale, FileStock,
};
use baddie::page::MAX_LIMIT;
use baddie::{Currency, Money, Page, PageRequest, Shop};
use clap::Subcommand;
use serde_json::json;
use tokio::time::Instant;

use super::shop::WhichShop;
use super::spreadsheet::guarded;
use super::{Failure, Global, progress};

const PRODUCTS: [&str; 24] = [
    "sku",
    "product",
    "title",
    "brand",
    "category",
    "description",
    "attributes",
    "status",
    "kind",
    "options",
    "gtin",
    "price",
    "unit_cost",
    "currency",
    "weight_g",
    "tax_code",
    "backorder_limit",
    "safety_stock",
    "components",
    "condition",
    "condition_notes",
    "grade",
    "serial",
    "bin",
];
const STOCK: [&str; 5] = ["sku", "location", "on_hand", "cost", "currency"];
const SALES: [&str; 10] =
    ["sold_at", "order", "sku", "qty", "unit_price", "discount", "tax", "cost", "shipping", "currency"];
const ORDERS: [&str; 9] =
    ["placed_at", "order", "sku", "qty", "unit_price", "tax", "shipping", "paid", "currency"];

/// What `baddie export` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Products, variants and the one-of-a-kind things that are here.
    Products(Target),
    /// What was sold and sent.
    Sales(Target),
    /// What lies where, with its cost.
    Stock(Target),
    /// What is still to be sent.
    Orders(Target),
}

#[derive(Debug, clap::Args)]
struct Target {
    /// The file to write; an existing one is replaced when the new one is whole.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    shop: WhichShop,
}

/// A row of a file, cell by cell.
type Cells = Vec<String>;

pub(super) async fn run(global: &Global, args: &Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let (What::Products(target) | What::Sales(target) | What::Stock(target) | What::Orders(target)) =
        &args.what;
    let shop = target.shop.of(&engine).await?;
    let currency = shop.accounts().get(baddie::accounts::GetShop {}).await?.currency;
    let start = Instant::now();
    let mut tape = Tape::new(&target.file)?;
    let bar = progress::bar("reading pages", None);
    let mut page = PageRequest::first(MAX_LIMIT);
    loop {
        let (rows, next) = rows(&shop, &args.what, page.clone(), currency).await?;
        tape.keep(rows)?;
        bar.set_position(tape.rows);
        page.cursor = next;
        if page.cursor.is_none() {
            break;
        }
    }
    let header: &[&str] = match &args.what {
        What::Products(_) => &PRODUCTS,
        What::Sales(_) => &SALES,
        What::Stock(_) => &STOCK,
        What::Orders(_) => &ORDERS,
    };
    let rows = tape.rows;
    tape.unwind(header, &target.file)?;
    bar.finish_and_clear();
    let file = target.file.display();
    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX).max(1);
    let per_s = rows.saturating_mul(1_000_000) / micros;
    let report = json!({ "file": target.file, "rows": rows, "rows_per_s": per_s });
    global.show(&report, format!("{file}: {rows} rows, {per_s} rows/s"))
}

/// The rows of a page, newest first, and where the next page begins.
async fn rows(
    shop: &Shop,
    what: &What,
    page: PageRequest,
    currency: Currency,
) -> Result<(Vec<Cells>, Option<String>), Failure> {
    fn laid_out<T>(page: Page<T>, cells: impl Fn(T) -> Vec<Cells>) -> (Vec<Cells>, Option<String>) {
        (page.items.into_iter().flat_map(cells).collect(), page.next_cursor)
    }
    let imports = shop.imports();
    Ok(match what {
        What::Products(_) => laid_out(imports.export_products(ExportProducts { page }).await?, |row| {
            vec![product(row, currency)]
        }),
        What::Stock(_) => {
            laid_out(imports.export_stock(ExportStock { page }).await?, |row| vec![stock(row, currency)])
        }
        What::Sales(_) => laid_out(imports.export_sales(ExportSales { page }).await?, sale),
        What::Orders(_) => laid_out(imports.export_orders(ExportOrders { page }).await?, order),
    })
}

fn text(text: Option<String>) -> String {
    text.map(|text| guarded(&text).into_owned()).unwrap_or_default()
}

fn number(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn amount(amount: Option<Money>) -> String {
    amount.map(Money::to_decimal).unwrap_or_default()
}

fn product(row: FileProduct, currency: Currency) -> Cells {
    let facts = |facts: &_| serde_json::to_string(facts).unwrap_or_default();
    let components: Vec<_> = row.components.iter().map(|part| (&part.sku, part.qty)).collect();
    let currency = row.price.or(row.unit_cost).map_or(currency, Money::currency);
    vec![
        text(Some(row.sku)),
        text(row.product),
        text(row.title),
        text(row.brand),
        text(row.category),
        text(row.description),
        row.attributes.as_ref().map(facts).unwrap_or_default(),
        row.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        row.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        if row.options.is_empty() { String::new() } else { facts(&row.options) },
        text(row.gtin),
        amount(row.price),
        amount(row.unit_cost),
        currency.to_string(),
        number(row.weight_g),
        text(row.tax_code),
        number(row.backorder_limit),
        number(row.safety_stock),
        if components.is_empty() {
            String::new()
        } else {
            serde_json::to_string(&components).unwrap_or_default()
        },
        row.condition.map(|condition| condition.as_str().to_owned()).unwrap_or_default(),
        text(row.condition_notes),
        text(row.grade),
        text(row.serial),
        text(row.bin),
    ]
}

fn stock(row: FileStock, currency: Currency) -> Cells {
    let currency = row.cost.map_or(currency, Money::currency);
    vec![
        text(Some(row.sku)),
        text(row.location),
        row.on_hand.to_string(),
        amount(row.cost),
        currency.to_string(),
    ]
}

/// A sale's lines, the last one first, as everything here is turned around in the end. What concerns all of the sale
/// stands in its first line.
fn sale(sale: FileSale) -> Vec<Cells> {
    let cells = |(index, line): (usize, baddie::imports::FileSaleLine)| {
        vec![
            sale.sold_at.to_string(),
            text(sale.order.clone()),
            text(Some(line.sku)),
            line.qty.to_string(),
            line.unit_price.to_decimal(),
            amount(line.discount),
            amount(line.tax),
            amount(line.cost),
            amount(sale.shipping.filter(|_| index == 0)),
            line.unit_price.currency().to_string(),
        ]
    };
    sale.lines.clone().into_iter().enumerate().map(cells).rev().collect()
}

fn order(order: FileOrder) -> Vec<Cells> {
    let cells = |(index, line): (usize, baddie::imports::FileOrderLine)| {
        vec![
            order.placed_at.to_string(),
            text(order.order.clone()),
            text(Some(line.sku)),
            line.qty.to_string(),
            line.unit_price.to_decimal(),
            amount(line.tax),
            amount(order.shipping.filter(|_| index == 0)),
            order.paid.to_string(),
            line.unit_price.currency().to_string(),
        ]
    };
    order.lines.clone().into_iter().enumerate().map(cells).rev().collect()
}

/// Pages on their way into a file, the last one first.
struct Tape {
    path: PathBuf,
    out: BufWriter<File>,
    /// How long each page is, in bytes.
    pages: Vec<u64>,
    rows: u64,
}

impl Tape {
    fn new(target: &Path) -> io::Result<Self> {
        let path = beside(target, ".pages");
        let unwritable = |error: io::Error| {
            io::Error::new(error.kind(), format!("cannot write {}: {error}", target.display()))
        };
        let out = BufWriter::new(File::create(&path).map_err(unwritable)?);
        Ok(Self { path, out, pages: Vec::new(), rows: 0 })
    }

    /// Keeps a page whose newest row comes first.
    fn keep(&mut self, rows: Vec<Cells>) -> Result<(), Failure> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        self.rows += rows.len() as u64;
        for row in rows.iter().rev() {
            writer.write_record(row)?;
        }
        let bytes = writer.into_inner().map_err(|error| Failure::because(error.to_string()))?;
        self.out.write_all(&bytes)?;
        self.pages.push(bytes.len() as u64);
        Ok(())
    }

    /// Puts the file together and in its place.
    fn unwind(self, header: &[&str], target: &Path) -> Result<(), Failure> {
        let mut end: u64 = self.pages.iter().sum();
        drop(self.out.into_inner().map_err(io::IntoInnerError::into_error)?);
        let mut tape = BufReader::new(File::open(&self.path)?);
        let part = beside(target, ".part");
        let mut writer = csv::Writer::from_path(&part)?;
        writer.write_record(header)?;
        let mut out = writer.into_inner().map_err(|error| Failure::because(error.to_string()))?;
        for length in self.pages.iter().rev() {
            end -= length;
            tape.seek(SeekFrom::Start(end))?;
            io::copy(&mut tape.by_ref().take(*length), &mut out)?;
        }
        out.sync_all()?;
        std::fs::rename(&part, target)?;
        Ok(std::fs::remove_file(&self.path)?)
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
