//! Products and their variants.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::look::{ProductView, product_views};
use crate::accounts::{Permission, check_text};
use crate::catalog::{
    Attributes, BundleComponent, CatalogError, Product, ProductStatus, Variant, VariantKind,
    check_attributes, check_components,
};
use crate::engine::accounts::expect_version;
use crate::engine::{Command, Work};
use crate::error::{Error, Result};
use crate::ids::{ProductId, VariantId};
use crate::money::Money;

/// A component of a new bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComponent {
    /// What the bundle holds.
    pub variant_id: VariantId,
    /// How many.
    pub qty: i64,
}

/// A variant to be made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewVariant {
    /// The shop's own name for it.
    pub sku: String,
    /// What sets it apart from its sisters.
    pub options: Attributes,
    /// Its global trade item number.
    pub gtin: Option<String>,
    /// What it costs where no listing says otherwise.
    pub price: Option<Money>,
    /// Its weight in grams.
    pub weight_g: Option<i64>,
    /// Length, width and height in millimetres.
    pub dims_mm: Option<[i64; 3]>,
    /// What the tax office calls it.
    pub tax_code: Option<String>,
    /// Decimals of its unit of measure.
    pub scale: i64,
    /// How many may be promised beyond what is here.
    pub backorder_limit: i64,
    /// How many are kept from the channels.
    pub safety_stock: i64,
    /// What it holds, if it is a bundle.
    pub components: Vec<NewComponent>,
}

impl NewVariant {
    /// A stocked variant with this SKU and price.
    pub fn stocked(sku: impl Into<String>, price: Money) -> Self {
        Self { sku: sku.into(), price: Some(price), ..Self::default() }
    }
}

impl Work {
    pub(in crate::engine) async fn add_variant(
        &mut self,
        product_id: ProductId,
        new: NewVariant,
        kind: VariantKind,
    ) -> Result<Variant> {
        let kind = if new.components.is_empty() { kind } else { VariantKind::Bundle };
        let variant = Variant {
            id: self.id(),
            product_id,
            sku: new.sku,
            options: new.options,
            gtin: new.gtin,
            kind,
            price: new.price,
            weight_g: new.weight_g,
            dims_mm: new.dims_mm,
            tax_code: new.tax_code,
            scale: new.scale,
            backorder_limit: new.backorder_limit,
            safety_stock: new.safety_stock,
            version: 1,
            created_at: self.now,
        };
        variant.check()?;
        if !self.tx.catalog().variants_by_sku(&[&variant.sku]).await?.is_empty() {
            return Err(CatalogError::DuplicateSku { sku: variant.sku }.into());
        }
        let mut components = Vec::with_capacity(new.components.len());
        for part in new.components {
            let id = self.id();
            components.push(BundleComponent {
                id,
                bundle_id: variant.id,
                variant_id: part.variant_id,
                qty: part.qty,
            });
        }
        if kind == VariantKind::Bundle {
            let ids: Vec<_> = components.iter().map(|part| part.variant_id).collect();
            let variants = self.tx.many::<Variant>(&ids).await?;
            check_components(&components, &variants)?;
        }
        self.tx.add(&variant).await?;
        self.tx.add_all(&components).await?;
        if variant.backorder_limit > 0 {
            self.set_backorder(&variant, variant.backorder_limit).await?;
        }
        Ok(variant)
    }
}

/// Describe a product and its variants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateProduct {
    /// What it is called.
    pub title: String,
    /// Who made it.
    #[serde(default)]
    pub brand: Option<String>,
    /// Where it stands in a taxonomy.
    #[serde(default)]
    pub category: Option<String>,
    /// What there is to say about it.
    #[serde(default)]
    pub description: String,
    /// Facts about it.
    #[serde(default)]
    pub attributes: Attributes,
    /// Its variants: at least one.
    pub variants: Vec<NewVariant>,
}

impl CreateProduct {
    pub(in crate::engine) fn check(&self) -> Result<()> {
        check_text("title", &self.title, 300)?;
        if self.description.chars().count() > 50_000 {
            return Err(Error::invalid("description", "too long", "keep it to 50,000 characters"));
        }
        check_attributes("attributes", &self.attributes)
    }

    pub(in crate::engine) fn product(self, work: &Work) -> Product {
        Product {
            id: work.id(),
            title: self.title,
            brand: self.brand,
            category: self.category,
            description: self.description,
            attributes: self.attributes,
            status: ProductStatus::Active,
            version: 1,
            created_at: work.now,
            updated_at: work.now,
        }
    }
}

#[async_trait]
impl Command for CreateProduct {
    const NAME: &'static str = "products.create";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = ProductView;

    async fn run(mut self, work: &mut Work) -> Result<ProductView> {
        self.check()?;
        let variants = std::mem::take(&mut self.variants);
        if !(1..=200).contains(&variants.len()) {
            let given = format!("{} long", variants.len());
            return Err(Error::invalid("variants", given, "a product has 1 to 200 variants"));
        }
        let product = self.product(work);
        work.tx.add(&product).await?;
        for (index, new) in variants.into_iter().enumerate() {
            let made = work.add_variant(product.id, new, VariantKind::Stocked).await;
            made.map_err(|error| error.within(format!("variants[{index}]")))?;
        }
        work.about(product.id);
        work.emit("product.created", product.id, &serde_json::json!({"title": product.title})).await?;
        one_view(work, product).await
    }
}

async fn one_view(work: &mut Work, product: Product) -> Result<ProductView> {
    let id = product.id;
    product_views(&mut *work.tx, vec![product]).await?.pop().ok_or_else(|| Error::not_found("product", id))
}

/// Change a product's description. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateProduct {
    /// The product.
    pub product_id: ProductId,
    /// What it is called.
    #[serde(default)]
    pub title: Option<String>,
    /// Who made it.
    #[serde(default)]
    pub brand: Option<String>,
    /// Where it stands in a taxonomy.
    #[serde(default)]
    pub category: Option<String>,
    /// What there is to say about it.
    #[serde(default)]
    pub description: Option<String>,
    /// Facts about it.
    #[serde(default)]
    pub attributes: Option<Attributes>,
    /// Whether it is for sale.
    #[serde(default)]
    pub status: Option<ProductStatus>,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for UpdateProduct {
    const NAME: &'static str = "products.update";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = ProductView;

    async fn run(self, work: &mut Work) -> Result<ProductView> {
        let mut product = work.tx.load::<Product>(self.product_id).await?;
        expect_version(self.expected_version, &product)?;
        let shown_anew = self.brand.is_some() || self.category.is_some();
        let edited = CreateProduct {
            title: self.title.unwrap_or(product.title),
            brand: self.brand.or(product.brand),
            category: self.category.or(product.category),
            description: self.description.unwrap_or(product.description),
            attributes: self.attributes.unwrap_or(product.attributes),
            variants: Vec::new(),
        };
        edited.check()?;
        product.title = edited.title;
        product.brand = edited.brand;
        product.category = edited.category;
        product.description = edited.description;
        product.attributes = edited.attributes;
        product.status = self.status.unwrap_or(product.status);
        product.updated_at = work.now;
        work.tx.save(&mut product).await?;
        if shown_anew {
            work.show_anew(product.id).await?;
        }
        work.about(product.id);
        one_view(work, product).await
    }
}

/// Add a variant to a product; with components it is a bundle.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct AddVariant {
    /// The product.
    pub product_id: ProductId,
    /// The variant.
    #[serde(flatten)]
    pub variant: NewVariant,
}

#[async_trait]
impl Command for AddVariant {
    const NAME: &'static str = "variants.add";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = Variant;

    async fn run(self, work: &mut Work) -> Result<Variant> {
        let product = work.tx.load::<Product>(self.product_id).await?;
        let variant = work.add_variant(product.id, self.variant, VariantKind::Stocked).await?;
        work.about(variant.id);
        Ok(variant)
    }
}

/// Change a variant. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateVariant {
    /// The variant.
    pub variant_id: VariantId,
    /// Its price where no listing says otherwise.
    #[serde(default)]
    pub price: Option<Money>,
    /// Its global trade item number.
    #[serde(default)]
    pub gtin: Option<String>,
    /// Its weight in grams.
    #[serde(default)]
    pub weight_g: Option<i64>,
    /// How many may be promised beyond what is here.
    #[serde(default)]
    pub backorder_limit: Option<i64>,
    /// How many are kept from the channels.
    #[serde(default)]
    pub safety_stock: Option<i64>,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for UpdateVariant {
    const NAME: &'static str = "variants.update";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = Variant;

    async fn run(self, work: &mut Work) -> Result<Variant> {
        let mut variant = work.tx.load::<Variant>(self.variant_id).await?;
        expect_version(self.expected_version, &variant)?;
        variant.price = self.price.or(variant.price);
        variant.gtin = self.gtin.or(variant.gtin);
        variant.weight_g = self.weight_g.or(variant.weight_g);
        variant.safety_stock = self.safety_stock.unwrap_or(variant.safety_stock);
        let limit = self.backorder_limit.filter(|limit| *limit != variant.backorder_limit);
        variant.backorder_limit = limit.unwrap_or(variant.backorder_limit);
        variant.check()?;
        work.tx.save(&mut variant).await?;
        if let Some(limit) = limit {
            work.set_backorder(&variant, limit).await?;
        }
        work.stock_changed(vec![variant.id]).await?;
        work.about(variant.id);
        Ok(variant)
    }
}

impl Work {
    /// Promises beyond stock are kept at one place: the first that sells.
    async fn set_backorder(&mut self, variant: &Variant, limit: i64) -> Result<()> {
        let places = self.tx.inventory().locations().await?;
        let Some(place) = places.into_iter().find(|place| place.sellable) else { return Ok(()) };
        let id = self.id();
        self.tx.inventory().open_level(id, variant, place.id).await?;
        if self.tx.inventory().set_backorder(variant.id, place.id, limit).await?.is_none() {
            let remedy = "more are promised already: fulfil or call off orders first";
            return Err(Error::invalid("backorder_limit", limit, remedy));
        }
        Ok(())
    }
}
