-- Who is told what happens in a shop, and what each of them was told.

ALTER TABLE shops ADD COLUMN has_endpoints boolean NOT NULL DEFAULT false;

CREATE TABLE webhook_endpoints (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    url text COLLATE "C" NOT NULL,
    events jsonb NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('active', 'disabled')),
    problem text COLLATE "C",
    failing_since timestamptz,
    sealed text COLLATE "C" NOT NULL,
    sealed_before text COLLATE "C",
    before_until timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE webhook_deliveries (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    subject text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    tries bigint NOT NULL CHECK (tries >= 0),
    next_at timestamptz NOT NULL,
    attempts jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, endpoint_id, event_id),
    FOREIGN KEY (shop_id, endpoint_id) REFERENCES webhook_endpoints (shop_id, id),
    FOREIGN KEY (shop_id, event_id) REFERENCES events (shop_id, id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (shop_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (shop_id, endpoint_id, subject, event_id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_state ON webhook_deliveries (shop_id, endpoint_id, state, id);

ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON webhook_endpoints USING (shop_id = nullif(current_setting('baddie.shop', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints TO baddie_app;

ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON webhook_deliveries USING (shop_id = nullif(current_setting('baddie.shop', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO baddie_app;
