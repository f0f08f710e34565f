-- Where things are offered.

CREATE TABLE channels (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    external_account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    secret_ref text COLLATE "C",
    capabilities jsonb NOT NULL,
    buffer_qty bigint NOT NULL CHECK (buffer_qty >= 0),
    settings jsonb NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'paused', 'unarmed')),
    "cursor" text COLLATE "C",
    synced_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, name)
);

CREATE TABLE fee_schedules (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    effective_from date NOT NULL,
    rules jsonb NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
);
CREATE INDEX fee_schedules_channel ON fee_schedules (shop_id, channel_id);

CREATE TABLE listings (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    item_id uuid,
    title text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    price bigint NOT NULL,
    min_price bigint,
    desired text COLLATE "C" NOT NULL CHECK (desired IN ('listed', 'unlisted')),
    state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'ready', 'publishing', 'unknown', 'rejected', 'live', 'paused', 'ending', 'needs_attention', 'ended')),
    external_id text COLLATE "C",
    url text COLLATE "C",
    published_qty bigint NOT NULL CHECK (published_qty >= 0),
    desired_hash text COLLATE "C" NOT NULL,
    observed_hash text COLLATE "C",
    last_error text COLLATE "C",
    relisted_from uuid,
    live_since timestamptz,
    reconciled_at timestamptz,
    sold_out_by uuid,
    sold_out_at timestamptz,
    end_reason text COLLATE "C",
    ended_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT live_has_a_name CHECK (state NOT IN ('live', 'paused') OR external_id IS NOT NULL),
    CONSTRAINT ended_says_why CHECK (state <> 'ended' OR (end_reason IS NOT NULL AND ended_at IS NOT NULL)),
    CONSTRAINT one_of_one CHECK (item_id IS NULL OR published_qty <= 1),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
CREATE UNIQUE INDEX listings_external ON listings (shop_id, channel_id, external_id) WHERE external_id IS NOT NULL;
-- At most one open listing of a variant, and so of a physical thing, on a channel.
CREATE UNIQUE INDEX listings_open ON listings (shop_id, variant_id, channel_id) WHERE state <> 'ended';
CREATE INDEX listings_variant ON listings (shop_id, variant_id);
CREATE INDEX listings_state ON listings (shop_id, channel_id, state, reconciled_at);
CREATE INDEX listings_sold_out ON listings (shop_id, sold_out_at) WHERE sold_out_at IS NOT NULL;

CREATE TABLE notices (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, channel_id, external_id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
);

CREATE TABLE sync_runs (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    state text COLLATE "C" NOT NULL,
    received bigint NOT NULL,
    applied bigint NOT NULL,
    error text COLLATE "C",
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
);
CREATE INDEX sync_runs_channel ON sync_runs (shop_id, channel_id);
