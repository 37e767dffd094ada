-- Keys that Tollway gave out.

CREATE TABLE virtual_keys (
    digest      BLOB PRIMARY KEY NOT NULL,        -- SHA-256 of the key, which is kept nowhere
    user        TEXT,
    team        TEXT,
    role        TEXT,
    service     TEXT,
    groups      TEXT NOT NULL,                    -- a JSON list
    created_us  INTEGER NOT NULL,
    expires_us  INTEGER,                          -- NULL: never
    revoked_us  INTEGER                           -- NULL: it is not revoked
) STRICT, WITHOUT ROWID;
