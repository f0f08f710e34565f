-- When credentials that run out are to be renewed.

ALTER TABLE connections ADD COLUMN renew_at timestamptz;
