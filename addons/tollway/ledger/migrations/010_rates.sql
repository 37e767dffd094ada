-- What rates count: calls at once are held as limits hold, what came in a window is in slots.

ALTER TABLE buckets ADD COLUMN slot_us INTEGER;   -- of a rate: the length of its slots; 0: of calls at once; NULL: of a limit
ALTER TABLE calls ADD COLUMN admitted_us INTEGER; -- when a rate that counts tokens did; NULL: none did

-- Of a rate in a window. They stand with what limits hold and have settled, since each call that changes the one
-- changes the other: pages are what a transaction costs.
ALTER TABLE balances ADD COLUMN newest INTEGER;   -- the number of its newest slot since the epoch
ALTER TABLE balances ADD COLUMN slots TEXT;       -- a JSON list: what counts of it and of those before it, rising
