-- Whose account a call is of, where its client names one, and what providers last said of a plan's gauges.

ALTER TABLE calls ADD COLUMN account TEXT;        -- as the client names it: a plan's, a workspace's, a project's

CREATE TABLE plan_gauges (
    provider        TEXT NOT NULL,
    account         TEXT NOT NULL,                -- as calls have it, else the fingerprint of a credential; '' neither
    user            TEXT NOT NULL,                -- who called, as calls have it; '' nobody knows
    meter           TEXT NOT NULL,                -- which of a plan's meters, where it has several; ''
    name            TEXT NOT NULL,                -- of the gauge: 5h, 7d, primary ...; '' credits alone
    at_us           INTEGER NOT NULL,             -- when it was said
    plan            TEXT,
    credits         TEXT,                         -- what is left of bought ones, as the provider writes it
    used_percent    REAL,
    limit_count     INTEGER,
    remaining       INTEGER,
    window_minutes  INTEGER,
    resets_us       INTEGER,
    PRIMARY KEY (provider, account, user, meter, name)
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
    printf('%d.%09d', saved_nano / 1000000000, saved_nano % 1000000000) AS saved_usd
FROM calls;
