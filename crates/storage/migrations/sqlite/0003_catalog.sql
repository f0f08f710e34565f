-- What can be sold.

CREATE TABLE products (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    title TEXT NOT NULL,
    brand TEXT,
    category TEXT,
    description TEXT NOT NULL,
    attributes TEXT NOT NULL CHECK (json_valid(attributes)),
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;
CREATE INDEX products_status ON products (shop_id, status, id);

CREATE TABLE variants (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    product_id BLOB NOT NULL,
    sku TEXT NOT NULL,
    options TEXT NOT NULL CHECK (json_valid(options)),
    gtin TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('unique', 'stocked', 'bundle')),
    price INTEGER CHECK (price >= 0),
    weight_g INTEGER,
    dims_mm TEXT CHECK (json_valid(dims_mm)),
    tax_code TEXT,
    scale INTEGER NOT NULL CHECK (scale BETWEEN 0 AND 6),
    backorder_limit INTEGER NOT NULL CHECK (backorder_limit >= 0),
    safety_stock INTEGER NOT NULL CHECK (safety_stock >= 0),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    currency TEXT,
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, sku),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
) STRICT;
CREATE INDEX variants_product ON variants (shop_id, product_id);

CREATE TABLE bundle_components (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    bundle_id BLOB NOT NULL,
    variant_id BLOB NOT NULL,
    qty INTEGER NOT NULL CHECK (qty > 0),
    PRIMARY KEY (shop_id, id),
    UNIQUE (shop_id, bundle_id, variant_id),
    FOREIGN KEY (shop_id, bundle_id) REFERENCES variants (shop_id, id),
    FOREIGN KEY (shop_id, variant_id) REFERENCES variants (shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bundle_components_variant ON bundle_components (shop_id, variant_id);

CREATE TABLE media (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    product_id BLOB NOT NULL,
    content_hash TEXT NOT NULL,
    url TEXT,
    sort INTEGER NOT NULL,
    alt TEXT NOT NULL,
    PRIMARY KEY (shop_id, id),
    FOREIGN KEY (shop_id, product_id) REFERENCES products (shop_id, id)
) STRICT;
CREATE INDEX media_product ON media (shop_id, product_id);

-- Words of products, for search. The keys give each product the whole number that the index wants.
CREATE TABLE product_search_keys (
    search_id INTEGER PRIMARY KEY,
    shop_id BLOB NOT NULL,
    product_id BLOB NOT NULL,
    UNIQUE (shop_id, product_id)
) STRICT;
CREATE VIRTUAL TABLE product_search USING fts5(
    title, brand, category, description, skus,
    content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER products_searched AFTER INSERT ON products
BEGIN
    INSERT INTO product_search_keys (shop_id, product_id) VALUES (NEW.shop_id, NEW.id);
    INSERT INTO product_search (rowid, title, brand, category, description, skus)
    SELECT search_id, NEW.title, NEW.brand, NEW.category, NEW.description, ''
    FROM product_search_keys WHERE shop_id = NEW.shop_id AND product_id = NEW.id;
END;
CREATE TRIGGER products_searched_anew AFTER UPDATE OF title, brand, category, description ON products
BEGIN
    DELETE FROM product_search WHERE rowid =
        (SELECT search_id FROM product_search_keys WHERE shop_id = NEW.shop_id AND product_id = NEW.id);
    INSERT INTO product_search (rowid, title, brand, category, description, skus)
    SELECT search_id, NEW.title, NEW.brand, NEW.category, NEW.description,
        (SELECT group_concat(sku, ' ') FROM variants WHERE shop_id = NEW.shop_id AND product_id = NEW.id)
    FROM product_search_keys WHERE shop_id = NEW.shop_id AND product_id = NEW.id;
END;
CREATE TRIGGER variants_searched AFTER INSERT ON variants
BEGIN
    DELETE FROM product_search WHERE rowid =
        (SELECT search_id FROM product_search_keys WHERE shop_id = NEW.shop_id AND product_id = NEW.product_id);
    INSERT INTO product_search (rowid, title, brand, category, description, skus)
    SELECT k.search_id, p.title, p.brand, p.category, p.description,
        (SELECT group_concat(sku, ' ') FROM variants WHERE shop_id = NEW.shop_id AND product_id = NEW.product_id)
    FROM product_search_keys k JOIN products p ON p.shop_id = k.shop_id AND p.id = k.product_id
    WHERE k.shop_id = NEW.shop_id AND k.product_id = NEW.product_id;
END;
