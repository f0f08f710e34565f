use super::{at, samples, whole, words};
use crate::connections::{Ability, Connection, ConnectionState, DataKey, Hint};

samples! {
    Connection on [] named |id, n, full| Connection {
        id,
        service: words("service", n),
        state: if full { ConnectionState::Active } else { ConnectionState::Pending },
        account: full.then(|| format!("acct_{n}")),
        live: full,
        abilities: if full { vec![Ability { name: words("ability", n), allowed: true }] } else { Vec::new() },
        problem: full.then(|| words("problem", n)),
        sealed: full.then(|| format!("sealed {n}")),
        candidate: full.then(|| format!("candidate {n}")),
        checked_at: full.then(|| at(n, 1)),
        heard_until: full.then(|| at(n, 3)),
        renew_at: full.then(|| at(n, 4)),
        version: 1,
        created_at: at(n, 2),
    };
    Hint on [Connection] named |hint, n, full| Hint {
        id: hint,
        connection_id: whole(n),
        external_id: words("hint", n),
        kind: words("kind", n),
        topic: if full { words("topic", n) } else { String::new() },
        received_at: at(n, 1),
    };
    DataKey on [] |id, n, full| DataKey {
        id,
        wrapped: format!("wrapped {n} {full}"),
        version: 1,
        created_at: at(n, 1),
    };
}
