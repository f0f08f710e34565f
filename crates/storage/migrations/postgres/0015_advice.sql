-- What the models were asked and how they did, sums beside the steps of a forecast, and leave to act within a budget.

ALTER TABLE forecasts ADD COLUMN sums jsonb NOT NULL DEFAULT '[]';
ALTER TABLE forecasts ADD COLUMN class text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE refill_policies ADD COLUMN auto_approve boolean NOT NULL DEFAULT false;

CREATE TABLE advice_runs (
    shop_id uuid NOT NULL,
    id uuid NOT NULL,
    model text COLLATE "C" NOT NULL,
    day date NOT NULL,
    series bigint NOT NULL,
    changed bigint NOT NULL,
    refills bigint NOT NULL,
    backtest jsonb,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, id)
);
ALTER TABLE advice_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE advice_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY own_shop ON advice_runs USING (shop_id = nullif(current_setting('baddie.shop', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON advice_runs TO baddie_app;
