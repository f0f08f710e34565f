-- What was asked and answered.

CREATE TABLE audit_entries (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    actor TEXT NOT NULL,
    operation TEXT NOT NULL,
    subject TEXT,
    request TEXT NOT NULL,
    request_id TEXT,
    "at" INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never changed');
END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never changed');
END;

CREATE TABLE import_runs (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    rows_done INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, kind, file_hash)
) STRICT;

-- Answers kept under the keys their requests came with.
CREATE TABLE idempotency_records (
    shop_id BLOB NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (shop_id, scope, key)
) STRICT;
CREATE INDEX idempotency_records_keep ON idempotency_records (shop_id, keep_until);
