-- What must still happen.

CREATE TABLE events (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    data text COLLATE "C" NOT NULL,
    "at" timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE jobs (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    connection text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('queued', 'leased', 'retry_wait', 'needs_reconcile', 'succeeded', 'dead', 'cancelled')),
    attempts bigint NOT NULL CHECK (attempts >= 0),
    next_at timestamptz NOT NULL,
    lease_until timestamptz,
    dispatched_at timestamptz,
    last_error text COLLATE "C",
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
-- While one waits, no second one of its kind is queued for the subject.
CREATE UNIQUE INDEX jobs_waiting ON jobs (shop_id, kind, subject) WHERE state = 'queued';
CREATE INDEX jobs_due ON jobs (next_at, shop_id, id) WHERE state IN ('queued', 'retry_wait', 'needs_reconcile');
CREATE INDEX jobs_leased ON jobs (shop_id, subject) WHERE state = 'leased';
CREATE INDEX jobs_state ON jobs (shop_id, state, id);
