-- What was told, so that it is told once over all processes, and over their restarts.
CREATE TABLE told (
    name      TEXT PRIMARY KEY NOT NULL,  -- the kind of alert, and a hash of what it is about
    at_us     INTEGER NOT NULL,
    until_us  INTEGER,                    -- from then on it may be told again; NULL: never
    text      TEXT NOT NULL               -- what was said; '' nothing, it is remembered alone
) STRICT, WITHOUT ROWID;
