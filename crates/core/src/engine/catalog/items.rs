//! One-of-a-kind things.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::products::{CreateProduct, NewVariant};
use crate::accounts::Permission;
use crate::catalog::{Attributes, Condition, Item, ItemStatus, Product, Variant, VariantKind};
use crate::engine::accounts::expect_version;
use crate::engine::work::Coming;
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{ItemId, LocationId};
use crate::inventory::MoveReason;
use crate::ledger::{Account, Draft, Tags};
use crate::money::Money;
use crate::page::{Page, PageRequest};

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
    pub(in crate::engine) async fn take_in_item(
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
    pub(in crate::engine) async fn first_place(&mut self) -> Result<LocationId> {
        let places = self.tx.inventory().locations().await?;
        let place = places.into_iter().find(|place| place.sellable);
        place.map(|place| place.id).ok_or_else(|| {
            Error::invalid("location_id", "absent", "no place sells: make one with locations.create")
        })
    }
}

impl Work {
    /// Takes in a one-of-a-kind thing that was there when the books were opened.
    pub(in crate::engine) async fn open_item(&mut self, new: CreateItem) -> Result<ItemView> {
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
