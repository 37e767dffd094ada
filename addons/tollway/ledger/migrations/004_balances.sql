-- What a bucket has stands apart from what it is. Each call changes it twice: rows this short share pages, so that
-- a hundred thousand buckets are some megabytes to read and to write, and not a hundred.

CREATE TABLE balances (
    bucket   INTEGER PRIMARY KEY,        -- its id
    amount   INTEGER NOT NULL,           -- as last applied
    enforce  TEXT NOT NULL CHECK (enforce = 'hard' OR enforce = 'soft' OR enforce = 'shadow'),
    horizon  INTEGER NOT NULL DEFAULT 0, -- of a rolling window: the first minute since the epoch that is still in it
    settled  INTEGER NOT NULL DEFAULT 0, -- USD in nano-dollars
    held     INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO balances (bucket, amount, enforce, horizon, settled, held)
    SELECT id, amount, enforce, horizon, settled, held FROM buckets;

CREATE TRIGGER buckets_gone AFTER DELETE ON buckets BEGIN
    DELETE FROM balances WHERE bucket = old.id;
END;

ALTER TABLE buckets DROP COLUMN amount;
ALTER TABLE buckets DROP COLUMN enforce;
ALTER TABLE buckets DROP COLUMN horizon;
ALTER TABLE buckets DROP COLUMN settled;
ALTER TABLE buckets DROP COLUMN held;
