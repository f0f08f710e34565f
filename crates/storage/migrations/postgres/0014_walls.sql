-- The walls between shops, and what the program may do. It owns nothing: whoever runs the migrations does.

-- A transaction names its shop in `baddie.shop`; without it no row is to be seen, and none can be added.
DO $$
DECLARE
    wall record;
BEGIN
    FOR wall IN
        SELECT c.oid::regclass AS name FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wall.name);
        CONTINUE WHEN wall.name = 'product_search'::regclass;
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', wall.name);
        EXECUTE format(
            'CREATE POLICY own_shop ON %s USING (shop_id = nullif(current_setting(''baddie.shop'', true), '''')::uuid)',
            wall.name
        );
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO baddie_app', wall.name);
    END LOOP;
END
$$;

-- The worker finds shops, tokens and jobs of all shops, and takes jobs; nothing else.
CREATE POLICY worker ON shops FOR SELECT USING (current_setting('baddie.scope', true) = 'system');
CREATE POLICY worker ON api_keys FOR SELECT USING (current_setting('baddie.scope', true) = 'system');
CREATE POLICY worker ON jobs FOR SELECT USING (current_setting('baddie.scope', true) = 'system');
CREATE POLICY worker_takes ON jobs FOR UPDATE USING (current_setting('baddie.scope', true) = 'system');

REVOKE ALL ON FUNCTION note_words, found_products FROM PUBLIC;
GRANT EXECUTE ON FUNCTION found_products TO baddie_app;
GRANT SELECT ON schema_migrations TO baddie_app;
