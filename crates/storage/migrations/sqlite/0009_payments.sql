-- Money that moves.

CREATE TABLE payments (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL,
    provider TEXT NOT NULL,
    authorised INTEGER NOT NULL,
    captured INTEGER NOT NULL CHECK (captured >= 0),
    refunded INTEGER NOT NULL CHECK (refunded >= 0),
    disputed INTEGER NOT NULL CHECK (disputed >= 0),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT never_more_back_than_taken CHECK (refunded + disputed <= captured),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_order ON payments (shop_id, order_id);

CREATE TABLE payment_txns (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    payment_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('auth', 'capture', 'void', 'refund', 'chargeback', 'chargeback_reversal')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL CHECK (state IN ('initiated', 'pending', 'unknown', 'succeeded', 'failed', 'reversed')),
    provider_ref TEXT,
    note TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, payment_id) REFERENCES payments (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_txns_payment ON payment_txns (shop_id, payment_id);

CREATE TABLE payouts (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    channel_id BLOB NOT NULL,
    external_id TEXT NOT NULL,
    amount INTEGER NOT NULL,
    lines TEXT NOT NULL CHECK (json_valid(lines)),
    residue INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, channel_id, external_id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
) STRICT;
