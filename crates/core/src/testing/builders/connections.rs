use super::{at, samples, words};
use crate::connections::{Ability, Connection, ConnectionState, DataKey};

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
        version: 1,
        created_at: at(n, 2),
    };
    DataKey on [] |id, n, full| DataKey {
        id,
        wrapped: format!("wrapped {n} {full}"),
        version: 1,
        created_at: at(n, 1),
    };
}
