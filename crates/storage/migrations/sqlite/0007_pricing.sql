-- What things cost and why.

CREATE TABLE pricing_rules (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    channel_id BLOB,
    after_days INTEGER NOT NULL,
    every_days INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "most" INTEGER NOT NULL,
    loss_budget INTEGER,
    ending INTEGER,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT,
    PRIMARY KEY (shop_id, id)
) STRICT;

CREATE TABLE price_changes (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    listing_id BLOB NOT NULL,
    "old" INTEGER NOT NULL,
    "new" INTEGER NOT NULL,
    reason TEXT NOT NULL,
    rule_id BLOB,
    explanation TEXT NOT NULL,
    actor TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, listing_id) REFERENCES listings (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX price_changes_listing ON price_changes (shop_id, listing_id);
CREATE TRIGGER price_changes_no_update BEFORE UPDATE ON price_changes
BEGIN
    SELECT RAISE(ABORT, 'price changes are history: they are never changed');
END;
CREATE TRIGGER price_changes_no_delete BEFORE DELETE ON price_changes
BEGIN
    SELECT RAISE(ABORT, 'price changes are history: they are never changed');
END;

CREATE TABLE price_proposals (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    listing_id BLOB NOT NULL,
    "current" INTEGER NOT NULL,
    proposed INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    ceiling INTEGER,
    max_step INTEGER NOT NULL,
    strategy TEXT NOT NULL,
    explanation TEXT NOT NULL,
    model TEXT NOT NULL,
    inputs_hash TEXT NOT NULL,
    backtest TEXT CHECK (json_valid(backtest)),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'superseded', 'expired', 'executed', 'failed')),
    expires_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, listing_id) REFERENCES listings (shop_id, id)
) STRICT;
CREATE INDEX price_proposals_listing ON price_proposals (shop_id, listing_id);
CREATE INDEX price_proposals_state ON price_proposals (shop_id, state, id);
