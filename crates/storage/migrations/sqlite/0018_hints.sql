-- What services told, what a provider's names lead to, and how far a connection has heard.

ALTER TABLE connections ADD COLUMN heard_until INTEGER;
-- Deliveries name a connection before their shop is known.
CREATE UNIQUE INDEX connections_id ON connections (id);

CREATE TABLE hints (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    connection_id BLOB NOT NULL,
    external_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    topic TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, connection_id, external_id),
    FOREIGN KEY (shop_id, connection_id) REFERENCES connections (shop_id, id)
) STRICT;

CREATE INDEX payment_txns_ref ON payment_txns (shop_id, provider_ref) WHERE provider_ref IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('connections', 'connections_id', '1000000 1'),
    ('hints', 'sqlite_autoindex_hints_1', '1000000 200000 1'),
    ('hints', 'sqlite_autoindex_hints_2', '1000000 200000 40000 1'),
    ('payment_txns', 'payment_txns_ref', '1000000 200000 1');
ANALYZE sqlite_schema;
