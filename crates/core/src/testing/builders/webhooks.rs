use super::{at, id as numbered, int, samples, whole, words};
use crate::outbox::Event;
use crate::webhooks::{Attempt, Delivery, DeliveryState, Endpoint, EndpointState};

samples! {
    Endpoint on [] |id, n, full| Endpoint {
        id,
        url: words("url", n),
        events: if full { vec![words("event", n), "*".into()] } else { Vec::new() },
        state: if full { EndpointState::Active } else { EndpointState::Disabled },
        problem: full.then(|| words("problem", n)),
        failing_since: full.then(|| at(n, 1)),
        sealed: format!("sealed {n}"),
        sealed_before: full.then(|| format!("before {n}")),
        before_until: full.then(|| at(n, 2)),
        version: 1,
        created_at: at(n, 3),
    };
    Delivery on [Endpoint, Event] named |id, n, full| Delivery {
        id,
        endpoint_id: whole(n),
        event_id: numbered(n),
        subject: words("subject", n),
        state: if full { DeliveryState::Waiting } else { DeliveryState::Failed },
        tries: int(n, 1),
        next_at: at(n, 2),
        attempts: if full {
            vec![Attempt { at: at(n, 3), status: Some(500), problem: Some(words("problem", n)) }]
        } else {
            Vec::new()
        },
        version: 1,
        created_at: at(n, 4),
    };
}
