-- Who may do what in which shop. Times are microseconds since 1970 in UTC, days are days since 1970-01-01, identities
-- are 16 bytes, amounts are minor units of the row's currency.

CREATE TABLE shops (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    time_zone TEXT NOT NULL,
    rounding TEXT NOT NULL CHECK (json_valid(rounding)),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;

CREATE TABLE members (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'clerk', 'accountant', 'viewer')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, email)
) STRICT;

CREATE TABLE api_keys (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    member_id BLOB NOT NULL,
    prefix TEXT NOT NULL,
    hash TEXT NOT NULL,
    role TEXT NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, member_id) REFERENCES members (shop_id, id)
) STRICT;
-- Tokens are looked up before their shop is known, so a hash is unique everywhere.
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

-- The last number taken of each series.
CREATE TABLE counters (
    shop_id BLOB NOT NULL,
    series TEXT NOT NULL,
    value INTEGER NOT NULL CHECK (value > 0),
    PRIMARY KEY (shop_id, series)
) STRICT, WITHOUT ROWID;
