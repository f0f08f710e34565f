//! Giving out what an import takes back: the same rows, newest first.

use std::collections::BTreeMap;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileComponent, FileOrder, FileOrderLine, FileProduct, FileSale, FileSaleLine, FileStock};
use crate::accounts::Permission;
use crate::catalog::{BundleComponent, Item, ItemStatus, Product, Variant, VariantKind};
use crate::engine::work::order_view;
use crate::engine::{Look, OrderView, Query};
use crate::error::Result;
use crate::ids::{ProductId, VariantId};
use crate::inventory::{CostLayer, StockLevel};
use crate::money::Money;
use crate::orders::{Order, OrderLine, OrderState, PaymentStatus};
use crate::page::{Page, PageRequest};
use crate::storage::Tx;

/// Give out products as an import takes them: each variant, and each one-of-a-kind thing that is here.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ExportProducts {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ExportProducts {
    const NAME: &'static str = "exports.products";
    const PERMISSION: Permission = Permission::CatalogRead;
    type Answer = Page<FileProduct>;

    async fn run(self, look: &mut Look) -> Result<Page<FileProduct>> {
        let tx = &mut *look.tx;
        let products = tx.page::<Product>(&self.page).await?;
        let ids: Vec<_> = products.items.iter().map(|product| product.id).collect();
        let mut sisters: BTreeMap<ProductId, Vec<Variant>> = BTreeMap::new();
        for variant in tx.parts_of_all::<Variant>(&ids).await? {
            sisters.entry(variant.product_id).or_default().push(variant);
        }
        let variants: Vec<_> = sisters.values().flatten().map(|variant| variant.id).collect();
        let items = tx.parts_of_all::<Item>(&variants).await?;
        let parts = components(tx, &variants).await?;
        let mut rows = Vec::new();
        for product in products.items {
            let mine = sisters.remove(&product.id).unwrap_or_default();
            let first = mine.first().map(|variant| variant.sku.clone());
            for variant in mine.into_iter().rev() {
                let item = items.iter().find(|item| item.variant_id == variant.id);
                let gone =
                    item.is_some_and(|item| matches!(item.status, ItemStatus::Sold | ItemStatus::WrittenOff));
                if !gone {
                    let parts = parts.get(&variant.id).cloned().unwrap_or_default();
                    rows.push(row(&product, variant, first.as_deref(), item, parts));
                }
            }
        }
        Ok(Page { items: rows, next_cursor: products.next_cursor })
    }
}

async fn components(tx: &mut Tx, variants: &[VariantId]) -> Result<BTreeMap<VariantId, Vec<FileComponent>>> {
    let parts = tx.parts_of_all::<BundleComponent>(variants).await?;
    let mut ids: Vec<_> = parts.iter().map(|part| part.variant_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let held = tx.many::<Variant>(&ids).await?;
    let mut by_bundle: BTreeMap<VariantId, Vec<FileComponent>> = BTreeMap::new();
    for part in parts {
        if let Some(variant) = held.iter().find(|variant| variant.id == part.variant_id) {
            let component = FileComponent { sku: variant.sku.clone(), qty: part.qty };
            by_bundle.entry(part.bundle_id).or_default().push(component);
        }
    }
    Ok(by_bundle)
}

/// What is said of a product stands with its first variant; the others name that one.
fn row(
    product: &Product,
    variant: Variant,
    first: Option<&str>,
    item: Option<&Item>,
    components: Vec<FileComponent>,
) -> FileProduct {
    let further = first.filter(|sku| *sku != variant.sku).map(str::to_owned);
    let said = further.is_none();
    FileProduct {
        product: further,
        title: said.then(|| product.title.clone()),
        brand: product.brand.clone().filter(|_| said),
        category: product.category.clone().filter(|_| said),
        description: Some(product.description.clone()).filter(|text| said && !text.is_empty()),
        attributes: Some(product.attributes.clone()).filter(|facts| said && !facts.is_empty()),
        status: said.then_some(product.status),
        kind: Some(variant.kind),
        options: variant.options,
        gtin: variant.gtin,
        price: variant.price,
        weight_g: variant.weight_g,
        tax_code: variant.tax_code,
        backorder_limit: Some(variant.backorder_limit).filter(|limit| *limit != 0),
        safety_stock: Some(variant.safety_stock).filter(|units| *units != 0),
        components,
        condition: item.map(|item| item.condition),
        condition_notes: item.map(|item| item.condition_notes.clone()).filter(|notes| !notes.is_empty()),
        grade: item.and_then(|item| item.grade.clone()),
        serial: item.and_then(|item| item.serial.clone()),
        bin: item.and_then(|item| item.bin.clone()),
        unit_cost: item.map(|item| item.unit_cost),
        qty: None,
        sku: variant.sku,
    }
}

/// Give out what lies where, with its cost, as an import takes it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ExportStock {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ExportStock {
    const NAME: &'static str = "exports.stock";
    const PERMISSION: Permission = Permission::InventoryRead;
    type Answer = Page<FileStock>;

    async fn run(self, look: &mut Look) -> Result<Page<FileStock>> {
        let currency = look.shop().await?.currency;
        let tx = &mut *look.tx;
        let names: BTreeMap<_, _> =
            tx.inventory().locations().await?.into_iter().map(|place| (place.id, place.name)).collect();
        let variants = tx.page::<Variant>(&self.page).await?;
        let ids: Vec<_> = variants.items.iter().map(|variant| variant.id).collect();
        let levels = tx.parts_of_all::<StockLevel>(&ids).await?;
        let layers = tx.parts_of_all::<CostLayer>(&ids).await?;
        let mut rows = Vec::new();
        for variant in variants.items.into_iter().filter(|variant| variant.kind == VariantKind::Stocked) {
            let left = layers.iter().filter(|layer| layer.variant_id == variant.id);
            let cost = Money::sum(currency, left.map(|layer| layer.cost_left))?;
            let mut here: Vec<_> = levels
                .iter()
                .filter(|level| level.variant_id == variant.id && level.on_hand > 0)
                .map(|level| (names.get(&level.location_id).cloned().unwrap_or_default(), level.on_hand))
                .collect();
            if here.is_empty() {
                continue;
            }
            here.sort_unstable();
            // Cost belongs to the variant wherever it lies: each place shows its share.
            let weights: Vec<_> = here.iter().map(|(_, units)| *units).collect();
            let shares = cost.allocate(&weights)?;
            for ((location, on_hand), cost) in here.into_iter().zip(shares).rev() {
                let sku = variant.sku.clone();
                rows.push(FileStock { sku, location: Some(location), on_hand, cost: Some(cost) });
            }
        }
        Ok(Page { items: rows, next_cursor: variants.next_cursor })
    }
}

/// Give out what was sold and sent, as an import of past sales takes it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ExportSales {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ExportSales {
    const NAME: &'static str = "exports.sales";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = Page<FileSale>;

    async fn run(self, look: &mut Look) -> Result<Page<FileSale>> {
        let orders = look.tx.page::<Order>(&self.page).await?;
        let views = order_view(&mut *look.tx, orders.items).await?;
        let mut sales = Vec::new();
        for view in views {
            sales.extend(sale(view)?);
        }
        Ok(Page { items: sales, next_cursor: orders.next_cursor })
    }
}

/// The part of an order that was sent.
fn sale(view: OrderView) -> Result<Option<FileSale>> {
    let mut lines = Vec::new();
    for line in view.lines.iter().filter(|line| line.fulfilled > 0) {
        let discount = line.part_of(line.discount, 0, line.fulfilled)?;
        lines.push(FileSaleLine {
            sku: line.sku.clone(),
            qty: line.fulfilled,
            unit_price: line.unit_price,
            discount: some(discount),
            tax: some(line.part_of(line.tax()?, 0, line.fulfilled)?),
            cost: some(line.cost_at_sale),
        });
    }
    let sale = FileSale {
        sold_at: view.order.placed_at,
        order: Some(name(&view.order)),
        shipping: some(view.order.shipping),
        lines,
    };
    Ok((!sale.lines.is_empty()).then_some(sale))
}

/// Give out the orders that are still to be sent, as an import takes them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ExportOrders {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ExportOrders {
    const NAME: &'static str = "exports.orders";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = Page<FileOrder>;

    async fn run(self, look: &mut Look) -> Result<Page<FileOrder>> {
        let orders = look.tx.page::<Order>(&self.page).await?;
        let views = order_view(&mut *look.tx, orders.items).await?;
        let mut open = Vec::new();
        for view in views {
            open.extend(open_order(view)?);
        }
        Ok(Page { items: open, next_cursor: orders.next_cursor })
    }
}

/// The part of an order that is still to be sent.
fn open_order(view: OrderView) -> Result<Option<FileOrder>> {
    let is_open =
        matches!(view.order.state, OrderState::Placed | OrderState::Confirmed | OrderState::Oversold);
    let mut lines = Vec::new();
    for line in view.lines.iter().filter(|line| is_open && line.open() > 0) {
        lines.push(FileOrderLine {
            sku: line.sku.clone(),
            qty: line.open(),
            unit_price: line.unit_price,
            tax: some(line.part_of(line.tax()?, line.fulfilled, line.open())?),
        });
    }
    // What was paid for shipping belongs to the part that left first.
    let begun = view.lines.iter().any(|line: &OrderLine| line.fulfilled > 0);
    let order = FileOrder {
        placed_at: view.order.placed_at,
        order: Some(name(&view.order)),
        shipping: some(view.order.shipping).filter(|_| !begun),
        paid: view.payment_status == PaymentStatus::Captured,
        lines,
    };
    Ok((!order.lines.is_empty()).then_some(order))
}

/// What an order is called: by its channel, or by its number.
fn name(order: &Order) -> String {
    order.external_id.clone().unwrap_or_else(|| order.number.to_string())
}

fn some(amount: Money) -> Option<Money> {
    (!amount.is_zero()).then_some(amount)
}
