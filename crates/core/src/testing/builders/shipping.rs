use super::{at, id, int, pence, samples, whole, words};
use crate::orders::Order;
use crate::shipping::{
    Disposition, Fulfilment, FulfilmentState, ParcelLine, ReturnCase, ReturnLine, ReturnState,
};

samples! {
    Fulfilment on [Order] |parcel, n, full| Fulfilment {
        id: parcel,
        order_id: whole(n),
        lines: vec![ParcelLine { order_line_id: id(n), qty: int(n, 1) }],
        location_id: full.then(|| id(n)),
        carrier: full.then(|| words("carrier", n)),
        tracking: full.then(|| format!("track-{n}")),
        label_cost: full.then(|| pence(n, 2)),
        state: if full { FulfilmentState::Delivered } else { FulfilmentState::Planned },
        shipped_at: full.then(|| at(n, 3)),
        delivered_at: full.then(|| at(n, 4)),
        version: 1,
        created_at: at(n, 5),
    };
    ReturnCase on [Order] named |case, n, full| ReturnCase {
        id: case,
        number: int(n, 1),
        order_id: whole(n),
        lines: vec![ReturnLine {
            order_line_id: id(n),
            qty: int(n, 2),
            reason: words("reason", n),
            disposition: full.then_some(Disposition::Quarantine),
        }],
        state: if full { ReturnState::Inspected } else { ReturnState::Requested },
        version: 1,
        created_at: at(n, 3),
    };
}
