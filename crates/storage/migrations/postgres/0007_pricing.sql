-- What things cost and why.

CREATE TABLE pricing_rules (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    channel_id uuid,
    after_days bigint NOT NULL,
    every_days bigint NOT NULL,
    "step" bigint NOT NULL,
    "most" bigint NOT NULL,
    loss_budget bigint,
    ending bigint,
    active boolean NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C",
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE price_changes (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    listing_id uuid NOT NULL,
    "old" bigint NOT NULL,
    "new" bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    rule_id uuid,
    explanation text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    "at" timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, listing_id) REFERENCES listings (shop_id, id)
);
CREATE INDEX price_changes_listing ON price_changes (shop_id, listing_id);
CREATE TRIGGER price_changes_no_change BEFORE UPDATE OR DELETE ON price_changes
FOR EACH ROW EXECUTE FUNCTION refuse('price changes are history: they are never changed');

CREATE TABLE price_proposals (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    listing_id uuid NOT NULL,
    "current" bigint NOT NULL,
    proposed bigint NOT NULL,
    floor bigint NOT NULL,
    ceiling bigint,
    max_step bigint NOT NULL,
    strategy text COLLATE "C" NOT NULL,
    explanation text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    inputs_hash text COLLATE "C" NOT NULL,
    backtest jsonb,
    state text COLLATE "C" NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'superseded', 'expired', 'executed', 'failed')),
    expires_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, listing_id) REFERENCES listings (shop_id, id)
);
CREATE INDEX price_proposals_listing ON price_proposals (shop_id, listing_id);
CREATE INDEX price_proposals_state ON price_proposals (shop_id, state, id);
