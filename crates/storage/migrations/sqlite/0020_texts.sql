-- Texts of listings that were asked for, and what they took.

CREATE TABLE listing_texts (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    rules TEXT NOT NULL,
    attributes TEXT NOT NULL CHECK (json_valid(attributes)),
    state TEXT NOT NULL CHECK (state IN ('asked', 'written')),
    draft TEXT CHECK (json_valid(draft)),
    problem TEXT,
    tokens INTEGER NOT NULL CHECK (tokens >= 0),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    CONSTRAINT written_has_a_draft CHECK ((state = 'written') = (draft IS NOT NULL))
) STRICT;
CREATE INDEX listing_texts_variant ON listing_texts (shop_id, variant_id, id);
CREATE INDEX listing_texts_created ON listing_texts (shop_id, created_at, tokens);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('listing_texts', 'sqlite_autoindex_listing_texts_1', '1000000 200000 1'),
    ('listing_texts', 'listing_texts_variant', '1000000 200000 10 1'),
    ('listing_texts', 'listing_texts_created', '1000000 200000 2 1');
ANALYZE sqlite_schema;
