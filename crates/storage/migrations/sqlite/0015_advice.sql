-- What the models were asked and how they did, sums beside the steps of a forecast, and leave to act within a budget.

ALTER TABLE forecasts ADD COLUMN sums TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(sums));
ALTER TABLE forecasts ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE refill_policies ADD COLUMN auto_approve INTEGER NOT NULL DEFAULT 0 CHECK (auto_approve IN (0, 1));

CREATE TABLE advice_runs (
    shop_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    model TEXT NOT NULL,
    day INTEGER NOT NULL,
    series INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    refills INTEGER NOT NULL,
    backtest TEXT CHECK (json_valid(backtest)),
    made_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, id)
) STRICT;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('advice_runs', 'sqlite_autoindex_advice_runs_1', '1000000 200000 1');
ANALYZE sqlite_schema;
