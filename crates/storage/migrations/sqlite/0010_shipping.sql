-- What leaves and what comes back.

CREATE TABLE fulfilments (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL,
    lines TEXT NOT NULL CHECK (json_valid(lines)),
    location_id BLOB,
    carrier TEXT,
    tracking TEXT,
    label_cost INTEGER,
    state TEXT NOT NULL CHECK (state IN ('planned', 'packed', 'shipped', 'delivered', 'cancelled', 'lost', 'returned_to_sender')),
    shipped_at INTEGER,
    delivered_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
) STRICT;
CREATE INDEX fulfilments_order ON fulfilments (shop_id, order_id);
CREATE INDEX fulfilments_state ON fulfilments (shop_id, state, id);

CREATE TABLE returns (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    "number" INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    lines TEXT NOT NULL CHECK (json_valid(lines)),
    state TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, number),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
) STRICT;
CREATE INDEX returns_order ON returns (shop_id, order_id);
CREATE INDEX returns_state ON returns (shop_id, state, id);
