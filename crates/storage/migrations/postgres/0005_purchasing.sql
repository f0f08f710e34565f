-- Where goods come from.

CREATE TABLE suppliers (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    lead_days_mean bigint NOT NULL CHECK (lead_days_mean >= 0),
    lead_days_sd bigint NOT NULL CHECK (lead_days_sd >= 0),
    terms text COLLATE "C",
    currency text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE supplier_offers (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    supplier_sku text COLLATE "C",
    unit_cost bigint NOT NULL CHECK (unit_cost >= 0),
    price_breaks jsonb NOT NULL,
    moq bigint NOT NULL CHECK (moq > 0),
    pack bigint NOT NULL CHECK (pack > 0),
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, supplier_id, variant_id),
    FOREIGN KEY (shop_id, supplier_id) REFERENCES suppliers (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
CREATE INDEX supplier_offers_variant ON supplier_offers (shop_id, variant_id);

CREATE TABLE purchase_orders (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    "number" bigint NOT NULL,
    supplier_id uuid NOT NULL,
    location_id uuid NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'submitted', 'acknowledged', 'part_received', 'received', 'closed', 'cancelled')),
    total bigint NOT NULL,
    expected_on date,
    notes text COLLATE "C",
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number),
    FOREIGN KEY (shop_id, supplier_id) REFERENCES suppliers (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
);
CREATE INDEX purchase_orders_state ON purchase_orders (shop_id, state, id);

CREATE TABLE purchase_lines (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_order_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    qty bigint NOT NULL CHECK (qty > 0),
    received bigint NOT NULL CHECK (received >= 0),
    cancelled bigint NOT NULL CHECK (cancelled BETWEEN 0 AND qty),
    unit_cost bigint NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, purchase_order_id) REFERENCES purchase_orders (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
CREATE INDEX purchase_lines_order ON purchase_lines (shop_id, purchase_order_id);

CREATE TABLE receipts (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_order_id uuid NOT NULL,
    lines jsonb NOT NULL,
    landed_costs jsonb NOT NULL,
    total bigint NOT NULL,
    "at" timestamptz NOT NULL,
    business_date date NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, purchase_order_id) REFERENCES purchase_orders (shop_id, id)
);
CREATE INDEX receipts_order ON receipts (shop_id, purchase_order_id);

CREATE TABLE acquisitions (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    "number" bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    supplier_id uuid,
    "date" date NOT NULL,
    total_paid bigint NOT NULL,
    tax bigint NOT NULL,
    mileage_m bigint,
    receipt_media text COLLATE "C",
    created_at timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number)
);

CREATE TABLE acquisition_lines (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    acquisition_id uuid NOT NULL,
    item_id uuid NOT NULL,
    allocated_cost bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, item_id),
    FOREIGN KEY (shop_id, acquisition_id) REFERENCES acquisitions (shop_id, id),
    FOREIGN KEY (shop_id, item_id) REFERENCES items (shop_id, id)
);
CREATE INDEX acquisition_lines_acquisition ON acquisition_lines (shop_id, acquisition_id);
