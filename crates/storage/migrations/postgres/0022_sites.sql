-- Sites that are kept in step with what a shop sells.

CREATE TABLE sites (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    connection_id uuid NOT NULL,
    showcase jsonb NOT NULL,
    channel_id uuid,
    state text COLLATE "C" NOT NULL CHECK (state IN ('kept', 'retired')),
    digest text COLLATE "C",
    shown jsonb,
    problem text COLLATE "C",
    checked_at timestamptz,
    published_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, connection_id) REFERENCES connections (shop_id, id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
);
ALTER TABLE sites ENABLE ROW LEVEL SECURITY;
ALTER TABLE sites FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON sites USING (shop_id = nullif(current_setting('baddie.shop', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON sites TO baddie_app;
