-- Who is told what happens in a shop, and what each of them was told.

ALTER TABLE shops ADD COLUMN has_endpoints INTEGER NOT NULL DEFAULT 0 CHECK (has_endpoints IN (0, 1));

CREATE TABLE webhook_endpoints (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    url TEXT NOT NULL,
    events TEXT NOT NULL CHECK (json_valid(events)),
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    problem TEXT,
    failing_since INTEGER,
    sealed TEXT NOT NULL,
    sealed_before TEXT,
    before_until INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;

CREATE TABLE webhook_deliveries (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    endpoint_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    tries INTEGER NOT NULL CHECK (tries >= 0),
    next_at INTEGER NOT NULL,
    attempts TEXT NOT NULL CHECK (json_valid(attempts)),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, endpoint_id, event_id),
    FOREIGN KEY (shop_id, endpoint_id) REFERENCES webhook_endpoints (shop_id, id),
    FOREIGN KEY (shop_id, event_id) REFERENCES events (shop_id, id)
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (shop_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (shop_id, endpoint_id, subject, event_id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_state ON webhook_deliveries (shop_id, endpoint_id, state, id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('webhook_endpoints', 'sqlite_autoindex_webhook_endpoints_1', '1000000 200000 1'),
    ('webhook_deliveries', 'sqlite_autoindex_webhook_deliveries_1', '1000000 200000 1'),
    ('webhook_deliveries', 'sqlite_autoindex_webhook_deliveries_2', '1000000 200000 40000 1'),
    ('webhook_deliveries', 'webhook_deliveries_due', '1000 200 1'),
    ('webhook_deliveries', 'webhook_deliveries_waiting', '1000 200 40 8 1'),
    ('webhook_deliveries', 'webhook_deliveries_state', '1000000 200000 40000 10000 1');
ANALYZE sqlite_schema;
