//! Hauls: many things bought at one price.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, Series, check_text};
use crate::clock::Date;
use crate::engine::catalog::{CreateItem, ItemView};
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{AcquisitionId, SupplierId};
use crate::inventory::MoveReason;
use crate::ledger::{Account, Draft, Tags};
use crate::money::Money;
use crate::page::{Page, PageRequest};
use crate::purchasing::{Acquisition, AcquisitionLine, Supplier};

/// One thing of a haul.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Find {
    /// What weight it has in sharing the cost, such as what it may sell for; equal shares when all are 0.
    #[serde(default)]
    pub weight: i64,
    /// The thing; its cost is its share of the sum.
    pub item: FoundItem,
}

/// A thing found in a haul.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundItem {
    /// What it is.
    pub title: String,
    /// The shop's own name for it.
    pub sku: String,
    /// Its condition.
    pub condition: crate::catalog::Condition,
    /// What a buyer should know about the condition.
    #[serde(default)]
    pub condition_notes: String,
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
    pub attributes: crate::catalog::Attributes,
    /// What it is to cost where no listing says otherwise.
    #[serde(default)]
    pub price: Option<Money>,
    /// The shelf or box.
    #[serde(default)]
    pub bin: Option<String>,
}

/// Record a haul: things bought together for one sum, which is shared among them to the penny.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordHaul {
    /// Where it was bought.
    pub source: String,
    /// From whom, if known.
    #[serde(default)]
    pub supplier_id: Option<SupplierId>,
    /// The day; today when absent.
    #[serde(default)]
    pub date: Option<Date>,
    /// What was paid for everything, tax included.
    pub total_paid: Money,
    /// The tax in it.
    #[serde(default)]
    pub tax: Option<Money>,
    /// Metres driven for it.
    #[serde(default)]
    pub mileage_m: Option<i64>,
    /// The content hash of a picture of the receipt.
    #[serde(default)]
    pub receipt_media: Option<String>,
    /// What was found.
    pub finds: Vec<Find>,
}

/// A haul with its things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HaulView {
    /// The haul.
    #[serde(flatten)]
    pub haul: Acquisition,
    /// The things and their shares.
    pub lines: Vec<AcquisitionLine>,
    /// The things.
    pub items: Vec<ItemView>,
}

#[async_trait]
impl Command for RecordHaul {
    const NAME: &'static str = "acquisitions.record";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    const MOVES: bool = true;
    type Answer = HaulView;

    async fn run(self, work: &mut Work) -> Result<HaulView> {
        check_text("source", &self.source, 200)?;
        let currency = work.shop().await?.currency;
        let tax = self.tax.unwrap_or(currency.zero());
        for (field, amount) in [("total_paid", self.total_paid), ("tax", tax)] {
            if amount.is_negative() || amount.currency() != currency {
                let remedy = format!("give an amount of at least zero in {currency}");
                return Err(Error::invalid(field, amount, &remedy));
            }
        }
        if !(1..=500).contains(&self.finds.len()) {
            let given = format!("{} long", self.finds.len());
            return Err(Error::invalid("finds", given, "a haul has 1 to 500 things"));
        }
        if let Some(supplier) = self.supplier_id {
            work.tx.load::<Supplier>(supplier).await?;
        }
        if let Some((index, find)) = self.finds.iter().enumerate().find(|(_, find)| find.weight < 0) {
            let error = Error::invalid("weight", find.weight, "it is at least zero");
            return Err(error.within(format!("finds[{index}]")));
        }
        let weights: Vec<i64> = self.finds.iter().map(|find| find.weight).collect();
        let equal = weights.iter().all(|&weight| weight == 0);
        let shares = self.total_paid.allocate(&if equal { vec![1; weights.len()] } else { weights })?;
        let id: AcquisitionId = work.id();
        let haul = Acquisition {
            id,
            number: work.number(Series::Acquisition).await?,
            source: self.source,
            supplier_id: self.supplier_id,
            date: match self.date {
                Some(date) => date,
                None => work.today().await?,
            },
            total_paid: self.total_paid,
            tax,
            mileage_m: self.mileage_m,
            receipt_media: self.receipt_media,
            created_at: work.now,
        };
        work.tx.add(&haul).await?;
        let mut draft = Draft::new("acquisition", id, "haul");
        let (mut lines, mut items) = (Vec::new(), Vec::new());
        for (index, (find, share)) in self.finds.into_iter().zip(shares).enumerate() {
            let line_id = work.id();
            let new = find.item.costing(share);
            let view = work.take_in_item(new, Some(line_id), id.to_string(), MoveReason::Acquisition).await;
            let view = view.map_err(|error| error.within(format!("finds[{index}]")))?;
            let tags = Tags { item_id: Some(view.item.id), ..Tags::default() };
            draft = draft.debit(Account::Inventory, share, tags);
            lines.push(AcquisitionLine {
                id: line_id,
                acquisition_id: id,
                item_id: view.item.id,
                allocated_cost: share,
            });
            items.push(view);
        }
        work.tx.add_all(&lines).await?;
        work.post(draft.credit(Account::Cash, self.total_paid, Tags::default())?).await?;
        work.about(id);
        Ok(HaulView { haul, lines, items })
    }
}

impl FoundItem {
    fn costing(self, unit_cost: Money) -> CreateItem {
        CreateItem {
            title: self.title,
            brand: self.brand,
            category: self.category,
            description: self.description,
            attributes: self.attributes,
            sku: self.sku,
            price: self.price,
            weight_g: None,
            condition: self.condition,
            condition_notes: self.condition_notes,
            grade: None,
            serial: None,
            unit_cost,
            location_id: None,
            bin: self.bin,
        }
    }
}

/// Look through the hauls, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListHauls {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListHauls {
    const NAME: &'static str = "acquisitions.list";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = Page<Acquisition>;

    async fn run(self, look: &mut Look) -> Result<Page<Acquisition>> {
        look.tx.page::<Acquisition>(&self.page).await
    }
}
