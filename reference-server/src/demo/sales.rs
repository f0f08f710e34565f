//! Reads the sales shipped with the source.

use std::io::Read as _;

use baddie::clock::Date;
use flate2::read::GzDecoder;

/// A line per product: `sku,"title",day:units:price …`, after a line with the first day. Prices in pence.
static SALES: &[u8] = include_bytes!("sales.csv.gz");

/// What a product sold on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sale {
    /// Days since the first day.
    pub(super) day: i64,
    /// Units.
    pub(super) units: i64,
    /// Pence for one.
    pub(super) price: i64,
}

/// A product and its sales, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sold {
    pub(super) sku: String,
    pub(super) title: String,
    pub(super) sales: Vec<Sale>,
}

impl Sold {
    /// The units sold from one day up to another, that one left out.
    pub(super) fn units(&self, from: i64, to: i64) -> i64 {
        self.sales.iter().filter(|sale| (from..to).contains(&sale.day)).map(|sale| sale.units).sum()
    }

    /// What a unit brought on average, in pence.
    pub(super) fn mean_price(&self) -> i64 {
        let units: i64 = self.sales.iter().map(|sale| sale.units).sum();
        let pence: i64 = self.sales.iter().map(|sale| sale.units * sale.price).sum();
        (pence / units.max(1)).max(1)
    }

    /// What a unit brought last, in pence.
    pub(super) fn last_price(&self) -> i64 {
        self.sales.last().map_or(1, |sale| sale.price)
    }
}

/// Everything that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct History {
    /// The first day, as it was.
    pub(super) first: Date,
    /// The first day that is lived, counted from the first of all.
    pub(super) from: i64,
    /// The last day, counted alike.
    pub(super) last: i64,
    pub(super) products: Vec<Sold>,
}

impl History {
    /// Only its last days; at least one, at most all.
    pub(super) fn latest(mut self, days: i64) -> Self {
        self.from = (self.last + 1 - days).clamp(0, self.last);
        for product in &mut self.products {
            product.sales.retain(|sale| sale.day >= self.from);
        }
        self
    }
}

/// Reads the history; `None` if the file shipped is not what it should be.
pub(super) fn read() -> Option<History> {
    let mut text = String::new();
    GzDecoder::new(SALES).read_to_string(&mut text).ok()?;
    let mut lines = text.lines();
    let first = lines.next()?.parse().ok()?;
    let products = lines.map(product).collect::<Option<Vec<_>>>()?;
    let last = products.iter().filter_map(|product| product.sales.last()).map(|sale| sale.day).max()?;
    Some(History { first, from: 0, last, products })
}

fn product(line: &str) -> Option<Sold> {
    let (sku, rest) = line.split_once(",\"")?;
    let (title, days) = rest.split_once("\",")?;
    let sale = |text: &str| {
        let mut numbers = text.split(':').map(|number| number.parse().ok());
        Some(Sale { day: numbers.next()??, units: numbers.next()??, price: numbers.next()?? })
    };
    let sales = days.split(' ').map(sale).collect::<Option<Vec<_>>>()?;
    Some(Sold { sku: sku.to_owned(), title: tidy(title), sales })
}

/// The shop wrote its titles in capitals.
fn tidy(title: &str) -> String {
    let lower = title.trim().to_lowercase();
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sales_shipped_can_be_read() {
        let history = super::read().unwrap();
        assert_eq!(history.products.len(), 300);
        assert_eq!(history.first.to_string(), "2010-12-01");
        assert_eq!(history.last, 372);
        let days: usize = history.products.iter().map(|product| product.sales.len()).sum();
        assert_eq!(days, 38_445);
        for product in &history.products {
            assert!(product.sales.is_sorted_by(|a, b| a.day < b.day), "{}", product.sku);
            assert!(product.sales.iter().all(|sale| sale.units > 0 && sale.price > 0), "{}", product.sku);
        }
    }
}
