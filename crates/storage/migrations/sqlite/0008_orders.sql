-- What was sold to whom.

CREATE TABLE customers (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    external_id TEXT,
    erased INTEGER NOT NULL CHECK (erased IN (0, 1)),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;

CREATE TABLE customer_pii (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    address TEXT NOT NULL CHECK (json_valid(address)),
    version INTEGER NOT NULL CHECK (version > 0),
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, id) REFERENCES customers (shop_id, id)
) STRICT;

CREATE TABLE orders (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    "number" INTEGER NOT NULL,
    channel_id BLOB,
    external_id TEXT,
    external_version INTEGER NOT NULL,
    customer_id BLOB,
    state TEXT NOT NULL CHECK (state IN ('draft', 'placed', 'oversold', 'confirmed', 'completed', 'cancelled')),
    placed_at INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    goods INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    shipping INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    facilitator_tax INTEGER NOT NULL,
    total INTEGER NOT NULL,
    adjusted INTEGER NOT NULL,
    deposit INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number),
    CHECK (total = goods + shipping + tax + facilitator_tax),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX orders_external ON orders (shop_id, channel_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX orders_state ON orders (shop_id, state, id);
CREATE INDEX orders_customer ON orders (shop_id, customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_channel ON orders (shop_id, channel_id, id) WHERE channel_id IS NOT NULL;

CREATE TABLE order_lines (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL,
    variant_id BLOB NOT NULL,
    listing_id BLOB,
    item_id BLOB,
    sku TEXT NOT NULL,
    title TEXT NOT NULL,
    qty INTEGER NOT NULL CHECK (qty > 0),
    fulfilled INTEGER NOT NULL CHECK (fulfilled >= 0),
    cancelled INTEGER NOT NULL CHECK (cancelled >= 0),
    returned INTEGER NOT NULL CHECK (returned BETWEEN 0 AND fulfilled),
    unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
    discount INTEGER NOT NULL CHECK (discount >= 0),
    taxes TEXT NOT NULL CHECK (json_valid(taxes)),
    cost_at_sale TEXT NOT NULL CHECK (json_valid(cost_at_sale)),
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    CHECK (fulfilled + cancelled <= qty),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, listing_id) REFERENCES listings (shop_id, id),
    FOREIGN KEY (shop_id, item_id) REFERENCES items (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_lines_order ON order_lines (shop_id, order_id);
-- A physical thing is sold once: again only after the sale was called off or the thing came back.
CREATE UNIQUE INDEX order_lines_item ON order_lines (shop_id, item_id)
WHERE item_id IS NOT NULL AND cancelled = 0 AND returned = 0;
CREATE TRIGGER order_lines_no_delete BEFORE DELETE ON order_lines
BEGIN
    SELECT RAISE(ABORT, 'lines of placed orders are never removed: cancel them instead');
END;

CREATE TABLE order_adjustments (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL,
    order_line_id BLOB,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_adjustments_order ON order_adjustments (shop_id, order_id);

CREATE TABLE promotions (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    rate INTEGER,
    amount INTEGER,
    starts_at INTEGER,
    ends_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    currency TEXT,
    PRIMARY KEY (shop_id, id)
) STRICT;

CREATE TABLE coupons (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    promotion_id BLOB NOT NULL,
    code TEXT NOT NULL,
    max_uses INTEGER NOT NULL CHECK (max_uses > 0),
    used INTEGER NOT NULL CHECK (used BETWEEN 0 AND max_uses),
    version INTEGER NOT NULL CHECK (version > 0),
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, code),
    FOREIGN KEY (shop_id, promotion_id) REFERENCES promotions (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX coupons_promotion ON coupons (shop_id, promotion_id);

CREATE TABLE redemptions (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    coupon_id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    amount INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, coupon_id, order_id),
    FOREIGN KEY (shop_id, coupon_id) REFERENCES coupons (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX redemptions_order ON redemptions (shop_id, order_id);

CREATE TABLE checkouts (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    state TEXT NOT NULL,
    lines TEXT NOT NULL CHECK (json_valid(lines)),
    customer_id BLOB,
    coupon TEXT,
    shipping INTEGER NOT NULL,
    total INTEGER NOT NULL,
    order_id BLOB,
    expires_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;
CREATE INDEX checkouts_expiry ON checkouts (shop_id, expires_at) WHERE state IN ('incomplete', 'requires_escalation', 'ready');
