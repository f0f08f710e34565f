-- Money that moves.

CREATE TABLE payments (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    provider text COLLATE "C" NOT NULL,
    authorised bigint NOT NULL,
    captured bigint NOT NULL CHECK (captured >= 0),
    refunded bigint NOT NULL CHECK (refunded >= 0),
    disputed bigint NOT NULL CHECK (disputed >= 0),
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    CONSTRAINT never_more_back_than_taken CHECK (refunded + disputed <= captured),
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, id)
);
CREATE INDEX payments_order ON payments (shop_id, order_id);

CREATE TABLE payment_txns (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('auth', 'capture', 'void', 'refund', 'chargeback', 'chargeback_reversal')),
    amount bigint NOT NULL CHECK (amount > 0),
    state text COLLATE "C" NOT NULL CHECK (state IN ('initiated', 'pending', 'unknown', 'succeeded', 'failed', 'reversed')),
    provider_ref text COLLATE "C",
    note text COLLATE "C",
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, payment_id) REFERENCES payments (shop_id, id)
);
CREATE INDEX payment_txns_payment ON payment_txns (shop_id, payment_id);

CREATE TABLE payouts (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    lines jsonb NOT NULL,
    residue bigint NOT NULL,
    "at" timestamptz NOT NULL,
    business_date date NOT NULL,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, channel_id, external_id),
    FOREIGN KEY (shop_id, channel_id) REFERENCES channels (shop_id, id)
);
