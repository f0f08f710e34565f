-- What models advise.

CREATE TABLE forecasts (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid NOT NULL,
    "from" date NOT NULL,
    period_days bigint NOT NULL,
    steps jsonb NOT NULL,
    model text COLLATE "C" NOT NULL,
    backtest jsonb,
    inputs_hash text COLLATE "C" NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
CREATE INDEX forecasts_variant ON forecasts (shop_id, variant_id);

CREATE TABLE refill_policies (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid,
    service_level bigint NOT NULL,
    review_days bigint NOT NULL,
    budget bigint,
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C",
    PRIMARY KEY (shop_id, id)
);
CREATE UNIQUE INDEX refill_policies_variant ON refill_policies (shop_id, coalesce(variant_id, '00000000-0000-0000-0000-000000000000'));

CREATE TABLE refill_proposals (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    qty bigint NOT NULL CHECK (qty > 0),
    unit_cost bigint NOT NULL,
    explanation text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    inputs_hash text COLLATE "C" NOT NULL,
    backtest jsonb,
    state text COLLATE "C" NOT NULL,
    expires_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, supplier_id) REFERENCES suppliers (shop_id, id)
);
CREATE INDEX refill_proposals_variant ON refill_proposals (shop_id, variant_id);
CREATE INDEX refill_proposals_state ON refill_proposals (shop_id, state, id);
