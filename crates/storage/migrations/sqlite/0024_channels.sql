-- What a channel shows of a listing beside its words, the page of a provider's on which a customer pays, and
-- what a run fetches.

ALTER TABLE listings ADD COLUMN shown_hash TEXT;
ALTER TABLE payment_txns ADD COLUMN return_url TEXT;
ALTER TABLE payment_txns ADD COLUMN page_url TEXT;
ALTER TABLE sync_runs ADD COLUMN task TEXT NOT NULL DEFAULT 'news' CHECK (task IN ('news', 'goods'));
ALTER TABLE sync_runs ADD COLUMN total INTEGER;
ALTER TABLE sync_runs ADD COLUMN cursor TEXT;
