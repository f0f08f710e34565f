use super::{Attributes, BundleComponent, Variant, VariantKind};
use crate::accounts::check_text;
use crate::error::{Error, Fault, Kind, Result};
use crate::ids::VariantId;
use crate::money::{Money, MoneyError};

/// What can go wrong in the catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// The SKU belongs to another variant.
    #[error("the SKU {sku:?} is taken: every variant of a shop has its own")]
    DuplicateSku {
        /// The SKU.
        sku: String,
    },
    /// No variant has this SKU.
    #[error("no variant has the SKU {sku:?}: create it first, or correct the SKU")]
    UnknownSku {
        /// The SKU.
        sku: String,
    },
    /// A bundle cannot be made of this.
    #[error("a bundle cannot hold {sku:?}: only stocked variants can be components")]
    BadComponent {
        /// The SKU of the component.
        sku: String,
    },
}

impl Fault for CatalogError {
    fn kind(&self) -> Kind {
        match self {
            Self::DuplicateSku { .. } => Kind::Conflict,
            Self::UnknownSku { .. } => Kind::NotFound,
            Self::BadComponent { .. } => Kind::Refused,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::DuplicateSku { .. } => "catalog.duplicate_sku",
            Self::UnknownSku { .. } => "catalog.unknown_sku",
            Self::BadComponent { .. } => "catalog.bad_component",
        }
    }
}

/// Refuses SKUs that scanners, labels or channels would garble: 1 to 64 printable characters, no outer spaces.
pub fn check_sku(sku: &str) -> Result<()> {
    let fine = !sku.is_empty()
        && sku.chars().count() <= 64
        && sku.trim() == sku
        && !sku.chars().any(char::is_control);
    if fine {
        Ok(())
    } else {
        Err(Error::invalid(
            "sku",
            format!("{sku:?}"),
            "use 1 to 64 printable characters, without spaces around them",
        ))
    }
}

/// Refuses attributes beyond what listings can carry: 100 facts, names to 64 characters, values to 1,000.
pub fn check_attributes(field: &'static str, attributes: &Attributes) -> Result<()> {
    if attributes.len() > 100 {
        return Err(Error::invalid(field, format!("{} facts", attributes.len()), "keep it to 100"));
    }
    for (name, value) in attributes {
        check_text(field, name, 64)?;
        check_text(field, value, 1000).map_err(|error| error.within(name))?;
    }
    Ok(())
}

/// Checks the digit at the end of a GTIN-8, -12, -13 or -14 (GS1 General Specifications, 7.9).
pub fn check_gtin(gtin: &str) -> Result<()> {
    let digits: Option<Vec<u32>> = gtin.chars().map(|c| c.to_digit(10)).collect();
    let valid = digits.is_some_and(|digits| {
        let weighted =
            digits.iter().rev().enumerate().map(|(i, digit)| if i % 2 == 0 { *digit } else { 3 * digit });
        matches!(digits.len(), 8 | 12 | 13 | 14) && weighted.sum::<u32>() % 10 == 0
    });
    if valid {
        Ok(())
    } else {
        Err(Error::invalid(
            "gtin",
            format!("{gtin:?}"),
            "give 8, 12, 13 or 14 digits with a right check digit",
        ))
    }
}

impl Variant {
    /// Refuses numbers that make no sense.
    pub fn check(&self) -> Result<()> {
        check_sku(&self.sku)?;
        check_attributes("options", &self.options)?;
        self.gtin.as_deref().map_or(Ok(()), check_gtin)?;
        let at_least_zero = [
            ("price", self.price.map(Money::minor)),
            ("weight_g", self.weight_g),
            ("backorder_limit", Some(self.backorder_limit)),
            ("safety_stock", Some(self.safety_stock)),
        ];
        for (field, value) in at_least_zero {
            if let Some(value) = value.filter(|value| *value < 0) {
                return Err(Error::invalid(field, value, "it cannot be below zero"));
            }
        }
        if !(0..=6).contains(&self.scale) {
            return Err(Error::invalid("scale", self.scale, "choose 0 to 6 decimals"));
        }
        if self.kind != VariantKind::Stocked && (self.backorder_limit > 0 || self.safety_stock > 0) {
            let remedy = "only stocked variants can be promised ahead or held back: set it to 0";
            return Err(Error::invalid(
                "backorder_limit",
                self.backorder_limit.max(self.safety_stock),
                remedy,
            ));
        }
        Ok(())
    }
}

/// Refuses bundles with no or doubled components, and components that are not stocked themselves.
pub fn check_components(components: &[BundleComponent], variants: &[Variant]) -> Result<()> {
    if components.is_empty() {
        return Err(Error::invalid("components", "empty", "a bundle holds at least one variant"));
    }
    let mut seen: Vec<VariantId> = Vec::new();
    for (index, component) in components.iter().enumerate() {
        if !(1..=10_000).contains(&component.qty) {
            return Err(Error::invalid("qty", component.qty, "choose 1 to 10,000")
                .within(format!("components[{index}]")));
        }
        if seen.contains(&component.variant_id) {
            return Err(Error::invalid("variant_id", component.variant_id, "name each variant once")
                .within(format!("components[{index}]")));
        }
        seen.push(component.variant_id);
        let variant = variants.iter().find(|variant| variant.id == component.variant_id);
        let variant = variant.ok_or_else(|| Error::not_found("variant", component.variant_id))?;
        if variant.kind != VariantKind::Stocked {
            return Err(CatalogError::BadComponent { sku: variant.sku.clone() }.into());
        }
    }
    Ok(())
}

/// How many bundles the available components make: the scarcest decides.
pub fn bundle_available(components: &[BundleComponent], available: impl Fn(VariantId) -> i64) -> i64 {
    components.iter().map(|part| available(part.variant_id).div_euclid(part.qty)).min().unwrap_or(0).max(0)
}

/// Shares what a bundle cost among its components: by what they sell for, or by their number if they have no prices.
pub fn share_bundle_cost(
    cost: Money,
    components: &[BundleComponent],
    variants: &[Variant],
) -> Result<Vec<Money>, MoneyError> {
    let price = |id| variants.iter().find(|variant| variant.id == id).and_then(|variant| variant.price);
    let worth = |part: &BundleComponent| {
        price(part.variant_id).map_or(0, |price| price.minor().saturating_mul(part.qty))
    };
    let mut weights: Vec<i64> = components.iter().map(worth).collect();
    if weights.iter().all(|weight| *weight == 0) {
        weights = components.iter().map(|part| part.qty).collect();
    }
    cost.allocate(&weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ComponentId, EntityId};
    use crate::money::Currency;
    use crate::testing::builders::Sample;

    #[test]
    fn a_bundles_cost_is_shared_by_worth() {
        let part = |n: u128, qty| BundleComponent {
            id: ComponentId::from_u128(n),
            bundle_id: VariantId::from_u128(99),
            variant_id: VariantId::from_u128(n),
            qty,
        };
        let parts = [part(1, 2), part(2, 1)];
        let variant = |n: u128, price: Option<i64>| Variant {
            id: VariantId::from_u128(n),
            price: price.map(|minor| Money::new(minor, Currency::GBP)),
            ..Variant::sample(n, n, true)
        };
        let shares = |variants: &[Variant]| {
            let shares = share_bundle_cost(Money::new(700, Currency::GBP), &parts, variants).unwrap();
            shares.into_iter().map(Money::minor).collect::<Vec<_>>()
        };
        assert_eq!(shares(&[variant(1, Some(500)), variant(2, Some(2000))]), [233, 467]);
        assert_eq!(shares(&[variant(1, None), variant(2, None)]), [467, 233]);
    }

    #[test]
    fn check_digits_are_checked() {
        for good in ["4006381333931", "036000291452", "96385074"] {
            assert!(check_gtin(good).is_ok(), "{good}");
        }
        for bad in ["4006381333932", "", "123", "40063813339x1", "٤٠٠٦٣٨١٣٣٣٩٣١"] {
            assert!(check_gtin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_scarcest_component_decides() {
        let part = |n: u128, qty| BundleComponent {
            id: ComponentId::from_u128(n),
            bundle_id: VariantId::from_u128(99),
            variant_id: VariantId::from_u128(n),
            qty,
        };
        let parts = [part(1, 2), part(2, 1)];
        let stock = |one, two| move |id: VariantId| if id.as_u128() == 1 { one } else { two };
        assert_eq!(bundle_available(&parts, stock(7, 9)), 3);
        assert_eq!(bundle_available(&parts, stock(7, 2)), 2);
        assert_eq!(bundle_available(&parts, stock(-3, 2)), 0);
        assert_eq!(bundle_available(&[], stock(1, 1)), 0);
    }

    #[test]
    fn skus_are_printable() {
        assert!(check_sku("85123A").is_ok());
        for bad in ["", " a", "a ", "a\nb", &"x".repeat(65)] {
            assert!(check_sku(bad).is_err(), "{bad:?}");
        }
    }
}
