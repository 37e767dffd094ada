-- What limits hold and have charged. The open row of a call is its hold: there is no other record of it.
-- A bucket's sums always equal those over rows: held over open ones, settled over the others.

ALTER TABLE calls ADD COLUMN network TEXT;        -- the policy's network that the client's address is in
ALTER TABLE calls ADD COLUMN groups TEXT;         -- a JSON list; NULL: none
ALTER TABLE calls ADD COLUMN limits TEXT;         -- the names of the limits that it met, a JSON list; NULL: none
ALTER TABLE calls ADD COLUMN action TEXT;         -- what limits did to it

-- The most that it could come to; NULL: no hard limit asked.
ALTER TABLE calls ADD COLUMN bound_nano INTEGER;
ALTER TABLE calls ADD COLUMN bound_input_tokens INTEGER;
ALTER TABLE calls ADD COLUMN bound_output_tokens INTEGER;
ALTER TABLE calls ADD COLUMN bound_requests INTEGER;

-- A JSON object: the id of each bucket that the call counts in -> what it holds there while it is open, in the
-- bucket's unit. NULL: it was never held; the limits that are kept when it ends say where it counts.
ALTER TABLE calls ADD COLUMN holds TEXT;
ALTER TABLE calls ADD COLUMN hard INTEGER NOT NULL DEFAULT 0;  -- 1: a hard limit holds it: lost, it is charged its bound
ALTER TABLE calls ADD COLUMN lease_us INTEGER;    -- until when it is in flight unless renewed; NULL: while its process lives
ALTER TABLE calls ADD COLUMN policy INTEGER;      -- the limits that its process kept: `policies`; NULL: none

-- Sets of limits that processes kept.
CREATE TABLE policies (
    id    INTEGER PRIMARY KEY,
    keys  TEXT NOT NULL UNIQUE   -- the key of each limit: a JSON list, in their order
) STRICT;

-- Up to which row of `calls` (its rowid) the buckets of a limit are complete.
CREATE TABLE complete (
    limit_key  TEXT PRIMARY KEY NOT NULL,
    upto       INTEGER NOT NULL
) STRICT;

-- Which of them each process keeps, the latest last. Of the dead only the latest stays.
CREATE TABLE keeping (
    id       INTEGER PRIMARY KEY,
    process  TEXT NOT NULL UNIQUE,
    policy   INTEGER NOT NULL
) STRICT;

CREATE TABLE buckets (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- processes remember it: none is used twice
    name        TEXT NOT NULL UNIQUE,   -- the limit's key, the values and the window's start
    limit_name  TEXT NOT NULL,
    limit_key   TEXT NOT NULL,
    per         TEXT NOT NULL,          -- a JSON object: attribute -> its value in this bucket
    unit        TEXT NOT NULL CHECK (
                    unit = 'USD' OR unit = 'tokens' OR unit = 'input_tokens' OR unit = 'output_tokens' OR unit = 'requests'),
    start_us    INTEGER NOT NULL,
    end_us      INTEGER,                -- NULL: a rolling window
    rolling_us  INTEGER,                -- its length
    amount      INTEGER NOT NULL,       -- as last applied
    enforce     TEXT NOT NULL CHECK (enforce = 'hard' OR enforce = 'soft' OR enforce = 'shadow'),
    since_us    INTEGER NOT NULL,       -- the first call that counts in it
    horizon     INTEGER NOT NULL DEFAULT 0,  -- of a rolling window: the first minute since the epoch that is still in it
    settled     INTEGER NOT NULL DEFAULT 0,  -- USD in nano-dollars
    held        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX buckets_limit ON buckets (limit_key, start_us);

-- What was charged to a rolling window, by the minute in which calls ended. Those before the horizon stay for a
-- while: a clock may be set back.
CREATE TABLE minutes (
    bucket   INTEGER NOT NULL,
    minute   INTEGER NOT NULL,
    settled  INTEGER NOT NULL,
    PRIMARY KEY (bucket, minute)
) STRICT, WITHOUT ROWID;

-- Calls that cost more than their bound.
CREATE TABLE quarantine (
    alert     TEXT PRIMARY KEY NOT NULL,
    provider  TEXT NOT NULL,
    model     TEXT,
    shape     TEXT NOT NULL,
    at_us     INTEGER NOT NULL
) STRICT;

-- Alerts that were sent, at levels of a bucket, in percent; at 0, that its limit refused a call.
CREATE TABLE alerts (
    bucket  INTEGER NOT NULL,
    level   INTEGER NOT NULL,
    at_us   INTEGER NOT NULL,
    PRIMARY KEY (bucket, level)
) STRICT, WITHOUT ROWID;

-- What is charged though nobody knows how it ended.
CREATE INDEX calls_lost ON calls (started_us) WHERE state = 'lost';

-- Which rows were written by a process that did not keep some limit: it has to be rebuilt from them.
CREATE INDEX calls_policy ON calls (policy, started_us);
