-- A floor for orders: one function that writes the rows of one order, the newest there is when this is run, as often as
-- it is called: under fresh ids, for other products, in one statement and so in one round trip.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
CREATE SCHEMA floor;
CREATE SEQUENCE floor.ids CACHE 1000;

-- One-row tables with what is written again and again.
SELECT set_config('baddie.shop', :'shop', false);
CREATE TABLE floor.orders AS SELECT * FROM orders ORDER BY id DESC LIMIT 1;
CREATE TABLE floor.order_lines AS
    SELECT l.* FROM order_lines l JOIN floor.orders o ON o.shop_id = l.shop_id AND o.id = l.order_id;
CREATE TABLE floor.reservations AS
    SELECT r.* FROM reservations r JOIN floor.orders o ON o.shop_id = r.shop_id AND o.placed_at = r.created_at;
CREATE TABLE floor.payments AS
    SELECT p.* FROM payments p JOIN floor.orders o ON o.shop_id = p.shop_id AND o.id = p.order_id;
CREATE TABLE floor.payment_txns AS
    SELECT t.* FROM payment_txns t JOIN floor.payments p ON p.shop_id = t.shop_id AND p.id = t.payment_id;
CREATE TABLE floor.ledger_entries AS
    SELECT e.* FROM ledger_entries e JOIN floor.orders o ON o.shop_id = e.shop_id AND o.placed_at = e.at;
CREATE TABLE floor.ledger_postings AS
    SELECT p.* FROM ledger_postings p JOIN floor.ledger_entries e ON e.shop_id = p.shop_id AND e.id = p.entry_id;
CREATE TABLE floor.events AS
    SELECT e.* FROM events e JOIN floor.orders o ON o.shop_id = e.shop_id AND o.placed_at = e.at;
CREATE TABLE floor.audit_entries AS
    SELECT a.* FROM audit_entries a JOIN floor.orders o ON o.shop_id = a.shop_id AND o.placed_at = a.at;
CREATE TABLE floor.idempotency_records AS SELECT * FROM idempotency_records ORDER BY at DESC LIMIT 1;
CREATE TABLE floor.variants AS SELECT row_number() OVER (ORDER BY variant_id) AS n, variant_id, location_id FROM stock_levels;
CREATE INDEX ON floor.variants (n);
ANALYZE floor.variants;

CREATE FUNCTION floor.id() RETURNS uuid LANGUAGE sql AS
    $$ SELECT ('01' || lpad(to_hex(nextval('floor.ids')), 30, '0'))::uuid $$;

-- `floor.copy('orders', 'id => …')` is the text of an INSERT of a table's row with some columns replaced.
CREATE FUNCTION floor.copy(kept text, replaced jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT format('INSERT INTO public.%I SELECT %s FROM floor.%I f', kept,
        string_agg(coalesce(replaced ->> attname, format('f.%I', attname)), ', ' ORDER BY attnum), kept)
    FROM pg_attribute WHERE attrelid = format('public.%I', kept)::regclass AND attnum > 0 AND NOT attisdropped
$$;

SELECT format($outer$
    CREATE FUNCTION floor.place(first bigint) RETURNS void LANGUAGE plpgsql AS $body$
    DECLARE
        new_order uuid := floor.id();
        new_payment uuid := floor.id();
        new_txn uuid := floor.id();
        new_entry uuid := floor.id();
        new_number bigint;
    BEGIN
        PERFORM set_config('baddie.shop', %L, true);
        UPDATE stock_levels s SET reserved = reserved + 1
        FROM (
            SELECT l.shop_id, l.id FROM stock_levels l JOIN floor.variants v USING (variant_id, location_id)
            WHERE l.shop_id = %L AND v.n IN (1 + first %% %s, 1 + (first + 7) %% %s)
            ORDER BY l.variant_id FOR UPDATE OF l
        ) locked
        WHERE s.shop_id = locked.shop_id AND s.id = locked.id AND s.reserved + 1 <= s.on_hand + s.backorder_limit;
        %s;
        UPDATE counters SET value = value + 1 WHERE shop_id = %L AND series = 'order' RETURNING value INTO new_number;
        %s; %s; %s; %s; %s; %s; %s; %s; %s;
    END $body$
    $outer$,
    :'shop', :'shop', (SELECT count(*) FROM floor.variants), (SELECT count(*) FROM floor.variants),
    floor.copy('reservations', '{"id": "floor.id()", "owner_id": "lpad(nextval(''floor.ids'')::text, length(f.owner_id))"}'),
    :'shop',
    floor.copy('orders', '{"id": "new_order", "number": "new_number"}'),
    floor.copy('order_lines', '{"id": "floor.id()", "order_id": "new_order"}'),
    floor.copy('payments', '{"id": "new_payment", "order_id": "new_order"}'),
    floor.copy('payment_txns', '{"id": "new_txn", "payment_id": "new_payment"}'),
    floor.copy('ledger_postings', '{"id": "floor.id()", "entry_id": "new_entry"}'),
    floor.copy('ledger_entries', '{"id": "new_entry", "source_id": "lpad(new_number::text, length(f.source_id))"}'),
    floor.copy('events', '{"id": "floor.id()", "subject": "lpad(new_number::text, length(f.subject))"}'),
    floor.copy('audit_entries', '{"id": "floor.id()", "subject": "lpad(new_number::text, length(f.subject))"}'),
    floor.copy('idempotency_records', '{"key": "lpad(new_number::text, length(f.key))"}')
) \gexec
