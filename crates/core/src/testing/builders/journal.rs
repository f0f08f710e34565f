use super::{at, int, samples, words};
use crate::entity::Json;
use crate::journal::{AuditEntry, ImportKind, ImportRun, ImportState};

samples! {
    AuditEntry on [] |id, n, full| AuditEntry {
        id,
        actor: words("actor", n),
        operation: "orders.place".into(),
        subject: full.then(|| words("subject", n)),
        // As it was written: the store keeps the text, spaces and all.
        request: Json::from_text(if full { "{\"b\": 1,\n \"a\": [null]}" } else { "null" }),
        request_id: full.then(|| words("request", n)),
        at: at(n, 1),
    };
    ImportRun on [] named |id, n, full| ImportRun {
        id,
        kind: ImportKind::Sales,
        file_hash: format!("{n:064x}"),
        state: if full { ImportState::Partial } else { ImportState::Uploaded },
        rows_done: int(n, 1),
        accepted: int(n, 2),
        rejected: int(n, 3),
        version: 1,
        started_at: at(n, 4),
        ended_at: full.then(|| at(n, 5)),
    };
}
