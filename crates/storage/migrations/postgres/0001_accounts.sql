-- Who may do what in which shop. Amounts are minor units of the row's currency. Words are compared by their bytes, as
-- everywhere else in the engine, whatever language the database speaks.

-- What is added to and never changed says so with this.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END
$$;

CREATE TABLE shops (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    time_zone text COLLATE "C" NOT NULL,
    rounding jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);

CREATE TABLE members (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    email text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL CHECK (role IN ('owner', 'manager', 'clerk', 'accountant', 'viewer')),
    status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended')),
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, email)
);

CREATE TABLE api_keys (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    member_id uuid NOT NULL,
    prefix text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, member_id) REFERENCES members (shop_id, id)
);
-- Tokens are looked up before their shop is known, so a hash is unique everywhere.
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

-- The last number taken of each series.
CREATE TABLE counters (
    shop_id uuid NOT NULL,
    series text COLLATE "C" NOT NULL,
    value bigint NOT NULL CHECK (value > 0),
    PRIMARY KEY (shop_id, series)
);
