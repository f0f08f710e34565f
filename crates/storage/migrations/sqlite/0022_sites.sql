-- Sites that are kept in step with what a shop sells.

CREATE TABLE sites (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    connection_id BLOB NOT NULL,
    showcase TEXT NOT NULL CHECK (json_valid(showcase)),
    channel_id BLOB,
    state TEXT NOT NULL CHECK (state IN ('kept', 'retired')),
    digest TEXT,
    shown TEXT CHECK (json_valid(shown)),
    problem TEXT,
    checked_at INTEGER,
    published_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, connection_id) REFERENCES connections (shop_id, id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
) STRICT;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('sites', 'sqlite_autoindex_sites_1', '1000000 200000 1');
ANALYZE sqlite_schema;
