-- How demand answers to the price, beside what is expected of it.

ALTER TABLE forecasts ADD COLUMN response TEXT CHECK (json_valid(response));
