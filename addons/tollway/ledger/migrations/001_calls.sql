-- One row per attempt at one call. Times are microseconds since the epoch, UTC. Money is in nano-dollars (1e-9 USD).
-- Counts are as billed; NULL: the provider did not say.
-- What reports group by and add up stands first: SQLite reads a row from its beginning.
-- The bounds keep sums within 64 bits, whatever a provider claims; what exceeds them is written at the bound,
-- with the flag out_of_range.

CREATE TABLE calls (
    id           TEXT PRIMARY KEY NOT NULL,
    started_us   INTEGER NOT NULL CHECK (started_us BETWEEN 0 AND 7258118400000000),  -- the year 2200
    state        TEXT NOT NULL DEFAULT 'done' CHECK (     -- IN (...) would make a table for each statement
                     state = 'open' OR    -- the request is about to leave, or has left: cost is an estimate
                     state = 'done' OR    -- nothing more will be known
                     state = 'lost'),     -- its process died: the estimate stays

    -- Who called.
    user         TEXT,
    team         TEXT,
    role         TEXT,
    service      TEXT,
    program      TEXT,           -- from the user agent: claude-cli, openai-python ...
    credential   TEXT,           -- a keyed fingerprint, never the credential

    -- What was called.
    provider     TEXT NOT NULL DEFAULT '',
    operation    TEXT NOT NULL DEFAULT '',   -- chat, embeddings ...
    model        TEXT,           -- as the provider was asked: what a bill goes by

    -- What it cost: the sum of the five parts below.
    billing      TEXT NOT NULL DEFAULT 'metered' CHECK (
                     billing = 'metered' OR   -- money moves
                     billing = 'notional'),   -- a flat plan covers it: what it would have cost
    cost_source  TEXT NOT NULL DEFAULT 'none' CHECK (
                     cost_source = 'provider' OR    -- the provider said so
                     cost_source = 'computed' OR    -- reported usage times a price
                     cost_source = 'estimated' OR   -- the usage is an estimate
                     cost_source = 'none'),
    cost_nano    INTEGER NOT NULL DEFAULT 0 CHECK (cost_nano BETWEEN 0 AND 5000000000000000),

    -- What it used.
    input_tokens             INTEGER CHECK (input_tokens BETWEEN 0 AND 1000000000000),  -- all, cached included
    cache_read_tokens        INTEGER CHECK (cache_read_tokens BETWEEN 0 AND 1000000000000),
    cache_write_tokens       INTEGER CHECK (cache_write_tokens BETWEEN 0 AND 1000000000000),  -- of any lifetime
    cache_write_1h_tokens    INTEGER CHECK (cache_write_1h_tokens BETWEEN 0 AND 1000000000000),
    cache_write_12h_tokens   INTEGER CHECK (cache_write_12h_tokens BETWEEN 0 AND 1000000000000),
    output_tokens            INTEGER CHECK (output_tokens BETWEEN 0 AND 1000000000000),  -- all, reasoning included
    reasoning_tokens         INTEGER CHECK (reasoning_tokens BETWEEN 0 AND 1000000000000),
    web_searches             INTEGER CHECK (web_searches BETWEEN 0 AND 1000000000000),
    input_audio_tokens       INTEGER CHECK (input_audio_tokens BETWEEN 0 AND 1000000000000),
    input_image_tokens       INTEGER CHECK (input_image_tokens BETWEEN 0 AND 1000000000000),
    input_video_tokens       INTEGER CHECK (input_video_tokens BETWEEN 0 AND 1000000000000),
    cache_audio_read_tokens  INTEGER CHECK (cache_audio_read_tokens BETWEEN 0 AND 1000000000000),
    output_audio_tokens      INTEGER CHECK (output_audio_tokens BETWEEN 0 AND 1000000000000),
    output_image_tokens      INTEGER CHECK (output_image_tokens BETWEEN 0 AND 1000000000000),
    tool_calls               INTEGER CHECK (tool_calls BETWEEN 0 AND 1000000000000),  -- billed ones, without web_searches
    images                   INTEGER CHECK (images BETWEEN 0 AND 1000000000000),
    seconds                  INTEGER CHECK (seconds BETWEEN 0 AND 1000000000000),
    characters               INTEGER CHECK (characters BETWEEN 0 AND 1000000000000),
    pages                    INTEGER CHECK (pages BETWEEN 0 AND 1000000000000),
    requests                 INTEGER CHECK (requests BETWEEN 0 AND 1000000000000),

    -- More of who, what and how.
    client             TEXT,     -- the client's address
    session            TEXT,     -- a hint at the conversation
    tags               TEXT,     -- a JSON object of texts; NULL: none
    host               TEXT NOT NULL DEFAULT '',
    model_asked        TEXT,     -- as the client asked
    model_served       TEXT,     -- as the provider says
    tier               TEXT,     -- the service tier
    stream             INTEGER NOT NULL DEFAULT 0 CHECK (stream = 0 OR stream = 1),
    max_output_tokens  INTEGER,  -- the output maximum that the caller set

    -- The parts of the cost, and where it comes from.
    input_nano        INTEGER NOT NULL DEFAULT 0 CHECK (input_nano BETWEEN 0 AND 1000000000000000),  -- not from or to a cache
    cache_read_nano   INTEGER NOT NULL DEFAULT 0 CHECK (cache_read_nano BETWEEN 0 AND 1000000000000000),
    cache_write_nano  INTEGER NOT NULL DEFAULT 0 CHECK (cache_write_nano BETWEEN 0 AND 1000000000000000),
    output_nano       INTEGER NOT NULL DEFAULT 0 CHECK (output_nano BETWEEN 0 AND 1000000000000000),
    other_nano        INTEGER NOT NULL DEFAULT 0 CHECK (other_nano BETWEEN 0 AND 1000000000000000),  -- tools, searches, fees
    price_version     TEXT NOT NULL DEFAULT '',   -- which price list, and which rule of it, applied
    flags             TEXT NOT NULL DEFAULT '',   -- why to read the figure with care: words, with commas between

    -- How it went.
    first_byte_us   INTEGER,
    ended_us        INTEGER,
    status          INTEGER,     -- the HTTP status
    error           TEXT,        -- why it did not end well: abandoned, cut ...; never a provider's text
    request_bytes   INTEGER NOT NULL DEFAULT 0,
    response_bytes  INTEGER NOT NULL DEFAULT 0,
    response_id     TEXT,        -- the provider's id of the answer
    process         TEXT         -- the process that wrote the row: it holds a lock on the file <ledger>.d/<process>
) STRICT;

-- Reports read a span of time.
CREATE INDEX calls_started ON calls (started_us);

-- What is in flight, by process: a handful of rows.
CREATE INDEX calls_open ON calls (process) WHERE state = 'open';

-- Rows with a unit that most calls don't have. A report adds these units up over this index alone.
CREATE INDEX calls_rare ON calls (started_us) WHERE coalesce(
    cache_write_12h_tokens, input_audio_tokens, input_image_tokens, input_video_tokens, cache_audio_read_tokens,
    output_audio_tokens, output_image_tokens, tool_calls, images, seconds, characters, pages, requests) IS NOT NULL;
