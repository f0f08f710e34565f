//! Payments: what moved adds up, never more back than was taken, and the books know of all of it.

use std::collections::HashMap;

use super::{Checker, Seen};
use crate::entity::Word;
use crate::error::Result;
use crate::ids::EntityId;
use crate::ledger::Account;
use crate::money::{Currency, Money, MoneyError};
use crate::orders::Order;
use crate::payments::{Payment, PaymentTxn, TxnKind, TxnState};
use crate::storage::Tx;

pub(super) fn check(
    checker: &mut Checker,
    seen: &mut Seen,
    order: &Order,
    payment: &Payment,
    txns: &[PaymentTxn],
) {
    seen.payments.insert(payment.id);
    let currency = payment.captured.currency();
    checker.check("M2", currency == order.currency(), payment.id, || {
        format!("it is in {currency}, its order in {}", order.currency())
    });
    let mine: Vec<_> = txns.iter().filter(|txn| txn.payment_id == payment.id).collect();
    let sum = |kind: TxnKind| {
        let counted = mine
            .iter()
            .filter(|txn| txn.kind == kind && !matches!(txn.state, TxnState::Failed | TxnState::Reversed));
        Money::sum(currency, counted.map(|txn| txn.amount))
    };
    let disputed = || sum(TxnKind::Chargeback)?.minus(sum(TxnKind::ChargebackReversal)?);
    let counts: [(&str, Money, Result<Money, MoneyError>); 3] = [
        ("captured", payment.captured, sum(TxnKind::Capture)),
        ("refunded", payment.refunded, sum(TxnKind::Refund)),
        ("disputed", payment.disputed, disputed()),
    ];
    for (what, kept, counted) in counts {
        checker.check("M5", counted.as_ref() == Ok(&kept), payment.id, || {
            format!("{kept} {what}, its movements make {counted:?}")
        });
    }
    let held = payment.held();
    checker.check("M5", held.as_ref().is_ok_and(|held| !held.is_negative()), payment.id, || {
        format!("{} captured, {} refunded, {} disputed", payment.captured, payment.refunded, payment.disputed)
    });
    for txn in mine {
        if txn.state == TxnState::Initiated {
            seen.unsent.push(txn.id);
        }
        checker.check("M5", txn.amount.is_positive(), txn.id, || format!("it moves {}", txn.amount));
        let moves = !matches!(txn.kind, TxnKind::Auth | TxnKind::Void);
        if !moves || !matches!(txn.state, TxnState::Succeeded | TxnState::Reversed) {
            continue;
        }
        let posted = seen.posted.contains(&(txn.kind.as_str(), txn.id.as_u128()))
            || seen.posted.contains(&("past_sale", order.id.as_u128()));
        checker.check("L10", posted, txn.id, || format!("the books know nothing of this {}", txn.kind));
        let undone = txn.state != TxnState::Reversed || seen.posted.contains(&("reversed", txn.id.as_u128()));
        checker.check("L10", undone, txn.id, || "the books do not know that it was undone".into());
    }
}

/// What the orders have of their customers' money is what the books say.
pub(super) async fn deposits(
    tx: &mut Tx,
    checker: &mut Checker,
    mut deposits: HashMap<Currency, i128>,
) -> Result<()> {
    let mut booked: HashMap<Currency, i128> = HashMap::new();
    for money in tx.ledger().balance(&Account::CustomerDeposits.into()).await? {
        booked.insert(money.currency(), -i128::from(money.minor()));
    }
    booked.retain(|_, minor| *minor != 0);
    deposits.retain(|_, minor| *minor != 0);
    checker.check("L10", booked == deposits, Account::CustomerDeposits.as_str(), || {
        format!("the books say {booked:?}, the orders {deposits:?}")
    });
    Ok(())
}
