-- What is here, what is promised, and what it cost.

CREATE TABLE locations (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('home', 'storage', '3pl', 'consignment', 'transit', 'quarantine')),
    sellable INTEGER NOT NULL CHECK (sellable IN (0, 1)),
    priority INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    "condition" TEXT NOT NULL CHECK (condition IN ('new', 'like_new', 'very_good', 'good', 'acceptable', 'for_parts')),
    condition_notes TEXT NOT NULL,
    grade TEXT,
    serial TEXT,
    unit_cost INTEGER NOT NULL CHECK (unit_cost >= 0),
    acquisition_line_id BLOB,
    location_id BLOB NOT NULL,
    bin TEXT,
    acquired_on INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_stock', 'reserved', 'sold', 'written_off')),
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
) STRICT;
-- One physical thing to a unique variant.
CREATE UNIQUE INDEX items_variant ON items (shop_id, variant_id);
CREATE INDEX items_status ON items (shop_id, status, id);

CREATE TABLE stock_levels (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    location_id BLOB NOT NULL,
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    reserved INTEGER NOT NULL CHECK (reserved >= 0),
    incoming INTEGER NOT NULL CHECK (incoming >= 0),
    backorder_limit INTEGER NOT NULL CHECK (backorder_limit >= 0),
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, variant_id, location_id),
    CONSTRAINT never_oversold CHECK (reserved <= on_hand + backorder_limit),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_moves (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    item_id BLOB,
    location_id BLOB NOT NULL,
    d_on_hand INTEGER NOT NULL,
    d_reserved INTEGER NOT NULL,
    reason TEXT NOT NULL,
    reference TEXT,
    actor TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    CHECK (d_on_hand <> 0 OR d_reserved <> 0),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_moves_variant ON stock_moves (shop_id, variant_id);
CREATE INDEX stock_moves_day ON stock_moves (shop_id, reason, business_date, variant_id, d_on_hand);
CREATE TRIGGER stock_moves_no_update BEFORE UPDATE ON stock_moves
BEGIN
    SELECT RAISE(ABORT, 'stock moves are never changed: move back instead');
END;
CREATE TRIGGER stock_moves_no_delete BEFORE DELETE ON stock_moves
BEGIN
    SELECT RAISE(ABORT, 'stock moves are never changed: move back instead');
END;

CREATE TABLE reservations (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    item_id BLOB,
    location_id BLOB NOT NULL,
    qty INTEGER NOT NULL CHECK (qty > 0),
    owner TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('held', 'consumed', 'released', 'expired')),
    expires_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservations_owner ON reservations (shop_id, owner, owner_id) WHERE state = 'held';
CREATE INDEX reservations_expiry ON reservations (shop_id, expires_at) WHERE state = 'held' AND expires_at IS NOT NULL;
-- A physical thing is promised to one owner at a time.
CREATE UNIQUE INDEX reservations_item ON reservations (shop_id, item_id) WHERE state = 'held' AND item_id IS NOT NULL;

CREATE TABLE cost_layers (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    item_id BLOB,
    qty_in INTEGER NOT NULL CHECK (qty_in > 0),
    qty_left INTEGER NOT NULL CHECK (qty_left BETWEEN 0 AND qty_in),
    cost_in INTEGER NOT NULL,
    cost_left INTEGER NOT NULL CHECK (cost_left >= 0),
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    CHECK (qty_left > 0 OR cost_left = 0),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cost_layers_left ON cost_layers (shop_id, variant_id, id) WHERE qty_left > 0;
CREATE INDEX cost_layers_oldest ON cost_layers (shop_id, received_at, id) WHERE qty_left > 0;
CREATE INDEX cost_layers_variant ON cost_layers (shop_id, variant_id);
