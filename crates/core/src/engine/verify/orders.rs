//! Orders: their sums, their lines, and what was sent, came back and was earned of each.

use std::collections::{HashMap, HashSet};

use super::{Checker, OpenLine, Pages, Seen, payments};
use crate::accounts::Series;
use crate::entity::Part;
use crate::error::Result;
use crate::ids::{CouponId, EntityId, OrderId, OrderLineId};
use crate::ledger::{Account, Posting};
use crate::money::{Currency, Money};
use crate::orders::{
    CheckoutSession, CheckoutState, Coupon, Customer, Order, OrderAdjustment, OrderLine, OrderState,
    Promotion, Redemption, totals,
};
use crate::payments::{Payment, PaymentTxn};
use crate::shipping::{Disposition, Fulfilment, FulfilmentState, ReturnCase, ReturnState};
use crate::storage::Tx;

/// Everything that belongs to one page of orders.
struct Papers {
    lines: Vec<OrderLine>,
    adjustments: Vec<OrderAdjustment>,
    parcels: Vec<Fulfilment>,
    returns: Vec<ReturnCase>,
    redemptions: Vec<Redemption>,
    postings: HashMap<OrderLineId, Vec<Posting>>,
}

pub(super) async fn check(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen) -> Result<()> {
    people_and_promotions(tx, seen).await?;
    let mut deposits: HashMap<Currency, i128> = HashMap::new();
    let mut used: HashMap<CouponId, i64> = HashMap::new();
    let mut names = HashSet::new();
    let mut pages = Pages::new();
    while let Some(orders) = pages.next::<Order>(tx).await? {
        let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
        let papers = gather(tx, &ids).await?;
        let paid = tx.parts_of_all::<Payment>(&ids).await?;
        let payment_ids: Vec<_> = paid.iter().map(|payment| payment.id).collect();
        let txns = tx.parts_of_all::<PaymentTxn>(&payment_ids).await?;
        for order in &orders {
            seen.orders.insert(order.id);
            seen.number(checker, Series::Order, order.number, order.id);
            *deposits.entry(order.currency()).or_default() += i128::from(order.deposit.minor());
            if let (Some(channel), Some(name)) = (order.channel_id, &order.external_id) {
                checker.check("C6", names.insert((channel, name.clone())), order.id, || {
                    format!("its channel's order {name} came in twice")
                });
            }
            one_order(checker, seen, order, &papers);
            for payment in of(&paid, order.id) {
                payments::check(checker, seen, order, payment, &txns);
            }
        }
        for redemption in &papers.redemptions {
            *used.entry(redemption.coupon_id).or_default() += 1;
        }
        for case in &papers.returns {
            seen.number(checker, Series::Return, case.number, case.id);
        }
    }
    payments::deposits(tx, checker, deposits).await?;
    coupons(tx, checker, seen, &used).await?;
    checkouts(tx, checker, seen).await
}

async fn people_and_promotions(tx: &mut Tx, seen: &mut Seen) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(customers) = pages.next::<Customer>(tx).await? {
        seen.customers.extend(customers.iter().map(|customer| customer.id));
    }
    let mut pages = Pages::new();
    while let Some(promotions) = pages.next::<Promotion>(tx).await? {
        seen.promotions.extend(promotions.iter().map(|promotion| promotion.id));
    }
    Ok(())
}

async fn gather(tx: &mut Tx, orders: &[OrderId]) -> Result<Papers> {
    let lines = tx.parts_of_all::<OrderLine>(orders).await?;
    let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
    let mut postings: HashMap<OrderLineId, Vec<Posting>> = HashMap::new();
    for posting in tx.ledger().postings_of_lines(&ids).await? {
        if let Some(line) = posting.order_line_id {
            postings.entry(line).or_default().push(posting);
        }
    }
    Ok(Papers {
        lines,
        adjustments: tx.parts_of_all::<OrderAdjustment>(orders).await?,
        parcels: tx.parts_of_all::<Fulfilment>(orders).await?,
        returns: tx.parts_of_all::<ReturnCase>(orders).await?,
        redemptions: tx.parts_of_all::<Redemption>(orders).await?,
        postings,
    })
}

fn of<E: Part<Whole = OrderId>>(parts: &[E], order: OrderId) -> impl Iterator<Item = &E> {
    parts.iter().filter(move |part| part.whole() == order)
}

fn one_order(checker: &mut Checker, seen: &mut Seen, order: &Order, papers: &Papers) {
    let mine: Vec<_> = of(&papers.lines, order.id).cloned().collect();
    checker.check("O3", !mine.is_empty(), order.id, || "it has no lines".into());
    let sums = totals(&mine, order.shipping);
    let same = sums.as_ref().is_ok_and(|sums| {
        (sums.goods, sums.tax, sums.facilitator_tax, sums.total, sums.discount)
            == (order.goods, order.tax, order.facilitator_tax, order.total, order.discount)
    });
    checker.check("M3", same, order.id, || format!("its total is {}, its lines make {sums:?}", order.total));
    let adjustments = of(&papers.adjustments, order.id).map(|adjustment| adjustment.amount);
    let adjusted = Money::sum(order.currency(), adjustments);
    checker.check("M3", adjusted.as_ref() == Ok(&order.adjusted), order.id, || {
        format!("it is adjusted by {}, its adjustments make {adjusted:?}", order.adjusted)
    });
    let redeemed = of(&papers.redemptions, order.id).map(|redemption| redemption.amount);
    let redeemed = Money::sum(order.currency(), redeemed);
    let granted = redeemed.as_ref().is_ok_and(|sum| sum.is_zero() || *sum == order.discount);
    checker.check("M4", granted, order.id, || {
        format!("coupons took {redeemed:?} off, its lines {}", order.discount)
    });
    let open: i64 = mine.iter().map(OrderLine::open).sum();
    let done = matches!(order.state, OrderState::Completed | OrderState::Cancelled);
    checker.check("O1", done == (open == 0), order.id, || {
        format!("it is {}, with {open} units open", order.state)
    });
    let sent: i64 = mine.iter().map(|line| line.fulfilled).sum();
    checker.check("O1", order.state != OrderState::Cancelled || sent == 0, order.id, || {
        format!("it is cancelled, but {sent} units were sent")
    });
    for line in &mine {
        seen.lines.insert(line.id);
        if line.open() > 0 {
            let promised = matches!(order.state, OrderState::Placed | OrderState::Confirmed);
            let open = OpenLine { variant: line.variant_id, units: line.open(), promised };
            seen.open.insert(line.id, open);
        }
        one_line(checker, line);
        travels(checker, seen, order, line, papers);
        earned(checker, line, papers.postings.get(&line.id).map_or(&[], Vec::as_slice));
    }
}

fn one_line(checker: &mut Checker, line: &OrderLine) {
    let counts = line.open() >= 0 && line.fulfilled >= 0 && line.cancelled >= 0;
    let fine = counts && (0..=line.fulfilled).contains(&line.returned) && line.qty > 0;
    checker.check("O1", fine, line.id, || {
        let OrderLine { qty, fulfilled, cancelled, returned, .. } = line;
        format!("{qty} ordered, {fulfilled} sent, {cancelled} called off, {returned} returned")
    });
    let net = line.net();
    checker.check("M6", net.as_ref().is_ok_and(|net| !net.is_negative()), line.id, || {
        format!("after its discount it is worth {net:?}")
    });
}

/// What was sent of a line is in parcels, and what came back in returns.
fn travels(checker: &mut Checker, seen: &mut Seen, order: &Order, line: &OrderLine, papers: &Papers) {
    let mut parcels = of(&papers.parcels, order.id).peekable();
    // Sales of the past were taken in without their parcels.
    let past = parcels.peek().is_none()
        && (seen.posted.contains(&("past_sale", order.id.as_u128())) || order.total.is_zero());
    let left = parcels.filter(|parcel| {
        !matches!(
            parcel.state,
            FulfilmentState::Planned | FulfilmentState::Packed | FulfilmentState::Cancelled
        )
    });
    let sent: i64 = left
        .flat_map(|parcel| &parcel.lines)
        .filter(|part| part.order_line_id == line.id)
        .map(|part| part.qty)
        .sum();
    checker.check("O1", past || sent == line.fulfilled, line.id, || {
        format!("{} sent, but its parcels hold {sent}", line.fulfilled)
    });
    let looked_at = of(&papers.returns, order.id)
        .filter(|case| matches!(case.state, ReturnState::Inspected | ReturnState::Closed));
    let back: i64 = looked_at
        .flat_map(|case| &case.lines)
        .filter(|part| part.order_line_id == line.id && part.disposition != Some(Disposition::KeepWithBuyer))
        .map(|part| part.qty)
        .sum();
    checker.check("I10", back == line.returned, line.id, || {
        format!("{} came back, but its returns hold {back}", line.returned)
    });
    let Some(item) = line.item_id else { return };
    if line.fulfilled > 0 && line.returned == 0 {
        checker.check("I7", seen.sold.insert(item), item, || "it was sent twice, and never came back".into());
    }
}

/// The books know what was earned with a line, to the minor unit.
fn earned(checker: &mut Checker, line: &OrderLine, postings: &[Posting]) {
    let sum = |account: Account, currency: Currency| {
        let account = account.into();
        let amounts = postings.iter().filter(|posting| posting.account == account);
        Money::sum(currency, amounts.map(|posting| posting.amount))
    };
    let currency = line.unit_price.currency();
    for (account, whole) in [(Account::Sales, line.net()), (Account::TaxPayable, line.tax())] {
        let part = whole.and_then(|whole| line.part_of(whole, 0, line.fulfilled)).and_then(Money::negated);
        let booked = sum(account, currency);
        checker.check("L8", part.is_ok() && booked == part, line.id, || {
            format!("{account} has {booked:?} of it, {part:?} is due for what was sent")
        });
    }
    let cost = sum(Account::CostOfGoods, line.cost_at_sale.currency());
    let fine = cost.as_ref().is_ok_and(|cost| {
        if line.returned == 0 {
            *cost == line.cost_at_sale
        } else {
            (0..=line.cost_at_sale.minor()).contains(&cost.minor())
        }
    });
    checker.check("L9", fine, line.id, || {
        format!("it cost {}, the books say {cost:?} with {} returned", line.cost_at_sale, line.returned)
    });
}

async fn coupons(
    tx: &mut Tx,
    checker: &mut Checker,
    seen: &mut Seen,
    used: &HashMap<CouponId, i64>,
) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(coupons) = pages.next::<Coupon>(tx).await? {
        for coupon in coupons {
            seen.coupons.insert(coupon.id);
            let orders = used.get(&coupon.id).copied().unwrap_or(0);
            let fine = coupon.used == orders && coupon.used <= coupon.max_uses;
            checker.check("M4", fine, coupon.id, || {
                format!("used {} of {} times, by {orders} orders", coupon.used, coupon.max_uses)
            });
        }
    }
    Ok(())
}

async fn checkouts(tx: &mut Tx, checker: &mut Checker, seen: &mut Seen) -> Result<()> {
    let mut pages = Pages::new();
    while let Some(sessions) = pages.next::<CheckoutSession>(tx).await? {
        for session in sessions {
            let became = session.order_id.is_some_and(|order| seen.orders.contains(&order));
            let fine = became == (session.state == CheckoutState::Completed);
            checker.check("O4", fine, session.id, || {
                format!("it is {}, its order is {:?}", session.state, session.order_id)
            });
            seen.checkouts.insert(session.id, !session.state.is_final());
        }
    }
    Ok(())
}
