-- What was asked and answered.

CREATE TABLE audit_entries (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    actor text COLLATE "C" NOT NULL,
    operation text COLLATE "C" NOT NULL,
    subject text COLLATE "C",
    request text COLLATE "C" NOT NULL,
    request_id text COLLATE "C",
    "at" timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse('the audit log is never changed');

CREATE TABLE import_runs (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    file_hash text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    rows_done bigint NOT NULL,
    accepted bigint NOT NULL,
    rejected bigint NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, kind, file_hash)
);

-- Answers kept under the keys their requests came with.
CREATE TABLE idempotency_records (
    shop_id uuid NOT NULL,
    scope text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    answer text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    keep_until timestamptz NOT NULL,
    PRIMARY KEY (shop_id, scope, key)
);
CREATE INDEX idempotency_records_keep ON idempotency_records (shop_id, keep_until);

-- The answer kept under a key, once whoever is using the key now has done with it: each of the two steps sees what was
-- committed before it, which one statement would not.
CREATE FUNCTION recall_answer(shop uuid, its_scope text, its_key text)
RETURNS TABLE (request_hash bytea, answer text, at timestamptz, keep_until timestamptz) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(shop::text || ' ' || its_scope || ' ' || its_key, 0));
    RETURN QUERY SELECT r.request_hash, r.answer, r.at, r.keep_until FROM idempotency_records r
        WHERE r.shop_id = shop AND r.scope = its_scope AND r.key = its_key;
END
$$;
