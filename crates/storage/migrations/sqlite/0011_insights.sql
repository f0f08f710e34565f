-- What models advise.

CREATE TABLE forecasts (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    "from" INTEGER NOT NULL,
    period_days INTEGER NOT NULL,
    steps TEXT NOT NULL CHECK (json_valid(steps)),
    model TEXT NOT NULL,
    backtest TEXT CHECK (json_valid(backtest)),
    inputs_hash TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
) STRICT;
CREATE INDEX forecasts_variant ON forecasts (shop_id, variant_id);

CREATE TABLE refill_policies (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB,
    service_level INTEGER NOT NULL,
    review_days INTEGER NOT NULL,
    budget INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT,
    PRIMARY KEY (shop_id, id)
) STRICT;
CREATE UNIQUE INDEX refill_policies_variant ON refill_policies (shop_id, coalesce(variant_id, x''));

CREATE TABLE refill_proposals (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    supplier_id BLOB NOT NULL,
    qty INTEGER NOT NULL CHECK (qty > 0),
    unit_cost INTEGER NOT NULL,
    explanation TEXT NOT NULL,
    model TEXT NOT NULL,
    inputs_hash TEXT NOT NULL,
    backtest TEXT CHECK (json_valid(backtest)),
    state TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, supplier_id) REFERENCES suppliers (shop_id, id)
) STRICT;
CREATE INDEX refill_proposals_variant ON refill_proposals (shop_id, variant_id);
CREATE INDEX refill_proposals_state ON refill_proposals (shop_id, state, id);
