//! Stock: levels are what moved, what is promised is promised to somebody, and what is here has its cost.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Checker, OpenLine, Pages, Seen};
use crate::catalog::{ItemStatus, VariantKind};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{CheckoutId, EntityId, ItemId, LocationId, OrderLineId, VariantId};
use crate::inventory::{CostLayer, HoldOwner, Reservation, ReservationState, StockLevel, StockMove};
use crate::ledger::{Account, AccountCode};
use crate::money::Currency;
use crate::storage::Tx;

type Places = BTreeMap<(VariantId, LocationId), i64>;

/// What reservations hold, seen from each side.
#[derive(Default)]
struct Held {
    at: Places,
    items: HashSet<ItemId>,
    of_line: HashMap<(OrderLineId, VariantId), i64>,
}

pub(super) async fn check(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen, now: Timestamp) -> Result<()> {
    let moved = moves(tx).await?;
    let held = holds(tx, checker, seen, now).await?;
    promises(checker, seen, &held.of_line);
    let here = levels(tx, checker, seen, moved, held.at).await?;
    let layered = layers(tx, checker).await?;
    variants(checker, seen, &here, &layered);
    items(checker, seen, &here, &held.items);
    Ok(())
}

async fn moves(tx: &mut Tx) -> Result<Places> {
    let mut moved = Places::new();
    let mut pages = Pages::new();
    while let Some(moves) = pages.next::<StockMove>(tx).await? {
        for step in moves {
            *moved.entry((step.variant_id, step.location_id)).or_default() += step.d_on_hand;
        }
    }
    Ok(moved)
}

async fn holds(tx: &mut Tx, checker: &mut Checker, seen: &Seen, now: Timestamp) -> Result<Held> {
    let mut held = Held::default();
    let mut pages = Pages::new();
    while let Some(reservations) = pages.next::<Reservation>(tx).await? {
        for hold in reservations {
            checker.check("I2", hold.qty > 0, hold.id, || format!("it holds {}", hold.qty));
            if hold.state != ReservationState::Held {
                continue;
            }
            *held.at.entry((hold.variant_id, hold.location_id)).or_default() += hold.qty;
            if let Some(item) = hold.item_id {
                checker.check("I7", held.items.insert(item), hold.id, || format!("{item} is promised twice"));
            }
            // What has run out may wait for the sweep that lets it go.
            let run_out = hold.expires_at.is_some_and(|at| at <= now);
            let wanted = match hold.owner {
                HoldOwner::OrderLine => OrderLineId::parse(&hold.owner_id).is_ok_and(|line| {
                    *held.of_line.entry((line, hold.variant_id)).or_default() += hold.qty;
                    seen.open.contains_key(&line)
                }),
                HoldOwner::Checkout => CheckoutId::parse(&hold.owner_id)
                    .is_ok_and(|id| run_out || seen.checkouts.get(&id) == Some(&true)),
                HoldOwner::Transfer | HoldOwner::ManualHold => true,
            };
            checker.check("I2", wanted, hold.id, || {
                format!("it holds {} for the {} {}, which needs nothing", hold.qty, hold.owner, hold.owner_id)
            });
            let lasting = hold.owner == HoldOwner::Checkout && hold.expires_at.is_none();
            checker.check("I9", !lasting, hold.id, || "a checkout holds stock for ever".into());
        }
    }
    Ok(held)
}

/// Every line that waits is promised what it waits for.
fn promises(checker: &mut Checker, seen: &Seen, held: &HashMap<(OrderLineId, VariantId), i64>) {
    for (line, OpenLine { variant, units, promised }) in &seen.open {
        let whole = [(*variant, 1)];
        let parts = match seen.bundles.get(variant) {
            Some(parts) => parts.as_slice(),
            None => &whole,
        };
        for (part, each) in parts {
            let due = each * units;
            let has = held.get(&(*line, *part)).copied().unwrap_or(0);
            checker.check("I2", has == due || (!promised && has == 0), line, || {
                format!("{due} of {part} wait to be sent, {has} are promised")
            });
        }
    }
}

async fn levels(
    tx: &mut Tx,
    checker: &mut Checker,
    seen: &mut Seen,
    mut moved: Places,
    mut held: Places,
) -> Result<Places> {
    let mut here = Places::new();
    let mut places = HashSet::new();
    let mut pages = Pages::new();
    while let Some(levels) = pages.next::<StockLevel>(tx).await? {
        for level in levels {
            let key = (level.variant_id, level.location_id);
            checker.check("I3", places.insert(key), level.id, || "its place has two levels of it".into());
            let in_range =
                level.on_hand >= 0 && level.reserved >= 0 && level.incoming >= 0 && level.available() >= 0;
            checker.check("I1", in_range, level.id, || {
                format!("{} on hand, {} reserved, {} incoming", level.on_hand, level.reserved, level.incoming)
            });
            let held = held.remove(&key).unwrap_or(0);
            checker.check("I2", held == level.reserved, level.id, || {
                format!("{} reserved, but reservations hold {held}", level.reserved)
            });
            let moved = moved.remove(&key).unwrap_or(0);
            checker.check("I3", moved == level.on_hand, level.id, || {
                format!("{} on hand, but moves add up to {moved}", level.on_hand)
            });
            let expected = seen.expected.remove(&key).unwrap_or(0);
            checker.check("I3", expected == level.incoming, level.id, || {
                format!("{} incoming, but purchases expect {expected}", level.incoming)
            });
            *here.entry(key).or_default() += level.on_hand;
            if seen.locations.get(&level.location_id) == Some(&true) {
                *seen.available.entry(level.variant_id).or_default() += level.available().max(0);
            }
        }
    }
    for (what, mut rest) in
        [("held", held), ("moved", moved), ("expected", std::mem::take(&mut seen.expected))]
    {
        rest.retain(|_, units| *units != 0);
        let one = rest.keys().next().map(|(variant, place)| format!("{variant} at {place}"));
        let invariant = if what == "held" { "I2" } else { "I3" };
        checker.check(invariant, one.is_none(), "levels", || {
            format!("units are {what} where there is no level: {one:?}")
        });
    }
    Ok(here)
}

async fn layers(tx: &mut Tx, checker: &mut Checker) -> Result<HashMap<VariantId, i64>> {
    let mut layered: HashMap<VariantId, i64> = HashMap::new();
    let mut value: BTreeMap<Currency, i128> = BTreeMap::new();
    let mut pages = Pages::new();
    while let Some(layers) = pages.next::<CostLayer>(tx).await? {
        for layer in layers {
            let whole = layer.qty_left == layer.qty_in;
            let fine = (0..=layer.qty_in).contains(&layer.qty_left)
                && (0..=layer.cost_in.minor()).contains(&layer.cost_left.minor())
                && layer.cost_in.currency() == layer.cost_left.currency()
                && (layer.qty_left > 0 || layer.cost_left.is_zero())
                && (!whole || layer.cost_left == layer.cost_in);
            checker.check("L5", fine, layer.id, || {
                let CostLayer { qty_in, qty_left, cost_in, cost_left, .. } = layer;
                format!("{qty_left} of {qty_in} units with {cost_left} of {cost_in} are left")
            });
            *layered.entry(layer.variant_id).or_default() += layer.qty_left;
            *value.entry(layer.cost_left.currency()).or_default() += i128::from(layer.cost_left.minor());
        }
    }
    let inventory = AccountCode::from(Account::Inventory);
    let mut booked: BTreeMap<Currency, i128> = BTreeMap::new();
    for money in tx.ledger().balance(&inventory).await? {
        booked.insert(money.currency(), i128::from(money.minor()));
    }
    booked.retain(|_, minor| *minor != 0);
    value.retain(|_, minor| *minor != 0);
    checker.check("L5", booked == value, inventory.as_str(), || {
        format!("the books say {booked:?}, the cost layers {value:?}")
    });
    Ok(layered)
}

fn variants(checker: &mut Checker, seen: &Seen, here: &Places, layered: &HashMap<VariantId, i64>) {
    let mut on_hand: HashMap<VariantId, i64> = HashMap::new();
    for ((variant, _), units) in here {
        *on_hand.entry(*variant).or_default() += units;
    }
    let with_item: HashSet<_> = seen.items.values().map(|item| item.variant).collect();
    for (id, variant) in &seen.variants {
        let here = on_hand.get(id).copied().unwrap_or(0);
        let costed = layered.get(id).copied().unwrap_or(0);
        checker.check("L5", here == costed, id, || format!("{here} on hand, but cost layers hold {costed}"));
        match variant.kind {
            VariantKind::Unique => {
                checker.check("I7", (0..=1).contains(&here), id, || format!("{here} of a unique thing"));
                checker.check("I7", with_item.contains(id), id, || "it has no thing".into());
            }
            VariantKind::Bundle => {
                checker.check("I8", here == 0, id, || format!("{here} of a bundle on hand"));
                checker.check("I8", seen.bundles.contains_key(id), id, || "a bundle of nothing".into());
            }
            VariantKind::Stocked => {}
        }
    }
}

fn items(checker: &mut Checker, seen: &Seen, here: &Places, held: &HashSet<ItemId>) {
    for (id, item) in &seen.items {
        let lies = here.get(&(item.variant, item.location)).copied().unwrap_or(0);
        let should = matches!(item.status, ItemStatus::InStock | ItemStatus::Reserved);
        checker.check("I7", should == (lies == 1), id, || {
            format!("it is {}, and {lies} are where it should lie", item.status)
        });
        let promised = held.contains(id);
        checker.check("I7", promised == (item.status == ItemStatus::Reserved), id, || {
            format!("it is {}, and {} promised", item.status, if promised { "is" } else { "is not" })
        });
        let sold = seen.sold.contains(id);
        checker.check("I7", sold == (item.status == ItemStatus::Sold), id, || {
            format!("it is {}, and {} sent", item.status, if sold { "was" } else { "was not" })
        });
    }
}
