-- What services told, what a provider's names lead to, and how far a connection has heard.

ALTER TABLE connections ADD COLUMN heard_until timestamptz;
-- Deliveries name a connection before their shop is known.
CREATE UNIQUE INDEX connections_id ON connections (id);
CREATE POLICY worker ON connections FOR SELECT USING (current_setting('baddie.scope', true) = 'system');

CREATE TABLE hints (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    connection_id uuid NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, connection_id, external_id),
    FOREIGN KEY (shop_id, connection_id) REFERENCES connections (shop_id, id)
);
ALTER TABLE hints ENABLE ROW LEVEL SECURITY;
ALTER TABLE hints FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON hints USING (shop_id = nullif(current_setting('baddie.shop', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON hints TO baddie_app;

CREATE INDEX payment_txns_ref ON payment_txns (shop_id, provider_ref) WHERE provider_ref IS NOT NULL;
