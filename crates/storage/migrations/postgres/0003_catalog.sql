-- What can be sold.

CREATE TABLE products (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    title text COLLATE "C" NOT NULL,
    brand text COLLATE "C",
    category text COLLATE "C",
    description text COLLATE "C" NOT NULL,
    attributes jsonb NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
CREATE INDEX products_status ON products (shop_id, status, id);

CREATE TABLE variants (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    sku text COLLATE "C" NOT NULL,
    options jsonb NOT NULL,
    gtin text COLLATE "C",
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('unique', 'stocked', 'bundle')),
    price bigint CHECK (price >= 0),
    weight_g bigint,
    dims_mm jsonb,
    tax_code text COLLATE "C",
    scale bigint NOT NULL CHECK (scale BETWEEN 0 AND 6),
    backorder_limit bigint NOT NULL CHECK (backorder_limit >= 0),
    safety_stock bigint NOT NULL CHECK (safety_stock >= 0),
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    currency text COLLATE "C",
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, sku),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
);
CREATE INDEX variants_product ON variants (shop_id, product_id);

CREATE TABLE bundle_components (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    bundle_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    qty bigint NOT NULL CHECK (qty > 0),
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, bundle_id, variant_id),
    FOREIGN KEY (shop_id, bundle_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
);
CREATE INDEX bundle_components_variant ON bundle_components (shop_id, variant_id);

CREATE TABLE media (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    url text COLLATE "C",
    sort bigint NOT NULL,
    alt text COLLATE "C" NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
);
CREATE INDEX media_product ON media (shop_id, product_id);

-- Words of products, for search, in small letters and without accents. The shop is a word of each of its products, so
-- that one look into the index answers for one shop alone; only the functions below can read the table. A condition on
-- it could not use the index behind a row policy, because the operator might tell of rows it must not see.
CREATE TABLE product_search (
    shop_id uuid NOT NULL,
    product_id uuid NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (shop_id, product_id)
);
CREATE INDEX product_search_words ON product_search USING gin (words);

-- The accents that stand beside their letters go, as far as they are accents: ø and ł are letters of their own.
CREATE FUNCTION plain_words(typed text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT DISTINCT left(word, 200) FROM regexp_split_to_table(
        lower(regexp_replace(normalize(typed, NFD), '[\u0300-\u0331]', '', 'g') COLLATE "und-x-icu"), '[^[:alnum:]]+'
    ) AS word WHERE word <> ''
$$;

CREATE FUNCTION note_words(shop uuid, product uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO product_search (shop_id, product_id, words)
    SELECT shop, product, array_to_tsvector(array_agg(word) || ('shop ' || shop::text)) FROM plain_words((
        SELECT concat_ws(' ', p.title, p.brand, p.category, p.description, (
            SELECT string_agg(v.sku, ' ') FROM variants v WHERE v.shop_id = shop AND v.product_id = product
        ))
        FROM products p WHERE p.shop_id = shop AND p.id = product
    )) AS word
    ON CONFLICT (shop_id, product_id) DO UPDATE SET words = EXCLUDED.words
$$;

-- The products of the present shop that hold words beginning like all that were typed.
CREATE FUNCTION found_products(typed text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT product_id FROM product_search WHERE words @@ (
        SELECT (
            quote_literal('shop ' || current_setting('baddie.shop', true)) || ' & '
            || string_agg(quote_literal(word) || ':*', ' & ')
        )::tsquery FROM plain_words(typed) AS word
    )
$$;

CREATE FUNCTION products_searched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_words(NEW.shop_id, NEW.id);
    RETURN NULL;
END
$$;
CREATE FUNCTION variants_searched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_words(NEW.shop_id, NEW.product_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER products_searched AFTER INSERT ON products
FOR EACH ROW EXECUTE FUNCTION products_searched();
CREATE TRIGGER products_searched_anew AFTER UPDATE OF title, brand, category, description ON products
FOR EACH ROW EXECUTE FUNCTION products_searched();
CREATE TRIGGER variants_searched AFTER INSERT ON variants
FOR EACH ROW EXECUTE FUNCTION variants_searched();
