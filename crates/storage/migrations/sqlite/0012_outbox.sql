-- What must still happen.

CREATE TABLE events (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    connection TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'retry_wait', 'needs_reconcile', 'succeeded', 'dead', 'cancelled')),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    dispatched_at INTEGER,
    last_error TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT, WITHOUT ROWID;
-- While one waits, no second one of its kind is queued for the subject.
CREATE UNIQUE INDEX jobs_waiting ON jobs (shop_id, kind, subject) WHERE state = 'queued';
CREATE INDEX jobs_due ON jobs (next_at, shop_id, id) WHERE state IN ('queued', 'retry_wait', 'needs_reconcile');
CREATE INDEX jobs_leased ON jobs (shop_id, subject) WHERE state = 'leased';
CREATE INDEX jobs_state ON jobs (shop_id, state, id);
