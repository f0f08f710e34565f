-- Ways to accounts at services. Credentials are sealed by the shop's key, and that by a master key that is not here.

CREATE TABLE connections (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    service TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'failing', 'refused', 'disconnected')),
    account TEXT,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    abilities TEXT NOT NULL CHECK (json_valid(abilities)),
    problem TEXT,
    sealed TEXT,
    candidate TEXT,
    checked_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, service, account),
    CONSTRAINT open_has_credentials CHECK (state NOT IN ('active', 'failing') OR (account IS NOT NULL AND sealed IS NOT NULL))
) STRICT;

CREATE TABLE data_keys (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    wrapped TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('connections', 'sqlite_autoindex_connections_1', '1000000 200000 1'),
    ('connections', 'sqlite_autoindex_connections_2', '1000000 200000 40000 1'),
    ('data_keys', 'sqlite_autoindex_data_keys_1', '1000000 200000 1');
ANALYZE sqlite_schema;
