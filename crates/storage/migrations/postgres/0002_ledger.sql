-- The books: added to, never changed.

CREATE TABLE ledger_postings (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    entry_id uuid NOT NULL,
    account text COLLATE "C" NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    item_id uuid,
    order_line_id uuid,
    channel_id uuid,
    currency text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, entry_id, id)
);

CREATE TABLE ledger_entries (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    source_type text COLLATE "C" NOT NULL,
    source_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    "at" timestamptz NOT NULL,
    business_date date NOT NULL,
    reverses uuid,
    memo text COLLATE "C",
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, source_type, source_id, kind),
    FOREIGN KEY (shop_id, reverses) REFERENCES ledger_entries (shop_id, id)
);
CREATE UNIQUE INDEX ledger_entries_reverses ON ledger_entries (shop_id, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX ledger_entries_day ON ledger_entries (shop_id, business_date);

CREATE INDEX ledger_postings_account ON ledger_postings (shop_id, account, currency, amount);
CREATE INDEX ledger_postings_item ON ledger_postings (shop_id, item_id) WHERE item_id IS NOT NULL;
CREATE INDEX ledger_postings_line ON ledger_postings (shop_id, order_line_id) WHERE order_line_id IS NOT NULL;

-- An entry is written after its postings, and seals them: from then on they are what they are. Both are looked at once
-- for a whole statement, not once for each row.
CREATE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added a WHERE NOT EXISTS (
            SELECT 1 FROM ledger_postings p WHERE p.shop_id = a.shop_id AND p.entry_id = a.id
        ) OR EXISTS (
            SELECT 1 FROM ledger_postings p WHERE p.shop_id = a.shop_id AND p.entry_id = a.id
            GROUP BY p.currency HAVING sum(p.amount) <> 0
        )
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a ledger entry has at least two postings, and balances in every currency';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance();

CREATE FUNCTION ledger_postings_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added a JOIN ledger_entries e ON e.shop_id = a.shop_id AND e.id = a.entry_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a ledger entry is sealed: post a reversal instead';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_postings_sealed AFTER INSERT ON ledger_postings
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_postings_sealed();

CREATE TRIGGER ledger_entries_no_change BEFORE UPDATE OR DELETE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is never changed: post a reversal instead');
CREATE TRIGGER ledger_postings_no_change BEFORE UPDATE OR DELETE ON ledger_postings
FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is never changed: post a reversal instead');
