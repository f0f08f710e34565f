//! What was bought: orders, receipts, hauls, and what is still on its way.

use std::collections::BTreeMap;

use super::{Checker, Pages, Seen};
use crate::accounts::Series;
use crate::error::Result;
use crate::ids::{EntityId, PurchaseLineId};
use crate::money::Money;
use crate::purchasing::{
    Acquisition, AcquisitionLine, PurchaseLine, PurchaseOrder, PurchaseOrderState as State, Receipt, Supplier,
};
use crate::storage::Tx;

pub(super) async fn check(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(suppliers) = pages.next::<Supplier>(tx).await? {
        seen.suppliers.extend(suppliers.iter().map(|supplier| supplier.id));
    }
    let mut pages = Pages::new();
    while let Some(orders) = pages.next::<PurchaseOrder>(tx).await? {
        let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
        let lines = tx.parts_of_all::<PurchaseLine>(&ids).await?;
        let receipts = tx.parts_of_all::<Receipt>(&ids).await?;
        for order in orders {
            seen.purchase_orders.insert(order.id);
            seen.number(checker, Series::PurchaseOrder, order.number, order.id);
            let mine: Vec<_> = lines.iter().filter(|line| line.purchase_order_id == order.id).collect();
            let came = receipts.iter().filter(|receipt| receipt.purchase_order_id == order.id);
            one_order(checker, seen, &order, &mine, came);
        }
    }
    hauls(tx, checker, seen).await
}

fn one_order<'a>(
    checker: &mut Checker,
    seen: &mut Seen,
    order: &PurchaseOrder,
    lines: &[&PurchaseLine],
    receipts: impl Iterator<Item = &'a Receipt>,
) {
    let worth = lines.iter().try_fold(order.total.currency().zero(), |sum, line| {
        line.unit_cost.times(line.qty).and_then(|cost| sum.plus(cost))
    });
    checker.check("M3", worth.as_ref() == Ok(&order.total), order.id, || {
        format!("its total is {}, its lines make {worth:?}", order.total)
    });
    let mut came: BTreeMap<PurchaseLineId, i64> = BTreeMap::new();
    for receipt in receipts {
        let total = Money::sum(receipt.total.currency(), receipt.lines.iter().map(|line| line.cost));
        checker.check("M4", total.as_ref() == Ok(&receipt.total), receipt.id, || {
            format!("its total is {}, its lines make {total:?}", receipt.total)
        });
        if !receipt.total.is_zero() {
            seen.due.push(("receipt", receipt.id.as_u128(), receipt.id.to_string()));
        }
        for line in &receipt.lines {
            *came.entry(line.purchase_line_id).or_default() += line.qty;
        }
    }
    let expects = matches!(order.state, State::Submitted | State::Acknowledged | State::PartReceived);
    for line in lines {
        let received = came.remove(&line.id).unwrap_or(0);
        let fine = line.qty > 0 && line.received >= 0 && line.cancelled >= 0;
        checker.check("O1", fine && received == line.received, line.id, || {
            let PurchaseLine { qty, received: said, cancelled, .. } = line;
            format!("{qty} ordered, {said} received, {cancelled} called off, but receipts hold {received}")
        });
        if expects && line.outstanding() > 0 {
            *seen.expected.entry((line.variant_id, order.location_id)).or_default() += line.outstanding();
        }
    }
    let stray = came.keys().next().map(ToString::to_string);
    checker.check("O4", stray.is_none(), order.id, || {
        format!("goods came for a line that it does not have: {stray:?}")
    });
    let open: i64 = lines.iter().map(|line| line.outstanding()).sum();
    let done = matches!(order.state, State::Received | State::Closed);
    checker.check("O1", !done || open == 0, order.id, || {
        format!("it is {}, with {open} units to come", order.state)
    });
}

async fn hauls(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(hauls) = pages.next::<Acquisition>(tx).await? {
        let ids: Vec<_> = hauls.iter().map(|haul| haul.id).collect();
        let lines = tx.parts_of_all::<AcquisitionLine>(&ids).await?;
        for haul in hauls {
            seen.acquisitions.insert(haul.id);
            seen.number(checker, Series::Acquisition, haul.number, haul.id);
            if !haul.total_paid.is_zero() {
                seen.due.push(("acquisition", haul.id.as_u128(), haul.id.to_string()));
            }
            let mine = lines.iter().filter(|line| line.acquisition_id == haul.id);
            let shared = Money::sum(haul.total_paid.currency(), mine.map(|line| line.allocated_cost));
            checker.check("M4", shared.as_ref() == Ok(&haul.total_paid), haul.id, || {
                format!("{} was paid, its things share {shared:?}", haul.total_paid)
            });
        }
    }
    Ok(())
}
