-- What a channel shows of a listing beside its words, and the page of a provider's on which a customer pays.

ALTER TABLE listings ADD COLUMN shown_hash text COLLATE "C";
ALTER TABLE payment_txns ADD COLUMN return_url text COLLATE "C";
ALTER TABLE payment_txns ADD COLUMN page_url text COLLATE "C";
