-- How many calls a row stands for: `tollway ledger prune` merges old ones that nothing tells apart but what they cost and
-- used. Sums over `calls` are the numbers of calls, and not counts of rows.

ALTER TABLE calls ADD COLUMN calls INTEGER NOT NULL DEFAULT 1 CHECK (calls BETWEEN 1 AND 1000000000000);

CREATE INDEX calls_merged ON calls (started_us) WHERE calls > 1;

-- The ids of the calls that merged rows stand for: who brings one again has it counted no second time.
CREATE TABLE cut (
    id      TEXT PRIMARY KEY NOT NULL,
    merged  INTEGER NOT NULL           -- the row of `calls` (its rowid) that it is in now
) STRICT, WITHOUT ROWID;

DROP VIEW bill;

CREATE VIEW bill AS SELECT
    id,
    strftime('%Y-%m-%dT%H:%M:%S', started_us / 1000000, 'unixepoch') || printf('.%06dZ', started_us % 1000000) AS started,
    strftime('%Y-%m-%dT%H:%M:%S', ended_us / 1000000, 'unixepoch') || printf('.%06dZ', ended_us % 1000000) AS ended,
    state,
    user, team, role, service, identity, verified, claims, program, credential, account, session, tags,
    provider, host, operation, model, model_served, tier, status, error,
    input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, web_searches,
    billing,
    printf('%d.%09d', cost_nano / 1000000000, cost_nano % 1000000000) AS cost_usd,
    printf('%d.%09d', input_nano / 1000000000, input_nano % 1000000000) AS input_usd,
    printf('%d.%09d', cache_read_nano / 1000000000, cache_read_nano % 1000000000) AS cache_read_usd,
    printf('%d.%09d', cache_write_nano / 1000000000, cache_write_nano % 1000000000) AS cache_write_usd,
    printf('%d.%09d', output_nano / 1000000000, output_nano % 1000000000) AS output_usd,
    printf('%d.%09d', other_nano / 1000000000, other_nano % 1000000000) AS other_usd,
    cost_source, price_version, flags,
    cache,
    printf('%d.%09d', saved_nano / 1000000000, saved_nano % 1000000000) AS saved_usd,
    calls
FROM calls;
