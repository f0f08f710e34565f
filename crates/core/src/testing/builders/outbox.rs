use super::{at, int, samples, words};
use crate::entity::Json;
use crate::outbox::{Event, Job, JobKind, JobState};

samples! {
    Event on [] |id, n, full| Event {
        id,
        kind: "order.placed".into(),
        subject: words("subject", n),
        data: Json::from_text(if full { "{\"b\": 1, \"a\": \"ü\"}" } else { "null" }),
        at: at(n, 1),
    };
    Job on [] named |id, n, full| Job {
        id,
        kind: JobKind::Revise,
        connection: words("connection", n),
        subject: words("subject", n),
        state: if full { JobState::Queued } else { JobState::Dead },
        attempts: int(n, 1),
        next_at: at(n, 2),
        lease_until: full.then(|| at(n, 3)),
        dispatched_at: full.then(|| at(n, 4)),
        last_error: full.then(|| words("error", n)),
        version: 1,
        created_at: at(n, 5),
    };
}
