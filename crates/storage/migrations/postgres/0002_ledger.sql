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
-- Row by row, by their keys: as one question over all rows, the planner may read the whole of a shop's ledger for it.
CREATE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT shop_id, id FROM added LOOP
        IF NOT EXISTS (
            SELECT 1 FROM ledger_postings p WHERE p.shop_id = entry.shop_id AND p.entry_id = entry.id
        ) OR EXISTS (
            SELECT 1 FROM ledger_postings p WHERE p.shop_id = entry.shop_id AND p.entry_id = entry.id
            GROUP BY p.currency HAVING sum(p.amount) <> 0
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
                MESSAGE = 'a ledger entry has at least two postings, and balances in every currency';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance();

CREATE FUNCTION ledger_postings_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    posting record;
BEGIN
    FOR posting IN SELECT shop_id, entry_id, id FROM added LOOP
        -- An entry that comes with the same statement seals nothing yet.
        IF EXISTS (
            SELECT 1 FROM ledger_entries e
            JOIN ledger_postings p ON p.shop_id = e.shop_id AND p.entry_id = e.id AND p.id = posting.id
            WHERE e.shop_id = posting.shop_id AND e.id = posting.entry_id
                AND NOT (e.xmin = p.xmin AND e.cmin = p.cmin)
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
                MESSAGE = 'a ledger entry is sealed: post a reversal instead';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_postings_sealed AFTER INSERT ON ledger_postings
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_postings_sealed();

CREATE TRIGGER ledger_entries_no_change BEFORE UPDATE OR DELETE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is never changed: post a reversal instead');
CREATE TRIGGER ledger_postings_no_change BEFORE UPDATE OR DELETE ON ledger_postings
FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is never changed: post a reversal instead');
