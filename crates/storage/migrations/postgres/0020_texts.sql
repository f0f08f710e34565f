-- Texts of listings that were asked for, and what they took.

CREATE TABLE listing_texts (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    variant_id uuid NOT NULL,
    rules text COLLATE "C" NOT NULL,
    attributes jsonb NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('asked', 'written')),
    draft jsonb,
    problem text COLLATE "C",
    tokens bigint NOT NULL CHECK (tokens >= 0),
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id),
    CONSTRAINT written_has_a_draft CHECK ((state = 'written') = (draft IS NOT NULL))
);
CREATE INDEX listing_texts_variant ON listing_texts (shop_id, variant_id, id);
CREATE INDEX listing_texts_created ON listing_texts (shop_id, created_at, tokens);

ALTER TABLE listing_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE listing_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON listing_texts USING (shop_id = nullif(current_setting('baddie.shop', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON listing_texts TO baddie_app;
