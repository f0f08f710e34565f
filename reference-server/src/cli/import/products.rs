//! Products, variants and one-of-a-kind things; ours, Shopify's, eBay's and Vendoo's.

use std::collections::BTreeMap;

use baddie::catalog::VariantKind;
use baddie::imports::{FileComponent, FileProduct, Group, ImportProducts};
use baddie::journal::{ImportKind, ImportRun};
use baddie::{Currency, Shop, accounts};

use super::columns::{Column, PRODUCTS, products as at};
use super::convert::Cell;
use super::kind::{Kind, Unit};
use super::sheet::{Fault, Row, Sheet};

/// The three options a Shopify product may have.
const OPTIONS: [(usize, usize); 3] =
    [(at::OPTION1, at::VALUE1), (at::OPTION2, at::VALUE2), (at::OPTION3, at::VALUE3)];

/// The product that the last row was about, in files that name products by a handle.
struct Handle {
    name: String,
    first: Option<String>,
    options: [Option<String>; 3],
}

/// What is sold.
pub(super) struct Products {
    currency: Currency,
    handle: Option<Handle>,
}

impl Kind for Products {
    const NAME: &'static str = "products";
    const KIND: ImportKind = ImportKind::Products;
    const COLUMNS: &'static [Column] = PRODUCTS;
    const GROUP: i64 = 500;
    type Item = FileProduct;

    fn new(shop: &accounts::Shop) -> Self {
        Self { currency: shop.currency, handle: None }
    }

    fn rewind(&mut self) {
        self.handle = None;
    }

    fn next(&mut self, sheet: &mut Sheet) -> Result<Option<Unit<FileProduct>>, Fault> {
        let by_handle = sheet.has(at::HANDLE);
        Ok(sheet.next_row()?.map(|row| match row {
            Ok(row) => Unit::of(row.line, self.read(row, by_handle)),
            Err(error) => Unit::of(error.line, Err(error)),
        }))
    }

    async fn send(&self, shop: &Shop, group: Group, products: Vec<FileProduct>) -> baddie::Result<ImportRun> {
        shop.imports().products(ImportProducts { group, products }).await
    }
}

impl Products {
    fn read(&mut self, row: Row<'_>, by_handle: bool) -> Cell<Option<FileProduct>> {
        // Further pictures of a product have rows of their own, without a variant.
        if by_handle && row.get(at::SKU).is_none() && row.get(at::PRICE).is_none() {
            return Ok(None);
        }
        let currency = row.currency(at::CURRENCY, self.currency)?;
        let sku = row.needed_text(at::SKU, "sku")?;
        let mut product = row.text(at::PRODUCT);
        let mut options = row.facts(at::OPTIONS)?.unwrap_or_default();
        if by_handle {
            let handle = self.follow(row);
            options.extend(handle.options_of(row));
            match &handle.first {
                Some(first) => product = Some(first.clone()),
                None => handle.first = Some(sku.clone()),
            }
        }
        let qty = row.integer(at::QTY)?;
        let condition = row.condition(at::CONDITION)?;
        let components = row.counts(at::COMPONENTS)?;
        // A list of second-hand things names each thing's condition; a web shop's list names none.
        let single = condition.is_some() && qty.is_none_or(|qty| qty == 1) && !by_handle;
        let kind = match row.word(at::KIND)? {
            Some(kind) => Some(kind),
            None => single.then_some(VariantKind::Unique),
        };
        let further = product.is_some();
        Ok(Some(FileProduct {
            title: row.text(at::TITLE).filter(|_| !further),
            brand: row.text(at::BRAND).filter(|_| !further),
            category: row.text(at::CATEGORY).filter(|_| !further),
            description: row.text(at::DESCRIPTION).filter(|_| !further),
            attributes: row.facts(at::ATTRIBUTES)?.filter(|_| !further),
            status: row.word(at::STATUS)?.filter(|_| !further),
            sku,
            product,
            kind,
            options,
            gtin: row.text(at::GTIN),
            price: row.money(at::PRICE, currency)?,
            weight_g: row.integer(at::WEIGHT)?,
            tax_code: row.text(at::TAX_CODE),
            backorder_limit: row.integer(at::BACKORDER)?,
            safety_stock: row.integer(at::SAFETY)?,
            components: components.into_iter().map(|(sku, qty)| FileComponent { sku, qty }).collect(),
            condition,
            condition_notes: row.text(at::NOTES),
            grade: row.text(at::GRADE),
            serial: row.text(at::SERIAL),
            bin: row.text(at::BIN),
            unit_cost: row.money(at::COST, currency)?,
            qty,
        }))
    }

    /// The product that a row's handle names: the same as before, or a new one.
    fn follow(&mut self, row: Row<'_>) -> &mut Handle {
        let name = row.text(at::HANDLE).unwrap_or_default();
        let same = self.handle.take().filter(|handle| handle.name == name);
        let handle = same.unwrap_or(Handle { name, first: None, options: [None, None, None] });
        self.handle.insert(handle)
    }
}

impl Handle {
    /// What sets a variant apart. The names of the options stand in the product's first row alone; a product with one
    /// variant has an option that says nothing.
    fn options_of(&mut self, row: Row<'_>) -> BTreeMap<String, String> {
        let mut options = BTreeMap::new();
        for (known, (name, value)) in self.options.iter_mut().zip(OPTIONS) {
            if let Some(name) = row.text(name) {
                *known = Some(name);
            }
            if let (Some(name), Some(value)) = (&known, row.text(value))
                && value != "Default Title"
            {
                options.insert(name.clone(), value);
            }
        }
        options
    }
}
