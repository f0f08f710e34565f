-- What is here, what is promised, and what it cost.

CREATE TABLE locations (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('home', 'storage', '3pl', 'consignment', 'transit', 'quarantine')),
    sellable boolean NOT NULL,
    priority bigint NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, name)
);

CREATE TABLE items (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid NOT NULL,
    "condition" text COLLATE "C" NOT NULL CHECK (condition IN ('new', 'like_new', 'very_good', 'good', 'acceptable', 'for_parts')),
    condition_notes text COLLATE "C" NOT NULL,
    grade text COLLATE "C",
    serial text COLLATE "C",
    unit_cost bigint NOT NULL CHECK (unit_cost >= 0),
    acquisition_line_id uuid,
    location_id uuid NOT NULL,
    bin text COLLATE "C",
    acquired_on date NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('in_stock', 'reserved', 'sold', 'written_off')),
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
);
-- One physical thing to a unique variant.
CREATE UNIQUE INDEX items_variant ON items (shop_id, variant_id);
CREATE INDEX items_status ON items (shop_id, status, id);

CREATE TABLE stock_levels (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid NOT NULL,
    location_id uuid NOT NULL,
    on_hand bigint NOT NULL CHECK (on_hand >= 0),
    reserved bigint NOT NULL CHECK (reserved >= 0),
    incoming bigint NOT NULL CHECK (incoming >= 0),
    backorder_limit bigint NOT NULL CHECK (backorder_limit >= 0),
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, variant_id, location_id),
    CONSTRAINT never_oversold CHECK (reserved <= on_hand + backorder_limit),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
);

CREATE TABLE stock_moves (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid NOT NULL,
    item_id uuid,
    location_id uuid NOT NULL,
    d_on_hand bigint NOT NULL,
    d_reserved bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    reference text COLLATE "C",
    actor text COLLATE "C" NOT NULL,
    "at" timestamptz NOT NULL,
    business_date date NOT NULL,
    PRIMARY KEY (shop_id, id),
    CHECK (d_on_hand <> 0 OR d_reserved <> 0),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
);
CREATE INDEX stock_moves_variant ON stock_moves (shop_id, variant_id);
CREATE INDEX stock_moves_day ON stock_moves (shop_id, reason, business_date, variant_id, d_on_hand);
CREATE TRIGGER stock_moves_no_change BEFORE UPDATE OR DELETE ON stock_moves
FOR EACH ROW EXECUTE FUNCTION refuse('stock moves are never changed: move back instead');

CREATE TABLE reservations (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid NOT NULL,
    item_id uuid,
    location_id uuid NOT NULL,
    qty bigint NOT NULL CHECK (qty > 0),
    owner text COLLATE "C" NOT NULL,
    owner_id text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('held', 'consumed', 'released', 'expired')),
    expires_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
);
CREATE INDEX reservations_owner ON reservations (shop_id, owner, owner_id) WHERE state = 'held';
CREATE INDEX reservations_expiry ON reservations (shop_id, expires_at) WHERE state = 'held' AND expires_at IS NOT NULL;
-- A physical thing is promised to one owner at a time.
CREATE UNIQUE INDEX reservations_item ON reservations (shop_id, item_id) WHERE state = 'held' AND item_id IS NOT NULL;

CREATE TABLE cost_layers (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid NOT NULL,
    item_id uuid,
    qty_in bigint NOT NULL CHECK (qty_in > 0),
    qty_left bigint NOT NULL CHECK (qty_left BETWEEN 0 AND qty_in),
    cost_in bigint NOT NULL,
    cost_left bigint NOT NULL CHECK (cost_left >= 0),
    source text COLLATE "C" NOT NULL,
    received_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    CHECK (qty_left > 0 OR cost_left = 0),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
CREATE INDEX cost_layers_left ON cost_layers (shop_id, variant_id, id) WHERE qty_left > 0;
CREATE INDEX cost_layers_oldest ON cost_layers (shop_id, received_at, id) WHERE qty_left > 0;
CREATE INDEX cost_layers_variant ON cost_layers (shop_id, variant_id);
