//! Who sells to us, and at what price.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, check_text};
use crate::catalog::{Variant, VariantKind};
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::{SupplierId, VariantId};
use crate::money::Money;
use crate::page::{Page, PageRequest};
use crate::purchasing::{PriceBreak, Supplier, SupplierKind, SupplierOffer};

/// Note down a supplier.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSupplier {
    /// What it is called.
    pub name: String,
    /// What sort it is.
    pub kind: SupplierKind,
    /// Days from order to arrival, on average.
    #[serde(default)]
    pub lead_days_mean: i64,
    /// By how many days that varies.
    #[serde(default)]
    pub lead_days_sd: i64,
    /// Terms of payment, in words.
    #[serde(default)]
    pub terms: Option<String>,
}

#[async_trait]
impl Command for CreateSupplier {
    const NAME: &'static str = "suppliers.create";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    type Answer = Supplier;

    async fn run(self, work: &mut Work) -> Result<Supplier> {
        check_text("name", &self.name, 200)?;
        for (field, days) in [("lead_days_mean", self.lead_days_mean), ("lead_days_sd", self.lead_days_sd)] {
            if !(0..=3650).contains(&days) {
                return Err(Error::invalid(field, days, "choose 0 to 3650 days"));
            }
        }
        let supplier = Supplier {
            id: work.id(),
            name: self.name,
            kind: self.kind,
            lead_days_mean: self.lead_days_mean,
            lead_days_sd: self.lead_days_sd,
            terms: self.terms,
            currency: work.shop().await?.currency,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&supplier).await?;
        work.about(supplier.id);
        Ok(supplier)
    }
}

/// Look through the suppliers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListSuppliers {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListSuppliers {
    const NAME: &'static str = "suppliers.list";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = Page<Supplier>;

    async fn run(self, look: &mut Look) -> Result<Page<Supplier>> {
        look.tx.page::<Supplier>(&self.page).await
    }
}

/// Note down what a supplier asks for a variant; a new offer takes the old one's place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetOffer {
    /// Whose offer.
    pub supplier_id: SupplierId,
    /// For what.
    pub variant_id: VariantId,
    /// The supplier's name for it.
    #[serde(default)]
    pub supplier_sku: Option<String>,
    /// The price of a unit.
    pub unit_cost: Money,
    /// Lower prices from quantities on, smallest quantity first.
    #[serde(default)]
    pub price_breaks: Vec<PriceBreak>,
    /// The fewest units that can be ordered; 1 when absent.
    #[serde(default = "one")]
    pub moq: i64,
    /// Units come in multiples of this; 1 when absent.
    #[serde(default = "one")]
    pub pack: i64,
}

fn one() -> i64 {
    1
}

#[async_trait]
impl Command for SetOffer {
    const NAME: &'static str = "offers.set";
    const PERMISSION: Permission = Permission::PurchasingWrite;
    type Answer = SupplierOffer;

    async fn run(self, work: &mut Work) -> Result<SupplierOffer> {
        let supplier = work.tx.load::<Supplier>(self.supplier_id).await?;
        let variant = work.tx.load::<Variant>(self.variant_id).await?;
        if variant.kind != VariantKind::Stocked {
            return Err(Error::invalid(
                "variant_id",
                variant.id,
                "only stocked variants are bought by offer",
            ));
        }
        if self.unit_cost.currency() != supplier.currency {
            let remedy = format!("the supplier is paid in {}", supplier.currency);
            return Err(Error::invalid("unit_cost", self.unit_cost, &remedy));
        }
        let known = work.tx.purchasing().offer(supplier.id, variant.id).await?;
        let mut offer = SupplierOffer {
            id: known.as_ref().map_or_else(|| work.id(), |offer| offer.id),
            supplier_id: supplier.id,
            variant_id: variant.id,
            supplier_sku: self.supplier_sku,
            unit_cost: self.unit_cost,
            price_breaks: self.price_breaks,
            moq: self.moq,
            pack: self.pack,
            version: known.as_ref().map_or(1, |offer| offer.version),
        };
        offer.check()?;
        if known.is_some() {
            work.tx.save(&mut offer).await?;
        } else {
            work.tx.add(&offer).await?;
        }
        work.about(offer.id);
        Ok(offer)
    }
}

/// Look at everything that is offered for a variant, cheapest first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOffers {
    /// The variant.
    pub variant_id: VariantId,
}

#[async_trait]
impl Query for ListOffers {
    const NAME: &'static str = "offers.list";
    const PERMISSION: Permission = Permission::PurchasingRead;
    type Answer = Vec<SupplierOffer>;

    async fn run(self, look: &mut Look) -> Result<Vec<SupplierOffer>> {
        look.tx.purchasing().offers_for(self.variant_id).await
    }
}
