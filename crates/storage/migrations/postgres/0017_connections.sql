-- Ways to accounts at services. Credentials are sealed by the shop's key, and that by a master key that is not here.

CREATE TABLE connections (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    service text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'active', 'failing', 'refused', 'disconnected')),
    account text COLLATE "C",
    live boolean NOT NULL,
    abilities jsonb NOT NULL,
    problem text COLLATE "C",
    sealed text COLLATE "C",
    candidate text COLLATE "C",
    checked_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, service, account),
    CONSTRAINT open_has_credentials CHECK (state NOT IN ('active', 'failing') OR (account IS NOT NULL AND sealed IS NOT NULL))
);

CREATE TABLE data_keys (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    wrapped text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);

ALTER TABLE connections ENABLE ROW LEVEL SECURITY;
ALTER TABLE connections FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON connections USING (shop_id = nullif(current_setting('baddie.shop', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON connections TO baddie_app;

ALTER TABLE data_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON data_keys USING (shop_id = nullif(current_setting('baddie.shop', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON data_keys TO baddie_app;
