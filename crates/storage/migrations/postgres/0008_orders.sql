-- What was sold to whom.

CREATE TABLE customers (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    external_id text COLLATE "C",
    erased boolean NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE customer_pii (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    email text COLLATE "C",
    phone text COLLATE "C",
    address jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, id) REFERENCES customers (shop_id, id)
);

CREATE TABLE orders (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    "number" bigint NOT NULL,
    channel_id uuid,
    external_id text COLLATE "C",
    external_version bigint NOT NULL,
    customer_id uuid,
    state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'placed', 'oversold', 'confirmed', 'completed', 'cancelled')),
    placed_at timestamptz NOT NULL,
    business_date date NOT NULL,
    goods bigint NOT NULL,
    discount bigint NOT NULL,
    shipping bigint NOT NULL,
    tax bigint NOT NULL,
    facilitator_tax bigint NOT NULL,
    total bigint NOT NULL,
    adjusted bigint NOT NULL,
    deposit bigint NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number),
    CHECK (total = goods + shipping + tax + facilitator_tax),
    FOREIGN KEY (shop_id, customer_id) REFERENCES customers (shop_id, id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
);
CREATE UNIQUE INDEX orders_external ON orders (shop_id, channel_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX orders_state ON orders (shop_id, state, id);
CREATE INDEX orders_customer ON orders (shop_id, customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_channel ON orders (shop_id, channel_id, id) WHERE channel_id IS NOT NULL;

CREATE TABLE order_lines (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    listing_id uuid,
    item_id uuid,
    sku text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    qty bigint NOT NULL CHECK (qty > 0),
    fulfilled bigint NOT NULL CHECK (fulfilled >= 0),
    cancelled bigint NOT NULL CHECK (cancelled >= 0),
    returned bigint NOT NULL CHECK (returned BETWEEN 0 AND fulfilled),
    unit_price bigint NOT NULL CHECK (unit_price >= 0),
    discount bigint NOT NULL CHECK (discount >= 0),
    taxes jsonb NOT NULL,
    cost_at_sale jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    CHECK (fulfilled + cancelled <= qty),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, listing_id) REFERENCES listings (shop_id, id),
    FOREIGN KEY (shop_id, item_id) REFERENCES items (shop_id, id)
);
CREATE INDEX order_lines_order ON order_lines (shop_id, order_id);
-- A physical thing is sold once: again only after the sale was called off or the thing came back.
CREATE UNIQUE INDEX order_lines_item ON order_lines (shop_id, item_id)
WHERE item_id IS NOT NULL AND cancelled = 0 AND returned = 0;
CREATE TRIGGER order_lines_no_delete BEFORE DELETE ON order_lines
FOR EACH ROW EXECUTE FUNCTION refuse('lines of placed orders are never removed: cancel them instead');

CREATE TABLE order_adjustments (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    order_line_id uuid,
    kind text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    "at" timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX order_adjustments_order ON order_adjustments (shop_id, order_id);

CREATE TABLE promotions (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    rate bigint,
    amount bigint,
    starts_at timestamptz,
    ends_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    currency text COLLATE "C",
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE coupons (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    promotion_id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    max_uses bigint NOT NULL CHECK (max_uses > 0),
    used bigint NOT NULL CHECK (used BETWEEN 0 AND max_uses),
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, code),
    FOREIGN KEY (shop_id, promotion_id) REFERENCES promotions (shop_id, id)
);
CREATE INDEX coupons_promotion ON coupons (shop_id, promotion_id);

CREATE TABLE redemptions (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    coupon_id uuid NOT NULL,
    order_id uuid NOT NULL,
    amount bigint NOT NULL,
    "at" timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, coupon_id, order_id),
    FOREIGN KEY (shop_id, coupon_id) REFERENCES coupons (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX redemptions_order ON redemptions (shop_id, order_id);

CREATE TABLE checkouts (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    state text COLLATE "C" NOT NULL,
    lines jsonb NOT NULL,
    customer_id uuid,
    coupon text COLLATE "C",
    shipping bigint NOT NULL,
    total bigint NOT NULL,
    order_id uuid,
    expires_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX checkouts_expiry ON checkouts (shop_id, expires_at) WHERE state IN ('incomplete', 'requires_escalation', 'ready');
