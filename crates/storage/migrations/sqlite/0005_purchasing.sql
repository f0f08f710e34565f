-- Where goods come from.

CREATE TABLE suppliers (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    lead_days_mean INTEGER NOT NULL CHECK (lead_days_mean >= 0),
    lead_days_sd INTEGER NOT NULL CHECK (lead_days_sd >= 0),
    terms TEXT,
    currency TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;

CREATE TABLE supplier_offers (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    supplier_id BLOB NOT NULL,
    variant_id BLOB NOT NULL,
    supplier_sku TEXT,
    unit_cost INTEGER NOT NULL CHECK (unit_cost >= 0),
    price_breaks TEXT NOT NULL CHECK (json_valid(price_breaks)),
    moq INTEGER NOT NULL CHECK (moq > 0),
    pack INTEGER NOT NULL CHECK (pack > 0),
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, supplier_id, variant_id),
    FOREIGN KEY (shop_id, supplier_id) REFERENCES suppliers (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
) STRICT;
CREATE INDEX supplier_offers_variant ON supplier_offers (shop_id, variant_id);

CREATE TABLE purchase_orders (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    "number" INTEGER NOT NULL,
    supplier_id BLOB NOT NULL,
    location_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'acknowledged', 'part_received', 'received', 'closed', 'cancelled')),
    total INTEGER NOT NULL,
    expected_on INTEGER,
    notes TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number),
    FOREIGN KEY (shop_id, supplier_id) REFERENCES suppliers (shop_id, id),
    FOREIGN KEY (shop_id, location_id) REFERENCES locations (shop_id, id)
) STRICT;
CREATE INDEX purchase_orders_state ON purchase_orders (shop_id, state, id);

CREATE TABLE purchase_lines (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    purchase_order_id BLOB NOT NULL,
    variant_id BLOB NOT NULL,
    qty INTEGER NOT NULL CHECK (qty > 0),
    received INTEGER NOT NULL CHECK (received >= 0),
    cancelled INTEGER NOT NULL CHECK (cancelled BETWEEN 0 AND qty),
    unit_cost INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, purchase_order_id) REFERENCES purchase_orders (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX purchase_lines_order ON purchase_lines (shop_id, purchase_order_id);

CREATE TABLE receipts (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    purchase_order_id BLOB NOT NULL,
    lines TEXT NOT NULL CHECK (json_valid(lines)),
    landed_costs TEXT NOT NULL CHECK (json_valid(landed_costs)),
    total INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, purchase_order_id) REFERENCES purchase_orders (shop_id, id)
) STRICT;
CREATE INDEX receipts_order ON receipts (shop_id, purchase_order_id);

CREATE TABLE acquisitions (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    "number" INTEGER NOT NULL,
    source TEXT NOT NULL,
    supplier_id BLOB,
    "date" INTEGER NOT NULL,
    total_paid INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    mileage_m INTEGER,
    receipt_media TEXT,
    created_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number)
) STRICT;

CREATE TABLE acquisition_lines (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    acquisition_id BLOB NOT NULL,
    item_id BLOB NOT NULL,
    allocated_cost INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, item_id),
    FOREIGN KEY (shop_id, acquisition_id) REFERENCES acquisitions (shop_id, id),
    FOREIGN KEY (shop_id, item_id) REFERENCES items (shop_id, id)
) STRICT;
CREATE INDEX acquisition_lines_acquisition ON acquisition_lines (shop_id, acquisition_id);
