-- The books: added to, never changed.

CREATE TABLE ledger_postings (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    entry_id BLOB NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount <> 0),
    item_id BLOB,
    order_line_id BLOB,
    channel_id BLOB,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop_id, entry_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_entries (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    source_type TEXT NOT NULL,
    source_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    reverses BLOB,
    memo TEXT,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, source_type, source_id, kind),
    FOREIGN KEY (shop_id, reverses) REFERENCES ledger_entries (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ledger_entries_reverses ON ledger_entries (shop_id, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX ledger_entries_day ON ledger_entries (shop_id, business_date);

CREATE INDEX ledger_postings_account ON ledger_postings (shop_id, account, currency, amount);
CREATE INDEX ledger_postings_item ON ledger_postings (shop_id, item_id) WHERE item_id IS NOT NULL;
CREATE INDEX ledger_postings_line ON ledger_postings (shop_id, order_line_id) WHERE order_line_id IS NOT NULL;

-- An entry is written after its postings, and seals them: from then on they are what they are.
CREATE TRIGGER ledger_entries_balance BEFORE INSERT ON ledger_entries
WHEN (
    SELECT count(*) = 0 OR max(sum <> 0) FROM (
        SELECT sum(amount) AS sum FROM ledger_postings
        WHERE shop_id = NEW.shop_id AND entry_id = NEW.id GROUP BY currency
    )
)
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry has at least two postings, and balances in every currency');
END;
CREATE TRIGGER ledger_postings_sealed BEFORE INSERT ON ledger_postings
WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE shop_id = NEW.shop_id AND id = NEW.entry_id)
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is sealed: post a reversal instead');
END;
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'the ledger is never changed: post a reversal instead');
END;
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'the ledger is never changed: post a reversal instead');
END;
CREATE TRIGGER ledger_postings_no_update BEFORE UPDATE ON ledger_postings
BEGIN
    SELECT RAISE(ABORT, 'the ledger is never changed: post a reversal instead');
END;
CREATE TRIGGER ledger_postings_no_delete BEFORE DELETE ON ledger_postings
BEGIN
    SELECT RAISE(ABORT, 'the ledger is never changed: post a reversal instead');
END;
