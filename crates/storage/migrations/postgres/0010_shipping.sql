-- What leaves and what comes back.

CREATE TABLE fulfilments (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    lines jsonb NOT NULL,
    location_id uuid,
    carrier text COLLATE "C",
    tracking text COLLATE "C",
    label_cost bigint,
    state text COLLATE "C" NOT NULL CHECK (state IN ('planned', 'packed', 'shipped', 'delivered', 'cancelled', 'lost', 'returned_to_sender')),
    shipped_at timestamptz,
    delivered_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C",
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX fulfilments_order ON fulfilments (shop_id, order_id);
CREATE INDEX fulfilments_state ON fulfilments (shop_id, state, id);

CREATE TABLE returns (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    "number" bigint NOT NULL,
    order_id uuid NOT NULL,
    lines jsonb NOT NULL,
    state text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX returns_order ON returns (shop_id, order_id);
CREATE INDEX returns_state ON returns (shop_id, state, id);
