//! Describing what is sold.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::accounts::expect_version;
use super::command::calls;
use super::work::Coming;
use super::{Command, Look, Query, Work};
use crate::accounts::{Permission, check_text};
use crate::catalog::{
    Attributes, BundleComponent, CatalogError, Condition, Item, ItemStatus, Media, Product, ProductFilter,
    ProductStatus, Variant, VariantKind, bundle_available, check_attributes, check_components,
};
use crate::error::{Error, Result};
use crate::ids::{ChannelId, ItemId, ListingId, LocationId, MediaId, ProductId, VariantId};
use crate::inventory::{MoveReason, Sellable, available};
use crate::ledger::{Account, Draft, Tags};
use crate::listings::ListingState;
use crate::money::Money;
use crate::page::{Page, PageRequest};
use crate::storage::Tx;

/// A product with its variants, their stock and their offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProductView {
    /// The product.
    #[serde(flatten)]
    pub product: Product,
    /// Its variants, oldest first.
    pub variants: Vec<VariantView>,
}

/// A variant with its stock and its offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VariantView {
    /// The variant.
    #[serde(flatten)]
    pub variant: Variant,
    /// How many lie here.
    pub on_hand: i64,
    /// How many of them are promised.
    pub reserved: i64,
    /// How many an order can take.
    pub available: i64,
    /// Where it is offered.
    pub offers: Vec<OfferedAt>,
}

/// An offer of a variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfferedAt {
    /// The listing.
    pub listing_id: ListingId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// What was last seen of it.
    pub state: ListingState,
    /// What it costs there.
    pub price: Money,
}

/// Gathers what belongs to products, in at most three statements, four where bundles are among them.
async fn product_views(tx: &mut Tx, products: Vec<Product>) -> Result<Vec<ProductView>> {
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    let goods = tx.inventory().sellable_of(&ids).await?;
    let variants: Vec<_> = goods.iter().map(|good| good.variant.id).collect();
    let listings = tx.listings().open_of(&variants).await?;
    let bundles = bundle_stock(tx, &goods).await?;
    let mut by_product: BTreeMap<ProductId, Vec<VariantView>> = BTreeMap::new();
    for good in goods {
        let offers = listings.iter().filter(|listing| listing.variant_id == good.variant.id).map(|listing| {
            OfferedAt {
                listing_id: listing.id,
                channel_id: listing.channel_id,
                state: listing.state,
                price: listing.price,
            }
        });
        let view = VariantView {
            on_hand: good.stock.iter().map(|here| here.level.on_hand).sum(),
            reserved: good.stock.iter().map(|here| here.level.reserved).sum(),
            available: bundles.get(&good.variant.id).copied().unwrap_or_else(|| available(&good.stock)),
            offers: offers.collect(),
            variant: good.variant,
        };
        by_product.entry(view.variant.product_id).or_default().push(view);
    }
    let view = |product: Product| {
        let variants = by_product.remove(&product.id).unwrap_or_default();
        ProductView { product, variants }
    };
    Ok(products.into_iter().map(view).collect())
}

async fn bundle_stock(tx: &mut Tx, goods: &[Sellable]) -> Result<BTreeMap<VariantId, i64>> {
    let bundles: Vec<_> = goods
        .iter()
        .filter(|good| good.variant.kind == VariantKind::Bundle)
        .map(|good| good.variant.id)
        .collect();
    if bundles.is_empty() {
        return Ok(BTreeMap::new());
    }
    let parts = tx.parts_of_all::<BundleComponent>(&bundles).await?;
    let mut ids: Vec<_> = parts.iter().map(|part| part.variant_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let stock = tx.inventory().sellable(&ids).await?;
    let of = |id| stock.iter().find(|good| good.variant.id == id).map_or(0, |good| available(&good.stock));
    let count = |bundle| {
        let parts: Vec<_> = parts.iter().filter(|part| part.bundle_id == bundle).cloned().collect();
        (bundle, bundle_available(&parts, of))
    };
    Ok(bundles.into_iter().map(count).collect())
}

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
    pub(super) async fn add_variant(
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
    pub(super) fn check(&self) -> Result<()> {
        check_text("title", &self.title, 300)?;
        if self.description.chars().count() > 50_000 {
            return Err(Error::invalid("description", "too long", "keep it to 50,000 characters"));
        }
        check_attributes("attributes", &self.attributes)
    }

    pub(super) fn product(self, work: &Work) -> Product {
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
        work.about(product.id);
        one_view(work, product).await
    }
}

/// Look at a product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetProduct {
    /// The product.
    pub product_id: ProductId,
}

#[async_trait]
impl Query for GetProduct {
    const NAME: &'static str = "products.get";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = ProductView;

    async fn run(self, look: &mut Look) -> Result<ProductView> {
        let product = look.tx.load::<Product>(self.product_id).await?;
        let view = product_views(&mut *look.tx, vec![product]).await?.pop();
        view.ok_or_else(|| Error::not_found("product", self.product_id))
    }
}

/// Look through the products, newest first, or search them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListProducts {
    /// Which ones.
    #[serde(flatten)]
    pub filter: ProductFilter,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListProducts {
    const NAME: &'static str = "products.list";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = Page<ProductView>;

    async fn run(self, look: &mut Look) -> Result<Page<ProductView>> {
        let page = look.tx.catalog().products(&self.filter, &self.page).await?;
        let items = product_views(&mut *look.tx, page.items).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
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

/// Take in a one-of-a-kind thing: its product, its only variant, and the thing itself with its cost.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CreateItem {
    /// What it is; the variants stay empty.
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
    /// The shop's own name for it.
    pub sku: String,
    /// What it is to cost where no listing says otherwise.
    #[serde(default)]
    pub price: Option<Money>,
    /// Its weight in grams.
    #[serde(default)]
    pub weight_g: Option<i64>,
    /// Its condition.
    pub condition: Condition,
    /// What a buyer should know about the condition.
    #[serde(default)]
    pub condition_notes: String,
    /// A grade in the words of its trade.
    #[serde(default)]
    pub grade: Option<String>,
    /// Its serial number.
    #[serde(default)]
    pub serial: Option<String>,
    /// What it cost.
    pub unit_cost: Money,
    /// Where it lies; the first place that sells when absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// The shelf or box.
    #[serde(default)]
    pub bin: Option<String>,
}

/// A one-of-a-kind thing with its variant and product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ItemView {
    /// The thing.
    #[serde(flatten)]
    pub item: Item,
    /// The variant it is the only one of.
    pub variant: Variant,
    /// What it is.
    pub product: Product,
}

impl Work {
    /// Takes in a one-of-a-kind thing and its cost; the books are the caller's.
    pub(super) async fn take_in_item(
        &mut self,
        new: CreateItem,
        line: Option<crate::ids::AcquisitionLineId>,
        source: String,
        reason: MoveReason,
    ) -> Result<ItemView> {
        let described = CreateProduct {
            title: new.title,
            brand: new.brand,
            category: new.category,
            description: new.description,
            attributes: new.attributes,
            variants: Vec::new(),
        };
        described.check()?;
        let currency = self.shop().await?.currency;
        if new.unit_cost.is_negative() || new.unit_cost.currency() != currency {
            let remedy = format!("give an amount of at least zero in {currency}");
            return Err(Error::invalid("unit_cost", new.unit_cost, &remedy));
        }
        let location_id = match new.location_id {
            Some(id) => self.tx.load::<crate::inventory::Location>(id).await?.id,
            None => self.first_place().await?,
        };
        let product = described.product(self);
        self.tx.add(&product).await?;
        let variant =
            NewVariant { sku: new.sku, price: new.price, weight_g: new.weight_g, ..NewVariant::default() };
        let variant = self.add_variant(product.id, variant, VariantKind::Unique).await?;
        let item = Item {
            id: self.id(),
            variant_id: variant.id,
            condition: new.condition,
            condition_notes: new.condition_notes,
            grade: new.grade,
            serial: new.serial,
            unit_cost: new.unit_cost,
            acquisition_line_id: line,
            location_id,
            bin: new.bin,
            acquired_on: self.today().await?,
            status: ItemStatus::InStock,
            version: 1,
        };
        self.tx.add(&item).await?;
        self.take_in(Coming {
            variant: &variant,
            item: Some(item.id),
            location: location_id,
            qty: 1,
            cost: new.unit_cost,
            reason,
            source,
        })
        .await?;
        Ok(ItemView { item, variant, product })
    }

    /// The first place that sells.
    pub(super) async fn first_place(&mut self) -> Result<LocationId> {
        let places = self.tx.inventory().locations().await?;
        let place = places.into_iter().find(|place| place.sellable);
        place.map(|place| place.id).ok_or_else(|| {
            Error::invalid("location_id", "absent", "no place sells: make one with locations.create")
        })
    }
}

impl Work {
    /// Takes in a one-of-a-kind thing that was there when the books were opened.
    pub(super) async fn open_item(&mut self, new: CreateItem) -> Result<ItemView> {
        let cost = new.unit_cost;
        let view = self.take_in_item(new, None, "items.create".into(), MoveReason::Opening).await?;
        let tags = Tags { item_id: Some(view.item.id), ..Tags::default() };
        let draft = Draft::new("item", view.item.id, "opening")
            .debit(Account::Inventory, cost, tags)
            .credit(Account::OpeningBalance, cost, tags)?;
        self.post(draft).await?;
        Ok(view)
    }
}

#[async_trait]
impl Command for CreateItem {
    const NAME: &'static str = "items.create";
    const PERMISSION: Permission = Permission::CatalogWrite;
    const MOVES: bool = true;
    type Answer = ItemView;

    async fn run(self, work: &mut Work) -> Result<ItemView> {
        let view = work.open_item(self).await?;
        work.about(view.item.id);
        Ok(view)
    }
}

/// Change what is said of a one-of-a-kind thing. What is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateItem {
    /// The thing.
    pub item_id: ItemId,
    /// Its condition.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// What a buyer should know about the condition.
    #[serde(default)]
    pub condition_notes: Option<String>,
    /// A grade in the words of its trade.
    #[serde(default)]
    pub grade: Option<String>,
    /// The shelf or box.
    #[serde(default)]
    pub bin: Option<String>,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for UpdateItem {
    const NAME: &'static str = "items.update";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = Item;

    async fn run(self, work: &mut Work) -> Result<Item> {
        let mut item = work.tx.load::<Item>(self.item_id).await?;
        expect_version(self.expected_version, &item)?;
        item.condition = self.condition.unwrap_or(item.condition);
        item.condition_notes = self.condition_notes.unwrap_or(item.condition_notes);
        item.grade = self.grade.or(item.grade);
        item.bin = self.bin.or(item.bin);
        work.tx.save(&mut item).await?;
        work.about(item.id);
        Ok(item)
    }
}

/// Look at a one-of-a-kind thing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetItem {
    /// The thing.
    pub item_id: ItemId,
}

#[async_trait]
impl Query for GetItem {
    const NAME: &'static str = "items.get";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = ItemView;

    async fn run(self, look: &mut Look) -> Result<ItemView> {
        let item = look.tx.load::<Item>(self.item_id).await?;
        let variant = look.tx.load::<Variant>(item.variant_id).await?;
        let product = look.tx.load::<Product>(variant.product_id).await?;
        Ok(ItemView { item, variant, product })
    }
}

/// Look through the one-of-a-kind things, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListItems {
    /// Only those in this state.
    #[serde(default)]
    pub status: Option<ItemStatus>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListItems {
    const NAME: &'static str = "items.list";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = Page<Item>;

    async fn run(self, look: &mut Look) -> Result<Page<Item>> {
        look.tx.catalog().items(self.status, &self.page).await
    }
}

/// Attach a picture or film to a product. The bytes live elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachMedia {
    /// The product.
    pub product_id: ProductId,
    /// SHA-256 of the bytes, in hex.
    pub content_hash: String,
    /// Where the bytes can be had.
    #[serde(default)]
    pub url: Option<String>,
    /// Its place among the product's media, lowest first.
    #[serde(default)]
    pub sort: i64,
    /// What it shows, in words.
    pub alt: String,
}

#[async_trait]
impl Command for AttachMedia {
    const NAME: &'static str = "media.attach";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = Media;

    async fn run(self, work: &mut Work) -> Result<Media> {
        check_text("alt", &self.alt, 500)?;
        let hash = &self.content_hash;
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            let remedy = "give the SHA-256 of the bytes as 64 lower-case hex digits";
            return Err(Error::invalid("content_hash", format!("{hash:?}"), remedy));
        }
        let product = work.tx.load::<Product>(self.product_id).await?;
        let media = Media {
            id: work.id(),
            product_id: product.id,
            content_hash: self.content_hash,
            url: self.url,
            sort: self.sort,
            alt: self.alt,
        };
        work.tx.add(&media).await?;
        work.about(media.id);
        Ok(media)
    }
}

/// Detach a picture or film from its product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetachMedia {
    /// The medium.
    pub media_id: MediaId,
}

#[async_trait]
impl Command for DetachMedia {
    const NAME: &'static str = "media.detach";
    const PERMISSION: Permission = Permission::CatalogWrite;
    type Answer = Media;

    async fn run(self, work: &mut Work) -> Result<Media> {
        let media = work.tx.load::<Media>(self.media_id).await?;
        work.tx.catalog().remove_media(media.id).await?;
        work.about(media.id);
        Ok(media)
    }
}

/// Look through a product's pictures and films.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMedia {
    /// The product.
    pub product_id: ProductId,
}

#[async_trait]
impl Query for ListMedia {
    const NAME: &'static str = "media.list";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = Vec<Media>;

    async fn run(self, look: &mut Look) -> Result<Vec<Media>> {
        let mut media = look.tx.parts::<Media>(self.product_id).await?;
        media.sort_by_key(|one| (one.sort, one.id));
        Ok(media)
    }
}

calls! {
    /// What is sold.
    Catalog by catalog:
    /// Describes a product.
    write create_product: CreateProduct;
    /// Changes a product's description.
    write update_product: UpdateProduct;
    /// Adds a variant.
    write add_variant: AddVariant;
    /// Changes a variant.
    write update_variant: UpdateVariant;
    /// Takes in a one-of-a-kind thing.
    write create_item: CreateItem;
    /// Changes what is said of a one-of-a-kind thing.
    write update_item: UpdateItem;
    /// Attaches a picture.
    write attach_media: AttachMedia;
    /// Detaches a picture.
    write detach_media: DetachMedia;
    /// A product with variants, stock and offers.
    read product: GetProduct;
    /// A page of products.
    read products: ListProducts;
    /// A one-of-a-kind thing.
    read item: GetItem;
    /// A page of one-of-a-kind things.
    read items: ListItems;
    /// A product's pictures.
    read media: ListMedia;
}
