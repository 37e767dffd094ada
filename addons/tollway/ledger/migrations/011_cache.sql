-- Which calls were answered without their provider: from an earlier answer (hit), or together with an identical call in
-- flight (join); miss: looked for, and asked of the provider. What that saved, in nano-dollars.

ALTER TABLE calls ADD COLUMN cache TEXT;
ALTER TABLE calls ADD COLUMN saved_nano INTEGER NOT NULL DEFAULT 0 CHECK (saved_nano BETWEEN 0 AND 5000000000000000);

DROP VIEW bill;

CREATE VIEW bill AS SELECT
    id,
    strftime('%Y-%m-%dT%H:%M:%S', started_us / 1000000, 'unixepoch') || printf('.%06dZ', started_us % 1000000) AS started,
    strftime('%Y-%m-%dT%H:%M:%S', ended_us / 1000000, 'unixepoch') || printf('.%06dZ', ended_us % 1000000) AS ended,
    state,
    user, team, role, service, identity, verified, claims, program, credential, tags,
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
