use super::{CostLayer, Stock, StockLevel};
use crate::error::{Error, Fault, Kind, Result};
use crate::ids::LocationId;
use crate::money::{Currency, Money, MoneyError, Rounding};

/// The largest quantity of one thing in one request.
pub const MAX_QTY: i64 = 1_000_000_000;

/// What can go wrong with stock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// Not enough is here.
    #[error(
        "only {available} of {sku:?} can be had, {requested} were asked for: lower the quantity or restock"
    )]
    Insufficient {
        /// The SKU.
        sku: String,
        /// How many were asked for.
        requested: i64,
        /// How many can be had.
        available: i64,
    },
    /// The cost of what leaves is not known.
    #[error("{missing} of {sku:?} have no cost layer: the books would be wrong; run verify")]
    NoCost {
        /// The SKU.
        sku: String,
        /// How many lack a cost.
        missing: i64,
    },
}

impl Fault for StockError {
    fn kind(&self) -> Kind {
        match self {
            Self::Insufficient { .. } => Kind::Conflict,
            Self::NoCost { .. } => Kind::Internal,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Insufficient { .. } => "inventory.insufficient_stock",
            Self::NoCost { .. } => "inventory.no_cost",
        }
    }
}

/// Refuses quantities that are not 1 to [`MAX_QTY`].
pub fn check_qty(field: &'static str, qty: i64) -> Result<()> {
    if (1..=MAX_QTY).contains(&qty) {
        return Ok(());
    }
    Err(Error::invalid(field, qty, "choose a whole number from 1 to 1,000,000,000"))
}

impl StockLevel {
    /// How many an order can take here.
    pub fn available(&self) -> i64 {
        self.on_hand.saturating_add(self.backorder_limit).saturating_sub(self.reserved)
    }
}

/// How many of a variant an order can take, over all places that sell.
pub fn available(stock: &[Stock]) -> i64 {
    stock.iter().filter(|here| here.place.sellable).map(|here| here.level.available().max(0)).sum()
}

/// From where to take `qty` of a variant: all from the first place (by priority, then name) that has them all,
/// otherwise from several if `split` is allowed. `None` when it cannot be done.
pub fn allocate(stock: &[Stock], qty: i64, split: bool) -> Option<Vec<(LocationId, i64)>> {
    let mut places: Vec<&Stock> =
        stock.iter().filter(|here| here.place.sellable && here.level.available() > 0).collect();
    places.sort_by(|a, b| {
        a.place.priority.cmp(&b.place.priority).then_with(|| a.place.name.cmp(&b.place.name))
    });
    if let Some(here) = places.iter().find(|here| here.level.available() >= qty) {
        return Some(vec![(here.place.id, qty)]);
    }
    if !split {
        return None;
    }
    let mut left = qty;
    let mut parts = Vec::new();
    for here in places {
        let part = here.level.available().min(left);
        parts.push((here.place.id, part));
        left -= part;
        if left == 0 {
            return Some(parts);
        }
    }
    None
}

impl CostLayer {
    /// Takes `qty` out, with their share of the cost; the last unit takes what is left to the cent.
    pub fn take(&mut self, qty: i64) -> Result<Money, MoneyError> {
        let cost = if qty >= self.qty_left {
            self.cost_left
        } else {
            self.cost_left.share(qty, self.qty_left, Rounding::HalfEven)?
        };
        self.qty_left -= qty.min(self.qty_left);
        self.cost_left = self.cost_left.minus(cost)?;
        Ok(cost)
    }
}

/// Takes `qty` out of the layers, oldest first.
pub fn consume(layers: &mut [CostLayer], qty: i64, currency: Currency) -> Result<Consumed> {
    let mut left = qty;
    let mut cost = currency.zero();
    let mut changed = Vec::new();
    for (index, layer) in layers.iter_mut().enumerate() {
        let part = layer.qty_left.min(left);
        if part > 0 {
            cost = cost.plus(layer.take(part)?)?;
            left -= part;
            changed.push(index);
        }
    }
    Ok(Consumed { cost, changed, missing: left })
}

/// What [`consume`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumed {
    /// What the units taken cost.
    pub cost: Money,
    /// The layers that changed, by index.
    pub changed: Vec<usize>,
    /// How many units had no layer.
    pub missing: i64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::Timestamp;
    use crate::ids::{EntityId, LayerId, LevelId, VariantId};
    use crate::inventory::{Location, LocationKind};

    fn place(n: u128, priority: i64) -> Location {
        Location {
            id: LocationId::from_u128(n),
            name: format!("place {n}"),
            kind: LocationKind::Storage,
            sellable: n != 9,
            priority,
            version: 1,
        }
    }

    fn level(at: u128, on_hand: i64, reserved: i64) -> StockLevel {
        StockLevel {
            id: LevelId::from_u128(at),
            variant_id: VariantId::from_u128(1),
            location_id: LocationId::from_u128(at),
            on_hand,
            reserved,
            incoming: 0,
            backorder_limit: 0,
        }
    }

    fn layer(qty: i64, cost: i64) -> CostLayer {
        let cost = Money::new(cost, Currency::GBP);
        CostLayer {
            id: LayerId::from_u128(1),
            variant_id: VariantId::from_u128(1),
            item_id: None,
            qty_in: qty,
            qty_left: qty,
            cost_in: cost,
            cost_left: cost,
            source: String::new(),
            received_at: Timestamp::from_micros(0),
            version: 1,
        }
    }

    #[test]
    fn one_location_is_preferred_over_many() {
        let stock = [
            Stock { level: level(1, 3, 1), place: place(1, 0) },
            Stock { level: level(2, 5, 0), place: place(2, 1) },
            Stock { level: level(9, 100, 0), place: place(9, -1) },
        ];
        let take = |qty, split| allocate(&stock, qty, split);
        let id = LocationId::from_u128;
        assert_eq!(take(2, false), Some(vec![(id(1), 2)]));
        assert_eq!(take(4, false), Some(vec![(id(2), 4)]));
        assert_eq!(take(6, false), None);
        assert_eq!(take(6, true), Some(vec![(id(1), 2), (id(2), 4)]));
        assert_eq!(take(8, true), None, "quarantined stock is not sold");
        assert_eq!(available(&stock), 7);
    }

    #[test]
    fn places_are_asked_by_priority_and_then_by_name() {
        let at = |n, priority| Stock { level: level(n, 4, 0), place: place(n, priority) };
        let stock = [at(3, 1), at(2, 0), at(4, 2), at(1, 0)];
        let id = LocationId::from_u128;
        assert_eq!(allocate(&stock, 4, false), Some(vec![(id(1), 4)]));
        let all = vec![(id(1), 4), (id(2), 4), (id(3), 4), (id(4), 4)];
        assert_eq!(allocate(&stock, 16, true), Some(all));
    }

    #[test]
    fn a_quantity_is_one_to_a_billion() {
        for (qty, fits) in [(0, false), (1, true), (MAX_QTY, true), (MAX_QTY + 1, false)] {
            assert_eq!(check_qty("qty", qty).is_ok(), fits, "{qty}");
        }
    }

    #[test]
    fn what_stock_lacks_is_named() {
        let few = StockError::Insufficient { sku: "MUG".into(), requested: 2, available: 1 };
        let no_cost = StockError::NoCost { sku: "MUG".into(), missing: 1 };
        assert_eq!((few.kind(), few.code()), (Kind::Conflict, "inventory.insufficient_stock"));
        assert_eq!((no_cost.kind(), no_cost.code()), (Kind::Internal, "inventory.no_cost"));
    }

    #[test]
    fn no_layer_gives_more_than_it_has() {
        let mut of_three = layer(3, 100);
        assert_eq!(of_three.take(5).unwrap(), Money::new(100, Currency::GBP));
        assert_eq!((of_three.qty_left, of_three.cost_left.minor()), (0, 0));
    }

    #[test]
    fn the_oldest_layers_are_taken_first_and_only_they_change() {
        let mut layers = [layer(2, 20), layer(3, 60), layer(1, 30)];
        let mut take = |qty| consume(&mut layers, qty, Currency::GBP).unwrap();
        let of = |cost, changed: &[usize], missing| Consumed {
            cost: Money::new(cost, Currency::GBP),
            changed: changed.to_vec(),
            missing,
        };
        assert_eq!(take(2), of(20, &[0], 0));
        assert_eq!(take(1), of(20, &[1], 0));
        assert_eq!(take(5), of(70, &[1, 2], 2));
        assert_eq!(take(1), of(0, &[], 1));
    }

    proptest! {
        #[test]
        fn whatever_is_taken_the_cost_is_spent_exactly(
            stock in prop::collection::vec((1_i64..50, 0_i64..10_000), 1..5),
            steps in prop::collection::vec(1_i64..20, 1..60),
        ) {
            let mut layers: Vec<_> = stock.iter().map(|&(qty, cost)| layer(qty, cost)).collect();
            let whole: i64 = stock.iter().map(|(_, cost)| cost).sum();
            let mut spent = 0;
            for qty in steps {
                spent += consume(&mut layers, qty, Currency::GBP).unwrap().cost.minor();
                let left: i64 = layers.iter().map(|layer| layer.cost_left.minor()).sum();
                prop_assert_eq!(spent + left, whole);
                for layer in &layers {
                    prop_assert!(layer.qty_left >= 0 && !layer.cost_left.is_negative());
                    prop_assert!(layer.qty_left > 0 || layer.cost_left.is_zero());
                }
            }
        }

        #[test]
        fn an_allocation_takes_what_was_asked_and_no_more_than_is_there(
            stock in prop::collection::vec((0_i64..20, 0_i64..20), 1..6), qty in 1_i64..60, split: bool,
        ) {
            let stock: Vec<_> = stock.iter().enumerate().map(|(n, &(on_hand, reserved))| Stock {
                level: level(n as u128, on_hand, reserved.min(on_hand)),
                place: place(n as u128, i64::try_from(n % 3).unwrap()),
            }).collect();
            match allocate(&stock, qty, split) {
                Some(parts) => {
                    prop_assert_eq!(parts.iter().map(|(_, n)| n).sum::<i64>(), qty);
                    prop_assert!(split || parts.len() == 1);
                    for (place, n) in parts {
                        let here = stock.iter().find(|here| here.place.id == place).unwrap();
                        prop_assert!(n > 0 && n <= here.level.available());
                    }
                }
                None if split => prop_assert!(available(&stock) < qty),
                None => prop_assert!(stock.iter().all(|here| here.level.available() < qty)),
            }
        }
    }
}
