//! Placing an order: what is asked for becomes a sale, or is refused.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::Permission;
use crate::catalog::CatalogError;
use crate::engine::work::{Claim, Sale, SaleLine, Taxes};
use crate::engine::{Command, OrderView, Work};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ListingId, VariantId};
use crate::inventory::{Sellable, check_qty};
use crate::listings::Listing;
use crate::money::{Money, Ppm};
use crate::orders::OrderError;

/// A tax to be applied to a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// Whose tax.
    pub jurisdiction: String,
    /// Its rate.
    pub rate: Ppm,
}

/// A line of an order to be placed. Name the SKU, the variant, or the listing it is sold through.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceLine {
    /// The SKU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// The listing it is sold through; its price applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing_id: Option<ListingId>,
    /// How many.
    pub qty: i64,
    /// The price of one; the listing's or variant's price when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// Taxes on the line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxRate>,
}

impl PlaceLine {
    /// So many of a SKU.
    pub fn sku(sku: impl Into<String>, qty: i64) -> Self {
        Self { sku: Some(sku.into()), qty, ..Self::default() }
    }

    /// So many of a variant.
    pub fn variant(variant: VariantId, qty: i64) -> Self {
        Self { variant_id: Some(variant), qty, ..Self::default() }
    }

    /// So many through a listing.
    pub fn listing(listing: ListingId, qty: i64) -> Self {
        Self { listing_id: Some(listing), qty, ..Self::default() }
    }

    /// At this price each.
    #[must_use]
    pub fn at(mut self, unit_price: Money) -> Self {
        self.unit_price = Some(unit_price);
        self
    }
}

/// Place an order. Stock is promised at once, or the order is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// What is bought.
    pub lines: Vec<PlaceLine>,
    /// Who buys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// What the customer pays for shipping; nothing when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Money>,
    /// A coupon to use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<String>,
    /// Whether a line may be taken from several places.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub split: bool,
    /// Whether the money is here already, in cash or in the bank.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paid: bool,
}

impl PlaceOrder {
    /// An order of these lines.
    pub fn of(lines: Vec<PlaceLine>) -> Self {
        Self { lines, customer_id: None, shipping: None, coupon: None, split: false, paid: false }
    }

    /// The money is here already.
    #[must_use]
    pub fn paid(mut self) -> Self {
        self.paid = true;
        self
    }
}

#[async_trait]
impl Command for PlaceOrder {
    const NAME: &'static str = "orders.place";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const MOVES: bool = true;
    type Answer = OrderView;

    async fn run(self, work: &mut Work) -> Result<OrderView> {
        for (index, line) in self.lines.iter().enumerate() {
            check_qty("qty", line.qty).map_err(|error| error.within(format!("lines[{index}]")))?;
        }
        let (mut goods, listings) = find_goods(work, &self.lines).await?;
        let mut lines = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.into_iter().enumerate() {
            lines.push(
                price_line(line, &goods, &listings)
                    .map_err(|error| error.within(format!("lines[{index}]")))?,
            );
        }
        let shipping = match (self.shipping, lines.first()) {
            (Some(shipping), _) => shipping,
            (None, Some(line)) => line.unit_price.currency().zero(),
            (None, None) => work.shop().await?.currency.zero(),
        };
        check_shipping(shipping)?;
        let sale = Sale {
            lines,
            channel_id: None,
            external: None,
            customer_id: self.customer_id,
            placed_at: work.now,
            shipping,
            coupon: self.coupon,
            split: self.split,
            paid_to: self.paid.then(|| "manual".to_owned()),
            fees: None,
            claim: Claim::All,
        };
        work.sell(sale, &mut goods).await
    }
}

pub(super) fn check_shipping(shipping: Money) -> Result<()> {
    if shipping.is_negative() {
        return Err(Error::invalid("shipping", shipping, "it is at least zero"));
    }
    Ok(())
}

pub(in crate::engine) async fn find_goods(
    work: &mut Work,
    lines: &[PlaceLine],
) -> Result<(Vec<Sellable>, Vec<Listing>)> {
    let ids: Vec<_> = lines.iter().filter_map(|line| line.listing_id).collect();
    let listings = if ids.is_empty() { Vec::new() } else { work.tx.many::<Listing>(&ids).await? };
    let skus: Vec<_> = lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    let mut goods =
        if skus.is_empty() { Vec::new() } else { work.tx.inventory().sellable_by_sku(&skus).await? };
    let mut variants: Vec<_> = lines.iter().filter_map(|line| line.variant_id).collect();
    variants.extend(listings.iter().map(|listing| listing.variant_id));
    variants.retain(|id| goods.iter().all(|good| good.variant.id != *id));
    variants.sort_unstable();
    variants.dedup();
    if !variants.is_empty() {
        goods.extend(work.tx.inventory().sellable(&variants).await?);
    }
    Ok((goods, listings))
}

pub(super) fn price_line(line: PlaceLine, goods: &[Sellable], listings: &[Listing]) -> Result<SaleLine> {
    let listing = match line.listing_id {
        Some(id) => Some(
            listings
                .iter()
                .find(|listing| listing.id == id)
                .ok_or_else(|| Error::not_found("listing", id))?,
        ),
        None => None,
    };
    let good = match (&line.sku, line.variant_id, listing) {
        (Some(sku), _, _) => goods
            .iter()
            .find(|good| good.variant.sku == *sku)
            .ok_or_else(|| CatalogError::UnknownSku { sku: sku.clone() })?,
        (None, Some(id), _) => {
            goods.iter().find(|good| good.variant.id == id).ok_or_else(|| Error::not_found("variant", id))?
        }
        (None, None, Some(listing)) => goods
            .iter()
            .find(|good| good.variant.id == listing.variant_id)
            .ok_or_else(|| Error::not_found("variant", listing.variant_id))?,
        (None, None, None) => {
            return Err(Error::invalid("sku", "absent", "name the SKU, the variant or the listing"));
        }
    };
    if let Some(listing) = listing.filter(|listing| listing.variant_id != good.variant.id) {
        return Err(Error::invalid("listing_id", listing.id, "it offers another variant"));
    }
    let price = line.unit_price.or(listing.map(|listing| listing.price)).or(good.variant.price);
    let unit_price = price.ok_or_else(|| OrderError::NoPrice { sku: good.variant.sku.clone() })?;
    Ok(SaleLine {
        variant: good.variant.id,
        listing: line.listing_id,
        qty: line.qty,
        unit_price,
        taxes: Taxes::Rates(line.taxes.into_iter().map(|tax| (tax.jurisdiction, tax.rate)).collect()),
    })
}
