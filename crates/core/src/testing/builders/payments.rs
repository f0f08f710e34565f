use super::{at, day, pence, samples, whole, words};
use crate::listings::Channel;
use crate::orders::Order;
use crate::payments::{Payment, PaymentTxn, Payout, PayoutKind, PayoutLine, TxnKind, TxnState};

samples! {
    Payment on [Order] |id, n, full| Payment {
        id,
        order_id: whole(n),
        provider: words("provider", n),
        authorised: pence(4 * n, 1),
        captured: pence(3 * n, 9),
        refunded: pence(n, 2),
        disputed: pence(n, 3),
        version: 1,
        created_at: at(n, 4),
    };
    PaymentTxn on [Payment] |id, n, full| PaymentTxn {
        id,
        payment_id: whole(n),
        kind: if full { TxnKind::Refund } else { TxnKind::ChargebackReversal },
        amount: pence(n, 1),
        state: if full { TxnState::Pending } else { TxnState::Unknown },
        provider_ref: full.then(|| format!("theirs-{n}")),
        note: full.then(|| words("note", n)),
        return_url: full.then(|| format!("https://shop.example/{n}")),
        page_url: full.then(|| format!("https://bank.example/{n}")),
        version: 1,
        created_at: at(n, 2),
    };
    Payout on [Channel] named |id, n, full| Payout {
        id,
        channel_id: whole(n),
        external_id: format!("payout {n}"),
        amount: pence(n, 1),
        lines: vec![PayoutLine {
            kind: if full { PayoutKind::Sale } else { PayoutKind::Fee },
            amount: pence(n, 2),
            order_external_id: full.then(|| format!("theirs {n}")),
        }],
        residue: pence(n, -3),
        at: at(n, 4),
        business_date: day(n, 5),
    };
}
