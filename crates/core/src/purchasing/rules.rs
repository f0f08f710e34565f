use super::{LandedCost, LandedCostBasis, PurchaseLine, PurchaseOrderState, SupplierOffer};
use crate::error::{Error, Fault, Kind, Result};
use crate::money::{Money, MoneyError, Ppm, Rounding};

/// What can go wrong with buying.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PurchasingError {
    /// More came than was ordered.
    #[error("{arriving} more would make {} received of {ordered} ordered: raise the tolerance or correct the count",
            received + arriving)]
    OverReceipt {
        /// How many were ordered and not cancelled.
        ordered: i64,
        /// How many had come.
        received: i64,
        /// How many come now.
        arriving: i64,
    },
    /// The supplier does not sell this quantity.
    #[error("{qty} cannot be ordered: the supplier sells at least {moq}, in packs of {pack}; take {next}")]
    BelowTerms {
        /// What was asked for.
        qty: i64,
        /// The fewest units.
        moq: i64,
        /// Units of a pack.
        pack: i64,
        /// The nearest quantity above that can be ordered.
        next: i64,
    },
}

impl Fault for PurchasingError {
    fn kind(&self) -> Kind {
        Kind::Refused
    }
    fn code(&self) -> &'static str {
        match self {
            Self::OverReceipt { .. } => "purchasing.over_receipt",
            Self::BelowTerms { .. } => "purchasing.below_terms",
        }
    }
    fn field(&self) -> Option<std::borrow::Cow<'static, str>> {
        Some("qty".into())
    }
}

impl SupplierOffer {
    /// Refuses terms that contradict themselves.
    pub fn check(&self) -> Result<()> {
        if self.moq < 1 {
            return Err(Error::invalid("moq", self.moq, "it is at least 1"));
        }
        if self.pack < 1 {
            return Err(Error::invalid("pack", self.pack, "it is at least 1"));
        }
        let costs = std::iter::once(self.unit_cost).chain(self.price_breaks.iter().map(|b| b.unit_cost));
        for cost in costs {
            if cost.is_negative() || cost.currency() != self.unit_cost.currency() {
                let remedy = "all prices of an offer are at least zero, in one currency";
                return Err(Error::invalid("unit_cost", cost, remedy));
            }
        }
        if !self.price_breaks.is_sorted_by(|a, b| a.min_qty < b.min_qty) {
            return Err(Error::invalid("price_breaks", "out of order", "sort them by min_qty, each once"));
        }
        Ok(())
    }

    /// The price of a unit when `qty` are ordered.
    pub fn unit_cost_at(&self, qty: i64) -> Money {
        let reached = self.price_breaks.iter().rev().find(|step| qty >= step.min_qty);
        reached.map_or(self.unit_cost, |step| step.unit_cost)
    }

    /// The smallest quantity from `qty` on that the supplier sells.
    pub fn orderable(&self, qty: i64) -> i64 {
        let wanted = qty.max(self.moq).max(1);
        wanted
            .div_euclid(self.pack)
            .saturating_add(i64::from(wanted.rem_euclid(self.pack) > 0))
            .saturating_mul(self.pack)
    }

    /// Refuses quantities the supplier does not sell.
    pub fn check_qty(&self, qty: i64) -> Result<(), PurchasingError> {
        let next = self.orderable(qty);
        if next == qty {
            return Ok(());
        }
        Err(PurchasingError::BelowTerms { qty, moq: self.moq, pack: self.pack, next })
    }
}

impl PurchaseLine {
    /// How many are still to come.
    pub fn outstanding(&self) -> i64 {
        (self.qty - self.received - self.cancelled).max(0)
    }

    /// Notes that `qty` came; up to `tolerance` of the order may come too many.
    pub fn receive(&mut self, qty: i64, tolerance: Ppm) -> Result<()> {
        let ordered = self.qty - self.cancelled;
        let extra = Rounding::HalfEven.divide(i128::from(ordered) * i128::from(tolerance.0), 1_000_000);
        let most = i128::from(ordered) + extra;
        if i128::from(self.received) + i128::from(qty) > most {
            return Err(
                PurchasingError::OverReceipt { ordered, received: self.received, arriving: qty }.into()
            );
        }
        self.received += qty;
        Ok(())
    }
}

/// The state of a purchase order after something came.
pub fn state_after_receipt(lines: &[PurchaseLine]) -> PurchaseOrderState {
    if lines.iter().all(|line| line.outstanding() == 0) {
        PurchaseOrderState::Received
    } else {
        PurchaseOrderState::PartReceived
    }
}

/// Goods of a receipt, as the sharing of costs sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landing {
    /// How many.
    pub qty: i64,
    /// What they cost at the supplier's.
    pub value: Money,
    /// What they weigh together, in grams; 0 when unknown.
    pub weight_g: i64,
}

/// What each line of a receipt costs with its share of the further costs; nothing is lost to rounding.
pub fn land(lines: &[Landing], costs: &[LandedCost]) -> Result<Vec<Money>, MoneyError> {
    let mut landed: Vec<Money> = lines.iter().map(|line| line.value).collect();
    for cost in costs {
        let weights: Vec<i64> = lines
            .iter()
            .map(|line| match cost.basis {
                LandedCostBasis::Qty => line.qty,
                LandedCostBasis::Value => line.value.minor(),
                LandedCostBasis::Weight => line.weight_g,
            })
            .collect();
        // Where the basis says nothing (no weights known, all gifts), units decide.
        let shares = match cost.amount.allocate(&weights) {
            Err(MoneyError::NoWeights) => {
                cost.amount.allocate(&lines.iter().map(|line| line.qty).collect::<Vec<_>>())?
            }
            shares => shares?,
        };
        for (total, share) in landed.iter_mut().zip(shares) {
            *total = total.plus(share)?;
        }
    }
    Ok(landed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::{EntityId, OfferId, PurchaseLineId, PurchaseOrderId, SupplierId, VariantId};
    use crate::money::Currency;
    use crate::purchasing::{LandedCostKind, PriceBreak};

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn offer(moq: i64, pack: i64) -> SupplierOffer {
        SupplierOffer {
            id: OfferId::from_u128(1),
            supplier_id: SupplierId::from_u128(1),
            variant_id: VariantId::from_u128(1),
            supplier_sku: None,
            unit_cost: pounds(100),
            price_breaks: vec![
                PriceBreak { min_qty: 10, unit_cost: pounds(90) },
                PriceBreak { min_qty: 100, unit_cost: pounds(70) },
            ],
            moq,
            pack,
            version: 1,
        }
    }

    fn line(qty: i64) -> PurchaseLine {
        PurchaseLine {
            id: PurchaseLineId::from_u128(1),
            purchase_order_id: PurchaseOrderId::from_u128(1),
            variant_id: VariantId::from_u128(1),
            qty,
            received: 0,
            cancelled: 0,
            unit_cost: pounds(100),
            version: 1,
        }
    }

    #[test]
    fn breaks_are_reached_from_their_quantity_on() {
        let offer = offer(1, 1);
        let at = |qty| offer.unit_cost_at(qty).minor();
        assert_eq!([at(1), at(9), at(10), at(99), at(100)], [100, 100, 90, 90, 70]);
    }

    #[test]
    fn too_much_is_refused_unless_tolerated() {
        let mut strict = line(10);
        strict.receive(10, Ppm(0)).unwrap();
        let error = strict.receive(1, Ppm(0)).unwrap_err();
        assert_eq!(error.code(), "purchasing.over_receipt");
        assert_eq!(strict.received, 10, "a refusal changes nothing");
        let mut lenient = line(10);
        lenient.receive(11, Ppm(100_000)).unwrap();
        assert!(lenient.receive(1, Ppm(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_orderable_can_be_ordered(qty in 1_i64..10_000, moq in 1_i64..500, pack in 1_i64..48) {
            let offer = offer(moq, pack);
            let next = offer.orderable(qty);
            prop_assert!(next >= qty && next >= moq && next % pack == 0);
            prop_assert!(next - pack < qty.max(moq));
            prop_assert!(offer.check_qty(next).is_ok());
        }

        #[test]
        fn landed_costs_add_up(
            lines in prop::collection::vec((1_i64..100, 0_i64..10_000, 0_i64..5_000), 1..8),
            costs in prop::collection::vec((0_i64..10_000, 0_usize..3), 0..4),
        ) {
            let landings: Vec<_> = lines.iter()
                .map(|&(qty, value, weight_g)| Landing { qty, value: pounds(value), weight_g }).collect();
            let bases = [LandedCostBasis::Qty, LandedCostBasis::Value, LandedCostBasis::Weight];
            let costs: Vec<_> = costs.iter().map(|&(amount, basis)| LandedCost {
                kind: LandedCostKind::Freight, amount: pounds(amount), basis: bases[basis],
            }).collect();
            let landed: i64 = land(&landings, &costs).unwrap().iter().map(|m| m.minor()).sum();
            let goods: i64 = landings.iter().map(|l| l.value.minor()).sum();
            let extra: i64 = costs.iter().map(|c| c.amount.minor()).sum();
            prop_assert_eq!(landed, goods + extra);
        }
    }
}
