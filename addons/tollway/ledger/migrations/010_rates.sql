-- What rates count: calls at once are held as limits hold, what came in a window is in slots.

ALTER TABLE buckets ADD COLUMN slot_us INTEGER;   -- of a rate: the length of its slots; 0: of calls at once; NULL: of a limit
ALTER TABLE calls ADD COLUMN admitted_us INTEGER; -- when a rate in a window admitted it; NULL: none did

-- A ring for each bucket: a slot takes the place of one that has long left the window.
CREATE TABLE slots (
    bucket  INTEGER NOT NULL,
    place   INTEGER NOT NULL,   -- the slot, modulo the ring's length
    slot    INTEGER NOT NULL,   -- its number since the epoch
    amount  INTEGER NOT NULL,   -- of the calls that were admitted in it
    PRIMARY KEY (bucket, place)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER buckets_gone_with_slots AFTER DELETE ON buckets BEGIN
    DELETE FROM slots WHERE bucket = old.id;
END;
