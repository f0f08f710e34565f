-- What a channel shows of a listing beside its words, the page of a provider's on which a customer pays, and
-- what a run fetches.

ALTER TABLE listings ADD COLUMN shown_hash text COLLATE "C";
ALTER TABLE payment_txns ADD COLUMN return_url text COLLATE "C";
ALTER TABLE payment_txns ADD COLUMN page_url text COLLATE "C";
ALTER TABLE sync_runs ADD COLUMN task text COLLATE "C" NOT NULL DEFAULT 'news' CHECK (task IN ('news', 'goods'));
ALTER TABLE sync_runs ADD COLUMN total bigint;
ALTER TABLE sync_runs ADD COLUMN cursor text COLLATE "C";
