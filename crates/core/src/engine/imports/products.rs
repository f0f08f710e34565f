//! Products, variants and one-of-a-kind things from a file. What is there already is brought up to date.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Group, at_row};
use crate::accounts::Permission;
use crate::catalog::{Attributes, CatalogError, Condition, Product, ProductStatus, Variant, VariantKind};
use crate::engine::catalog::{CreateItem, CreateProduct, NewComponent, NewVariant};
use crate::engine::{Command, Work};
use crate::error::{Error, Result};
use crate::ids::ProductId;
use crate::inventory::MoveReason;
use crate::journal::{ImportKind, ImportRun};
use crate::money::Money;

/// A variant of a file, with what is said of its product. What is absent stays as it is, or is empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FileProduct {
    /// The shop's own name for it.
    pub sku: String,
    /// The SKU of its product's first variant, when it is a further one.
    pub product: Option<String>,
    /// What the product is called.
    pub title: Option<String>,
    /// Who made it.
    pub brand: Option<String>,
    /// Where it stands in a taxonomy.
    pub category: Option<String>,
    /// What there is to say about it.
    pub description: Option<String>,
    /// Facts about it.
    pub attributes: Option<Attributes>,
    /// Whether it is for sale.
    pub status: Option<ProductStatus>,
    /// How its stock is thought of; stocked when absent.
    pub kind: Option<VariantKind>,
    /// What sets the variant apart from its sisters.
    pub options: Attributes,
    /// Its global trade item number.
    pub gtin: Option<String>,
    /// What it costs where no listing says otherwise.
    pub price: Option<Money>,
    /// Its weight in grams.
    pub weight_g: Option<i64>,
    /// What the tax office calls it.
    pub tax_code: Option<String>,
    /// How many may be promised beyond what is here.
    pub backorder_limit: Option<i64>,
    /// How many are kept from the channels.
    pub safety_stock: Option<i64>,
    /// What it holds, if it is a bundle.
    pub components: Vec<FileComponent>,
    /// The condition of a one-of-a-kind thing.
    pub condition: Option<Condition>,
    /// What a buyer should know about the condition.
    pub condition_notes: Option<String>,
    /// A grade in the words of its trade.
    pub grade: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// The shelf or box.
    pub bin: Option<String>,
    /// What one cost.
    pub unit_cost: Option<Money>,
    /// How many are here, when it is new.
    pub qty: Option<i64>,
}

/// A component of a bundle in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileComponent {
    /// What the bundle holds.
    pub sku: String,
    /// How many.
    pub qty: i64,
}

/// Take in a group of products: new ones are made, known ones brought up to date.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ImportProducts {
    /// Which rows of the file.
    #[serde(flatten)]
    pub group: Group,
    /// What they say.
    pub products: Vec<FileProduct>,
}

#[async_trait]
impl Command for ImportProducts {
    const NAME: &'static str = "imports.products";
    const PERMISSION: Permission = Permission::CatalogWrite;
    const MOVES: bool = true;
    const PRIVATE: bool = true;
    type Answer = ImportRun;

    async fn run(self, work: &mut Work) -> Result<ImportRun> {
        for (index, product) in self.products.into_iter().enumerate() {
            work.import_product(product).await.map_err(at_row(index))?;
        }
        work.advance(self.group, ImportKind::Products).await
    }
}

impl Work {
    async fn import_product(&mut self, row: FileProduct) -> Result<()> {
        match (self.variant_called(&row.sku).await?, row.kind.unwrap_or(VariantKind::Stocked)) {
            (Some(variant), _) => self.refresh(variant, row).await,
            (None, VariantKind::Unique) => self.import_item(row).await,
            (None, kind) => self.import_variant(row, kind).await.map(|_| ()),
        }
    }

    pub(in crate::engine) async fn variant_called(&mut self, sku: &str) -> Result<Option<Variant>> {
        Ok(self.tx.catalog().variants_by_sku(&[sku]).await?.pop())
    }

    async fn known_variant(&mut self, sku: &str) -> Result<Variant> {
        let variant = self.variant_called(sku).await?;
        variant.ok_or_else(|| CatalogError::UnknownSku { sku: sku.to_owned() }.into())
    }

    pub(in crate::engine) async fn import_variant(
        &mut self,
        row: FileProduct,
        kind: VariantKind,
    ) -> Result<Variant> {
        let mut components = Vec::with_capacity(row.components.len());
        for part in &row.components {
            let variant =
                self.known_variant(&part.sku).await.map_err(|error| error.on_field("components"))?;
            components.push(NewComponent { variant_id: variant.id, qty: part.qty });
        }
        let product_id = self.product_of(&row).await?;
        let variant = NewVariant {
            sku: row.sku,
            options: row.options,
            gtin: row.gtin,
            price: row.price,
            weight_g: row.weight_g,
            dims_mm: None,
            tax_code: row.tax_code,
            scale: 0,
            backorder_limit: row.backorder_limit.unwrap_or(0),
            safety_stock: row.safety_stock.unwrap_or(0),
            components,
        };
        let variant = self.add_variant(product_id, variant, kind).await?;
        if let (Some(qty @ 1..), VariantKind::Stocked) = (row.qty, kind) {
            crate::inventory::check_qty("qty", qty)?;
            let place = self.first_place().await?;
            let cost = match row.unit_cost {
                Some(cost) => cost.times(qty)?,
                None => self.shop().await?.currency.zero(),
            };
            self.add_found(&variant, place, qty, MoveReason::Opening, Some(cost)).await?;
        }
        Ok(variant)
    }

    /// The product that a new variant belongs to, made if it is the first.
    async fn product_of(&mut self, row: &FileProduct) -> Result<ProductId> {
        if let Some(first) = &row.product {
            let first = self.known_variant(first).await.map_err(|error| error.on_field("product"))?;
            return Ok(first.product_id);
        }
        let described = row.described(None);
        described.check()?;
        let mut product = described.product(self);
        product.status = row.status.unwrap_or(product.status);
        self.tx.add(&product).await?;
        Ok(product.id)
    }

    async fn import_item(&mut self, row: FileProduct) -> Result<()> {
        if row.qty.is_some_and(|qty| qty != 1) {
            let given = row.qty.unwrap_or(0);
            return Err(Error::invalid("qty", given, "a one-of-a-kind thing is there once"));
        }
        let described = row.described(None);
        let unit_cost = match row.unit_cost {
            Some(cost) => cost,
            None => self.shop().await?.currency.zero(),
        };
        let item = CreateItem {
            title: described.title,
            brand: described.brand,
            category: described.category,
            description: described.description,
            attributes: described.attributes,
            sku: row.sku,
            price: row.price,
            weight_g: row.weight_g,
            condition: row.condition.unwrap_or(Condition::Good),
            condition_notes: row.condition_notes.unwrap_or_default(),
            grade: row.grade,
            serial: row.serial,
            unit_cost,
            location_id: None,
            bin: row.bin,
        };
        self.open_item(item).await.map(|_| ())
    }

    /// Brings a known variant and its product up to what the file says of them.
    async fn refresh(&mut self, mut variant: Variant, row: FileProduct) -> Result<()> {
        let mut product = self.tx.load::<Product>(variant.product_id).await?;
        let (known, seen) = (product.clone(), variant.clone());
        let described = row.described(Some(&known));
        described.check()?;
        product.title = described.title;
        product.brand = described.brand;
        product.category = described.category;
        product.description = described.description;
        product.attributes = described.attributes;
        product.status = row.status.unwrap_or(product.status);
        if product != known {
            product.updated_at = self.now;
            self.tx.save(&mut product).await?;
        }
        if (&product.brand, &product.category) != (&known.brand, &known.category) {
            self.show_anew(product.id).await?;
        }
        if !row.options.is_empty() {
            variant.options = row.options;
        }
        variant.gtin = row.gtin.or(variant.gtin);
        variant.price = row.price.or(variant.price);
        variant.weight_g = row.weight_g.or(variant.weight_g);
        variant.tax_code = row.tax_code.or(variant.tax_code);
        variant.safety_stock = row.safety_stock.unwrap_or(variant.safety_stock);
        if variant != seen {
            variant.check()?;
            self.tx.save(&mut variant).await?;
            self.stock_changed(vec![variant.id]).await?;
        }
        Ok(())
    }
}

impl FileProduct {
    /// What it says of the product, over what is known of it. A product nobody named is called by its SKU.
    fn described(&self, known: Option<&Product>) -> CreateProduct {
        let title = self.title.clone().or_else(|| known.map(|product| product.title.clone()));
        CreateProduct {
            title: title.unwrap_or_else(|| self.sku.clone()),
            brand: self.brand.clone().or_else(|| known?.brand.clone()),
            category: self.category.clone().or_else(|| known?.category.clone()),
            description: self
                .description
                .clone()
                .or_else(|| known.map(|product| product.description.clone()))
                .unwrap_or_default(),
            attributes: self
                .attributes
                .clone()
                .or_else(|| known.map(|product| product.attributes.clone()))
                .unwrap_or_default(),
            variants: Vec::new(),
        }
    }
}
