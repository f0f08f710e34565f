-- Where things are offered.

CREATE TABLE channels (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_account TEXT NOT NULL,
    currency TEXT NOT NULL,
    secret_ref TEXT,
    capabilities TEXT NOT NULL CHECK (json_valid(capabilities)),
    buffer_qty INTEGER NOT NULL CHECK (buffer_qty >= 0),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'unarmed')),
    "cursor" TEXT,
    synced_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, name)
) STRICT;

CREATE TABLE fee_schedules (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    channel_id BLOB NOT NULL,
    effective_from INTEGER NOT NULL,
    rules TEXT NOT NULL CHECK (json_valid(rules)),
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
) STRICT;
CREATE INDEX fee_schedules_channel ON fee_schedules (shop_id, channel_id);

CREATE TABLE listings (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    channel_id BLOB NOT NULL,
    variant_id BLOB NOT NULL,
    item_id BLOB,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    price INTEGER NOT NULL,
    min_price INTEGER,
    desired TEXT NOT NULL CHECK (desired IN ('listed', 'unlisted')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'ready', 'publishing', 'unknown', 'rejected', 'live', 'paused', 'ending', 'needs_attention', 'ended')),
    external_id TEXT,
    url TEXT,
    published_qty INTEGER NOT NULL CHECK (published_qty >= 0),
    desired_hash TEXT NOT NULL,
    observed_hash TEXT,
    last_error TEXT,
    relisted_from BLOB,
    live_since INTEGER,
    reconciled_at INTEGER,
    sold_out_by BLOB,
    sold_out_at INTEGER,
    end_reason TEXT,
    ended_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT live_has_a_name CHECK (state NOT IN ('live', 'paused') OR external_id IS NOT NULL),
    CONSTRAINT ended_says_why CHECK (state <> 'ended' OR (end_reason IS NOT NULL AND ended_at IS NOT NULL)),
    CONSTRAINT one_of_one CHECK (item_id IS NULL OR published_qty <= 1),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
) STRICT;
CREATE UNIQUE INDEX listings_external ON listings (shop_id, channel_id, external_id) WHERE external_id IS NOT NULL;
-- At most one open listing of a variant, and so of a physical thing, on a channel.
CREATE UNIQUE INDEX listings_open ON listings (shop_id, variant_id, channel_id) WHERE state <> 'ended';
CREATE INDEX listings_variant ON listings (shop_id, variant_id);
CREATE INDEX listings_state ON listings (shop_id, channel_id, state, reconciled_at);
CREATE INDEX listings_sold_out ON listings (shop_id, sold_out_at) WHERE sold_out_at IS NOT NULL;

CREATE TABLE notices (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    channel_id BLOB NOT NULL,
    external_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, channel_id, external_id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
) STRICT;

CREATE TABLE sync_runs (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    channel_id BLOB NOT NULL,
    state TEXT NOT NULL,
    received INTEGER NOT NULL,
    applied INTEGER NOT NULL,
    error TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
) STRICT;
CREATE INDEX sync_runs_channel ON sync_runs (shop_id, channel_id);
