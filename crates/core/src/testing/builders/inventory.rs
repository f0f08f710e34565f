use super::{at, day, id, int, pence, samples, whole, words};
use crate::catalog::Variant;
use crate::inventory::{
    CostLayer, HoldOwner, Location, LocationKind, MoveReason, Reservation, ReservationState, StockLevel,
    StockMove,
};

samples! {
    Location on [] named |id, n, full| Location {
        id,
        name: format!("place {n}"),
        kind: if full { LocationKind::ThirdParty } else { LocationKind::Quarantine },
        sellable: full,
        priority: int(n, 1),
        version: 1,
    };
    StockLevel on [Variant, Location] named |level, n, full| StockLevel {
        id: level,
        variant_id: whole(n),
        location_id: id(n),
        on_hand: int(n, 4),
        reserved: int(n, 3),
        incoming: int(n, 2),
        backorder_limit: int(n, 1),
    };
    StockMove on [Variant, Location] |step, n, full| StockMove {
        id: step,
        variant_id: whole(n),
        item_id: full.then(|| id(n)),
        location_id: id(n),
        d_on_hand: -int(n, 1),
        d_reserved: int(n, 2),
        reason: if full { MoveReason::Shipment } else { MoveReason::Opening },
        reference: full.then(|| words("reference", n)),
        actor: words("actor", n),
        at: at(n, 3),
        business_date: day(n, 4),
    };
    Reservation on [Variant, Location] named |hold, n, full| Reservation {
        id: hold,
        variant_id: whole(n),
        item_id: full.then(|| id(n)),
        location_id: id(n),
        qty: int(n, 1),
        owner: if full { HoldOwner::Checkout } else { HoldOwner::ManualHold },
        owner_id: words("owner", n),
        state: if full { ReservationState::Held } else { ReservationState::Expired },
        expires_at: full.then(|| at(n, 2)),
        version: 1,
        created_at: at(n, 3),
    };
    CostLayer on [Variant] |layer, n, full| CostLayer {
        id: layer,
        variant_id: whole(n),
        item_id: full.then(|| id(n)),
        qty_in: int(n, 2),
        qty_left: if full { int(n, 1) } else { 0 },
        cost_in: pence(n, 4),
        cost_left: if full { pence(n, 3) } else { pence(0, 0) },
        source: words("source", n),
        received_at: at(n, 5),
        version: 1,
    };
}
